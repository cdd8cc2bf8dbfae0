"""Whole regressions of small tests, on a Dask scheduler with workers that are real processes."""

import filecmp
import subprocess

import pytest

from verif.build_spec import ROOT
from verif.regression import farm
from verif.tests.data.small_regression import facts, history_of, outcomes, regress, runs


def test_failures_are_sorted_and_seen_again(tmp_path, dask_farm, capsys):
    arguments = ("--scheduler", dask_farm.address, "--tests", "good.*,bad.*", "--memory", "200")
    assert regress(tmp_path, *arguments) == 1
    printed = capsys.readouterr().out
    found = outcomes(tmp_path)
    statuses = {(o.job.test, o.status) for o in found}
    assert statuses == {
        ("good.once", "passed"),
        ("good.many", "passed"),
        ("bad.two_ways", "failed"),
        ("bad.hangs", "timeout"),
        ("bad.memory", "memory"),
        ("bad.build", "failed"),
    }
    assert all(o.peak_mb > 200 for o in found if o.status == "memory")
    folder = tmp_path / "latest"

    kept = {job: {path.name for path in (folder / "runs" / job).iterdir()} for job in runs(folder)}
    for outcome in found:
        if outcome.status == "passed":
            assert "functional_coverage.xml.gz" in kept[outcome.job.name]
            assert kept[outcome.job.name] <= {"functional_coverage.xml.gz", "coverage.dat.gz"}
        elif outcome.status == "failed" and outcome.job.test != "bad.build":
            assert {"sim.log", "results.xml"} <= kept[outcome.job.name]

    with history_of(tmp_path) as history:
        triage = history.triage(history.latest().id)
    signatures = {one.signature: one for one in triage}
    assert set(signatures) == {
        "bad: program: # wrong results",
        "bad: program: # words of memory are wrong",
        "bad: timeout: the simulation was stopped after # s",
        "bad: memory: the simulation was stopped at its limit of # MiB",
        next(text for text in signatures if text.startswith("bad: build failed: ")),
    }
    assert "5 buckets of failures" in printed
    assert all(one.same for one in triage)
    one = signatures["bad: program: # wrong results"]
    assert (folder / one.workdir / "waves.fst").stat().st_size > 0
    assert (folder / "junit.xml").is_file()

    shown = printed.splitlines()
    line = shown[shown.index(f"[{one.number}] {one.signature}") + 3]
    again = subprocess.run(line, shell=True, cwd=ROOT, capture_output=True, text=True, check=False)
    reason = next(o.reason for o in found if o.job == one.job)
    assert again.returncode == 1 and f"FAIL: {reason}\n" in again.stdout


def test_one_worker_of_ours_and_two_of_a_scheduler_agree(tmp_path, dask_farm):
    tests = ("--tests", "good.*,bad.two_ways")
    one, two = tmp_path / "one", tmp_path / "two"
    assert regress(one, *tests, "--jobs", "1") == 1
    assert regress(two, *tests, "--seed", "1", "--scheduler", dask_farm.address) == 1
    assert facts(outcomes(one)) == facts(outcomes(two))
    for job in runs(one / "latest"):
        if "good" in job:
            left, right = (folder / "latest" / "runs" / job for folder in (one, two))
            files = sorted(path.name for path in left.iterdir())
            match, *other = filecmp.cmpfiles(left, right, files, shallow=False)
            assert match == files and other == [[], []]


def test_rerun_failed(tmp_path, gate, dask_farm, capsys):
    where = ("--scheduler", dask_farm.address)
    assert regress(tmp_path, *where, command="rerun-failed") == 2
    assert "no complete regression" in capsys.readouterr().err
    assert regress(tmp_path, "--tests", "gate.repaired,good.once", *where) == 1
    failed = [o.job for o in outcomes(tmp_path) if o.status != "passed"]
    assert regress(tmp_path, *where, command="rerun-failed") == 1
    assert f"not fixed: {failed[0].name}\n" in capsys.readouterr().out
    (gate / "repaired").touch()
    assert regress(tmp_path, *where, command="rerun-failed") == 0
    assert [o.job for o in outcomes(tmp_path)] == failed
    assert len(runs(tmp_path / "latest")) == 3  # the regression's, not those of its repetition
    assert f"fixed: {failed[0].name}\nfixed: {failed[1].name}\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--scheduler", "tcp://127.0.0.1:9"), "scheduler: 'tcp://127.0.0.1:9' cannot be reached"),
        (("--scheduler", "x", "--profile", "slurm"), "only one of them can be given"),
        (("--profile", "cray"), "profile: 'cray' is not one of"),
        (("--jobs", "none"), "jobs = 'none' is not a positive whole number"),
        (("--memory", "-1"), "memory = '-1' is not a positive whole number"),
        (("--seed", "0"), "seed = '0' is not a positive whole number"),
    ],
)
def test_what_cannot_run_is_refused(arguments, message, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(farm, "CONNECT_SECONDS", 1)
    assert regress(tmp_path, *arguments) == 2
    assert message in capsys.readouterr().err
