"""The compiler: layers to a memory image with descriptors and all they refer to."""

from collections.abc import Sequence

import numpy as np

from models.chip.descriptor import ADDRESS_BITS
from models.chip.emitter import Emitter
from models.chip.params import BEAT_BYTES, ChipParams
from models.chip.placement import place
from models.chip.planner import make_plan
from models.chip.program import ChipProgram
from models.chip.request import ChipLayer
from models.chip.results import read_results
from models.errors import PanaceaError, check_range

__all__ = ["ChipProgram", "compile_program", "read_results"]


def compile_program(
    layers: Sequence[ChipLayer], params: ChipParams, *, base: int = 0
) -> ChipProgram:
    """Compile layers, in their order, into one program.

    Args:
        layers: see `ChipLayer`.
        params: sizes of the chip.
        base: address of the program, a multiple of 32; its descriptors come first.

    Raises:
        PanaceaError: no layer; a layer that the chip cannot run, naming it and why; memory
            beyond 40 bits of address.
    """
    check_range("base", base, 0, 2**ADDRESS_BITS - 1)
    if base % BEAT_BYTES:
        raise PanaceaError(f"base = {base:#x} is not a multiple of {BEAT_BYTES}")
    plan = make_plan(layers, params)
    placement = place(layers, plan, base)
    descriptors = Emitter(layers=layers, plan=plan, placement=placement).descriptors()
    packed = np.frombuffer(b"".join(d.pack() for d in descriptors), np.uint8)
    return ChipProgram(
        params=params,
        base=base,
        image=np.concatenate([packed, *placement.pieces]),
        prog_addr=base,
        prog_count=len(descriptors),
        memory_bytes=placement.end - base,
        descriptors=tuple(descriptors),
        passes=plan.passes,
        layers=tuple(layers),
        columns=tuple(one.x.columns for one in plan.layers),
        outputs=tuple(placement.outputs),
        tiles=tuple(one.weights.tiles for one in plan.layers),
        dtp=tuple(any(t.sub_tiles == 2 for t in one.weights.tiles) for one in plan.layers),
        orders=plan.orders,
    )
