"""What came of the proofs: as a table for people, as files for sign-off."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tabulate import tabulate

from verif.formal.methods import AnyProof
from verif.formal.proof import COMBINATIONAL
from verif.formal.verdict import FOLDER, PROVEN, Verdict
from verif.regression.revision import revision

__all__ = ["RESULT", "Record", "table", "write"]

RESULT = "result.json"
"""Name of a proof's result, in the proof's folder."""


@dataclass(frozen=True, kw_only=True)
class Record:
    """One proof with its planted bugs, those that were tried."""

    proof: AnyProof
    verdict: Verdict
    bugs: dict[str, Verdict]

    @property
    def caught(self) -> int:
        """Bugs that refute the proof."""
        return sum(verdict.status == PROVEN for verdict in self.bugs.values())

    @property
    def holds(self) -> bool:
        """It is proven, not vacuous, and refuted by all bugs that were tried."""
        return self.verdict.status == PROVEN and self.caught == len(self.bugs)

    @property
    def reasons(self) -> list[str]:
        """Why it does not hold."""
        found = [self.verdict, *self.bugs.values()]
        lines = [f"{one.status}: {one.reason}" for one in found if one.reason]
        return lines + ([f"waves: {self.verdict.trace}"] if self.verdict.trace else [])


def table(records: Sequence[Record]) -> str:
    """The table of all proofs: property, method, depth, time."""
    rows = [
        (
            record.proof.name,
            record.verdict.status,
            record.proof.method,
            "" if record.proof.method == COMBINATIONAL else record.proof.depth,
            record.verdict.claims,
            "{} of {}".format(*record.verdict.covers),
            f"{record.caught} of {len(record.bugs)}",
            f"{record.verdict.seconds:.1f}",
            record.proof.claim,
        )
        for record in records
    ]
    heads = "proof result method depth claims covers bugs seconds claim".split()
    return tabulate(rows, heads, tablefmt="github", maxcolwidths=[None] * 8 + [60])


def write(records: Sequence[Record], *, folder: Path = FOLDER) -> None:
    """Write each result beside its proof, with the revision of the sources that it is of."""
    commit, dirty = revision()
    for record in records:
        content = {
            "name": record.proof.name,
            "revision": commit,
            "dirty": dirty,
            "holds": record.holds,
            "status": record.verdict.status,
            "reasons": record.reasons,
            "claim": record.proof.claim,
            "blocks": record.proof.blocks,
            "method": record.proof.method,
            "depth": record.proof.depth,
            "limits": record.proof.limits,
            "seconds": round(record.verdict.seconds, 2),
            "claims": record.verdict.claims,
            "covers": record.verdict.covers,
            "bugs": {name: one.status == PROVEN for name, one in record.bugs.items()},
        }
        path = folder / record.proof.name / RESULT
        path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
