"""What each stage asks for, as data. One more demand is one more entry of CRITERIA."""

from collections.abc import Callable
from dataclasses import dataclass

from verif.mutation.score import SCORE
from verif.signoff import measures
from verif.signoff.measures import Measure
from verif.signoff.results import Results

__all__ = ["CRITERIA", "Criterion"]

CODE = ("line", "branch", "toggle", "expression", "fsm")


@dataclass(frozen=True, kw_only=True)
class Criterion:
    """One demand of a stage.

    Attributes:
        stage: V1, V2 or V3; later stages ask for it too, unless they ask for more.
        what: what is measured, for people.
        measure: takes it from the results.
        at_least, at_most: limits on the measured share, whichever is given.
    """

    stage: str
    what: str
    measure: Callable[[Results], Measure]
    at_least: float = 0.0
    at_most: float = 1.0

    @property
    def target(self) -> str:
        """The demand, for people."""
        if self.at_most < 1:
            return f"at most {100 * self.at_most:g} %"
        return f"{'at least ' if self.at_least < 1 else ''}{100 * self.at_least:g} %"


def _code(stage: str, at_least: float) -> list[Criterion]:
    return [
        Criterion(
            stage=stage,
            what=f"{kind} coverage{' after waivers' if at_least == 1 else ''}",
            measure=measures.metric(kind),
            at_least=at_least,
        )
        for kind in CODE
    ]


CRITERIA: tuple[Criterion, ...] = (
    Criterion(stage="V1", what="regression complete", measure=measures.complete, at_least=1),
    Criterion(stage="V1", what="runs of V1 tests", measure=measures.runs("V1"), at_least=1),
    Criterion(stage="V1", what="lint clean", measure=measures.metric("lint"), at_least=1),
    Criterion(stage="V2", what="runs of V2 tests", measure=measures.runs("V2"), at_least=0.9),
    Criterion(
        stage="V2",
        what="functional coverage",
        measure=measures.metric("functional"),
        at_least=0.9,
    ),
    Criterion(
        stage="V2",
        what="blocks with code coverage data",
        measure=measures.metric("measured"),
        at_least=1,
    ),
    *_code("V2", 0.9),
    Criterion(stage="V3", what="all runs", measure=measures.runs("V3"), at_least=1),
    Criterion(
        stage="V3", what="functional coverage", measure=measures.metric("functional"), at_least=1
    ),
    *_code("V3", 1),
    Criterion(stage="V3", what="code waived", measure=measures.waived(CODE), at_most=0.02),
    Criterion(
        stage="V3", what="waivers right, none stale", measure=measures.metric("waivers"), at_least=1
    ),
    Criterion(stage="V3", what="proofs", measure=measures.metric("proofs"), at_least=1),
    Criterion(stage="V3", what="planted bugs noticed", measure=measures.metric("bugs"), at_least=1),
    Criterion(stage="V3", what="mutants judged", measure=measures.metric("mutants"), at_least=1),
    Criterion(
        stage="V3", what="mutants killed", measure=measures.metric("mutation"), at_least=SCORE
    ),
    Criterion(
        stage="V3", what="mutants explained", measure=measures.metric("explained"), at_least=1
    ),
    Criterion(stage="V3", what="testplan closed", measure=measures.testplan, at_least=1),
    Criterion(
        stage="V3", what="sources without TODO, FIXME", measure=measures.metric("todo"), at_least=1
    ),
    Criterion(stage="V3", what="nightly of this revision", measure=measures.revision, at_least=1),
)
"""All demands, in the order in which they are shown."""
