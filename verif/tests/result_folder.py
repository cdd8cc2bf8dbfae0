"""Makes a folder of regressions as a nightly leaves it, for the tests of sign-off and report."""

import gzip
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from xml.sax.saxutils import quoteattr

from verif.coverage.functional import declared
from verif.coverage.groups import COVERAGE_FILE
from verif.regression.catalogue import CATALOGUE
from verif.regression.history import History, Metric, Regression
from verif.regression.records import Job, Outcome, Triage
from verif.signoff.results import Results

__all__ = ["FAILED", "HEAD", "NIGHTLY", "Night", "failed_run", "make_night", "night_results"]

HEAD = "0123456789abcdef0123456789abcdef01234567"
NIGHTLY = "20260301-010000-nightly"
FAILED = Job(test="chip.smoke", variant="random_x", seed=77)
CODE = ("line", "branch", "toggle", "expression", "fsm")


PERFECT_REGRESSION = Regression(
    id=NIGHTLY,
    kind="nightly",
    started="2026-03-01T01:00:00+00:00",
    ended="2026-03-01T01:48:10+00:00",
    revision=HEAD,
    dirty=False,
    base_seed=1,
    seeds=1,
)


@dataclass(frozen=True, kw_only=True)
class Night:
    """What a nightly came to; as it is by default, everything is perfect.

    Attributes:
        regression: what was asked for.
        without: tests that were not run.
        failed: runs that did not pass, besides those that did.
        triage: what their second runs showed.
        holes: bins that nothing hit, by coverpoint.
        metrics: figures, besides or instead of the perfect ones.
    """

    regression: Regression = PERFECT_REGRESSION
    without: Collection[str] = ()
    failed: tuple[Outcome, ...] = ()
    triage: tuple[Triage, ...] = ()
    holes: Mapping[str, Collection[str]] = field(default_factory=dict)
    metrics: tuple[Metric, ...] = ()

    @property
    def runs(self) -> tuple[Outcome, ...]:
        """A run of every test on every variant, and those that failed."""
        passed = enumerate(_jobs(self.without))
        return (*(_outcome(job, 2.0 + number % 7) for number, job in passed), *self.failed)

    @property
    def all_metrics(self) -> tuple[Metric, ...]:
        """The perfect figures, with the night's own instead where it has some."""
        rows = {(row.scope, row.kind): row for row in (*_perfect_metrics(), *self.metrics)}
        return tuple(rows.values())


def night_results(folder: Path, night: Night) -> Results:
    """The results of a night on the sources that are here, without a history."""
    _export(folder, night)
    return Results(
        folder=folder,
        regression=night.regression,
        runs=night.runs,
        buckets=night.triage,
        metrics=night.all_metrics,
        past=(),
        head=HEAD,
        head_dirty=False,
    )


def make_night(folder: Path, night: Night, *, metrics: bool = True) -> None:
    """Add a regression to the history of a folder, with or without figures, and its runs' files."""
    one = night.regression
    with History(folder / "history.sqlite") as history:
        history.begin(replace(one, ended=None))
        for outcome in night.runs:
            history.add_outcome(one.id, outcome)
        for outcome in night.failed:
            workdir = folder / one.id / outcome.workdir
            workdir.mkdir(parents=True)
            (workdir / "sim.log").write_text(f"{outcome.reason}\n", encoding="utf-8")
        for bucket in night.triage:
            history.add_triage(one.id, bucket)
            workdir = folder / one.id / bucket.workdir
            workdir.mkdir(parents=True)
            for name in ("sim.log", "waves.fst"):
                (workdir / name).write_text(bucket.reason, encoding="utf-8")
        history.add_metrics(one.id, night.all_metrics if metrics else ())
        if one.ended:
            history.finish(one.id, one.ended)
    _export(folder / one.id, night)


def failed_run(job: Job, reason: str, seconds: float = 9.0) -> Outcome:
    """A run that failed."""
    return replace(_outcome(job, seconds), status="failed", reason=reason, signature=reason)


def _jobs(without: Collection[str]) -> list[Job]:
    return [
        Job(test=test.name, variant=variant, seed=11)
        for test in CATALOGUE.values()
        if test.name not in without
        for variant in test.variants
    ]


def _outcome(job: Job, seconds: float) -> Outcome:
    return Outcome(
        job=job,
        status="passed",
        seconds=seconds,
        peak_mb=300,
        started="2026-03-01T01:00:00+00:00",
        command=f".venv/bin/python -m verif.run_test --seed {job.seed} --testcase {job.test}",
        workdir=f"runs/{job.name}",
    )


def _perfect_metrics() -> list[Metric]:
    code = [
        Metric(scope=scope, kind=kind, hit=980, total=980, waived=10)
        for scope in ("pea/idxd", "pea/opc", "dma/weight_dma")
        for kind in CODE
    ]
    functional = [
        Metric(scope=scope, kind="functional", hit=100, total=100)
        for scope in ("core", "pea", "chip")
    ]
    sources = [
        Metric(scope="RTL", kind="lint", hit=1, total=1),
        Metric(scope="files", kind="todo", hit=400, total=400),
        Metric(scope="all others", kind="waivers", hit=1, total=1),
        Metric(scope="opc", kind="proofs", hit=1, total=1),
        Metric(scope="proof opc", kind="bugs", hit=3, total=3),
        Metric(scope="sampled", kind="mutants", hit=1000, total=1000),
        Metric(scope="opc", kind="mutation", hit=99, total=100),
        Metric(scope="opc", kind="explained", hit=100, total=100),
    ]
    measured = [Metric(scope=row.scope, kind="measured", hit=1, total=1) for row in code]
    return code + functional + sources + measured


def _export(folder: Path, night: Night) -> None:
    """Functional coverage: a run for every scope, each of which hits all of the scope's bins."""
    by_scope: dict[str, list[str]] = {}
    for point, bins in declared().items():
        rows = [
            f"<bin{number} bin={quoteattr(bin_)} hits='3'/>"
            for number, bin_ in enumerate(bins)
            if bin_ not in night.holes.get(point, ())
        ]
        text = f"<point abs_name={quoteattr(f'top.{point}')}>{''.join(rows)}</point>"
        by_scope.setdefault(point.rpartition(".")[0], []).append(text)
    for (_, rows), job in zip(by_scope.items(), _jobs(night.without), strict=False):
        run = folder / "runs" / job.name
        run.mkdir(parents=True, exist_ok=True)
        data = f"<top>{''.join(rows)}</top>".encode()
        (run / f"{COVERAGE_FILE}.gz").write_bytes(gzip.compress(data))
