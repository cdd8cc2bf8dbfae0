"""A program as a sequence item: layers, memory image, and how the run shall end."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from models.arith import exact_matmul
from models.chip.compiler import compile_program
from models.chip.params import ChipParams
from models.chip.program import ChipProgram
from models.chip.request import ChipLayer
from models.ppu import requantise
from models.pwl import evaluate, grid_codes
from models.slicing import effective_activation
from verif.agents.chip_items import BusConfig
from verif.csr.names import ErrorCode
from verif.sequences.plain_apsq import plain_apsq, plain_sums

__all__ = ["Ending", "ProgramItem", "expected_results", "make_item"]


@dataclass(frozen=True, kw_only=True)
class Ending:
    """How a run ends.

    Attributes:
        codes: values of ERROR.code that are right; `none` is an end without error.
        detail, descriptor, address: of the error registers; None: anything.
        results: results are to be checked, if the run ends without error.
        layers: so are the layers' as a whole, which needs descriptors as the compiler makes them.
    """

    codes: frozenset[ErrorCode] = frozenset({ErrorCode.none})
    detail: int | None = None
    descriptor: int | None = None
    address: int | None = None
    results: bool = True
    layers: bool = True

    @property
    def good(self) -> bool:
        """The run must end without an error, and with the right results."""
        return self.results and self.codes == {ErrorCode.none}

    @property
    def whole(self) -> bool:
        """The layers' results must be right as well."""
        return self.good and self.layers

    @classmethod
    def failing(cls, *codes: ErrorCode, **fields: int) -> "Ending":
        """An end with one of these codes."""
        return cls(codes=frozenset(codes), **fields)


@dataclass(frozen=True, kw_only=True, eq=False)
class ProgramItem:
    """A compiled program to be run once.

    Attributes:
        name: for messages.
        program: what the compiler made.
        image: what is loaded into memory, uint8; usually the program's.
        prog_count: descriptors to run; usually all.
        ending: how the run shall end.
        bus: how both buses behave.
    """

    name: str
    program: ChipProgram = field(repr=False)
    image: np.ndarray = field(repr=False)
    prog_count: int
    ending: Ending = field(default_factory=Ending)
    bus: BusConfig = field(default_factory=BusConfig)

    @cached_property
    def expected(self) -> dict[str, np.ndarray]:
        """What every layer's result must be; see `expected_results`."""
        return expected_results(self.program.layers)


def expected_results(layers: Sequence[ChipLayer]) -> dict[str, np.ndarray]:
    """Results of layers by the plain formula on their operands, int64 (M, N) by name.

    `w x~ + bias`, its sums quantised step by step under APSQ; for a layer with an output, the codes
    that the PPU makes of it.
    """
    results: dict[str, np.ndarray] = {}
    for layer in layers:
        x = layer.x if layer.source is None else results[layer.source]
        x = effective_activation(x, layer.config)
        if layer.apsq is None:
            y = exact_matmul(layer.w, x) + layer.bias[:, None]
        else:
            sums = plain_sums(layer.w, x, layer.bias, layer.config.zp, layer.apsq.depth)
            y = plain_apsq(sums, layer.apsq.gs, layer.apsq.exponents)
        if layer.output is not None:
            out = layer.output
            v = requantise(y, out.multiplier, out.shift)
            y = grid_codes(evaluate(v, out.table), out.config)
        results[layer.name] = y
    return results


def make_item(
    name: str,
    layers: Sequence[ChipLayer],
    params: ChipParams,
    *,
    base: int = 0,
    bus: BusConfig | None = None,
) -> ProgramItem:
    """Compile layers into an item; errors as `models.chip.compiler.compile_program`."""
    program = compile_program(layers, params, base=base)
    return ProgramItem(
        name=name,
        program=program,
        image=program.image,
        prog_count=program.prog_count,
        bus=bus or BusConfig(),
    )
