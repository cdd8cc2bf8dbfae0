"""The testbench's memory: contents, strobes, exact timing, pauses, errors, and its monitor."""

from pathlib import Path

import cocotb
import numpy as np
from cocotb.triggers import RisingEdge
from cocotbext.axi import AxiBus, AxiMaster, AxiResp

from verif.agents.bus_traffic import BEAT, BusTraffic, Kind, RecordTail
from verif.unit.harness import reset, seeded

LINES = 1024
BASE = 0x12_3456_7000
LATENCY, B_LATENCY = 20, 4
INPUTS = (
    "flush m_load m_store m_start m_burst m_garbage m_base m_stalls m_bad_read_addr "
    "m_bad_write_addr m_line m_lines m_seed m_latency m_bad_read m_bad_write "
    "g_go g_write g_start g_burst g_addr g_data g_strb g_seed g_stall"
)


class Bench:
    """The bench of one test: a bus master, the memory's controls, its expected contents."""

    def __init__(self, dut) -> None:
        self.dut, self.rng = dut, seeded()
        for name in INPUTS.split():
            getattr(dut, name).value = 0
        dut.m_base.value, dut.m_latency.value = BASE, LATENCY
        self.master = AxiMaster(AxiBus.from_prefix(dut, "bus"), dut.bus_clk, max_burst_len=16)
        self.contents = self.rng.integers(0, 256, LINES * BEAT, dtype=np.uint8)

    async def start(self, *, stall: float = 0.0, burst: bool = False) -> None:
        """Reset, seed the pauses, load the contents."""
        await reset(self.dut)
        dut = self.dut
        dut.m_stalls.value = int.from_bytes(bytes([round(255 * stall)] * 5), "little")
        dut.m_burst.value, dut.m_garbage.value = int(burst), int(stall > 0)
        dut.m_seed.value = int(self.rng.integers(0, 2**32))
        await self.pulse(dut.m_start)
        await self.load(0, LINES)
        await self.flush()  # what the test before has left
        self.tail = RecordTail(Path("axi.mon"))

    async def write(self, address: int, data: bytes):
        """Write bytes; all bursts have the one ID."""
        return await self.master.write(address, data, awid=0)

    async def read(self, address: int, length: int):
        """Read bytes."""
        return await self.master.read(address, length, arid=0)

    async def pulse(self, handle) -> None:
        """One cycle high."""
        handle.value = 1
        await RisingEdge(self.dut.bus_clk)
        handle.value = 0

    async def load(self, line: int, lines: int) -> None:
        """Fill lines with the expected contents."""
        part = self.contents.reshape(-1, BEAT)[line : line + lines]
        Path("mem.bin").write_bytes(part[:, ::-1].tobytes())
        self.dut.m_line.value, self.dut.m_lines.value = line, lines
        await self.pulse(self.dut.m_load)

    async def stored(self, line: int, lines: int) -> bytes:
        """The memory's contents."""
        self.dut.m_line.value, self.dut.m_lines.value = line, lines
        await self.pulse(self.dut.m_store)
        await RisingEdge(self.dut.bus_clk)
        return Path("mem.out").read_bytes()

    async def traffic(self) -> BusTraffic:
        """What the monitor has seen since the start."""
        await self.flush()
        return BusTraffic(self.tail.pull())

    async def flush(self) -> None:
        """Have the monitor write out what it holds."""
        await self.pulse(self.dut.flush)
        await RisingEdge(self.dut.bus_clk)

    def beats(self, most: int) -> tuple[int, int]:
        """A random range of whole beats: address and length in bytes."""
        lines = int(self.rng.integers(1, most + 1))
        return BASE + BEAT * int(self.rng.integers(0, LINES - lines + 1)), BEAT * lines


