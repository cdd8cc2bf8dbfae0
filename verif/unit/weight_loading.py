"""The weight DMA in its unit top, between a bus and banks that are only fill levels."""

from collections import deque
from typing import Any

import numpy as np

from verif.unit.chip_structs import join
from verif.unit.harness import Block, Sample, pack, seeded
from verif.unit.read_bus import ReadBus, Tag
from verif.unit.weight_block import WeightBlock, draw_block

__all__ = ["REQUEST", "WeightLoading"]

INPUTS = "job_valid job req_ready valid data used held bank_ready"
OUTPUTS = "job_ready req_valid req ready bank_valid bank_last bank_data error too_large"
REQUEST = 32
"""Most beats of a request."""


class WeightLoading:
    """The DMA between a bus and banks of which only the fill level is modelled."""

    def __init__(self, dut: Any) -> None:
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
        places = self.rng.choice(128, len(blocks), replace=False).tolist()
        for place, block in zip(places, blocks, strict=True):
            line = (place << 28) + int(self.rng.integers(0, 2**28 - 2**24))
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

    def _deal(self, seen: Sample) -> None:
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

    async def fill(self) -> None:
        """Load until nothing is under way, and no more asked for."""
        await self.step(job=True, req=True, data=True)
        while self.bus.under_way:
            await self.step(job=True, req=True, data=True)

    async def fail(self, before: int) -> None:
        """Load a corrupt block: told when its beat `before` is taken, and not earlier."""
        taken = 0
        while not self.errors:
            due = self.bus.front() is not None
            await self.step(job=True, req=True, data=True, free=[1] * self.num_pea)
            taken += due
            assert self.cycles < 3000, "nothing is told"
        assert taken == before + 1, f"told at beat {taken - 1}, not {before}"
