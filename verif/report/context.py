"""All values that the templates use, by name."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from verif.report import views
from verif.report.ranking import bins_by_run, rank
from verif.report.scopes import scopes
from verif.report.views import Share
from verif.signoff.checklist import Verdict, holds, judge, stage_reached
from verif.signoff.results import Results
from verif.testplan.plan import STAGES, load

__all__ = ["StageView", "context"]

SLOWEST = 20


@dataclass(frozen=True, kw_only=True)
class StageView:
    """A stage, its own criteria, and whether it holds, with all stages before it."""

    name: str
    meaning: str
    verdicts: tuple[Verdict, ...]
    holds: bool

    @property
    def met(self) -> int:
        """How many of its own criteria are met."""
        return sum(verdict.met for verdict in self.verdicts)


def context(results: Results) -> dict[str, Any]:
    """What the pages show of results."""
    verdicts = judge(results)
    sampled = bins_by_run(results)
    blocks = views.block_plans(load(), results.progress)
    by_scope = scopes(results.hits)
    code = views.code_by_block(results.metrics)
    runs = results.runs
    passed = Share(hit=sum(run.status == "passed" for run in runs), total=len(runs))
    bins = _sum(scope.bins for scope in by_scope.values())
    closed = _sum(block.closed for block in blocks)
    totals = {kind: views.share(results.metrics, kind) for kind in views.CODE}
    return {
        "regression": results.regression,
        "passed": passed,
        "reached": stage_reached(verdicts),
        "stages": _stages(verdicts),
        "tiles": [
            ("Runs passed", passed, "tests"),
            ("Testplan closed", closed, "testplan"),
            ("Functional coverage", bins, "functional"),
            ("Code coverage", _sum(totals.values()), "code"),
            *(
                (f"Of it: {kind.replace('fsm', 'FSM')}", one, "code")
                for kind, one in totals.items()
            ),
            *(
                (title, views.share(results.metrics, kind), "signoff")
                for title, kind in views.EVIDENCE.items()
            ),
        ],
        "buckets": views.failures(results),
        "blocks": blocks,
        "closed": closed,
        "bins": bins,
        "scopes": by_scope,
        "code": code,
        "kinds": views.CODE,
        "totals": totals,
        "annotated": views.annotated(results.folder, list(code)),
        "unmeasured": [r.scope for r in results.metrics if r.kind == "measured" and not r.hit],
        "tests": views.tests(runs),
        "slowest": sorted(runs, key=lambda run: -run.seconds)[:SLOWEST],
        "ranked": rank(sampled),
        "sampled": len(sampled),
        "sampled_seconds": sum(run.seconds for run in sampled),
        "past": results.past,
        "share": views.share,
        "trends": views.trends(results.past),
        "run_seconds": sum(run.seconds for run in runs),
        "elapsed": _elapsed(results),
        "peak_mb": max((run.peak_mb for run in runs), default=0),
    }


def _sum(shares: Iterable[Share]) -> Share:
    rows = list(shares)
    return Share(
        hit=sum(row.hit for row in rows),
        total=sum(row.total for row in rows),
        waived=sum(row.waived for row in rows),
    )


def _stages(verdicts: Sequence[Verdict]) -> list[StageView]:
    return [
        StageView(
            name=name,
            meaning=meaning,
            verdicts=tuple(one for one in verdicts if one.criterion.stage == name),
            holds=holds(verdicts, name),
        )
        for name, meaning in STAGES.items()
    ]


def _elapsed(results: Results) -> float | None:
    """Seconds from start to end; None if the regression did not end."""
    one = results.regression
    if one.ended is None:
        return None
    return (datetime.fromisoformat(one.ended) - datetime.fromisoformat(one.started)).total_seconds()
