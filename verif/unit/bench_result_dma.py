"""The result DMA: segments and lengths in memory, outputs counted once they are there."""

from collections import deque
from dataclasses import replace

import cocotb
import numpy as np

from verif.unit.harness import Block, reset, seeded
from verif.unit.output_job import BEAT, Output, draw_output

INPUTS = "job_valid job valid data last tile part req_ready out_ready done"
OUTPUTS = (
    "job_ready ready req_valid req_addr req_beats out_valid out strb written next_desc "
    "mem_wr mem_rd"
)
MOST_OPEN, MOST_PACKETS = 16, 64


class Results:
    """The DMA between a PPU and a memory's write side."""

    def __init__(self, dut) -> None:
        self.block = Block(dut, "o", INPUTS, OUTPUTS)
        self.dut, self.rng = dut, seeded()

    async def start(self, outputs: list[Output]) -> None:
        """Reset the top, and queue jobs and their packets."""
        await self.block.start()
        self.depth, self.cycles = int(self.dut.omem_depth.value), 0
        self.outputs, self.jobs = outputs, deque(outputs)
        self.beats = deque(beat for output in outputs for beat in output.beats())
        self.memory: dict[int, int] = {}
        self.offered = False
        self.pushed, self.complete, self.sent, self.asked = 0, 0, 0, 0  # beats
        self.requests: list[tuple[int, int]] = []
        self.to_fill: deque[list[int]] = deque()  # address, beats left
        self.filled, self.answered = 0, 0  # requests
        self.reads, self.writes = 0, 0
        # Requests after whose answer each output is in memory.
        self.due = np.cumsum([output.requests for output in outputs]).tolist()

    async def step(self, *, job: bool, give: bool, req: bool, take: bool, answer: bool) -> None:
        """One cycle."""
        self.offered = bool(self.jobs) and (job or self.offered)  # a job that waits stays
        give = give and bool(self.beats)
        data, last, tile, part = self.beats[0] if give else ((1 << 256) - 1, 1, 1, 1)
        take = take and bool(self.to_fill)
        done = answer and self.answered < self.filled
        seen = await self.block.cycle(
            job_valid=self.offered, job=self.jobs[0].packed() if self.offered else 0, valid=give,
            data=data, last=last, tile=tile, part=part, req_ready=req, out_ready=take, done=done,
        )  # fmt: skip
        self.cycles += 1
        in_memory = [end for end in self.due if end <= self.answered]
        assert seen.written == len(in_memory), "outputs in memory"
        assert seen.next_desc == (self.outputs[len(in_memory) - 1].desc + 1 if in_memory else 0)
        assert seen.mem_wr == (give and seen.ready)
        self.writes, self.reads = self.writes + seen.mem_wr, self.reads + seen.mem_rd
        if give and seen.ready:
            self.beats.popleft()
            self.pushed += 1
            self.complete = self.pushed if last else self.complete
        if seen.out_valid and take:
            self._write(seen.out, seen.strb)
        if seen.req_valid and req:
            assert seen.req_addr % BEAT == 0 and seen.req_beats > 0
            self.requests.append((seen.req_addr, seen.req_beats))
            self.to_fill.append([seen.req_addr, seen.req_beats])
        self.answered += done
        assert len(self.requests) - self.answered <= MOST_OPEN, "too many requests are open"
        if self.offered and seen.job_ready:
            self.jobs.popleft()
            self.offered = False

    def _write(self, data: int, strobes: int) -> None:
        front = self.to_fill[0]
        assert strobes, "a beat that writes nothing"
        for byte in range(BEAT):
            if strobes >> byte & 1:
                assert front[0] + byte not in self.memory, f"{front[0] + byte:#x} is written twice"
                self.memory[front[0] + byte] = data >> 8 * byte & 0xFF
        front[0], front[1] = front[0] + BEAT, front[1] - 1
        if front[1] == 0:
            self.to_fill.popleft()
            self.filled += 1

    async def play(self) -> None:
        """Write everything; then memory holds the results and nothing else."""
        names = ("job", "give", "req", "take", "answer")
        limit = 2000 + 40 * len(self.beats) + 100 * len(self.jobs)
        rates = np.ones(5)
        while self.jobs or self.answered < self.due[-1]:
            if self.cycles % 64 == 0:
                rates = self.rng.choice([0.1, 0.5, 1.0], 5, p=[0.1, 0.3, 0.6])
            moves = (self.rng.random(5) < rates).tolist()
            await self.step(**dict(zip(names, moves, strict=True)))
            assert self.cycles < limit, f"stuck with {len(self.jobs)} jobs to do"
        for _ in range(5):
            await self.step(**dict.fromkeys(names, True))
        self.check()

    def check(self) -> None:
        """Compare memory and requests with what the outputs are to leave there."""
        expected: dict[int, int] = {}
        for output in self.outputs:
            expected |= output.memory()
        assert self.memory.keys() == expected.keys(), "other bytes are written"
        assert self.memory == expected
        assert len(self.requests) == self.due[-1] and not self.beats
        beats = sum(len(packet) for output in self.outputs for _, _, packet in output.packets)
        assert self.writes == self.reads == beats


