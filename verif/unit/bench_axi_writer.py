"""The AXI write master: every strobed byte lands, bursts obey AXI, answers are told, aborts end."""

from dataclasses import dataclass

import cocotb
import numpy as np
from cocotb.triggers import FallingEdge, ReadOnly
from cocotbext.axi import AxiResp

from verif.agents.beat_stream import BeatDriver
from verif.unit.axi_memory import BEAT, AxiMemory, check_bursts
from verif.unit.harness import Block, seeded

ALL = ("aw", "w", "b")
ALL_BYTES = (1 << BEAT) - 1


@dataclass(frozen=True, kw_only=True)
class Write:
    """A request with its beats, each data and strobes."""

    addr: int
    beats: list[tuple[int, int]]

    def packed(self) -> int:
        """The request as the unit top takes it."""
        return self.addr << 16 | len(self.beats)


class Writer:
    """The bench of one test: memory, request and data drivers, events."""

    def __init__(self, dut, *, stall: float = 0.0, slow: tuple[str, ...] = ALL) -> None:
        self.dut, self.rng, self.stall = dut, seeded(), stall
        self.memory = AxiMemory(dut, self.rng, **dict.fromkeys(slow, stall))
        self.block = Block(dut, "w", "abort", "idle done error ready")
        self.contents: dict[int, int] = {}
        self.done, self.errors = 0, []

    async def start(self) -> None:
        """Reset; then start the drivers."""
        for name in ("wq_valid", "w_valid", "r_abort", "rq_valid", "r_ready", "r_dead"):
            getattr(self.dut, name).value = 0
        await self.block.start()
        seen = await self.block.cycle()
        assert (seen.idle, seen.done, seen.error, seen.ready) == (1, 0, 0, 0)
        assert self.dut.awvalid.value == 0 and self.dut.wvalid.value == 0
        clk, rng, stall = self.dut.clk, self.rng, self.stall
        self.requests = BeatDriver(self.dut, "wq", clk, rng=rng, stall=stall)
        self.data = BeatDriver(self.dut, "w", clk, rng=rng, stall=stall)
        cocotb.start_soon(self._record_events())

    async def _record_events(self) -> None:
        while True:
            await FallingEdge(self.dut.clk)
            await ReadOnly()
            self.done += int(self.dut.w_done.value)
            if self.dut.w_error.value == 1:
                self.errors.append(int(self.dut.w_error_addr.value))

    def queue(self, write: Write) -> None:
        """Queue a request and its data, and note what the memory must hold after it."""
        self.requests.append(write.packed())
        for at, (data, strobes) in enumerate(write.beats):
            self.data.append(strobes << 256 | data)
            for byte in range(BEAT):
                if strobes >> byte & 1:
                    self.contents[write.addr + at * BEAT + byte] = data >> 8 * byte & 0xFF

    def check_memory(self, writes: list[Write]) -> None:
        """Check all bytes of the written regions: strobed ones, and zero where none was."""
        for write in writes:
            length = len(write.beats) * BEAT
            expected = bytes(self.contents.get(write.addr + at, 0) for at in range(length))
            assert self.memory.dump(write.addr, length) == expected, f"at {write.addr:#x}"

    async def wait(self, done: int, limit: int) -> int:
        """Wait until so many requests are done and none is left; returns the cycles that took."""
        for cycle in range(limit):
            if self.done >= done and self.dut.w_idle.value == 1:
                return cycle
            await FallingEdge(self.dut.clk)
        raise AssertionError(f"{self.done} of {done} requests after {limit} cycles")

    async def abort(self, limit: int = 2000) -> None:
        """Abort, and hold that until the writer is idle."""
        self.dut.w_abort.value = 1
        await FallingEdge(self.dut.clk)
        for _ in range(limit):
            assert self.dut.wq_ready.value == 0, "a request is taken in an abort"
            if self.dut.w_idle.value == 1:
                break
            await FallingEdge(self.dut.clk)
        assert self.dut.w_idle.value == 1, "the abort does not end"
        assert int(self.dut.late_writes.value) <= 3, "bursts after the abort"
        self.dut.w_abort.value = 0
        await FallingEdge(self.dut.clk)


