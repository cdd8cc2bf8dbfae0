"""What came of the proofs: as a table for people, as a file for sign-off."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tabulate import tabulate

from verif.formal.flow import FOLDER, PROVEN, Verdict
from verif.formal.proof import COMBINATIONAL, Proof
from verif.regression.revision import revision

__all__ = ["RESULTS", "Record", "table", "write"]

RESULTS = "results.json"


@dataclass(frozen=True, kw_only=True)
class Record:
    """One proof with its planted bugs, those that were tried."""

    proof: Proof
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


def write(records: Sequence[Record], *, folder: Path = FOLDER) -> Path:
    """Write the results beside the proofs, with the revision they are of; returns the file.

    Proofs that did not run this time keep nothing: the file is of one call.
    """
    commit, dirty = revision()
    content = {
        "revision": commit,
        "dirty": dirty,
        "proofs": [
            {
                "name": record.proof.name,
                "claim": record.proof.claim,
                "blocks": record.proof.blocks,
                "method": record.proof.method,
                "depth": record.proof.depth,
                "limits": record.proof.limits,
                "status": record.verdict.status,
                "reason": record.verdict.reason,
                "seconds": round(record.verdict.seconds, 2),
                "claims": record.verdict.claims,
                "covers": record.verdict.covers,
                "bugs": {name: one.status == PROVEN for name, one in record.bugs.items()},
            }
            for record in records
        ],
    }
    path = folder / RESULTS
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    return path
