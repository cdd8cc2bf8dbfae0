"""Jobs of the activation DMA with what memory holds for them."""

from dataclasses import dataclass, field

import numpy as np

from verif.unit.chip_structs import join
from verif.unit.harness import pack
from verif.unit.read_bus import Tag

__all__ = ["ENTRIES", "Load", "draw_load"]

ENTRIES = 16
"""Lengths in a beat of a table."""


@dataclass(frozen=True, kw_only=True)
class Load:
    """A job: a block of segments with these lengths."""

    lengths: list[int]
    table: int
    line: int
    stride: int
    fence: bool = False
    seq: int = 0
    requests: list[tuple[int, int, int]] = field(init=False)

    def __post_init__(self) -> None:
        last = len(self.lengths) - 1
        segments = [
            (
                Tag.LAST_ACTIVATIONS if at == last else Tag.ACTIVATIONS,
                (self.line + at * self.stride) % 2**35,
                length,
            )
            for at, length in enumerate(self.lengths)
        ]
        object.__setattr__(self, "requests", segments)

    def packed(self) -> int:
        """The job as the DMA takes it."""
        return join("act_job", {
            "table_line": self.table, "line": self.line, "stride": self.stride,
            "segments": len(self.lengths), "fence": self.fence, "seq": self.seq,
        })  # fmt: skip

    def table_beats(self, rng: np.random.Generator) -> dict[int, int]:
        """The table by line; what follows the last length is random."""
        count = -(-len(self.lengths) // ENTRIES) * ENTRIES
        rest = rng.choice([0, 1, 65535], count - len(self.lengths)).tolist()
        entries = [*self.lengths, *rest]
        return {
            self.table + at // ENTRIES: pack(entries[at : at + ENTRIES], 16)
            for at in range(0, count, ENTRIES)
        }


def draw_load(rng: np.random.Generator, count: int, most: int) -> Load:
    """A job of so many segments of up to `most` beats."""
    stride = int(rng.choice([most, most, 2**27 - 1, int(rng.integers(most, 2**20))]))
    half = int(rng.choice([0, 2**34]))  # of the table; the segments lie in the other one
    return Load(
        lengths=rng.integers(1, most + 1, count).tolist(), stride=stride,
        table=half + int(rng.integers(0, 2**34 - count)),
        line=2**34 - half + int(rng.integers(0, 2**34 - count * stride - most)),
    )  # fmt: skip