def draw_beats(rng: np.random.Generator, count: int) -> list[tuple[int, int]]:
    """Random data; strobes all set, none set, or random."""
    strobes = [ALL_BYTES, ALL_BYTES, 0, int.from_bytes(rng.bytes(4), "little")]
    picks = rng.integers(0, len(strobes), count).tolist()
    return [(int.from_bytes(rng.bytes(BEAT), "little"), strobes[pick]) for pick in picks]


def draw(rng: np.random.Generator, count: int) -> list[Write]:
    """Random requests, many of them just before a 4 KB boundary; regions do not overlap."""
    writes = []
    for page in (rng.choice(2**20, count, replace=False) * 4).tolist():
        beats = int(rng.choice([1, 2, 15, 16, 17, 127, 129, int(rng.integers(1, 200))]))
        line = int(rng.choice([0, 1, 112, 127, int(rng.integers(0, 128))]))
        quarter = int(rng.integers(32, 64)) << 34
        addr = quarter + page * 4096 + line * BEAT
        writes.append(Write(addr=addr, beats=draw_beats(rng, beats)))
    return writes


@cocotb.test(timeout_time=1, timeout_unit="ms")
@cocotb.parametrize(stall=[0.0, 0.3, 0.7])
async def writes_random(dut, stall: float):
    """Random requests and strobes with pauses on every channel and on both streams."""
    bench = Writer(dut, stall=stall)
    await bench.start()
    writes = draw(bench.rng, 20)
    for write in writes:
        bench.queue(write)
    await bench.wait(len(writes), limit=60_000)
    bench.check_memory(writes)
    requests = [(write.addr, len(write.beats)) for write in writes]
    check_bursts(bench.memory, "aw", requests, int(dut.max_burst.value))
    assert bench.done == len(writes) and not bench.errors


@cocotb.test(timeout_time=1, timeout_unit="ms")
async def writes_at_full_rate(dut):
    """With nobody pausing, a beat a cycle in and across requests."""
    bench = Writer(dut)
    await bench.start()
    writes = [Write(addr=4096 * n, beats=draw_beats(bench.rng, 128)) for n in range(6)]
    for write in writes:
        bench.queue(write)
    cycles = await bench.wait(6, limit=3000)
    bench.check_memory(writes)
    assert cycles < 6 * 128 + 20, f"{cycles} cycles"


@cocotb.test(timeout_time=1, timeout_unit="ms")
@cocotb.parametrize(first=["aw", "w"])
async def writes_in_either_order(dut, first: str):
    """A memory that takes addresses long before data, or data before addresses, is served."""
    bench = Writer(dut)
    await bench.start()
    later = "w" if first == "aw" else "aw"
    bench.memory.pause(later, True)
    writes = draw(bench.rng, 6)
    for write in writes:
        bench.queue(write)
    for _ in range(60):
        await FallingEdge(dut.clk)
    taken = {"aw": bool(bench.memory.bursts), "w": bench.memory.has_waiting("w")}
    assert taken[first] and not taken[later]
    bench.memory.pause(later, False)
    await bench.wait(6, limit=5000)
    bench.check_memory(writes)


@cocotb.test(timeout_time=1, timeout_unit="ms")
async def writes_under_way(dut):
    """As many bursts as allowed, and no more, are begun while no answer comes."""
    bench = Writer(dut)
    await bench.start()
    bench.memory.pause("b", True)
    writes = [Write(addr=8192 * n, beats=draw_beats(bench.rng, 200)) for n in range(3)]
    for write in writes:
        bench.queue(write)
    for _ in range(600):
        await FallingEdge(dut.clk)
    assert bench.done == 0
    bench.memory.pause("b", False)
    await bench.wait(3, limit=3000)
    bench.check_memory(writes)
    assert dut.most_writes.value == dut.outstanding.value


