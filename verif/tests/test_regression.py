"""The regression's parts that need no simulation: jobs, signatures, buckets, history, JUnit."""

import multiprocessing
import sqlite3
from dataclasses import replace

import pytest
from junitparser import JUnitXml

from models.errors import PanaceaError
from verif.regression import disk
from verif.regression.catalogue import CATALOGUE
from verif.regression.disk import DiskFullError, check_space, disk_errors
from verif.regression.farm import queue_cluster
from verif.regression.history import History, Metric, Regression
from verif.regression.jobs import select_jobs
from verif.regression.junit import write_junit
from verif.regression.records import Job, Outcome
from verif.regression.signature import signature
from verif.regression.triage import bucket_failures, compare, summary
from verif.tests.data.small_catalogue import small_catalogue

REGRESSION = Regression(
    id="r1",
    kind="nightly",
    started="2026-01-01T00:00:00+00:00",
    revision="abc",
    dirty=False,
    base_seed=7,
    seeds=2,
    options={"tests": ""},
)


def outcome(seed: int, sign: str = "", seconds: float = 1.0) -> Outcome:
    return Outcome(
        job=Job(test="core.x", variant="coverage", seed=seed),
        status="failed" if sign else "passed",
        reason=sign and f"{sign} {seed}",
        signature=sign,
        seconds=seconds,
        peak_mb=50,
        started="2026-01-01T00:00:00+00:00",
        command=f"run --seed {seed}",
        workdir=f"runs/core.x-coverage-{seed}",
    )


def test_jobs_depend_on_nothing_but_themselves():
    catalogue = small_catalogue()
    everything = select_jobs(catalogue, seeds=2, base_seed=5)
    assert everything == select_jobs(dict(reversed(catalogue.items())), seeds=2, base_seed=5)
    some = select_jobs(catalogue, tests="bad.*, good.many", seeds=2, base_seed=5)
    assert set(some) < set(everything)
    assert set(select_jobs(catalogue, seeds=1, base_seed=5)) < set(everything)
    other = select_jobs(catalogue, seeds=2, base_seed=6)
    assert not set(other) & set(everything)


def test_jobs_by_weight_and_variant():
    catalogue = small_catalogue()
    jobs = select_jobs(catalogue, tests="good.*,bad.two_ways", seeds=3, base_seed=1)
    count = {name: sum(job.test == name for job in jobs) for name in catalogue}
    assert count["good.once"] == 1 and count["bad.two_ways"] == 3 * 3
    assert count["bad.hangs"] == 0
    jobs = select_jobs(catalogue, variants="coverage", seeds=1, base_seed=1)
    assert {(job.test, job.variant) for job in jobs} == {("good.many", "coverage")}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"tests": "good.*,nonesuch"}, "tests: 'nonesuch' matches no test"),
        ({"variants": "slow"}, "variants: 'slow' is not one of"),
        ({"tests": "bad.*", "variants": "toggle"}, "no test of 'bad"),
        ({"seeds": 0}, "seeds = 0 is not positive"),
    ],
)
def test_jobs_refuse(changes, message):
    with pytest.raises(PanaceaError, match=message):
        select_jobs(small_catalogue(), **{"seeds": 1, "base_seed": 1} | changes)


def test_all_jobs_of_the_project_have_names_of_their_own():
    jobs = select_jobs(CATALOGUE, seeds=3, base_seed=1)
    assert len({job.name for job in jobs}) == len(jobs)


@pytest.mark.parametrize(
    ("one", "other", "place"),
    [
        (
            "2 of 6 tests failed; a.Errors: 21 scoreboard errors: program c.3: counter CYCLES is "
            "9, the cycle model says 8 (seed 5); program c.4: other",
            "1 of 1 tests failed; b.Corners: 1 scoreboard errors: program random_17: counter "
            "CYCLES is 135, the cycle model says 133 (seed 77)",
            "chip: program: counter CYCLES is #, the cycle model says #",
        ),
        (
            "1 of 1 tests failed; a.b: 8 scoreboard errors, the first: command 14: 8 wrong results",
            "1 of 2 tests failed; a.c: 1 scoreboard errors, the first: command 1: 9 wrong results",
            "chip: command #: # wrong results",
        ),
        (
            "error in the HDL: FATAL: /a/b/axi.sv:85: tb.gen[3].i_x: an illegal burst at 12bf5f",
            "error in the HDL: %Error: axi.sv:90: Assertion failed in tb.gen[11].i_x: "
            "tb.gen[11].i_x: an illegal burst at 0xffff0000",
            "HDL: tb.gen[#].i_x: an illegal burst at #",
        ),
        (
            "3 of 3 tests failed; a.opc: w [-8  3 -1  2] x [ 8 14  0 15]",
            "1 of 3 tests failed; a.opc: w [ 8 -3 11  2] x [14  1  0  5]",
            "chip: w [#] x [#]",
        ),
        (
            "1 of 1 tests failed; a.idxd: indices=[1, 5, 9], expected [1, 5]",
            "1 of 1 tests failed; a.idxd: indices=[2], expected [0, 2, 7, 8]",
            "chip: indices=[#], expected [#]",
        ),
    ],
)
def test_signatures_leave_out_what_differs(one, other, place):
    assert signature(one, "chip") == signature(other, "chip") == place


