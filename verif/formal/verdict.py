"""What can come of a proof."""

from dataclasses import dataclass
from pathlib import Path

from verif.builder import SIM_BUILD

__all__ = ["FAILED", "FOLDER", "PROVEN", "UNFINISHED", "VACUOUS", "Verdict"]

FOLDER = SIM_BUILD / "formal"

PROVEN, FAILED, VACUOUS, UNFINISHED = "proven", "failed", "vacuous", "unfinished"


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What came of a proof.

    Attributes:
        status: proven; failed; vacuous: proven, but for a reason that proves nothing; unfinished.
        seconds: of processor time.
        claims: assertions, helper invariants not counted.
        covers: cover statements reached, and all of them.
        reason: why it is not proven; empty if it is.
        trace: waves of the counterexample, if there is one.
    """

    status: str
    seconds: float
    claims: int = 0
    covers: tuple[int, int] = (0, 0)
    reason: str = ""
    trace: Path | None = None
