"""The compiler: layers to a memory image with descriptors and all they refer to."""

from collections.abc import Sequence

import numpy as np

from models.chip.descriptor import DESCRIPTOR_BYTES
from models.chip.emitter import Emitter
from models.chip.loops import LoopOrder
from models.chip.parameter_blocks import parameter_blocks
from models.chip.params import BEAT_BYTES, ChipParams
from models.chip.planner import make_plan
from models.chip.program import ChipProgram, CodesPlace, RawPlace
from models.chip.request import ChipLayer
from models.chip.results import read_results
from models.errors import PanaceaError, check_range

__all__ = ["ChipProgram", "compile_program", "read_results"]


class _Allocator:
    """Hands out memory from `base` on, piece behind piece; all pieces are whole beats."""

    def __init__(self, base: int) -> None:
        self.next = base
        self.pieces: list[np.ndarray] = []

    def place(self, piece: np.ndarray) -> int:
        """Address of a piece of the image."""
        self.pieces.append(piece)
        return self.reserve(len(piece))

    def reserve(self, size: int) -> int:
        """Address of `size` bytes behind the image."""
        address = self.next
        self.next += size
        return address


def compile_program(
    layers: Sequence[ChipLayer], params: ChipParams, *, base: int = 0
) -> ChipProgram:
    """Compile layers, in their order, into one program.

    Args:
        layers: see `ChipLayer`.
        params: sizes of the chip.
        base: address of the program, a multiple of 32.

    Raises:
        PanaceaError: no layer; a layer that the chip cannot run, naming it and why; memory
            beyond 40 bits of address.
    """
    check_range("base", base, 0, 2**40 - 1)
    if base % BEAT_BYTES:
        raise PanaceaError(f"base = {base:#x} is not a multiple of {BEAT_BYTES}")
    plan = make_plan(layers, params)
    memory = _Allocator(base)
    descriptors = np.zeros(len(plan.passes) * DESCRIPTOR_BYTES, np.uint8)
    prog_addr = memory.place(descriptors)
    weights = [
        memory.place(one.weights.image(order == LoopOrder.WEIGHTS))
        for one, order in zip(plan.layers, plan.orders, strict=True)
    ]
    parameters = []
    for layer, one in zip(layers, plan.layers, strict=True):
        blocks = parameter_blocks(layer, one.weights.tiles, params)
        start = memory.place(blocks.image)
        parameters.append([start + offset for offset in blocks.offsets])
    matrices: dict[int, CodesPlace] = {}
    for number, blocks in enumerate(plan.catalogue.activations):
        if blocks.stream is not None:
            together = plan.together(number)
            address = memory.place(blocks.image(together))
            matrices[number] = CodesPlace(address=address, blocks=blocks, together=together)
    outputs: list[RawPlace | CodesPlace] = []
    for one, matrix in zip(plan.layers, plan.outputs, strict=True):
        if matrix is None:
            place = RawPlace(
                address=memory.next,
                tiles=one.weights.tiles,
                groups=one.x.groups,
                num_pea=params.core.num_pea,
            )
        else:
            blocks = plan.catalogue.activations[matrix]
            place = CodesPlace(address=memory.next, blocks=blocks, together=plan.together(matrix))
            matrices[matrix] = place
        memory.reserve(place.size)
        outputs.append(place)
    if memory.next > 2**40:
        raise PanaceaError(f"base = {base:#x}: the program ends at {memory.next:#x}, past 40 bits")
    emitter = Emitter(
        layers=layers, plan=plan, weights=weights, parameters=parameters,
        matrices=matrices, outputs=outputs,
    )  # fmt: skip
    emitted = emitter.descriptors()
    descriptors[:] = np.frombuffer(b"".join(d.pack() for d in emitted), np.uint8)
    return ChipProgram(
        params=params,
        base=base,
        image=np.concatenate(memory.pieces),
        prog_addr=prog_addr,
        prog_count=len(emitted),
        memory_bytes=memory.next - base,
        descriptors=tuple(emitted),
        passes=plan.passes,
        layers=tuple(layers),
        columns=tuple(one.x.columns for one in plan.layers),
        outputs=tuple(outputs),
        tiles=tuple(one.weights.tiles for one in plan.layers),
        dtp=tuple(any(t.sub_tiles == 2 for t in one.weights.tiles) for one in plan.layers),
        orders=plan.orders,
    )
