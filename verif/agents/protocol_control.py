"""The chip's testbench with cocotbext-axi's models as memory and host."""

from typing import Any

import numpy as np
from cocotbext.axi import AxiResp

from verif.agents.chip_control import ChipControl
from verif.agents.chip_items import BusConfig
from verif.agents.control import run_seed
from verif.csr.axil_master import ALL_BYTES, AxilMaster
from verif.unit.axi_memory import AxiMemory

__all__ = ["ProtocolControl"]

REGISTER_STALL = 0.2


class ProtocolControl(ChipControl):
    """Drives `tb_protocol` as ChipControl drives `tb_chip`.

    Pauses of the register bus are the same for all runs; latency, bursts of pauses and garbage
    are the models' own.
    """

    def __init__(self, dut: Any) -> None:
        super().__init__(dut)
        rng = np.random.default_rng(run_seed())
        self.memory = AxiMemory(dut, rng)
        self.host = AxilMaster(dut, rng, stall=REGISTER_STALL, prefix="reg")

    def configure(self, bus: BusConfig) -> None:
        """Set pauses and injected error of the memory."""
        self.memory.stall(**{n: getattr(bus, n) / 256 for n in ("ar", "r", "aw", "w", "b")})
        bad = {bus.bad.address: AxiResp(bus.bad.resp)} if bus.bad else {}
        write = bus.bad is not None and bus.bad.write
        self.memory.bad_reads, self.memory.bad_writes = ({}, bad) if write else (bad, {})

    def place(self, base: int) -> None:
        """Nothing to do: the memory spans all addresses."""

    async def load(self, address: int, data: bytes) -> None:
        """Write memory directly."""
        self.memory.load(address, data)

    async def dump(self, address: int, length: int) -> bytes:
        """Read memory directly."""
        return self.memory.dump(address, length)

    async def write(self, address: int, data: int, strobes: int = ALL_BYTES) -> int:
        """Write a register once; returns the answer."""
        return int(await self.host.write(address, data, strobes))

    async def read(self, address: int) -> tuple[int, int]:
        """Read a register once; returns data and answer."""
        data, answer = await self.host.read(address)
        return data, int(answer)
