"""Loop orders: the passes of a group of layers, and which blocks they play.

A *group* is one layer, or several in a row that share their activations. Either N tiles are
outermost, so that an N tile's activations can stay for all M tiles, or M tiles are outermost, so
that a weight block can stay for all N tiles. `models.chip.residency` decides what stays.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import product
from typing import NamedTuple

from models.apsq import Apsq
from models.chip.activation_blocks import ActivationBlocks
from models.chip.weight_blocks import WeightBlocks

__all__ = [
    "ActivationBlock",
    "LayerPlan",
    "LoopOrder",
    "Pass",
    "WeightBlock",
    "group_passes",
]


class LoopOrder(IntEnum):
    """What stays on the chip, if it fits: activations over M tiles or weights over N tiles."""

    ACTIVATIONS = 0
    WEIGHTS = 1


class WeightBlock(NamedTuple):
    """One or both parts of an M tile's weights."""

    layer: int
    tile: int
    parts: tuple[int, ...]


class ActivationBlock(NamedTuple):
    """One or both parts of the activations of an N tile of a matrix."""

    matrix: int
    column_tile: int
    parts: tuple[int, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class LayerPlan:
    """A layer with its weight blocks and its activations, and the numbers of both."""

    number: int
    weights: WeightBlocks
    matrix: int
    x: ActivationBlocks
    apsq: Apsq | None = None


@dataclass(frozen=True, kw_only=True)
class Pass:
    """One command: a weight part of an M tile times an activation part of an N tile.

    `w_block` and `x_block` are what the pass starts to play; None goes on in the block that the
    pass before plays. `last` completes the output tile. `step` is the number of the APSQ step, None
    if sums are exact.
    """

    layer: int
    tile: int
    column_tile: int
    w_part: int
    x_part: int
    w_block: WeightBlock | None
    x_block: ActivationBlock | None
    last: bool
    step: int | None = None


def group_passes(group: Sequence[LayerPlan], order: LoopOrder) -> Iterator[Pass]:
    """The passes of layers that share activations."""
    columns = range(len(group[0].x.groups))
    if order == LoopOrder.ACTIVATIONS:
        for j in columns:
            for plan in group:
                for tile in range(len(plan.weights.tiles)):
                    yield from _output_passes(plan, tile, j, order)
    else:
        for plan in group:
            for tile in range(len(plan.weights.tiles)):
                for j in columns:
                    yield from _output_passes(plan, tile, j, order)


def _output_passes(
    plan: LayerPlan, tile: int, column_tile: int, order: LoopOrder
) -> Iterator[Pass]:
    """All passes of one output tile.

    The outer operand's parts are blocks of their own, played once for each part of the inner one,
    whose parts are one block. The steps of APSQ play one block of each operand, a part of it each.
    """
    if plan.apsq is not None:
        steps = len(plan.apsq.exponents)
        for step in range(steps):
            yield Pass(
                layer=plan.number,
                tile=tile,
                column_tile=column_tile,
                w_part=0,
                x_part=0,
                w_block=None if step else WeightBlock(plan.number, tile, (0,)),
                x_block=None if step else ActivationBlock(plan.matrix, column_tile, (0,)),
                last=step == steps - 1,
                step=step,
            )
        return
    w_parts, x_parts = range(len(plan.weights.up)), range(plan.x.parts)
    if order == LoopOrder.ACTIVATIONS:
        pairs = list(product(w_parts, x_parts))
    else:
        pairs = [(w, x) for x, w in product(x_parts, w_parts)]
    for w, x in pairs:
        if order == LoopOrder.ACTIVATIONS:
            w_block, x_block = (w,), tuple(x_parts) if x == 0 else None
        else:
            w_block, x_block = tuple(w_parts) if w == 0 else None, (x,)
        yield Pass(
            layer=plan.number,
            tile=tile,
            column_tile=column_tile,
            w_part=w,
            x_part=x,
            w_block=w_block and WeightBlock(plan.number, tile, w_block),
            x_block=x_block and ActivationBlock(plan.matrix, column_tile, x_block),
            last=(w, x) == pairs[-1],
        )
