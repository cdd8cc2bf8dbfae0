"""An AXI4-Lite master that can do what a well-behaved one never does.

Built on cocotbext-axi's channels, on a testbench top whose bus is clocked by `bus_clk`. Any
address and any strobes may be sent, and address and data of a write need not come together.
"""

import logging
from collections.abc import Iterator, Sequence
from typing import Any

import cocotb
import numpy as np
from cocotb.triggers import Timer
from cocotbext.axi import AxiLiteBus, AxiResp
from cocotbext.axi.axil_channels import (
    AxiLiteARSource,
    AxiLiteAWSource,
    AxiLiteBSink,
    AxiLiteRSink,
    AxiLiteWSource,
)

__all__ = ["ALL_BYTES", "AxilMaster"]

ALL_BYTES = 0xF
CLOCK_NS = 10


def _pauses(rng: np.random.Generator, stall: float) -> Iterator[bool]:
    while True:
        yield bool(rng.random() < stall)


class AxilMaster:
    """Single reads and writes of 32 bits.

    Args:
        dut: handle of the top.
        rng: decides the pauses.
        stall: probability of a pause on each channel in each cycle.
        prefix: name of the bus.
    """

    def __init__(
        self, dut: Any, rng: np.random.Generator, *, stall: float = 0.0, prefix: str = "bus"
    ) -> None:
        bus, clock = AxiLiteBus.from_prefix(dut, prefix), dut.bus_clk
        logging.getLogger(f"cocotb.{dut._name}.{prefix}").setLevel(logging.ERROR)
        self._rng, self._stall = rng, stall
        self.aw = AxiLiteAWSource(bus.write.aw, clock)
        self.w = AxiLiteWSource(bus.write.w, clock)
        self.b = AxiLiteBSink(bus.write.b, clock)
        self.ar = AxiLiteARSource(bus.read.ar, clock)
        self.r = AxiLiteRSink(bus.read.r, clock)
        if stall:
            for channel in (self.aw, self.w, self.b, self.ar, self.r):
                channel.set_pause_generator(_pauses(rng, stall))

    async def write(self, address: int, data: int, strobes: int = ALL_BYTES) -> AxiResp:
        """Write once; returns the answer. With pauses, address or data comes first at random."""
        cocotb.start_soon(self._send(self.aw, awaddr=address))
        cocotb.start_soon(self._send(self.w, wdata=data, wstrb=strobes))
        return AxiResp(int((await self.b.recv()).bresp))

    async def write_all(self, writes: Sequence[tuple[int, int]]) -> list[AxiResp]:
        """Write data to addresses without waiting for answers; returns these, in order.

        Only the pauses decide how far addresses are ahead of data, or behind.
        """
        for address, data in writes:
            await self._queue(self.aw, awaddr=address)
            await self._queue(self.w, wdata=data, wstrb=ALL_BYTES)
        return [AxiResp(int((await self.b.recv()).bresp)) for _ in writes]

    async def read(self, address: int) -> tuple[int, AxiResp]:
        """Read once; returns data and answer."""
        await self._send(self.ar, araddr=address)
        answer = await self.r.recv()
        return int(answer.rdata), AxiResp(int(answer.rresp))

    async def _send(self, channel: Any, **fields: int) -> None:
        if self._stall:
            await Timer(int(self._rng.integers(1, 5)) * CLOCK_NS, "ns")
        await self._queue(channel, **fields)

    async def _queue(self, channel: Any, **fields: int) -> None:
        beat = channel._transaction_obj()
        for name, value in fields.items():
            setattr(beat, name, value)
        await channel.send(beat)
