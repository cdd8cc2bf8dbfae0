"""The testbench's register driver and monitor, on the chip's own registers."""

from pathlib import Path

import cocotb
from cocotb.triggers import FallingEdge, ValueChange

from verif.csr.names import ADDRESS
from verif.unit.bench_axi_memory import INPUTS
from verif.unit.harness import reset, seeded


class Bench:
    """The bench of one test."""

    def __init__(self, dut) -> None:
        self.dut, self.rng = dut, seeded()
        for name in INPUTS.split():
            getattr(dut, name).value = 0

    async def start(self, stall: int) -> None:
        """Reset and seed the pauses."""
        await reset(self.dut)
        self.dut.g_stall.value, self.dut.g_seed.value = stall, int(self.rng.integers(0, 2**32))
        await self._pulse(self.dut.g_start)

    async def access(self, write: bool, address: int, data: int = 0, strobes: int = 15):
        """One access; returns data and answer."""
        dut = self.dut
        dut.g_write.value, dut.g_addr.value = int(write), address
        dut.g_data.value, dut.g_strb.value = data, strobes
        await self._pulse(dut.g_go)
        await ValueChange(dut.g_done)
        await FallingEdge(dut.clk)
        return int(dut.g_rdata.value), int(dut.g_resp.value)

    async def _pulse(self, handle) -> None:
        handle.value = 1
        await FallingEdge(self.dut.clk)
        handle.value = 0


@cocotb.test(timeout_time=2, timeout_unit="ms")
@cocotb.parametrize(stall=[0, 100, 240])
async def accesses(dut, stall: int):
    """Reads, writes, strobes and refusals; the monitor logs exactly these."""
    bench = Bench(dut)
    await bench.start(stall)
    log = Path("registers.log").open(encoding="ascii")
    log.seek(0, 2)
    expected, held = [], 0
    for _ in range(40):
        data, strobes = int(bench.rng.integers(0, 2**32)), int(bench.rng.integers(0, 16))
        mask = sum(0xFF << 8 * byte for byte in range(4) if strobes >> byte & 1)
        _, resp = await bench.access(True, ADDRESS["PROG_COUNT"], data, strobes)
        assert resp == 0
        held = held & ~mask | data & mask
        assert await bench.access(False, ADDRESS["PROG_COUNT"]) == (held, 0)
        _, resp = await bench.access(True, ADDRESS["ID"], data)
        assert resp == 2
        assert await bench.access(False, ADDRESS["CTRL"]) == (0, 2)
        expected += [
            ["W", ADDRESS["PROG_COUNT"], data, strobes, 0],
            ["R", ADDRESS["PROG_COUNT"], held, 0],
            ["W", ADDRESS["ID"], data, 15, 2],
            ["R", ADDRESS["CTRL"], 0, 2],
        ]
    await bench.access(True, ADDRESS["IRQ_ENABLE"], 1)
    await bench.access(True, ADDRESS["CTRL"], 1)
    await bench.access(True, ADDRESS["IRQ_STATUS"], 1)
    dut.flush.value = 1
    for _ in range(4):
        await FallingEdge(dut.clk)
    lines = [line.split() for line in log]
    seen = [[kind, *(int(v, 16) for v in rest)] for kind, _, *rest in lines if kind != "I"]
    assert seen[: len(expected)] == expected and len(seen) == len(expected) + 3
    assert [rest[0] for kind, _, *rest in lines if kind == "I"] == ["1", "0"]
