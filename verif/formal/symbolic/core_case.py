"""One case of control of a small core.

The slices of operands and the bias are symbols. Everything that decides is part of the case: the
commands, which high-order vectors are in the lists, and when streams pause.
"""

from dataclasses import dataclass
from itertools import product

__all__ = [
    "COLUMNS",
    "DROPPED",
    "KEPT",
    "NUM_PEA",
    "ROWS",
    "SKIPPED",
    "Case",
    "CoreSize",
    "OperandPart",
]

NUM_PEA, COLUMNS, ROWS = 2, 4, 4

SKIPPED, KEPT, DROPPED = range(3)
"""A high-order vector is not in its list; is there, with any slices but the frequent ones; is there
although it holds only these. In a dense list a skipped one is there too, as a dropped one."""

OperandPart = tuple[int, int | None, int]
"""Low and high slice of a part of an operand, and whether it counts 8-fold or 16-fold."""


@dataclass(frozen=True, kw_only=True)
class CoreSize:
    """What cores differ in.

    Attributes:
        num_dwo, num_swo, tile_k: as in `CoreParams`.
    """

    num_dwo: int
    num_swo: int
    tile_k: int = 4

    @property
    def parameters(self) -> dict[str, int]:
        """Of the RTL."""
        sizes = {"NumDwo": self.num_dwo, "NumSwo": self.num_swo, "TileK": self.tile_k}
        return sizes | {"NumPea": NUM_PEA, "TileN": 2 * COLUMNS, "GroupDepth": 2}


@dataclass(frozen=True, kw_only=True)
class Case:
    """What is given: everything but operands and bias.

    Attributes:
        name: for messages.
        core: on which it is played.
        weights: for each vector row, SKIPPED, KEPT or DROPPED of every k; a row is four outputs.
            Two rows are one sub-tile; four rows two of them, under DTP.
        activations: the same for each column group.
        w_bits, x_bits: widths, as in `LayerConfig`.
        dbs: type of slicing.
        r: frequent high-order activation slice.
        dense: high-order weight lists are dense.
        pause: pattern of pauses, see `pauses`.
        tiles: output tiles, one after the other, with these lists and operands of their own.
    """

    name: str
    core: CoreSize
    weights: tuple[tuple[int, ...], ...]
    activations: tuple[tuple[int, ...], ...]
    w_bits: int = 7
    x_bits: int = 8
    dbs: int = 1
    r: int = 0
    dense: bool = False
    pause: int = 0
    tiles: int = 1

    @property
    def depth(self) -> int:
        """K."""
        return len(self.weights[0])

    @property
    def k_tiles(self) -> list[range]:
        """The k of each K-tile."""
        step, depth = self.core.tile_k, self.depth
        return [range(at, min(at + step, depth)) for at in range(0, depth, step)]

    @property
    def sub_tiles(self) -> int:
        """One, or two under DTP."""
        return len(self.weights) // NUM_PEA

    @property
    def w_parts(self) -> list[OperandPart]:
        """The parts of the weights, upper one first."""
        return {4: [(0, None, 0)], 7: [(0, 1, 0)], 10: [(1, 2, 1), (0, None, 0)]}[self.w_bits]

    @property
    def x_parts(self) -> list[OperandPart]:
        """The parts of the activations; the one that completes comes last."""
        return {4: [(0, None, 0)], 8: [(0, 1, 0)], 12: [(0, None, 0), (1, 2, 1)]}[self.x_bits]

    @property
    def passes(self) -> list[tuple[OperandPart, OperandPart]]:
        """Parts of weights and of activations of each command of a tile."""
        return list(product(self.w_parts, self.x_parts))

    def pauses(self, cycle: int, stream: int) -> bool:
        """Whether a stream pauses in a cycle.

        Patterns: 0 never; 1 every second cycle; 2 results are not taken for long; 3 weights are
        slow; 4 activations are slow; others are irregular.

        Args:
            cycle: counted from the first of the case.
            stream: 0 commands, 1 activations, 2 bias, 3 results, from 4 the weights of each PEA.
        """
        if self.pause < 2:
            return bool(self.pause) and (cycle + stream) % 2 == 0
        if self.pause == 2:
            return stream == 3 and cycle % 80 < 60
        if self.pause < 5:
            return (stream >= 4 if self.pause == 3 else stream == 1) and cycle % 6 != 0
        return (cycle * 2654435761 + stream * 40503 + self.pause * 97) >> 7 & 3 > 1
