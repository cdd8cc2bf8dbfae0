"""How far the testplan is shown by the results of a regression."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from verif.regression.catalogue import CATALOGUE
from verif.regression.records import Outcome
from verif.testplan.plan import Feature, Plan, matching

__all__ = ["Progress", "planned_tests", "progress"]


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far one feature is shown.

    Attributes:
        block: name of its plan.
        feature: the feature.
        runs, passed: its tests' runs, in its variants, and how many of them passed.
        not_run: its tests without any run.
        bins, hit: bins of its coverpoints, and how many of them are hit.
        holes: bins that are not, by coverpoint.
    """

    block: str
    feature: Feature
    runs: int
    passed: int
    not_run: tuple[str, ...]
    bins: int
    hit: int
    holes: Mapping[str, tuple[str, ...]]

    @property
    def tested(self) -> bool:
        """All its tests ran, and all runs passed."""
        return not self.not_run and self.passed == self.runs

    @property
    def closed(self) -> bool:
        """Tested, with every coverpoint full: the feature is shown."""
        return self.tested and self.hit == self.bins

    @property
    def missing(self) -> tuple[str, ...]:
        """What keeps it from being closed, a line each."""
        where = f"{self.block}: {self.feature.name}"
        lines = [f"{where}: {name} was not run" for name in self.not_run]
        if self.passed < self.runs:
            lines.append(f"{where}: {self.runs - self.passed} of {self.runs} runs did not pass")
        lines += [f"{where}: {point} lacks {', '.join(bins)}" for point, bins in self.holes.items()]
        return tuple(lines)


def progress(
    plans: Sequence[Plan], runs: Sequence[Outcome], hits: Mapping[str, Mapping[str, int]]
) -> tuple[Progress, ...]:
    """How far every feature is shown, in the plans' order.

    Args:
        plans: the testplan.
        runs: all runs of a regression.
        hits: hits by bin of every declared coverpoint.
    """
    return tuple(
        _progress(plan.block, feature, runs, hits) for plan in plans for feature in plan.features
    )


def planned_tests(feature: Feature) -> tuple[str, ...]:
    """The catalogue tests that show a feature: those it names that have one of its variants."""
    return tuple(
        name
        for name in matching(feature.tests, tuple(CATALOGUE))
        if not feature.variants or set(feature.variants) & set(CATALOGUE[name].variants)
    )


def _progress(
    block: str, feature: Feature, runs: Sequence[Outcome], hits: Mapping[str, Mapping[str, int]]
) -> Progress:
    tests = planned_tests(feature)
    counted = [
        run
        for run in runs
        if run.job.test in tests and (not feature.variants or run.job.variant in feature.variants)
    ]
    ran = {run.job.test for run in counted}
    points = {name: hits[name] for name in matching(feature.coverpoints, tuple(hits))}
    holes = {name: tuple(b for b, n in bins.items() if not n) for name, bins in points.items()}
    bins = sum(map(len, points.values()))
    return Progress(
        block=block,
        feature=feature,
        runs=len(counted),
        passed=sum(run.status == "passed" for run in counted),
        not_run=tuple(name for name in tests if name not in ran),
        bins=bins,
        hit=bins - sum(map(len, holes.values())),
        holes={name: left for name, left in holes.items() if left},
    )
