"""Where everything lies: one range of memory, the image first, then room for results."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from models.chip.descriptor import ADDRESS_BITS, DESCRIPTOR_BYTES
from models.chip.loops import LoopOrder
from models.chip.parameter_blocks import parameter_blocks
from models.chip.planner import Plan
from models.chip.program import CodesPlace, RawPlace
from models.chip.request import ChipLayer
from models.errors import PanaceaError

__all__ = ["Placement", "place"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Placement:
    """Addresses, and the image behind the descriptors.

    Attributes:
        weights: for each layer, the address of its weight blocks.
        parameters: for each layer, the addresses of the parameter blocks, (M tiles, steps).
        matrices: for each matrix of activations, where it lies.
        outputs: for each layer, where its results go.
        pieces: uint8, what follows the descriptors in memory.
        end: behind the last result.
    """

    weights: Sequence[int]
    parameters: Sequence[np.ndarray]
    matrices: Mapping[int, CodesPlace]
    outputs: Sequence[RawPlace | CodesPlace]
    pieces: Sequence[np.ndarray]
    end: int


def place(layers: Sequence[ChipLayer], plan: Plan, base: int) -> Placement:
    """Place a program whose descriptors begin at `base`.

    Raises:
        PanaceaError: it ends beyond the addresses of the chip.
    """
    pieces: list[np.ndarray] = []
    end = base + DESCRIPTOR_BYTES * len(plan.passes)

    def add(piece: np.ndarray) -> int:
        nonlocal end
        pieces.append(piece)
        end += len(piece)
        return end - len(piece)

    weights = [
        add(one.weights.image(order == LoopOrder.WEIGHTS))
        for one, order in zip(plan.layers, plan.orders, strict=True)
    ]
    parameters = []
    for layer, one in zip(layers, plan.layers, strict=True):
        blocks = parameter_blocks(layer, one.weights.tiles, plan.catalogue.params)
        parameters.append(add(blocks.image) + blocks.offsets)
    matrices: dict[int, CodesPlace] = {}
    for number, matrix in enumerate(plan.catalogue.activations):
        if matrix.stream is not None:
            together = plan.together(number)
            address = add(matrix.image(together))
            matrices[number] = CodesPlace(address=address, blocks=matrix, together=together)
    outputs: list[RawPlace | CodesPlace] = []
    for layer in range(len(layers)):
        outputs.append(_output(plan, layer, end))
        end += outputs[-1].size
        if isinstance(outputs[-1], CodesPlace):
            matrices[plan.outputs[layer]] = outputs[-1]
    if end > 1 << ADDRESS_BITS:
        raise PanaceaError(f"base = {base:#x}: the program ends at {end:#x}, past 40 bits")
    return Placement(
        weights=weights,
        parameters=parameters,
        matrices=matrices,
        outputs=outputs,
        pieces=pieces,
        end=end,
    )


def _output(plan: Plan, layer: int, address: int) -> RawPlace | CodesPlace:
    """A place at `address` for the results of a layer."""
    one, matrix = plan.layers[layer], plan.outputs[layer]
    if matrix is not None:
        blocks = plan.catalogue.activations[matrix]
        return CodesPlace(address=address, blocks=blocks, together=plan.together(matrix))
    return RawPlace(
        address=address,
        tiles=one.weights.tiles,
        groups=one.x.groups,
        num_pea=plan.catalogue.params.core.num_pea,
    )
