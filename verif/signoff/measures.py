"""What the criteria measure: shares of results, and what is missing from a full share."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from verif.regression.catalogue import CATALOGUE
from verif.signoff.results import Results
from verif.testplan.plan import STAGES
from verif.testplan.progress import planned_tests

__all__ = ["Measure", "complete", "metric", "percent", "revision", "runs", "testplan", "waived"]


@dataclass(frozen=True, kw_only=True)
class Measure:
    """One measured share.

    Attributes:
        hit, total: the share; a total of 0 means that nothing was measured, which is no share.
        missing: what is missing from a full share, a line each.
    """

    hit: int
    total: int
    missing: tuple[str, ...] = ()

    @property
    def share(self) -> float:
        """From 0 to 1, or NaN, which no limit accepts."""
        return self.hit / self.total if self.total else float("nan")

    @property
    def shown(self) -> str:
        """The share for people; rounded down, so that only a full one is 100 %."""
        if not self.total:
            return "not measured"
        return f"{percent(self.hit, self.total)} ({self.hit} of {self.total})"


def percent(hit: int, total: int) -> str:
    """A share, rounded down to hundredths of a per cent."""
    return f"{10_000 * hit // total / 100:g} %" if total else "-"


def runs(stage: str) -> Callable[[Results], Measure]:
    """Runs that passed of the tests that a stage asks for; a test without a run counts as one.

    V1 and V2: tests of the features up to that stage. V3: all tests of the catalogue.
    """

    def measure(results: Results) -> Measure:
        tests = _tests(stage, results)
        counted = [run for run in results.runs if run.job.test in tests]
        bad = [run for run in counted if run.status != "passed"]
        ran = {run.job.test for run in counted}
        lines = [f"{run.job.name}: {run.status}: {run.reason}" for run in bad]
        lines += [f"{name} was not run" for name in sorted(tests - ran)]
        total = len(counted) + len(tests - ran)
        return Measure(hit=len(counted) - len(bad), total=total, missing=tuple(lines))

    return measure


def metric(kind: str) -> Callable[[Results], Measure]:
    """Points hit of a metric, over all its scopes; waived ones are left out."""

    def measure(results: Results) -> Measure:
        rows = [row for row in results.metrics if row.kind == kind]
        lines = [
            f"{row.scope}: {row.total - row.hit} of {row.total} {kind}"
            for row in rows
            if row.hit < row.total
        ]
        return Measure(
            hit=sum(row.hit for row in rows),
            total=sum(row.total for row in rows),
            missing=tuple(lines) if rows else (f"{kind}: not measured",),
        )

    return measure


def waived(kinds: Sequence[str]) -> Callable[[Results], Measure]:
    """Waived points, as a share of all points of some metrics."""

    def measure(results: Results) -> Measure:
        rows = [row for row in results.metrics if row.kind in kinds]
        return Measure(
            hit=sum(row.waived for row in rows),
            total=sum(row.total + row.waived for row in rows),
            missing=tuple(
                f"{row.scope}: {row.waived} {row.kind} points waived" for row in rows if row.waived
            )
            if rows
            else ("not measured",),
        )

    return measure


def testplan(results: Results) -> Measure:
    """Features of the testplan that are closed."""
    return Measure(
        hit=sum(one.closed for one in results.progress),
        total=len(results.progress),
        missing=tuple(line for one in results.progress for line in one.missing),
    )


def complete(results: Results) -> Measure:
    """Whether the regression came to its end."""
    ended = results.regression.ended is not None
    lines = () if ended else (f"{results.regression.id} did not end: continue it with RESUME=1",)
    return Measure(hit=int(ended), total=1, missing=lines)


def revision(results: Results) -> Measure:
    """Whether the results are those of a nightly on exactly the sources that are here now."""
    one = results.regression
    lines = [
        line
        for wrong, line in (
            (one.kind != "nightly", f"{one.id} is a {one.kind} regression, not a nightly"),
            (one.dirty, f"{one.id} ran on sources that were not committed"),
            (one.revision != results.head, f"{one.id} ran on {one.revision}, not {results.head}"),
            (results.head_dirty, "the sources here have changes that are not committed"),
        )
        if wrong
    ]
    return Measure(hit=int(not lines), total=1, missing=tuple(lines))


def _tests(stage: str, results: Results) -> set[str]:
    """The tests that a stage asks for."""
    if stage == list(STAGES)[-1]:
        return set(CATALOGUE)
    features = [one.feature for one in results.progress if one.feature.stage <= stage]
    return {name for feature in features for name in planned_tests(feature)}
