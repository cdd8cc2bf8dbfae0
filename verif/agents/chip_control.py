"""The few signals of the chip's testbench top that Python touches."""

from pathlib import Path
from typing import Any

import numpy as np
from cocotb.triggers import First, ReadWrite, Timer

from models.errors import PanaceaError
from verif.agents.bus_traffic import BEAT
from verif.agents.chip_items import BusConfig
from verif.agents.control import CLOCK_NS
from verif.csr.axil_master import ALL_BYTES

__all__ = ["ChipControl"]


class ChipControl:
    """Reset, memory contents, register accesses and interrupt of `tb_chip`.

    It has the methods `write` and `read` that `verif.csr.axil_agent.AxilDriver` asks of its master.

    Args:
        dut: handle of the top, e.g. `cocotb.top`.
    """

    def __init__(self, dut: Any) -> None:
        self.dut = dut
        self.base = 0
        self._latency: int | None = None  # of the plusarg

    @staticmethod
    async def cycles(count: int) -> None:
        """Let `count` clock cycles pass."""
        if count:
            await Timer(count * CLOCK_NS, "ns")

    async def reset(self, cycles: int = 4) -> None:
        """Reset the chip and the testbench; memory keeps its contents."""
        self.dut.running.value = 0
        self.dut.reset.value = 1
        await self.cycles(cycles)
        self.dut.reset.value = 0
        await self.cycles(16)  # covers the reset at time 0 as well

    async def flush(self) -> None:
        """Have the monitors write out what they hold."""
        self.dut.flush.value = 1 - int(self.dut.flush.value)
        await self.cycles(3)

    def configure(self, bus: BusConfig) -> None:
        """Set pauses, latency and injected error of both buses."""
        dut = self.dut
        dut.stalls.value = bus.stalls
        dut.stall_reg.value = bus.registers
        dut.burst.value = int(bus.burst)
        dut.garbage.value = int(bus.garbage)
        dut.stall_seed.value = bus.seed
        if self._latency is None:
            self._latency = int(dut.latency.value)
        dut.latency.value = self._latency if bus.latency is None else bus.latency
        dut.bad_read.value = bus.bad.resp if bus.bad and not bus.bad.write else 0
        dut.bad_write.value = bus.bad.resp if bus.bad and bus.bad.write else 0
        dut.bad_read_addr.value = dut.bad_write_addr.value = bus.bad.address if bus.bad else 0
        dut.arm.value = 1 - int(dut.arm.value)

    async def load(self, address: int, data: bytes) -> None:
        """Fill memory from a byte address, a multiple of 32, on; data is padded with zeros.

        The memory lies where the first load puts it: `place` moves it.
        """
        padded = data + bytes(-len(data) % BEAT)
        lines = np.frombuffer(padded, np.uint8).reshape(-1, BEAT)[:, ::-1]
        Path("mem.bin").write_bytes(lines.tobytes())
        await self._contents(self.dut.mem_load, address, len(lines))

    async def dump(self, address: int, length: int) -> bytes:
        """Contents of memory from a byte address, a multiple of 32, on."""
        await self._contents(self.dut.mem_store, address, -(-length // BEAT))
        return Path("mem.out").read_bytes()[:length]

    def place(self, base: int) -> None:
        """Move the memory to another byte address, a multiple of 4096."""
        if base % 4096:
            raise PanaceaError(f"base = {base:#x} is not a multiple of 4096")
        self.base = base
        self.dut.mem_base.value = base

    async def write(self, address: int, data: int, strobes: int = ALL_BYTES) -> int:
        """Write a register once; returns the answer."""
        dut = self.dut
        dut.reg_write.value, dut.reg_addr.value = 1, address
        dut.reg_data.value, dut.reg_strb.value = data, strobes
        await self._access()
        return int(dut.reg_resp.value)

    async def read(self, address: int) -> tuple[int, int]:
        """Read a register once; returns data and answer."""
        dut = self.dut
        dut.reg_write.value, dut.reg_addr.value = 0, address
        await self._access()
        return int(dut.reg_rdata.value), int(dut.reg_resp.value)

    async def interrupt(self, limit: int) -> bool:
        """Wait for the interrupt, at most `limit` cycles; returns whether it is raised."""
        if not int(self.dut.irq.value):
            await First(self.dut.irq.value_change, Timer(limit * CLOCK_NS, "ns"))
        return bool(int(self.dut.irq.value))

    def running(self, value: bool) -> None:
        """Tell the watchdog whether a program runs."""
        self.dut.running.value = int(value)

    @property
    def open_bursts(self) -> int:
        """Bursts on the AXI bus that are not answered."""
        return int(self.dut.open.value)

    async def _access(self) -> None:
        self.dut.reg_go.value = 1 - int(self.dut.reg_go.value)
        await self.dut.reg_done.value_change
        await ReadWrite()  # data and answer change in the same step

    async def _contents(self, toggle: Any, address: int, lines: int) -> None:
        if (address - self.base) % BEAT or address < self.base:
            raise PanaceaError(f"address = {address:#x} is no beat of the memory")
        self.dut.mem_line.value = (address - self.base) // BEAT
        self.dut.mem_lines.value = lines
        toggle.value = 1 - int(toggle.value)
        await self.dut.mem_done.value_change
