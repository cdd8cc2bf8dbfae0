"""The activation DMA: blocks by their tables, room before every request, fences, bad lengths."""

from collections import deque
from dataclasses import replace

import cocotb
import numpy as np

from verif.unit.activation_load import ENTRIES, Load, draw_load
from verif.unit.harness import Block, reset, seeded
from verif.unit.read_bus import ReadBus, Tag

INPUTS = "job_valid job written req_ready table_valid act_valid act_ready data used held"
OUTPUTS = "job_ready req_valid req error too_large"


class Loader:
    """The DMA between a bus and an AMEM of which only the fill level is modelled."""

    def __init__(self, dut) -> None:
        self.block = Block(dut, "a", INPUTS, OUTPUTS)
        self.dut, self.rng = dut, seeded()

    async def start(self, loads: list[Load]) -> None:
        """Reset, and queue jobs."""
        await self.block.start()
        self.depth = int(self.dut.amem_depth.value)
        await self.begin(loads)

    async def begin(self, loads: list[Load]) -> None:
        """Queue jobs, with an empty AMEM."""
        contents: dict[int, int] = {}
        for load in loads:
            contents |= load.table_beats(self.rng)
            for _, line, beats in load.requests:
                contents |= dict.fromkeys(range(line, line + beats + 1), 0)
        self.bus = ReadBus(contents, self._check_room)
        self.jobs, self.loads = deque(loads), loads
        self.used, self.written, self.cycles = 0, 0, 0
        self.tables = 0  # table beats of the running job that are there
        self.current: Load | None = None
        self.left = 0  # segments of it that were not asked for
        self.errors, self.large = 0, 0
        self.wanted = deque(request for load in loads for request in load.requests)
        await self.block.cycle(
            job_valid=0, written=0, req_ready=0, table_valid=0, act_valid=0, used=0, held=0
        )

    def acts_under_way(self) -> int:
        """Beats for AMEM that are under way."""
        return self.bus.under_way_for(Tag.ACTIVATIONS, Tag.LAST_ACTIVATIONS)

    def _check_room(self, tag: int, line: int, beats: int) -> None:
        if tag == Tag.TABLE:
            assert beats == 1
            return
        room = self.depth - self.used - self.acts_under_way()
        assert beats <= room, f"{beats} beats asked for, room for {room}"
        assert self.wanted and (tag, line, beats) == self.wanted[0], f"{tag} {line:#x} {beats}"

    def _too_large(self, held: bool) -> bool:
        """Whether the next segment can never be loaded."""
        if self.current is None or not self.left or self.tables <= self.asked // ENTRIES:
            return False
        length = self.current.lengths[self.asked]
        if not 1 <= length <= self.depth:
            return False
        return held and not self.acts_under_way() and self.used + length > self.depth

    @property
    def asked(self) -> int:
        """Segments of the current job that were asked for."""
        return len(self.current.lengths) - self.left

    async def step(
        self,
        *,
        job: bool,
        req: bool,
        data: bool,
        free: int = 0,
        held: bool = False,
        ready: bool = True,
    ) -> None:
        """One cycle: whether a job and a beat are offered, a request taken, entries freed."""
        offer = job and bool(self.jobs)
        front = self.bus.front() if data else None
        is_table = front is not None and front[0] == Tag.TABLE
        refused = front is not None and not is_table and not ready
        too_large = self._too_large(held) or refused
        seen = await self.block.cycle(
            job_valid=offer, job=self.jobs[0].packed() if offer else (1 << 146) - 1,
            written=self.written, req_ready=req, table_valid=is_table,
            act_valid=front is not None and not is_table, act_ready=ready,
            data=front[1] if front else 0, used=self.used, held=held,
        )  # fmt: skip
        self.cycles += 1
        self.errors += seen.error
        assert seen.too_large == too_large, f"too_large = {seen.too_large}"
        self.large += seen.too_large
        before = len(self.bus.requests)
        self.bus.after(seen, req_ready=req, taken=front is not None)
        if len(self.bus.requests) > before and self.bus.requests[-1][0] != Tag.TABLE:
            self.wanted.popleft()
            self.left -= 1
        self.used += (front is not None and not is_table) - min(free, self.used)
        self.tables += is_table
        if offer and seen.job_ready:
            assert not self.left, "a job is taken before the last one is asked for"
            load = self.jobs.popleft()
            assert not load.fence or load.seq <= self.written, "the fence is open"
            self.current, self.left, self.tables = load, len(load.lengths), 0

    async def play(self) -> None:
        """Load all blocks; AMEM is emptied and outputs are written now and then."""
        beats = sum(sum(load.lengths) for load in self.loads)
        limit = 2000 + 60 * beats
        rates = np.ones(5)
        while self.wanted or self.bus.under_way:
            if self.cycles % 40 == 0:
                rates = self.rng.choice([0.1, 0.5, 1.0], 5)
            job, req, data, free, write = (self.rng.random(5) < rates).tolist()
            held = bool(self.rng.integers(0, 2)) and not self._too_large(True)
            most = int(self.rng.choice([1, 1, 5]))
            await self.step(job=job, req=req, data=data, free=most * free, held=held)
            self.written += write and any(load.fence for load in self.jobs)
            assert self.cycles < limit, f"stuck with {len(self.wanted)} segments to come"
        assert not self.errors and not self.large


