"""The sign-off holds for perfect results, and for no others: every criterion can fail."""

from dataclasses import replace
from pathlib import Path

import pytest

from models.errors import PanaceaError
from verif.regression.history import History, Metric
from verif.regression.records import Job
from verif.signoff.__main__ import main
from verif.signoff.checklist import holds, judge, markdown, stage_reached
from verif.signoff.criteria import CRITERIA, Criterion
from verif.signoff.measures import Measure, metric, percent
from verif.signoff.results import NoResultsError, load_results
from verif.testplan.plan import STAGES
from verif.tests.result_folder import FAILED, NIGHTLY, Night, failed_run, make_night, night_results

PERFECT = Night()
REGRESSION = PERFECT.regression


def test_perfect_results(tmp_path: Path) -> None:
    verdicts = judge(night_results(tmp_path, PERFECT))
    assert [v.criterion.what for v in verdicts if not v.met] == []
    assert stage_reached(verdicts) == "V3"


FAULTS: dict[str, tuple[Night, str, str, str]] = {
    "not complete": (
        replace(PERFECT, regression=replace(REGRESSION, ended=None)),
        "regression complete", "", "did not end",
    ),
    "a V1 test failed": (
        replace(PERFECT, failed=(failed_run(FAILED, "y is wrong"),)),
        "runs of V1 tests", "", "chip.smoke-random_x-77: failed: y is wrong",
    ),
    "a V1 test was not run": (
        replace(PERFECT, without=("unit.opc",)), "runs of V1 tests", "", "unit.opc was not run",
    ),
    "lint": (
        replace(PERFECT, metrics=(Metric(scope="RTL", kind="lint", hit=0, total=1),)),
        "lint clean", "", "RTL: 1 of 1 lint",
    ),
    "many failures": (
        replace(
            PERFECT,
            failed=tuple(
                failed_run(Job(test="core.resets.pea", variant="coverage", seed=seed), "hang")
                for seed in range(100, 130)
            ),
        ),
        "runs of V2 tests", "V1", "core.resets.pea-coverage-100: failed: hang",
    ),
    "little functional coverage": (
        replace(PERFECT, metrics=(Metric(scope="core", kind="functional", hit=60, total=100),)),
        "functional coverage", "V1", "core: 40 of 100 functional",
    ),
    "a block without data": (
        replace(PERFECT, metrics=(Metric(scope="pea/pea", kind="measured", hit=0, total=1),)),
        "blocks with code coverage data", "V1", "pea/pea: 1 of 1 measured",
    ),
    "little code coverage": (
        replace(PERFECT, metrics=(Metric(scope="pea/opc", kind="toggle", hit=1, total=980),)),
        "toggle coverage", "V1", "pea/opc: 979 of 980 toggle",
    ),
    "a failure of a V3 test": (
        replace(
            PERFECT,
            failed=(failed_run(Job(test="chip.protocol", variant="speed", seed=5), "late"),),
        ),
        "all runs", "V2", "chip.protocol-speed-5: failed: late",
    ),
    "a hole": (
        replace(PERFECT, holes={"core.w_run": ("7",)}),
        "testplan closed", "V2", "idxd: run_lengths: core.w_run lacks 7",
    ),
    "a bin short": (
        replace(PERFECT, metrics=(Metric(scope="core", kind="functional", hit=99, total=100),)),
        "functional coverage", "V2", "core: 1 of 100 functional",
    ),
    "a line short": (
        replace(PERFECT, metrics=(Metric(scope="pea/opc", kind="line", hit=979, total=980),)),
        "line coverage after waivers", "V2", "pea/opc: 1 of 980 line",
    ),
    "waivers": (
        replace(
            PERFECT,
            metrics=(Metric(scope="pea/opc", kind="fsm", hit=600, total=600, waived=400),),
        ),
        "code waived", "V2", "pea/opc: 400 fsm points waived",
    ),
    "a stale waiver": (
        replace(PERFECT, metrics=(Metric(scope="x is hit", kind="waivers", hit=0, total=1),)),
        "waivers right, none stale", "V2", "x is hit: 1 of 1 waivers",
    ),
    "a proof": (
        replace(PERFECT, metrics=(Metric(scope="opc", kind="proofs", hit=0, total=1),)),
        "proofs", "V2", "opc: 1 of 1 proofs",
    ),
    "a bug that nothing notices": (
        replace(PERFECT, metrics=(Metric(scope="proof opc", kind="bugs", hit=2, total=3),)),
        "planted bugs noticed", "V2", "proof opc: 1 of 3 bugs",
    ),
    "a campaign that was not finished": (
        replace(PERFECT, metrics=(Metric(scope="sampled", kind="mutants", hit=999, total=1000),)),
        "mutants judged", "V2", "sampled: 1 of 1000 mutants",
    ),
    "too many mutants that nothing notices": (
        replace(PERFECT, metrics=(Metric(scope="opc", kind="mutation", hit=96, total=100),)),
        "mutants killed", "V2", "opc: 4 of 100 mutation",
    ),
    "a survivor that no one explains": (
        replace(PERFECT, metrics=(Metric(scope="opc", kind="explained", hit=99, total=100),)),
        "mutants explained", "V2", "opc: 1 of 100 explained",
    ),
    "notes": (
        replace(PERFECT, metrics=(Metric(scope="rtl/a.sv:3", kind="todo", hit=0, total=1),)),
        "sources without TODO, FIXME", "V2", "rtl/a.sv:3: 1 of 1 todo",
    ),
    "other kind": (
        replace(PERFECT, regression=replace(REGRESSION, kind="regress")),
        "nightly of this revision", "V2", "is a regress regression",
    ),
    "dirty": (
        replace(PERFECT, regression=replace(REGRESSION, dirty=True)),
        "nightly of this revision", "V2", "not committed",
    ),
    "other revision": (
        replace(PERFECT, regression=replace(REGRESSION, revision="f" * 40)),
        "nightly of this revision", "V2", "ran on ffff",
    ),
}  # fmt: skip
"""By name: results, the criterion that must notice, the stage that is left, what is told."""