@cocotb.test()
async def results_random(dut):
    """Every format and number of tiles and parts, jobs back to back, pauses on all sides."""
    bench, rng = Results(dut), seeded()
    outputs = [draw_output(rng, number, kind=number % 6) for number in range(60)]
    await bench.start(outputs)
    await bench.play()


@cocotb.test()
async def results_everywhere(dut):
    """Anywhere in the address space, with the largest stride and the most groups; every other job
    at the complement of the addresses before, so that all their bits rise and fall."""
    bench, rng = Results(dut), seeded()
    outputs, places = [], []
    for tops in rng.permutation(32).reshape(8, 4).tolist():
        places.append([(top << 34) + int(rng.integers(2**32, 2**33)) for top in tops])
        places.append([2**40 - 1 - spot for spot in places[-1]])
    for number, spots in enumerate(places):
        beats, halves = [at // BEAT * BEAT for at in spots[:2]], [at // 2 * 2 for at in spots[2:]]
        most = {"groups": 255, "length": 5} if number == 3 else {"most": 2}
        output = draw_output(rng, number, kind=number % 6, **most)
        outputs.append(
            replace(
                output, addr=beats[0], addr_low=beats[1], table=halves[0], table_low=halves[1],
                stride=(2**27 - 1) * BEAT,
            )
        )  # fmt: skip
    await bench.start(outputs)
    await bench.play()


@cocotb.test()
async def results_many(dut):
    """More small outputs than a byte counts."""
    bench, rng = Results(dut), seeded()
    outputs = [draw_output(rng, n, kind=n % 6, groups=1, most=2) for n in range(270)]
    await bench.start(outputs)
    await bench.play()


@cocotb.test()
async def results_full(dut):
    """OMEM takes as many beats as it has, or its number of packets; nothing is lost."""
    for most, room in ((40, 128), (1, MOST_PACKETS)):
        bench, rng = Results(dut), seeded()
        outputs = [draw_output(rng, n, kind=0, groups=50, length=most) for n in range(2)]
        await bench.start(outputs)
        for _ in range(300):
            await bench.step(job=True, give=True, req=False, take=True, answer=True)
        # A beat may be on its way out of the memory.
        assert room <= bench.pushed <= room + 1 and bench.depth == 128
        await bench.play()


@cocotb.test()
async def results_unanswered(dut):
    """Without answers there is a limit to the requests, and no output is in memory."""
    bench, rng = Results(dut), seeded()
    await bench.start([draw_output(rng, kind, kind=kind, groups=8) for kind in range(6)])
    for _ in range(400):
        await bench.step(job=True, give=True, req=True, take=True, answer=False)
    assert len(bench.requests) == MOST_OPEN
    await bench.play()


@cocotb.test(timeout_time=100, timeout_unit="us")
async def results_early(dut):
    """A request is made only for a packet that is there to its last beat; rate: a beat a cycle."""
    bench, rng = Results(dut), seeded()
    await bench.start([draw_output(rng, 1, kind=5, groups=20, length=30)])
    for _ in range(29):
        await bench.step(job=True, give=True, req=True, take=True, answer=True)
    for _ in range(10):
        await bench.step(job=True, give=False, req=True, take=True, answer=True)
    assert not bench.requests
    start = bench.cycles
    while bench.jobs:
        await bench.step(job=True, give=True, req=True, take=True, answer=True)
    assert bench.cycles - start < 40 * 30 + 40 * 3 + 10
    await bench.play()


@cocotb.test()
async def results_reset(dut):
    """A reset in mid-output leaves nothing of it."""
    for steps in (5, 17, 60):
        bench, rng = Results(dut), seeded()
        await bench.start([draw_output(rng, kind, kind=kind, groups=4) for kind in (3, 5)])
        for _ in range(steps):
            await bench.step(job=True, give=True, req=True, take=True, answer=False)
        await bench.block.cycle(job_valid=0, valid=0, req_ready=0, out_ready=0)
        await reset(dut)
        await bench.start([draw_output(rng, number, kind=number) for number in range(6)])
        await bench.play()