@cocotb.test(timeout_time=5, timeout_unit="ms")
@cocotb.parametrize(stall=[0.0, 0.4], burst=[False, True])
async def contents(dut, stall: float, burst: bool):
    """Random reads and writes, any strobes, against an array; then the contents as a whole."""
    bench = Bench(dut)
    await bench.start(stall=stall, burst=burst)
    for _ in range(12):
        address, length = bench.beats(40)
        address += int(bench.rng.integers(0, length))
        length = min(int(bench.rng.integers(1, length + 1)), BASE + LINES * BEAT - address)
        at = address - BASE
        if bench.rng.random() < 0.5:
            data = bench.rng.integers(0, 256, length, dtype=np.uint8)
            assert (await bench.write(address, data.tobytes())).resp == AxiResp.OKAY
            bench.contents[at : at + length] = data
        else:
            start = at // BEAT * BEAT
            answer = await bench.read(BASE + start, -(-(at + length - start) // 32) * 32)
            assert answer.resp == AxiResp.OKAY
            assert answer.data == bench.contents[start : start + len(answer.data)].tobytes()
    assert await bench.stored(0, LINES) == bench.contents.tobytes()
    bench.contents[64 * BEAT : 70 * BEAT] = 0xA5
    await bench.load(64, 6)
    assert await bench.stored(60, 20) == bench.contents[60 * BEAT : 80 * BEAT].tobytes()


@cocotb.test(timeout_time=5, timeout_unit="ms")
@cocotb.parametrize(latency=[1, 2, 20, 77])
async def timing(dut, latency: int):
    """First beat exactly `latency` cycles after its address if the channel is free, then one a
    cycle; answers exactly 4 cycles after the later of address and last beat."""
    bench = Bench(dut)
    dut.m_latency.value = latency
    await bench.start()
    waits = [cocotb.start_soon(bench.read(*bench.beats(60))) for _ in range(6)]
    waits += [
        cocotb.start_soon(bench.write(address, bytes(length)))
        for address, length in (bench.beats(60) for _ in range(6))
    ]
    for wait in waits:
        await wait
    seen = await bench.traffic()
    cycles = seen.records["cycle"].astype(np.int64)
    free = 0
    beats = cycles[seen.where(Kind.R)]
    for ar, burst in zip(*np.unique(seen.requested, return_counts=True), strict=True):
        due = max(cycles[ar] + latency, free)
        assert beats[:burst].tolist() == list(range(due, due + burst))
        free, beats = due + int(burst), beats[burst:]
    last = cycles[np.flatnonzero((seen.kinds == Kind.W) & (seen.records["info"] >> 18 & 1 == 1))]
    later = np.maximum(cycles[seen.where(Kind.AW)], last)
    assert (cycles[seen.where(Kind.B)] == later + B_LATENCY).all()
    assert seen.open_bursts == 0


@cocotb.test(timeout_time=5, timeout_unit="ms")
@cocotb.parametrize(stall=[0.0, 0.4])
async def errors(dut, stall: float):
    """One beat answers with an error, for reads and for writes; so does all outside."""
    bench = Bench(dut)
    await bench.start(stall=stall)
    bad = BASE + 10 * BEAT
    dut.m_bad_read_addr.value = dut.m_bad_write_addr.value = bad
    for resp in (AxiResp.SLVERR, AxiResp.DECERR):
        dut.m_bad_read.value = dut.m_bad_write.value = int(resp)
        for first, last in ((8, 9), (10, 10), (9, 12), (11, 14)):
            address, length = BASE + first * BEAT, (last - first + 1) * BEAT
            expected = resp if first <= 10 <= last else AxiResp.OKAY
            assert (await bench.read(address, length)).resp == expected
            assert (await bench.write(address, bytes(length))).resp == expected
            for line in set(range(first, last + 1)) - {10}:
                bench.contents[line * BEAT : (line + 1) * BEAT] = 0
    dut.m_bad_read.value = dut.m_bad_write.value = 0
    for outside in (0, BASE - BEAT, BASE + LINES * BEAT, 2**40 - BEAT):
        assert (await bench.read(outside, BEAT)).resp == AxiResp.DECERR
        assert (await bench.write(outside, bytes(BEAT))).resp == AxiResp.DECERR
    assert await bench.stored(0, LINES) == bench.contents.tobytes()


@cocotb.test(timeout_time=5, timeout_unit="ms")
async def traffic(dut):
    """The monitor's records give back addresses, data and strobes of every beat."""
    bench = Bench(dut)
    await bench.start(stall=0.3)
    reads, writes = [], {}
    for _ in range(10):
        address, length = bench.beats(30)
        data = bench.rng.integers(0, 256, length, dtype=np.uint8)
        await bench.write(address + 3, data[3:].tobytes())
        writes |= {address + i: int(data[i]) for i in range(3, length)}
        answer = await bench.read(address, length)
        reads += [(address + i, answer.data[i : i + BEAT]) for i in range(0, length, BEAT)]
    seen = await bench.traffic()
    beats = zip(seen.read_addresses.tolist(), seen.read_data, strict=True)
    assert [(address, data.tobytes()) for address, data in beats] == reads
    places = (seen.write_addresses[:, None] + np.arange(BEAT))[seen.write_strobes]
    assert dict(
        zip(places.tolist(), seen.write_data[seen.write_strobes].tolist(), strict=True)
    ) == (writes)
    assert (seen.answered > seen.where(Kind.W)).all() and seen.open_bursts == 0
