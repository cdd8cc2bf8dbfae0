"""The weight DMA: chunks dealt out to the banks, room before every request, corrupt blocks."""

from collections import deque

import cocotb
import numpy as np

from verif.unit.chip_structs import join
from verif.unit.harness import Block, pack, reset, seeded
from verif.unit.read_bus import ReadBus, Tag
from verif.unit.weight_block import WeightBlock, draw_block

INPUTS = "job_valid job req_ready valid data used held bank_ready"
OUTPUTS = "job_ready req_valid req ready bank_valid bank_last bank_data error too_large"
REQUEST = 32


class Loader:
    """The DMA between a bus and banks of which only the fill level is modelled."""

    def __init__(self, dut) -> None:
        self.block = Block(dut, "l", INPUTS, OUTPUTS)
        self.dut, self.rng = dut, seeded()

    async def start(self) -> None:
        """Reset the top and look at its size."""
        await self.block.start()
        self.num_pea, self.depth = int(self.dut.num_pea.value), int(self.dut.depth.value)
        self.used_w = self.depth.bit_length()

    def draw(self, chunks: int, most: int) -> WeightBlock:
        """A block of so many chunks with 1 to `most` beats a PEA."""
        return draw_block(self.rng, self.rng.integers(1, most + 1, (chunks, self.num_pea)).tolist())

    async def begin(self, blocks: list[WeightBlock], *, longer: int = 0) -> None:
        """Queue blocks, with empty banks; their jobs name `longer` more beats than they have."""
        contents: dict[int, int] = {}
        self.jobs, self.wanted, self.dealt = deque(), deque(), deque()
        for number, block in enumerate(blocks):
            line = (number << 28) + int(self.rng.integers(0, 2**27))
            beats = len(block.beats) + longer
            contents |= {line + at: data for at, data in enumerate([*block.beats, *[0] * 16])}
            self.jobs.append((line, beats))
            for at in range(0, beats, REQUEST):
                self.wanted.append((Tag.WEIGHTS, line + at, min(REQUEST, beats - at)))
            self.dealt.extend(block.dealt)
        self.bus = ReadBus(contents, self._check_room)
        self.used, self.left, self.cycles = [0] * self.num_pea, 0, 0
        self.errors, self.large = 0, 0
        await self.block.cycle(job_valid=0, req_ready=0, valid=0, used=0, held=0, bank_ready=0)

    def _check_room(self, tag: int, line: int, beats: int) -> None:
        most = max(self.used) + self.bus.under_way + beats
        assert most <= self.depth, f"{beats} beats asked for, a bank could hold {most}"
        assert self.wanted and (tag, line, beats) == self.wanted[0], f"{tag} {line:#x} {beats}"

    def too_large(self, held: list[int]) -> bool:
        """Whether a bank that frees nothing has no room for one more request."""
        stuck = any(h and u + REQUEST > self.depth for h, u in zip(held, self.used, strict=True))
        return bool(self.left) and not self.bus.under_way and stuck

    async def step(
        self,
        *,
        job: bool,
        req: bool,
        data: bool,
        free: list[int] | None = None,
        held: list[int] | None = None,
        ready: int = -1,
    ) -> None:
        """One cycle; `free` entries of each bank, whether it is `held`, which are `ready`."""
        offer = job and bool(self.jobs)
        front = self.bus.front() if data else None
        held = held or [0] * self.num_pea
        packed = join("weight_job", dict(zip(("line", "beats"), self.jobs[0], strict=True))) \
            if offer else 0  # fmt: skip
        too_large = self.too_large(held)
        seen = await self.block.cycle(
            job_valid=offer, job=packed, req_ready=req, valid=front is not None,
            data=front[1] if front else (1 << 256) - 1, used=pack(self.used, self.used_w),
            held=pack(held, 1), bank_ready=ready & (1 << self.num_pea) - 1,
        )  # fmt: skip
        self.cycles += 1
        self.errors += seen.error
        taken = front is not None and bool(seen.ready)
        refused = front is not None and not taken
        assert not refused or ready != -1, "weights hold up the bus"
        assert seen.too_large == (too_large or refused), f"too_large = {seen.too_large}"
        self.large += seen.too_large
        before = len(self.bus.requests)
        self.bus.after(seen, req_ready=req, taken=taken)
        if len(self.bus.requests) > before:
            self.left -= self.wanted.popleft()[2]
        for pea, entries in enumerate(free or [0] * self.num_pea):
            self.used[pea] -= min(entries, self.used[pea])
        if taken and seen.bank_valid:
            self._deal(seen)
        if offer and seen.job_ready:
            assert not self.left, "a job is taken before the last one is asked for"
            self.left = self.jobs.popleft()[1]

    def _deal(self, seen) -> None:
        pea = seen.bank_valid.bit_length() - 1
        assert seen.bank_valid == 1 << pea, "two banks at once"
        self.used[pea] += 1
        if not self.errors:
            got = (pea, seen.bank_data, bool(seen.bank_last))
            assert self.dealt and got == self.dealt.popleft(), f"PEA {pea}"

    async def play(self) -> None:
        """Load all blocks; the banks are emptied now and then, each at its own pace."""
        limit = 2000 + 60 * len(self.dealt)
        rates, drain = np.ones(3), np.ones(self.num_pea)
        while self.dealt or self.wanted:
            if self.cycles % 40 == 0:
                rates = self.rng.choice([0.2, 0.6, 1.0], 3)
                drain = self.rng.choice([0.02, 0.3, 1.0], self.num_pea, p=[0.2, 0.2, 0.6])
            job, req, data = (self.rng.random(3) < rates).tolist()
            free = (self.rng.random(self.num_pea) < drain).astype(int).tolist()
            held = self.rng.integers(0, 2, self.num_pea).tolist()
            held = [0] * self.num_pea if self.too_large(held) else held
            await self.step(job=job, req=req, data=data, free=free, held=held)
            assert self.cycles < limit, f"stuck with {len(self.dealt)} beats to come"
        assert not self.errors and not self.large

    async def fail(self, before: int) -> None:
        """Load a corrupt block: told when its beat `before` is taken, and not earlier."""
        taken = 0
        while not self.errors:
            due = self.bus.front() is not None
            await self.step(job=True, req=True, data=True, free=[1] * self.num_pea)
            taken += due
            assert self.cycles < 3000, "nothing is told"
        assert taken == before + 1, f"told at beat {taken - 1}, not {before}"


