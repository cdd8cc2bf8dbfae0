"""What all unit benches share: cycles of a testbench top, and packing of wide signals.

A unit top generates its clock in HDL. A bench works in whole cycles, like the beat-level agents:
inputs change at the falling edge, outputs are read once they have settled, as the registers are
about to see them. No trigger of another kind may be mixed in: its order against the agents' would
depend on the simulator.
"""

from collections.abc import Iterable
from typing import Any

import cocotb
import numpy as np
from cocotb.triggers import FallingEdge, ReadOnly

from verif.unit.cover import watch

__all__ = ["Block", "Sample", "pack", "reset", "seeded", "unpack"]


def seeded() -> np.random.Generator:
    """The test's random generator, from the run's seed (which the runner logs)."""
    return np.random.default_rng(cocotb.RANDOM_SEED)


def pack(values: Iterable[int], width: int) -> int:
    """Integers as one wide value, element 0 lowest, each modulo 2^width."""
    mask, total = (1 << width) - 1, 0
    for position, value in enumerate(values):
        total |= (int(value) & mask) << (position * width)
    return total


def unpack(value: int, width: int, count: int, *, signed: bool = False) -> list[int]:
    """The reverse of `pack`; elements in two's complement if `signed`."""
    mask, sign = (1 << width) - 1, (1 << width - 1) if signed else 0
    return [((value >> (i * width) & mask) ^ sign) - sign for i in range(count)]


class Sample:
    """The outputs of one cycle, by name; a value is only looked at (and may be X) when read."""

    def __init__(self, values: dict[str, Any]) -> None:
        self._values = values

    def __getattr__(self, name: str) -> int:
        return int(self._values[name])

    def lanes(self, name: str, width: int) -> list[int | None]:
        """Elements of a wide signal, element 0 first; None where bits are unknown."""
        bits = str(self._values[name])
        parts = [bits[at : at + width] for at in range(0, len(bits), width)]
        return [int(part, 2) if set(part) <= {"0", "1"} else None for part in reversed(parts)]


async def reset(dut: Any) -> None:
    """Reset a unit top for two cycles; coverage is sampled from here on."""
    watch(dut)
    dut.rst_n.value = 0
    for _ in range(3):
        await FallingEdge(dut.clk)
    dut.rst_n.value = 1


class Block:
    """One block in a unit top; its signals there are called PREFIX_NAME.

    Args:
        dut: handle of the top.
        prefix: the block's prefix.
        inputs: names of the signals that the bench writes; all start at zero.
        outputs: names of the signals that are read every cycle.
        out_prefix: the outputs' prefix, where several blocks share their inputs.
    """

    def __init__(
        self, dut: Any, prefix: str, inputs: str, outputs: str, *, out_prefix: str | None = None
    ) -> None:
        self._dut = dut
        self._inputs = {name: getattr(dut, f"{prefix}_{name}") for name in inputs.split()}
        prefix = out_prefix or prefix
        self._outputs = {name: getattr(dut, f"{prefix}_{name}") for name in outputs.split()}

    async def start(self) -> None:
        """Set all inputs to zero and reset the top for two cycles."""
        for handle in self._inputs.values():
            handle.value = 0
        await reset(self._dut)

    async def cycle(self, **values: int) -> Sample:
        """Write inputs (others keep their values), let one cycle pass, return its outputs."""
        for name, value in values.items():
            self._inputs[name].value = int(value)
        await ReadOnly()
        sample = Sample({name: handle.value for name, handle in self._outputs.items()})
        await FallingEdge(self._dut.clk)
        return sample
