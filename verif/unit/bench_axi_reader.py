"""The AXI read master: all data in order, bursts that obey AXI, errors reported, clean aborts."""

from dataclasses import dataclass

import cocotb
import numpy as np
from cocotb.triggers import FallingEdge, ReadOnly
from cocotbext.axi import AxiResp

from verif.agents.beat_stream import BeatDriver, BeatMonitor, BeatSink
from verif.unit.axi_memory import BEAT, AxiMemory, check_bursts
from verif.unit.harness import Block, seeded

ALL = ("ar", "r")


@dataclass(frozen=True, kw_only=True)
class Read:
    """A request."""

    addr: int
    beats: int
    tag: int

    def packed(self) -> int:
        """As the unit top takes it."""
        return self.addr << 20 | self.beats << 4 | self.tag


class Reader:
    """The bench of one test: memory, request driver, data sink and monitors."""

    def __init__(self, dut, *, stall: float = 0.0, slow: tuple[str, ...] = ALL) -> None:
        self.dut, self.rng = dut, seeded()
        self.memory = AxiMemory(dut, self.rng, **dict.fromkeys(slow, stall))
        self.block = Block(dut, "r", "abort", "idle valid error error_addr")
        self.sink_stall, self.errors = stall, []

    async def start(self) -> None:
        """Reset; then start driver, sink and monitors."""
        self.dut.rq_valid.value = 0
        self.dut.r_ready.value = 0
        self.dut.r_dead.value = 0
        for name in ("w_abort", "wq_valid", "w_valid"):
            getattr(self.dut, name).value = 0
        await self.block.start()
        seen = await self.block.cycle()
        assert (seen.idle, seen.valid, seen.error) == (1, 0, 0)
        assert self.dut.arvalid.value == 0
        clk, rng, stall = self.dut.clk, self.rng, self.sink_stall
        self.requests = BeatDriver(self.dut, "rq", clk, rng=rng, stall=stall)
        self.sink = BeatSink(self.dut, "r", clk, rng=rng, stall=stall)
        self.received: list[int] = []
        # An abort withdraws the beat that waits, as a reset does.
        BeatMonitor(self.dut, "r", clk, reset=self.dut.r_abort, callback=self.received.append)
        cocotb.start_soon(self._record_errors())

    async def _record_errors(self) -> None:
        while True:
            await FallingEdge(self.dut.clk)
            await ReadOnly()
            if self.dut.r_error.value == 1:
                self.errors.append(int(self.dut.r_error_addr.value))

    def fill(self, reads: list[Read]) -> None:
        """Give the memory random contents where it will be read."""
        for read in reads:
            self.memory.load(read.addr, self.rng.bytes(read.beats * BEAT))

    def expected(self, reads: list[Read]) -> list[int]:
        """What must come out: tag, last and data of every beat, as the unit top packs them."""
        beats = []
        for read in reads:
            data = self.memory.dump(read.addr, read.beats * BEAT)
            for at in range(read.beats):
                value = int.from_bytes(data[at * BEAT : (at + 1) * BEAT], "little")
                beats.append(read.tag << 257 | (at == read.beats - 1) << 256 | value)
        return beats

    async def wait_some(self, beats: int, limit: int = 20_000) -> int:
        """Wait until so many beats have come, maybe more; returns the cycles that took."""
        for cycle in range(limit):
            if len(self.received) >= beats:
                return cycle
            await FallingEdge(self.dut.clk)
        raise AssertionError(f"{len(self.received)} of {beats} beats after {limit} cycles")

    async def abort(self, *, dead: bool, limit: int = 2000) -> None:
        """Abort, and hold that until the reader is idle; `dead`: nobody takes data any more."""
        self.dut.r_abort.value = 1
        self.dut.r_dead.value = dead
        await FallingEdge(self.dut.clk)
        for _ in range(limit):
            if self.dut.r_idle.value == 1:
                break
            await FallingEdge(self.dut.clk)
        assert self.dut.r_idle.value == 1, "the abort does not end"
        assert int(self.dut.late_reads.value) <= 1, "bursts after the abort"
        self.dut.r_abort.value = 0
        self.dut.r_dead.value = 0
        await FallingEdge(self.dut.clk)

    async def wait(self, beats: int, limit: int) -> int:
        """Wait until so many beats have come and none is left; returns the cycles that took."""
        for cycle in range(limit):
            if len(self.received) >= beats and self.dut.r_idle.value == 1:
                return cycle
            await FallingEdge(self.dut.clk)
        raise AssertionError(f"{len(self.received)} of {beats} beats after {limit} cycles")


def draw(rng: np.random.Generator, count: int) -> list[Read]:
    """Random requests, many of them just before a 4 KB boundary; the memory's end included."""
    reads = []
    for _ in range(count):
        beats = int(rng.choice([1, 2, 15, 16, 17, 127, 128, 129, int(rng.integers(1, 300))]))
        page = int(rng.choice([0, 1, 2**28 - 4, int(rng.integers(0, 2**28 - 4))]))
        line = int(rng.choice([0, 1, 112, 127, int(rng.integers(0, 128))]))
        reads.append(Read(addr=page * 4096 + line * BEAT, beats=beats, tag=int(rng.integers(16))))
    return reads


