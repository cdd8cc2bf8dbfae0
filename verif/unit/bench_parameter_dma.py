"""The parameter DMA: bias to the core, rows and segments to the PPU, then its command."""

from collections import deque

import cocotb
import numpy as np

from verif.unit.harness import Block, reset, seeded
from verif.unit.parameter_block import draw_parameters
from verif.unit.read_bus import ReadBus, Tag

INPUTS = "job_valid job req_ready valid data b_ready par_ready cmd_ready"
OUTPUTS = "job_ready req_valid req b_valid b par_valid par_addr par cmd_valid cmd"
HELD, MOST = 16, 8


class Parameters:
    """The DMA between a bus, the core and the PPU, and the list of all that must come out."""

    def __init__(self, dut) -> None:
        self.block = Block(dut, "p", INPUTS, OUTPUTS)
        self.dut, self.rng = dut, seeded()

    async def start(self) -> None:
        """Reset the top and look at its size."""
        await self.block.start()
        self.num_pea = int(self.dut.num_pea.value)
        await self.begin([])

    async def begin(self, flags: list[tuple[bool, ...]]) -> None:
        """Queue jobs with these (dtp, new_rows, new_pwl), and False if no command follows."""
        self.bus, self.jobs, self.order = ReadBus({}), deque(), deque()
        self.offered, self.last_used, self.used, self.cycles = False, 0, 0, 0
        self.asked: list[tuple[int, int]] = []  # (line, beats) of the blocks
        self.parts, self.ends = 0, deque()  # taken so far; at each job's end
        await self.block.cycle(
            job_valid=0, req_ready=0, valid=0, b_ready=0, par_ready=0, cmd_ready=0
        )
        places = self.rng.choice(2**15, len(flags), replace=False).tolist()
        for place, flag in zip(places, flags, strict=True):
            self._queue(place << 20 | int(self.rng.integers(0, 2**20 - 2**8)), *flag)

    def _queue(
        self, line: int, dtp: bool, new_rows: bool, new_pwl: bool, gives: bool = True
    ) -> None:
        flags = {"dtp": dtp, "new_rows": new_rows, "new_pwl": new_pwl, "gives": gives}
        block = draw_parameters(self.rng, self.num_pea, line, **flags)
        self.bus.contents |= {line + at: data for at, data in enumerate(block.beats)}
        self.order.extend((kind, value, self.used + used) for kind, value, used in block.parts)
        self.ends.append(len(self.order) + self.parts)
        self.used += len(block.beats)
        self.asked.append((line, len(block.beats)))
        self.jobs.append(block.packed())

    async def step(self, *, job: bool, req: bool, data: bool, b: bool, par: bool, cmd: bool) -> int:
        """One cycle; returns how many of the jobs' parts were taken."""
        self.offered = bool(self.jobs) and (job or self.offered)  # a job that waits stays
        front = self.bus.front() if data else None
        seen = await self.block.cycle(
            job_valid=self.offered, job=self.jobs[0] if self.offered else 0, req_ready=req,
            valid=front is not None, data=front[1] if front else 0,
            b_ready=b, par_ready=par, cmd_ready=cmd,
        )  # fmt: skip
        self.cycles += 1
        self.bus.after(seen, req_ready=req, taken=front is not None)
        kinds = {"b": b, "par": par, "cmd": cmd}
        shown = [kind for kind in kinds if getattr(seen, f"{kind}_valid")]
        assert len(shown) <= 1, shown
        taken = 0
        for kind in shown:
            value = seen.par_addr << 48 | seen.par if kind == "par" else getattr(seen, kind)
            assert self.order and self.order[0][:2] == (kind, value), f"{kind} {value:#x}"
            if kinds[kind]:
                taken, (_, _, self.last_used) = 1, self.order.popleft()
        self.parts += taken
        done = bool(taken) and self.parts == self.ends[0]
        assert seen.job_ready == done, "a job ends with its last part"
        if seen.job_ready:
            self.ends.popleft()
            self.jobs.popleft()
            self.offered = False
        asked = sum(beats for _, _, beats in self.bus.requests)
        # The last beat of which something was taken may not be used up.
        assert asked - max(self.last_used - 1, 0) <= HELD + 1, "more beats than there is room for"
        return taken

    async def play(self) -> None:
        """Load everything, then compare the requests."""
        limit, rates = 2000 + 25 * len(self.order), np.ones(6)
        names = ("job", "req", "data", "b", "par", "cmd")
        while self.order:
            if self.cycles % 64 == 0:
                rates = self.rng.choice([0.1, 0.6, 1.0], 6, p=[0.2, 0.3, 0.5])
            moves = (self.rng.random(6) < rates).tolist()
            await self.step(**dict(zip(names, moves, strict=True)))
            assert self.cycles < limit, f"stuck at {self.order[0]}"
        for _ in range(10):
            assert not await self.step(**dict.fromkeys(names, True))
        expected = [
            (Tag.PARAMETERS, line + at, min(MOST, beats - at))
            for line, beats in self.asked
            for at in range(0, beats, MOST)
        ]
        assert self.bus.requests == expected


ALL_FLAGS: list[tuple[bool, ...]] = [(bool(n & 1), bool(n & 2), bool(n & 4)) for n in range(8)]
ALL_FLAGS += [(dtp, False, False, False) for dtp in (False, True)]


@cocotb.test()
async def parameters_random(dut):
    """Every combination of dtp, rows and segments, and the bias alone, in random order."""
    bench = Parameters(dut)
    await bench.start()
    flags = [ALL_FLAGS[at] for at in bench.rng.permutation(np.arange(30) % len(ALL_FLAGS)).tolist()]
    await bench.begin(flags)
    await bench.play()


@cocotb.test()
async def parameters_rate(dut):
    """With nobody pausing, one part passes every cycle but for a few at the start of a block."""
    bench = Parameters(dut)
    await bench.start()
    await bench.begin(ALL_FLAGS)
    parts, total = 0, len(bench.order)
    while bench.order:
        free = dict.fromkeys(("job", "req", "data", "b", "par", "cmd"), True)
        parts += await bench.step(**free)
        assert bench.cycles < total + 40 * len(ALL_FLAGS)
    assert parts == total


@cocotb.test()
@cocotb.parametrize(blocked=["b", "par", "cmd"])
async def parameters_blocked(dut, blocked: str):
    """A receiver that takes nothing stops the loading; then all comes."""
    bench = Parameters(dut)
    await bench.start()
    await bench.begin([(True, True, True), (False, True, True)])
    free = dict.fromkeys(("job", "req", "data", "b", "par", "cmd"), True)
    for _ in range(20 * bench.num_pea + 300):
        await bench.step(**free | {blocked: False})
    assert bench.order[0][0] == blocked and len(bench.jobs) == 2
    await bench.play()


@cocotb.test()
async def parameters_reset(dut):
    """A reset in mid-block leaves nothing of it."""
    bench = Parameters(dut)
    await bench.start()
    for steps in (3, 10, 40):
        await bench.begin([(True, True, True)])
        for _ in range(steps):
            await bench.step(job=True, req=True, data=True, b=True, par=True, cmd=True)
        await bench.block.cycle(job_valid=0, valid=0, req_ready=0)
        await reset(dut)
        await bench.begin([ALL_FLAGS[steps % 8]])
        await bench.play()