@cocotb.test()
async def weights_random(dut):
    """Blocks of one and of many chunks, of one beat a PEA and of many, job after job."""
    loader = Loader(dut)
    await loader.start()
    sizes = [(1, 1), (1, 1), (1, 1), (9, 3), (1, 40), (2, 1), (5, 19), (3, 2), (1, 70), (12, 2)]
    await loader.begin([loader.draw(*size) for size in sizes])
    await loader.play()


@cocotb.test()
async def weights_long_counts(dut):
    """The longest count of a header, 4095 beats, for one PEA."""
    loader = Loader(dut)
    await loader.start()
    counts = [[1] * loader.num_pea for _ in range(3)]
    counts[1][loader.num_pea // 2] = 4095
    await loader.begin([draw_block(loader.rng, counts)])
    while loader.dealt:
        await loader.step(job=True, req=True, data=True, free=[1] * loader.num_pea)
        assert loader.cycles < 5000 + 10 * loader.num_pea
    assert not loader.errors


@cocotb.test()
async def weights_rate(dut):
    """A beat a cycle while the banks are emptied, from block to block."""
    loader = Loader(dut)
    await loader.start()
    await loader.begin([loader.draw(4, 9) for _ in range(6)])
    total = sum(beats for _, _, beats in loader.wanted)
    while loader.dealt:
        await loader.step(job=True, req=True, data=True, free=[9] * loader.num_pea)
    assert loader.cycles < total + 10, f"{loader.cycles} cycles for {total} beats"


@cocotb.test()
@cocotb.parametrize(fault=["empty", "early", "late", "longer", "shorter", "marks"])
async def weights_corrupt(dut, fault: str):
    """Counts of 0, the last chunk not the last one, blocks longer or shorter than their chunks."""
    for _ in range(8):
        loader = Loader(dut)
        await loader.start()
        rng, peas, chunks = loader.rng, loader.num_pea, int(loader.rng.integers(2, 6))
        counts = rng.integers(1, 4, (chunks, peas)).tolist()
        at, pea = int(rng.integers(0, chunks)), int(rng.integers(0, peas))
        if fault == "empty":
            counts[at][pea] = 0
        early = int(rng.integers(0, chunks - 1))
        last = {"early": (early,), "marks": (early, -1), "late": ()}.get(fault, (-1,))
        block = draw_block(rng, counts, last)
        ends = np.cumsum([sum(chunk) + -(-peas // 16) for chunk in counts]).tolist()
        total, headers = ends[-1], -(-peas // 16)
        shift = {"longer": int(rng.integers(1, 9)), "shorter": -int(rng.integers(1, 4))}
        told = {
            "empty": (ends[at - 1] if at else 0) + pea // 16,
            "early": ends[early] - 1,
            "marks": ends[early] - 1,
            "late": total - 1,
            "longer": total - 1,
            "shorter": total - 1 + shift["shorter"],
        }[fault]
        assert headers == len(block.headers) // chunks
        await loader.begin([block], longer=shift.get(fault, 0))
        await loader.fail(told)


@cocotb.test()
async def weights_no_place(dut):
    """A bank that does not take its beat, of a block too many, is told: it would stop the bus."""
    loader = Loader(dut)
    await loader.start()
    await loader.begin([draw_block(loader.rng, [[2] * loader.num_pea] * 2)])
    total = len(loader.dealt)
    while len(loader.dealt) == total:  # up to the first of two beats for PEA 0
        await loader.step(job=True, req=True, data=True)
    assert not loader.errors and loader.bus.under_way
    await loader.step(job=True, req=True, data=True, ready=0)
    assert loader.large == 1 and not loader.errors


@cocotb.test()
@cocotb.parametrize(held=[False, True])
async def weights_too_large(dut, held: bool):
    """A kept block that leaves room for one more request is loaded; a longer one is told."""
    for excess in (0, 1):
        loader = Loader(dut)
        await loader.start()
        pea = int(loader.rng.integers(0, loader.num_pea))
        most = loader.depth - REQUEST  # holds all of a bank's beats but one
        counts = [[1] * loader.num_pea for _ in range(3)]
        counts[1][pea] = most - 1 + excess
        counts[2][pea] = REQUEST
        await loader.begin([draw_block(loader.rng, counts)])
        marks = [int(held and p == pea) for p in range(loader.num_pea)]
        for _ in range(300 + 4 * loader.num_pea):
            await loader.step(job=True, req=True, data=bool(loader.rng.integers(0, 3)), held=marks)
            if loader.large:
                break
        assert not loader.errors and bool(loader.large) == held
        if not held:
            await loader.play()


@cocotb.test()
async def weights_fit(dut):
    """A kept block of a bank's beats but one request is loaded whole, and nothing told."""
    loader = Loader(dut)
    await loader.start()
    most = loader.depth - REQUEST
    counts = [[most // 2] * loader.num_pea] * 2
    await loader.begin([draw_block(loader.rng, counts)])
    while loader.dealt:
        await loader.step(job=True, req=True, data=True, held=[1] * loader.num_pea)
        assert loader.cycles < 2 * most * loader.num_pea + 100
    assert not loader.errors and not loader.large and loader.used == [most] * loader.num_pea


@cocotb.test()
async def weights_reset(dut):
    """A reset in mid-chunk leaves nothing of it."""
    loader = Loader(dut)
    await loader.start()
    for steps in (2, 4, 9, 40):
        await loader.begin([loader.draw(5, 4), loader.draw(1, 2)])
        for _ in range(steps):
            await loader.step(job=True, req=True, data=True, free=[1] * loader.num_pea)
        await loader.block.cycle(job_valid=0, valid=0, req_ready=0)
        await reset(dut)
        await loader.begin([loader.draw(2, 3)])
        await loader.play()