@cocotb.test()
async def activations_random(dut):
    """Tables of 1 to 40 entries and beyond, segments of one beat up to all of AMEM."""
    loader, rng = Loader(dut), seeded()
    counts = [1, 2, 15, 16, 17, 31, 32, 33, 40, 48, 1, 1, 49]
    loads = [draw_load(rng, count, int(rng.choice([1, 3, 12]))) for count in counts]
    loads += [draw_load(rng, 3, 64), draw_load(rng, 2, 64)]
    await loader.start(loads)
    await loader.play()


@cocotb.test()
async def activations_fences(dut):
    """A job with a fence waits for the outputs before it; there may be more by then. One without
    waits for nothing."""
    loader, rng = Loader(dut), seeded()
    loads = []
    for number in range(40):
        load = draw_load(rng, int(rng.integers(1, 4)), 4)
        fence = number % 3 != 0
        loads.append(replace(load, fence=fence, seq=17 * number if fence else 2**32 - 1))
    await loader.start(loads)
    for number, load in enumerate(loads):
        for _ in range(20 if load.fence else 0):
            loader.written = max(17 * number - 1, 0)
            await loader.step(job=True, req=True, data=True, free=9)
            assert len(loader.jobs) == len(loads) - number, "the fence is open"
        loader.written = 17 * number + number % 4 * 5
        for _ in range(60):
            job = len(loader.jobs) == len(loads) - number
            await loader.step(job=job, req=True, data=True, free=9)
        assert len(loader.jobs) == len(loads) - number - 1 and not loader.left
    assert not loader.wanted


@cocotb.test()
@cocotb.parametrize(bad=[0, 65, 65535], at=[0, 5, 16, 39])
async def activations_bad_length(dut, bad: int, at: int):
    """A length of 0 or beyond AMEM is told; the segments before it are loaded, and no other."""
    loader, rng = Loader(dut), seeded()
    load = draw_load(rng, 40, 6)
    lengths = [bad if number == at else length for number, length in enumerate(load.lengths)]
    load = replace(load, lengths=lengths)
    await loader.start([load])
    while len(loader.wanted) > 40 - at:
        assert not loader.errors and loader.cycles < 2000
        await loader.step(job=True, req=True, data=True, free=1)
    for _ in range(30):
        await loader.step(job=True, req=True, data=True, free=1, held=True)
    assert loader.errors and len(loader.wanted) == 40 - at


@cocotb.test()
@cocotb.parametrize(excess=[0, 1], held=[False, True], count=[2, 16, 32, 33])
async def activations_too_large(dut, excess: int, held: bool, count: int):
    """A kept block of AMEM's size is loaded; one beat more is told. One not kept waits for room."""
    loader, rng = Loader(dut), seeded()
    await loader.start([])
    last = loader.depth - (count - 1) + excess
    load = Load(lengths=[1] * (count - 1) + [last], table=5, line=2**20, stride=100)
    assert load.requests[-1][0] == Tag.LAST_ACTIVATIONS
    await loader.begin([load])
    for _ in range(200):
        data = bool(rng.random() < 0.7)
        await loader.step(job=True, req=True, data=data, held=held)
    assert bool(loader.large) == (held and excess == 1)
    assert len(loader.wanted) == excess
    if not loader.large:
        await loader.play()


@cocotb.test(timeout_time=100, timeout_unit="us")
@cocotb.parametrize(length=[2, 4])
async def activations_full_at_once(dut, length: int):
    """AMEM full of a part of a kept block is told at once: in the next cycle it plays unkept."""
    loader = Loader(dut)
    await loader.start([])
    lengths = [length] * (loader.depth // length) + [1]
    assert len(lengths) % ENTRIES == 1, "the next length is in another beat of the table"
    await loader.begin([Load(lengths=lengths, table=7, line=2**20, stride=9)])
    while loader.used < loader.depth:
        assert not loader.large
        await loader.step(job=True, req=True, data=True, held=True)
    await loader.step(job=True, req=True, data=True, held=True)
    assert loader.large == 1


@cocotb.test(timeout_time=100, timeout_unit="us")
async def activations_no_place(dut):
    """A beat that AMEM does not take, for a block too many, is told."""
    loader = Loader(dut)
    await loader.start([draw_load(seeded(), 3, 4)])
    while not loader.acts_under_way():
        await loader.step(job=True, req=True, data=True, ready=False)
    assert not loader.large
    await loader.step(job=True, req=True, data=True, ready=False)
    assert loader.large == 1


@cocotb.test()
async def activations_reset(dut):
    """A reset in mid-block leaves nothing of it."""
    loader, rng = Loader(dut), seeded()
    await loader.start([draw_load(rng, 40, 4)])
    for steps in (3, 9, 30, 60):
        for _ in range(steps):
            await loader.step(job=True, req=True, data=True, free=1)
        await loader.block.cycle(job_valid=0, table_valid=0, act_valid=0, req_ready=0)
        await reset(dut)
        await loader.begin([draw_load(rng, 18, 4)])
        await loader.play()
        await loader.begin([draw_load(rng, 40, 4)])


@cocotb.test()
async def activations_huge_job(dut):
    """A reset in a job of the most segments at the highest address leaves nothing of it."""
    loader, rng = Loader(dut), seeded()
    await loader.start([])
    for _ in range(2):
        quiet = {"table_valid": 0, "act_valid": 0, "req_ready": 0}
        await loader.block.cycle(job_valid=1, job=(1 << 146) - 1, written=2**32 - 1, **quiet)
        seen = await loader.block.cycle(job_valid=0, job=0, written=0)
        assert (seen.job_ready, seen.req_valid) == (0, 1) and seen.req & 2**35 - 1 == 2**35 - 1
        await reset(dut)
        await loader.begin([draw_load(rng, 18, 4)])
        await loader.play()
