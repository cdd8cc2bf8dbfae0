"""Judges results by the criteria, and writes the checklist."""

from collections.abc import Sequence
from dataclasses import dataclass

from verif.signoff.criteria import CRITERIA, Criterion
from verif.signoff.measures import Measure
from verif.signoff.results import Results
from verif.testplan.plan import STAGES

__all__ = ["Verdict", "holds", "judge", "markdown", "stage_reached"]


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """A criterion and what was measured for it."""

    criterion: Criterion
    measure: Measure

    @property
    def met(self) -> bool:
        """The share is within its limits; one that was not measured is not."""
        return self.criterion.at_least <= self.measure.share <= self.criterion.at_most


def judge(results: Results, criteria: Sequence[Criterion] = CRITERIA) -> tuple[Verdict, ...]:
    """Judge results by all criteria."""
    return tuple(Verdict(criterion=one, measure=one.measure(results)) for one in criteria)


def holds(verdicts: Sequence[Verdict], stage: str) -> bool:
    """Whether a stage holds: its own criteria and those of all stages before."""
    return all(verdict.met for verdict in verdicts if verdict.criterion.stage <= stage)


def stage_reached(verdicts: Sequence[Verdict]) -> str:
    """The last stage that holds; empty if none does."""
    return max((stage for stage in STAGES if holds(verdicts, stage)), default="")


def markdown(results: Results, verdicts: Sequence[Verdict]) -> str:
    """The checklist."""
    one = results.regression
    lines = [
        "# Sign-off checklist",
        "",
        f"Regression `{one.id}`, revision `{one.revision}`"
        f"{' with changes' if one.dirty else ''}. Stage reached: "
        f"**{stage_reached(verdicts) or 'none'}**.",
    ]
    for stage, meaning in STAGES.items():
        own = [verdict for verdict in verdicts if verdict.criterion.stage == stage]
        state = "holds" if holds(verdicts, stage) else "does not hold"
        lines += ["", f"## {stage}, {meaning}: {state}", ""]
        lines += ["| | criterion | demanded | measured |", "| --- | --- | --- | --- |"]
        lines += [
            f"| {'yes' if verdict.met else 'NO'} | {verdict.criterion.what} "
            f"| {verdict.criterion.target} | {verdict.measure.shown} |"
            for verdict in own
        ]
        for verdict in own:
            if not verdict.met:
                lines += ["", f"Missing from {verdict.criterion.what}:", ""]
                lines += [f"- {line}" for line in verdict.measure.missing]
    return "\n".join(lines) + "\n"
