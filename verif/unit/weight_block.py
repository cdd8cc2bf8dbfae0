"""Weight blocks as memory holds them, for the bench of the weight DMA."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from verif.unit.harness import pack

__all__ = ["LAST", "WeightBlock", "draw_block"]

LAST = 1 << 15
"""In the first entry of a chunk's headers: the block's last chunk."""

ENTRIES = 16


@dataclass(frozen=True, kw_only=True)
class WeightBlock:
    """One block (docs/programs.md, Weight block).

    Attributes:
        beats: all beats, headers and weights.
        dealt: (PEA, data, last) of every weight beat in order; `last` of the PEA's block.
        headers: positions of the header beats.
    """

    beats: list[int]
    dealt: list[tuple[int, int, bool]]
    headers: list[int]


def draw_block(
    rng: np.random.Generator, counts: Sequence[Sequence[int]], last: Sequence[int] = (-1,)
) -> WeightBlock:
    """A block with random data.

    Args:
        rng: for the data.
        counts: beats of every PEA, by chunk.
        last: numbers of the chunks that are marked as the last one, as indices of a sequence.
    """
    beats: list[int] = []
    dealt: list[tuple[int, int, bool]] = []
    headers: list[int] = []
    marked = {range(len(counts))[at] for at in last}
    for number, chunk in enumerate(counts):
        entries = list(chunk)
        entries[0] |= LAST if number in marked else 0
        for at in range(0, len(entries), ENTRIES):
            headers.append(len(beats))
            beats.append(pack(entries[at : at + ENTRIES], 16))
        for pea, count in enumerate(chunk):
            data = [int.from_bytes(rng.bytes(32), "little") for _ in range(count)]
            beats += data
            end = number in marked
            dealt += [(pea, d, end and at == count - 1) for at, d in enumerate(data)]
    return WeightBlock(beats=beats, dealt=dealt, headers=headers)