def test_signatures_keep_what_matters():
    texts = ["BVALID without a burst", "counter CYCLES is 1", "counter PPU_BUSY is 1"]
    assert len({signature(text, "chip") for text in texts}) == 3
    assert signature("assert 1 == 2", "bench_opc") != signature("assert 1 == 2", "bench_s_acc")


def test_buckets():
    outcomes = [outcome(1), outcome(2, "b", 9.0), outcome(3, "a"), outcome(4, "b", 2.0)]
    buckets = bucket_failures(outcomes)
    assert [(b.number, b.signature, len(b.outcomes)) for b in buckets] == [(1, "b", 2), (2, "a", 1)]
    assert buckets[0].shortest == outcomes[3]
    triage = [compare(buckets[0], outcomes[3]), compare(buckets[1], outcome(3))]
    assert [one.same for one in triage] == [True, False]
    text = "\n".join(summary(triage, "folder"))
    assert "the same again; folder/triage/1\n    run --seed 4\n" in text
    assert "differently: passed; folder/triage/2\n    run --seed 3" in text


def test_history_keeps_everything(tmp_path):
    failed = outcome(2, "b")
    with History(tmp_path / "h.sqlite") as history:
        history.begin(REGRESSION)
        for one in (outcome(1), failed):
            history.add_outcome("r1", one)
        history.add_triage("r1", compare(bucket_failures([failed])[0], failed))
        history.add_metrics("r1", [Metric(scope="core", kind="line", hit=1, total=3)])
        history.add_metrics("r1", [Metric(scope="core", kind="line", hit=2, total=3, waived=1)])
        assert history.latest() is None and history.latest(complete=False) == REGRESSION
    with History(tmp_path / "h.sqlite") as history:
        history.finish("r1", "later")
        history.begin(replace(REGRESSION, id="r2", kind="regress", started="2027"))
        done = replace(REGRESSION, ended="later")
        assert history.latest("nightly") == done and history.latest("regress") is None
        assert [one.id for one in history.regressions()] == ["r2", "r1"]
        assert history.outcomes("r1") == [outcome(1), failed]
        assert [(one.same, one.job) for one in history.triage("r1")] == [(True, failed.job)]
        metric = Metric(scope="core", kind="line", hit=2, total=3, waived=1)
        assert history.metrics("r1") == [metric]
        assert history.trend("core", "line") == [(done, metric)]
        assert history.seconds() == {("core.x", "coverage"): 1.0}


def _write(path, seeds):
    with History(path) as history:
        for seed in seeds:
            history.add_outcome("r1", outcome(seed))


def test_history_takes_two_writers_at_once(tmp_path):
    path = tmp_path / "h.sqlite"
    start = multiprocessing.get_context("fork").Process
    writers = [start(target=_write, args=(path, range(i, 200, 2))) for i in (0, 1)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0, 0]
    with History(path) as history:
        assert [one.job.seed for one in history.outcomes("r1")] == list(range(200))


def test_full_disk_is_told_from_other_errors(tmp_path, monkeypatch):
    full = sqlite3.connect(tmp_path / "full.sqlite")
    full.execute("PRAGMA max_page_count = 2")
    with pytest.raises(DiskFullError, match="disk full"), disk_errors(tmp_path):
        full.executescript("CREATE TABLE a (x); CREATE TABLE b (x); CREATE TABLE c (x)")
    with pytest.raises(sqlite3.OperationalError, match="no such table"), disk_errors(tmp_path):
        full.execute("SELECT * FROM nonesuch")
    with pytest.raises(FileNotFoundError), disk_errors(tmp_path):
        (tmp_path / "nonesuch").read_text()
    check_space(tmp_path)
    monkeypatch.setattr(disk, "RESERVE_MB", 2**40)
    with pytest.raises(DiskFullError, match="MiB left"):
        check_space(tmp_path)


def test_junit(tmp_path):
    outcomes = [outcome(1, seconds=1.5), outcome(2, "b"), replace(outcome(3, "c"), status="lost")]
    write_junit(tmp_path / "junit.xml", "r1", outcomes)
    document = JUnitXml.fromfile(str(tmp_path / "junit.xml"))
    assert (document.tests, document.failures, document.errors) == (3, 1, 1)
    cases = [case for suite in document for case in suite]
    assert [case.name for case in cases] == ["coverage[1]", "coverage[2]", "coverage[3]"]
    assert cases[0].time == 1.5 and not cases[0].result
    assert cases[1].result[0].message == "b 2"
    assert "reproduce: run --seed 2\n" in cases[1].result[0].text


@pytest.mark.parametrize(
    ("profile", "line"), [("slurm", "#SBATCH"), ("lsf", "#BSUB"), ("sge", "#$")]
)
def test_queue_profiles_make_a_job_script(profile, line):
    cluster = queue_cluster(profile)
    try:
        script = cluster.job_script()
    finally:
        cluster.close()
    assert line in script and "export PYTHONPATH=" in script
    assert ".venv/bin/python -m distributed.cli.dask_worker" in script
    assert "--nworkers 4 " in script and "--nthreads 1 " in script


def test_unknown_profile_is_refused():
    with pytest.raises(PanaceaError, match="profile: 'cray' is not one of slurm, lsf, sge"):
        queue_cluster("cray")