@pytest.mark.parametrize("name", FAULTS)
def test_faults_are_noticed(tmp_path: Path, name: str) -> None:
    night, what, stage, line = FAULTS[name]
    verdicts = judge(night_results(tmp_path, night))
    failed = [v for v in verdicts if not v.met and v.criterion.what == what]
    assert failed, f"{what} is met"
    assert any(line in told for v in failed for told in v.measure.missing)
    assert stage_reached(verdicts) == stage


def test_every_criterion_has_a_fault() -> None:
    """Kinds of code coverage stand for each other."""
    noticed = {what.replace("toggle", "line") for _, what, *_ in FAULTS.values()}
    kinds = ("branch", "toggle", "expression", "fsm")
    wanted = {c.what for c in CRITERIA if not c.what.startswith(kinds)}
    assert wanted <= noticed


@pytest.mark.parametrize(
    "kind", ["lint", "functional", "line", "branch", "toggle", "proofs", "bugs", "todo"]
)
def test_nothing_measured_is_not_met(tmp_path: Path, kind: str) -> None:
    results = night_results(tmp_path, PERFECT)
    rows = tuple(row for row in results.metrics if row.kind != kind)
    verdicts = judge(replace(results, metrics=rows))
    assert [v.measure.shown for v in verdicts if not v.met and v.measure.total == 0]
    assert not holds(verdicts, "V3")


def test_coverage_of_failed_runs_does_not_count(tmp_path: Path) -> None:
    results = night_results(tmp_path, PERFECT)
    failed = tuple(replace(run, status="failed") for run in results.runs)
    assert all(all(bins.values()) for bins in results.hits.values())
    none = replace(results, runs=failed).hits
    assert none.keys() == results.hits.keys()
    assert not any(any(bins.values()) for bins in none.values())


def test_one_more_criterion(tmp_path: Path) -> None:
    """A new demand is one more entry."""
    proofs = Criterion(stage="V3", what="proofs", measure=metric("formal"), at_least=1)
    results = night_results(tmp_path, PERFECT)
    assert not holds(judge(results, (*CRITERIA, proofs)), "V3")
    rows = (*results.metrics, Metric(scope="idxd", kind="formal", hit=12, total=12))
    assert holds(judge(replace(results, metrics=rows), (*CRITERIA, proofs)), "V3")


def test_shares_are_never_rounded_up() -> None:
    assert percent(99_999, 100_000) == "99.99 %"
    assert percent(3, 3) == "100 %"
    assert Measure(hit=0, total=0).shown == "not measured"


def test_checklist(tmp_path: Path) -> None:
    results = night_results(tmp_path, replace(PERFECT, holes={"core.w_run": ("7",)}))
    text = markdown(results, judge(results))
    assert "Stage reached: **V2**" in text
    assert "## V3, sign-off depth: does not hold" in text
    assert "- idxd: run_lengths: core.w_run lacks 7" in text
    assert text.count("| NO |") == 1
    assert all(f"## {stage}" in text for stage in STAGES)


def test_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 0, 1, 2; the checklist beside the results."""
    folder = ["--folder", str(tmp_path)]
    assert main(["--stage", "V1", *folder]) == 2
    assert "history.sqlite does not exist; run 'make nightly' first" in capsys.readouterr().err
    make_night(tmp_path, replace(PERFECT, holes={"core.w_run": ("7",)}))
    assert main(["--stage", "V2", *folder]) == 0
    assert "V2 holds" in capsys.readouterr().out
    assert main(["--stage", "V3", *folder]) == 1
    printed = capsys.readouterr().out
    assert "MISSING V3 testplan closed" in printed
    assert "idxd: run_lengths: core.w_run lacks 7" in printed
    assert "Sign-off checklist" in (tmp_path / NIGHTLY / "signoff.md").read_text("utf-8")
    assert main(["--regression", "x", *folder]) == 2


def test_latest_nightly_is_chosen(tmp_path: Path) -> None:
    with pytest.raises(NoResultsError, match="does not exist"):
        load_results(folder=tmp_path)
    with History(tmp_path / "history.sqlite") as history:
        for day, kind in enumerate(("nightly", "nightly", "regress"), 1):
            started = f"2026-03-0{day}T01:00:00+00:00"
            history.begin(replace(REGRESSION, id=f"{day}-{kind}", kind=kind, started=started))
    results = load_results(folder=tmp_path)
    assert results.regression.id == "2-nightly"
    assert [past.regression.id for past in results.past] == ["1-nightly", "2-nightly"]
    (tmp_path / "latest").symlink_to("3-regress")
    for name in ("latest", "3-regress"):
        assert load_results(name, folder=tmp_path).regression.kind == "regress"
    with pytest.raises(PanaceaError, match="'4' is not in"):
        load_results("4", folder=tmp_path)