@cocotb.test(timeout_time=1, timeout_unit="ms")
@cocotb.parametrize(stall=[0.0, 0.3, 0.7])
async def reads_random(dut, stall: float):
    """Random requests with pauses on every channel and on both streams."""
    bench = Reader(dut, stall=stall)
    await bench.start()
    reads = draw(bench.rng, 25)
    bench.fill(reads)
    for read in reads:
        bench.requests.append(read.packed())
    expected = bench.expected(reads)
    await bench.wait(len(expected), limit=80_000)
    assert bench.received == expected
    check_bursts(bench.memory, "ar", [(r.addr, r.beats) for r in reads], int(dut.max_burst.value))
    assert not bench.errors


@cocotb.test(timeout_time=1, timeout_unit="ms")
async def reads_long(dut):
    """A request of 65535 beats is cut to the last burst; the stream is cut off after a while."""
    bench = Reader(dut)
    await bench.start()
    read = Read(addr=(1 << 40) - 65535 * BEAT, beats=65535, tag=9)
    bench.requests.append(read.packed())
    await bench.wait_some(1000)
    cuts = bench.memory.bursts
    most = int(dut.max_burst.value)
    assert [beats for _, _, beats in cuts] == [most - 1] + [most] * (len(cuts) - 1)
    assert all(not beat >> 256 & 1 and beat >> 257 == 9 for beat in bench.received)


@cocotb.test(timeout_time=1, timeout_unit="ms")
async def reads_at_full_rate(dut):
    """With nobody pausing, a beat a cycle once the first has come, in and across requests."""
    bench = Reader(dut)
    await bench.start()
    reads = [Read(addr=4096 * n, beats=128, tag=n) for n in range(6)]
    bench.fill(reads)
    for read in reads:
        bench.requests.append(read.packed())
    lead = await bench.wait_some(1)
    cycles = await bench.wait(6 * 128, limit=2000)
    assert bench.received == bench.expected(reads)
    assert lead < 20 and cycles < 6 * 128 + 8, f"{lead} and {cycles} cycles"


@cocotb.test(timeout_time=1, timeout_unit="ms")
async def reads_under_way(dut):
    """As many bursts as allowed, and no more, are begun while no data comes."""
    bench = Reader(dut)
    await bench.start()
    bench.memory.pause("r", True)
    reads = [Read(addr=32 * n, beats=300, tag=n) for n in range(3)]
    bench.fill(reads)
    for read in reads:
        bench.requests.append(read.packed())
    for _ in range(100):
        await FallingEdge(dut.clk)
    assert not bench.received
    bench.memory.pause("r", False)
    await bench.wait(900, limit=3000)
    assert bench.received == bench.expected(reads)
    assert dut.most_reads.value == dut.outstanding.value


@cocotb.test(timeout_time=1, timeout_unit="ms")
@cocotb.parametrize(stall=[0.0, 0.5])
async def reads_with_errors(dut, stall: float):
    """SLVERR and DECERR anywhere in a burst: reported once per beat, and nothing is lost."""
    bench = Reader(dut, stall=stall)
    await bench.start()
    reads = [Read(addr=4096 * 7 - 5 * BEAT + 4096 * 9 * n, beats=60, tag=n) for n in range(6)]
    bench.fill(reads)
    bad = []
    for read in reads:
        at = {0, read.beats - 1, 5, *bench.rng.integers(0, read.beats, 4).tolist()}
        bad += [read.addr + BEAT * n for n in sorted(at)]
        bench.requests.append(read.packed())
    for number, address in enumerate(bad):
        bench.memory.bad_reads[address] = AxiResp.DECERR if number % 2 else AxiResp.SLVERR
    await bench.wait(6 * 60, limit=10_000)
    assert bench.received == bench.expected(reads)
    assert bench.errors == bad


@cocotb.test(timeout_time=1, timeout_unit="ms")
@cocotb.parametrize(stall=[0.0, 0.6], dead=[False, True])
async def reads_aborted(dut, stall: float, dead: bool):
    """Aborts at random moments end cleanly, whoever is waiting; what follows is right."""
    bench = Reader(dut, stall=stall)
    await bench.start()
    await bench.abort(dead=dead)
    for _ in range(8):
        reads = draw(bench.rng, 3)  # as many as are taken without any progress
        bench.fill(reads)
        for read in reads:
            bench.requests.append(read.packed())
        await bench.requests.drained()
        for _ in range(int(bench.rng.choice([0, 1, 2, 3, 7, 30, 150]))):
            await FallingEdge(dut.clk)
        before = len(bench.received)
        await bench.abort(dead=dead)
        assert len(bench.received) - before <= 1, "data during an abort"
        bench.received.clear()
        reads = draw(bench.rng, 2)
        bench.fill(reads)
        for read in reads:
            bench.requests.append(read.packed())
        expected = bench.expected(reads)
        await bench.wait(len(expected), limit=10_000)
        assert bench.received == expected and not bench.errors
