"""The few signals of the testbench top that Python touches."""

from collections.abc import AsyncIterator
from typing import Any

import cocotb
from cocotb.triggers import First, Timer

from verif.agents.items import StallConfig

__all__ = ["CLOCK_NS", "TestbenchControl", "run_seed"]

CLOCK_NS = 10
"""Period of the clock that the testbench tops generate."""


def run_seed() -> int:
    """The seed of the run, as the runner logs it; cocotb's own differs from test to test."""
    return int(cocotb.plusargs.get("seed", cocotb.RANDOM_SEED))


class TestbenchControl:
    """Start, flush and reset of a testbench top, and the events it wakes Python with.

    Args:
        dut: handle of the top, e.g. `cocotb.top`.
    """

    __test__ = False  # not a pytest class

    def __init__(self, dut: Any) -> None:
        self.dut = dut

    @staticmethod
    async def cycles(count: int) -> None:
        """Let `count` clock cycles pass."""
        if count:
            await Timer(count * CLOCK_NS, "ns")

    async def reset(self, cycles: int = 4) -> None:
        """Reset the core and the testbench; sources drop what they have not sent."""
        self.dut.reset.value = 1
        await self.cycles(cycles)
        self.dut.reset.value = 0
        await self.cycles(16)  # covers the reset at time 0 as well

    async def flush(self) -> None:
        """Have the monitors write out what they hold."""
        self.dut.flush.value = 1 - int(self.dut.flush.value)
        await self.cycles(3)

    def start(self, stalls: StallConfig) -> None:
        """Have all sources play their files from the next cycle on."""
        self.dut.burst.value = int(stalls.burst)
        self.dut.garbage.value = int(stalls.garbage)
        self.dut.stall_seed.value = stalls.seed
        self.dut.go.value = 1 - int(self.dut.go.value)

    async def wake(self) -> None:
        """Wait until a command is done or the core reports an error."""
        await First(self.dut.done.value_change, self.dut.err.value_change)

    async def errors(self) -> AsyncIterator[int]:
        """The core's error bits, each time they change."""
        while True:
            await self.dut.err.value_change
            yield self.error

    async def resets(self) -> AsyncIterator[bool]:
        """At each reset, whether a source had beats left or a command was open."""
        while True:
            await self.dut.reset.value_change
            if int(self.dut.reset.value):
                yield bool(int(self.dut.busy.value))

    async def idle(self) -> None:
        """Wait until no source has beats left and no command is open."""
        while int(self.dut.busy.value):
            await self.dut.busy.value_change

    @property
    def error(self) -> int:
        """The core's sticky error bits, as `core_err_t` packs them."""
        return int(self.dut.err.value)
