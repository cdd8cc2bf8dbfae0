"""What came of a campaign: a table by module, the survivors and why they may, the score."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tabulate import tabulate

from verif.mutation.explained import explanations, place_of
from verif.mutation.judge import Verdict
from verif.mutation.score import SCORE

__all__ = ["Outcome"]

_COLUMNS = ("killed", "survived", "equivalent", "stillborn")


class Outcome:
    """All verdicts of a campaign.

    Attributes:
        score: share of the mutants that were killed, of those that compile and are not proven
            equivalent.
        unexplained: names of survivors that `explained.yaml` does not tell of.
    """

    def __init__(self, verdicts: Sequence[Verdict]) -> None:
        self._verdicts = verdicts
        self._alive = [verdict.mutant for verdict in verdicts if verdict.status == "survived"]
        self._why = {one.name: explanations().get(place_of(one), "") for one in self._alive}
        self._killed = sum(verdict.status == "killed" for verdict in verdicts)
        self.score = self._killed / max(1, self._killed + len(self._alive))
        self.unexplained = [name for name, why in self._why.items() if not why]

    def text(self) -> str:
        """All of it, for people."""
        survivors = [
            f"{one.name}, waves: make mutate MUTANT={one.name}\n{one.diff()}"
            + (self._why[one.name] or "NOT EXPLAINED")
            for one in self._alive
        ]
        counts = f"{self._killed} killed, {len(self._alive)} survived"
        open_ones = f"{len(self.unexplained)} of these not explained"
        score = f"score {self.score:.2%}: {counts}, {open_ones}; asked for {SCORE:.0%}"
        return "\n\n".join([self._table(), *survivors, score])

    def _table(self) -> str:
        counts: dict[str, Counter] = {}
        for verdict in self._verdicts:
            name = Path(verdict.mutant.file).stem
            counts.setdefault(name, Counter())[verdict.status] += 1
        counts["all"] = sum(counts.values(), Counter())
        rows = [[name, *(found[column] for column in _COLUMNS)] for name, found in counts.items()]
        return tabulate(rows, headers=["module", *_COLUMNS])