@cocotb.test(timeout_time=1, timeout_unit="ms")
@cocotb.parametrize(stall=[0.0, 0.5])
async def writes_with_errors(dut, stall: float):
    """A refused burst is reported once, with its address; all requests are still done."""
    bench = Writer(dut, stall=stall)
    await bench.start()
    most = int(dut.max_burst.value)
    writes, bad = [], []
    for number in range(6):
        beats = [(data, ALL_BYTES) for data, _ in draw_beats(bench.rng, 3 * most)]
        write = Write(addr=4096 * (7 + 9 * number), beats=beats)
        bench.queue(write)
        writes.append(write)
        burst = number % 3
        response = AxiResp.DECERR if number % 2 else AxiResp.SLVERR
        at = int(bench.rng.integers(0, most))
        bench.memory.bad_writes[write.addr + (burst * most + at) * BEAT] = response
        bad.append(write.addr + burst * most * BEAT)
    await bench.wait(6, limit=10_000)
    bench.check_memory(writes)
    assert bench.errors == bad and bench.done == 6


@cocotb.test(timeout_time=1, timeout_unit="ms")
@cocotb.parametrize(stall=[0.0, 0.6], starved=[False, True])
async def writes_aborted(dut, stall: float, starved: bool):
    """Aborts end though no data comes, write nothing that was not given, and leave no trace."""
    bench = Writer(dut, stall=stall)
    await bench.start()
    await bench.abort()
    for _ in range(10):
        writes = draw(bench.rng, 3)  # as many as are taken without any progress
        for write in writes:
            bench.requests.append(write.packed())
        await bench.requests.drained()
        given = 0 if starved else int(bench.rng.choice([1, 3, 8, 20]))
        beats = writes[0].beats[:given]
        bench.contents.clear()
        for data, _ in beats:
            bench.data.append(ALL_BYTES << 256 | data)
        await bench.data.drained()
        for _ in range(int(bench.rng.choice([0, 1, 2, 3, 7, 30]))):
            await FallingEdge(dut.clk)
        await bench.abort()
        for number, (data, _) in enumerate(beats):
            at = writes[0].addr + number * BEAT
            assert bench.memory.dump(at, BEAT) == data.to_bytes(BEAT, "little")
        end = writes[0].addr + len(beats) * BEAT
        assert not any(bench.memory.dump(end, (len(writes[0].beats) - len(beats)) * BEAT))
        bench.done = 0
        writes = draw(bench.rng, 2)
        bench.memory.clear()
        for write in writes:
            bench.queue(write)
        await bench.wait(2, limit=10_000)
        bench.check_memory(writes)
        assert bench.done == 2 and not bench.errors


@cocotb.test(timeout_time=1, timeout_unit="ms")
async def writes_refused_in_an_abort(dut):
    """An answer that refuses a burst tells nothing once the run is aborted."""
    bench = Writer(dut)
    await bench.start()
    bench.memory.pause("b", True)
    bench.memory.bad_writes[4096] = AxiResp.SLVERR
    beats = [(data, ALL_BYTES) for data, _ in draw_beats(bench.rng, 3)]
    bench.queue(Write(addr=4096, beats=beats))
    for _ in range(60):
        await FallingEdge(dut.clk)
    assert dut.w_idle.value == 0 and not bench.errors
    dut.w_abort.value = 1
    await FallingEdge(dut.clk)
    bench.memory.pause("b", False)
    await bench.abort()
    assert not bench.errors


@cocotb.test(timeout_time=1, timeout_unit="ms")
@cocotb.parametrize(length=[0xAAFF, 0x5500, 0xFFFF])
async def writes_long(dut, length: int):
    """Of a request of tens of thousands of beats, the first are written; an abort ends it."""
    bench = Writer(dut)
    await bench.start()
    write = Write(addr=4096, beats=[(number, ALL_BYTES) for number in range(length)])
    bench.requests.append(write.packed())
    for data, strobes in write.beats[:300]:
        bench.data.append(strobes << 256 | data)
    await bench.data.drained()
    await bench.abort()
    for number, (data, _) in enumerate(write.beats[:200]):
        at = write.addr + number * BEAT
        assert bench.memory.dump(at, BEAT) == data.to_bytes(BEAT, "little")
