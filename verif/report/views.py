"""What the pages show, computed from the results."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from verif.regression.history import Metric
from verif.regression.records import Outcome, Triage
from verif.regression.triage import Bucket, bucket_failures
from verif.report.charts import Point, line_chart
from verif.signoff.measures import percent
from verif.signoff.results import Past, Results
from verif.testplan.plan import Plan
from verif.testplan.progress import Progress

__all__ = [
    "CODE",
    "EVIDENCE",
    "BlockPlan",
    "FailureView",
    "Share",
    "TestView",
    "annotated",
    "block_plans",
    "code_by_block",
    "failures",
    "share",
    "tests",
    "trends",
]

CODE = ("line", "branch", "toggle", "expression", "fsm")
"""Kinds of code coverage, in the order of the columns."""

EVIDENCE = {"Proofs": "proofs", "Planted bugs noticed": "bugs", "Mutants killed": "mutation"}
"""Kinds of metrics by title: what else speaks for the tests."""


@dataclass(frozen=True, kw_only=True)
class Share:
    """Points hit and all points; `waived` are in neither."""

    hit: int
    total: int
    waived: int = 0

    @property
    def text(self) -> str:
        """In per cent, never rounded up."""
        return percent(self.hit, self.total)

    @property
    def full(self) -> bool:
        """There is something, and nothing is missing."""
        return 0 < self.total == self.hit


def share(metrics: Sequence[Metric], *kinds: str, scope: str | None = None) -> Share:
    """The sum of all metrics of some kinds, of one scope or all."""
    rows = [row for row in metrics if row.kind in kinds and scope in (None, row.scope)]
    return Share(
        hit=sum(row.hit for row in rows),
        total=sum(row.total for row in rows),
        waived=sum(row.waived for row in rows),
    )


def code_by_block(metrics: Sequence[Metric]) -> dict[str, dict[str, Share]]:
    """Code coverage by block and kind; a block without points of a kind has an empty share."""
    blocks = sorted({row.scope for row in metrics if row.kind in CODE})
    return {block: {kind: share(metrics, kind, scope=block) for kind in CODE} for block in blocks}


def annotated(folder: Path, blocks: Sequence[str]) -> dict[str, str]:
    """Pages with annotated source that are there: of all (key ""), and by block."""
    pages = {"": "index.html"} | {block: f"{block}/index.html" for block in blocks}
    return {
        block: f"../coverage/{page}"
        for block, page in pages.items()
        if (folder / "coverage" / page).is_file()
    }


@dataclass(frozen=True, kw_only=True)
class BlockPlan:
    """A plan with its features' progress."""

    plan: Plan
    features: tuple[Progress, ...]

    @property
    def closed(self) -> Share:
        """Closed features."""
        return Share(hit=sum(one.closed for one in self.features), total=len(self.features))

    @property
    def runs(self) -> Share:
        """Runs that passed, summed over the features."""
        passed = sum(one.passed for one in self.features)
        return Share(hit=passed, total=sum(one.runs for one in self.features))

    @property
    def bins(self) -> Share:
        """Bins hit, summed over the features."""
        hit = sum(one.hit for one in self.features)
        return Share(hit=hit, total=sum(one.bins for one in self.features))


def block_plans(plans: Sequence[Plan], progress: Sequence[Progress]) -> tuple[BlockPlan, ...]:
    """The plans with their features' progress."""
    return tuple(
        BlockPlan(plan=plan, features=tuple(one for one in progress if one.block == plan.block))
        for plan in plans
    )


@dataclass(frozen=True, kw_only=True)
class FailureView:
    """A bucket of failures, and what its second run with waves showed, if there was one."""

    bucket: Bucket
    triage: Triage | None
    files: tuple[tuple[str, str], ...]
    """Label and path, relative to the report, of the files that are there."""


def failures(results: Results) -> tuple[FailureView, ...]:
    """All buckets, the largest first."""
    triage = {one.signature: one for one in results.buckets}
    views = []
    for bucket in bucket_failures(results.runs):
        again = triage.get(bucket.signature)
        files = _files(results.folder, "log", bucket.shortest.workdir, "sim.log")
        if again:
            files += _files(results.folder, "log of the second run", again.workdir, "sim.log")
            files += _files(results.folder, "waves", again.workdir, "waves.fst")
        views.append(FailureView(bucket=bucket, triage=again, files=files))
    return tuple(views)


def _files(folder: Path, label: str, workdir: str, name: str) -> tuple[tuple[str, str], ...]:
    path = f"{workdir}/{name}"
    return ((label, f"../{path}"),) if (folder / path).is_file() else ()


@dataclass(frozen=True, kw_only=True)
class TestView:
    """A test on one variant, over its runs."""

    name: str
    variant: str
    runs: tuple[Outcome, ...]

    @property
    def passed(self) -> Share:
        """Runs that passed."""
        passed = sum(run.status == "passed" for run in self.runs)
        return Share(hit=passed, total=len(self.runs))

    @property
    def seconds(self) -> float:
        """Mean time of a run."""
        return sum(run.seconds for run in self.runs) / len(self.runs)

    @property
    def peak_mb(self) -> int:
        """Most memory of a run, MiB."""
        return max(run.peak_mb for run in self.runs)


def tests(runs: Sequence[Outcome]) -> tuple[TestView, ...]:
    """All tests with their runs, those with failures first, then the slowest ones."""
    groups: dict[tuple[str, str], list[Outcome]] = defaultdict(list)
    for run in runs:
        groups[run.job.test, run.job.variant].append(run)
    views = [
        TestView(name=name, variant=variant, runs=tuple(group))
        for (name, variant), group in groups.items()
    ]
    return tuple(sorted(views, key=lambda view: (view.passed.full, -view.seconds)))


def trends(past: Sequence[Past]) -> list[tuple[str, Markup]]:
    """Charts with their titles; a figure that no regression has gives none."""
    kinds = {"Functional coverage": ("functional",), "Testplan closed": ("testplan",)}
    kinds |= {"Code coverage": CODE} | {title: (kind,) for title, kind in EVIDENCE.items()}
    shares = {"Runs passed": [(one, Share(hit=one.passed, total=one.runs)) for one in past]}
    for title, names in kinds.items():
        shares[title] = [(one, share(one.metrics, *names)) for one in past]
    charts = [
        (title, _chart(title, [(one, 100 * s.hit / s.total, s.text) for one, s in rows if s.total]))
        for title, rows in shares.items()
        if any(s.total for _, s in rows)
    ]
    minutes = [(one, one.seconds / 60, f"{one.seconds / 60:.1f} min") for one in past]
    return [*charts, ("Time of all runs", _chart("Time of all runs", minutes, unit=" min"))]


def _chart(title: str, rows: Sequence[tuple[Past, float, str]], unit: str = " %") -> Markup:
    points = [
        Point(label=one.regression.started[5:16].replace("T", " "), value=value, text=text)
        for one, value, text in rows
    ]
    return line_chart(title, points, unit=unit)
