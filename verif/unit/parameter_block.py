"""Parameter blocks as memory holds them, and what must come of them."""

from dataclasses import dataclass

import numpy as np

from models.params import VECTOR
from verif.unit.chip_structs import join

__all__ = ["ParameterBlock", "draw_parameters"]

SCALE, SEGMENT = (1 << 22) - 1, (1 << 48) - 1
SEGMENTS = 64


@dataclass(frozen=True, kw_only=True)
class ParameterBlock:
    """One block (docs/programs.md, Parameter block) and its job.

    Attributes:
        beats: all beats.
        parts: (receiver, value, beats of the block that were used by then) of everything that
            comes of it, in order; receivers are `b`, `par` (address over data) and `cmd`.
        gives: a command follows; not when the bias alone is wanted.
    """

    line: int
    dtp: bool
    new_rows: bool
    new_pwl: bool
    gives: bool
    command: int
    beats: list[int]
    parts: list[tuple[str, int, int]]

    def packed(self) -> int:
        """The job as the DMA takes it."""
        return join("param_job", {
            "line": self.line, "dtp": self.dtp, "new_rows": self.new_rows,
            "new_pwl": self.new_pwl, "gives": self.gives, "ppu_cmd": self.command,
        })  # fmt: skip


def draw_parameters(
    rng: np.random.Generator,
    num_pea: int,
    line: int,
    *,
    dtp: bool,
    new_rows: bool,
    new_pwl: bool,
    gives: bool = True,
) -> ParameterBlock:
    """A block with random contents and a random command of the PPU."""
    beats: list[int] = []
    parts: list[tuple[str, int, int]] = []
    rows = VECTOR * num_pea * (2 if dtp else 1)

    def words(count: int, width: int) -> list[tuple[int, int]]:
        """(word, beats used) of a section of the block."""
        per_beat, drawn = 256 // width, []
        for at in range(0, count, per_beat):
            data = int.from_bytes(rng.bytes(32), "little")
            beats.append(data)
            drawn += [
                (data >> width * place & (1 << width) - 1, len(beats))
                for place in range(min(per_beat, count - at))
            ]
        return drawn

    bias = words(rows, 32)
    for row in range(0, rows, VECTOR):
        value = sum(word << 32 * at for at, (word, _) in enumerate(bias[row : row + VECTOR]))
        parts.append(("b", value, bias[row][1]))
    if new_rows:
        for row, (word, used) in enumerate(words(rows, 32)):
            parts.append(("par", row << 48 | word & SCALE, used))
    if new_pwl:
        for number, (word, used) in enumerate(words(SEGMENTS, 64)):
            parts.append(("par", (256 + number) << 48 | word & SEGMENT, used))
    command = int(rng.integers(0, 2**28))
    if gives:
        parts.append(("cmd", command, len(beats)))
    return ParameterBlock(
        line=line, dtp=dtp, new_rows=new_rows, new_pwl=new_pwl, gives=gives, command=command,
        beats=beats, parts=parts,
    )  # fmt: skip
