"""What the chip's scoreboard hands on: checked runs for coverage, outcomes for reports."""

from dataclasses import dataclass, field

import numpy as np

from models.chip.executor import Execution
from verif.agents.chip_items import RunItem
from verif.csr.names import ErrorCode
from verif.env.chip_memory import SeenMemory
from verif.sequences.program_item import ProgramItem

__all__ = ["CheckedRun", "RunOutcome"]


@dataclass(frozen=True, kw_only=True, eq=False)
class CheckedRun:
    """A monitored run, the program it belongs to, the model's run (None if it failed), memory."""

    item: RunItem
    program: ProgramItem
    execution: Execution | None
    seen: SeenMemory


@dataclass(frozen=True, kw_only=True, eq=False)
class RunOutcome:
    """What became of one program.

    Attributes:
        name: the program's.
        results: by layer, read from what the chip wrote; empty for a run that had to fail.
        mismatches: wrong bytes or elements, the larger number.
        code: how the run ended.
        passed: no check of this run failed.
        cycles: of the run, by its counter.
        counters: lower halves of the counters that were read, by name.
    """

    name: str
    results: dict[str, np.ndarray] = field(repr=False)
    mismatches: int
    code: ErrorCode
    passed: bool
    cycles: int
    counters: dict[str, int] = field(repr=False)
