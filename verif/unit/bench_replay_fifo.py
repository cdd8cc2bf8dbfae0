"""The replay FIFO: blocks come out as often as asked, in order, and never get lost."""

from collections import deque
from dataclasses import dataclass

import cocotb
import numpy as np

from verif.unit.harness import Block, Sample, reset, seeded

INPUTS = "valid last data pass_valid pass_keep out_ready"
OUTPUTS = "ready pass_ready out_valid out_last out_data used held playing error"
DEPTHS = {4: 8, 16: 12, 1024: 64}
MAX_BLOCKS = {4: 8, 16: 3, 1024: 8}


@dataclass(frozen=True, kw_only=True)
class Run:
    """A block of entries and how often it is played."""

    data: list[int]
    passes: int = 1


class Player:
    """Writes blocks, asks for their passes, reads them, and checks what comes out.

    Args:
        dut: the unit top.
        depth: which of the FIFOs.
        runs: the blocks.
        keep_last: ask to keep a block on its last pass too (for blocks that are too long).
    """

    def __init__(self, dut, depth: int, runs: list[Run], *, keep_last: bool = False) -> None:
        self.block = Block(dut, f"f{depth}", INPUTS, OUTPUTS)
        self.depth, self.max_blocks = depth, MAX_BLOCKS[depth]
        ends = [(run, [(value, False) for value in run.data[:-1]]) for run in runs]
        whole = [(run, [*body, (run.data[-1], True)]) for run, body in ends]
        self.writes = deque(entry for _, entries in whole for entry in entries)
        self.passes = deque(
            keep_last or number + 1 < run.passes for run in runs for number in range(run.passes)
        )
        self.expected = deque(
            e for run, entries in whole for _ in range(run.passes) for e in entries
        )
        self.errors, self.cycles, self.levels = 0, 0, set()
        self.refused = False  # in the cycle before
        # Of every pass: its block's number, whether that is kept, and where it ends.
        ends = np.cumsum([len(run.data) for run in runs for _ in range(run.passes)]).tolist()
        numbers = [number for number, run in enumerate(runs) for _ in range(run.passes)]
        self.order = list(zip(numbers, self.passes, ends, strict=True))
        self.asked, self.taken, self.complete = 0, 0, 0  # passes, entries, blocks

    def check_state(self, seen: Sample) -> None:
        """What is told of passes, and of a block that is kept and not complete."""
        over = sum(end <= self.taken for _, _, end in self.order)
        assert seen.playing == (self.asked > over), "playing"
        # An entry that is offered has left the memory.
        read = self.taken + seen.out_valid
        front = sum(end <= read for _, _, end in self.order)
        held = False
        if self.asked > front:
            number, keep, _ = self.order[front]
            held = keep and number >= self.complete and not self.errors
        assert seen.held == held, "held"

    async def step(self, *, write: bool, ask: bool, take: bool) -> None:
        """One cycle, in which each side does as told if it has something to do."""
        write, ask = write and bool(self.writes), ask and bool(self.passes)
        data, last = self.writes[0] if write else (0, False)
        seen = await self.block.cycle(
            valid=write, data=data, last=last, out_ready=take,
            pass_valid=ask, pass_keep=ask and self.passes[0],
        )  # fmt: skip
        self.cycles += 1
        self.check_state(seen)
        assert not self.refused or seen.used < self.depth, "a refused block still fills the memory"
        self.refused = bool(seen.error)
        self.errors += seen.error
        self.levels.add(seen.used)
        assert not (seen.ready and seen.used == self.depth), "takes more than it can hold"
        if write and seen.ready:
            self.writes.popleft()
            self.complete += last
        if ask and seen.pass_ready:
            self.passes.popleft()
            self.asked += 1
        if seen.out_valid:
            assert self.expected, "an entry too many"
            assert (seen.out_data, bool(seen.out_last)) == self.expected[0]
            if take:
                self.expected.popleft()
                self.taken += 1

    async def play(self, rng: np.random.Generator) -> None:
        """Play everything, with fast and slow phases on all three sides."""
        limit = self.cycles + 3000 + 40 * len(self.expected)
        rates = np.ones(3)
        while self.expected:
            if self.cycles % 64 == 0:
                rates = rng.choice([0.1, 0.5, 1.0], 3)
            write, ask, take = (rng.random(3) < rates).tolist()
            await self.step(write=write, ask=ask, take=take)
            assert self.cycles < limit, f"stuck with {len(self.expected)} entries to come"
        await self.step(write=False, ask=False, take=True)
        assert not self.writes and not self.passes


def draw(rng: np.random.Generator, depth: int, length: int, passes: int = 1) -> Run:
    """A block of random entries."""
    data = rng.integers(0, 2 ** min(DEPTHS[depth], 62), length).tolist()
    return Run(data=data, passes=passes)


def mix(rng: np.random.Generator, depth: int, count: int) -> list[Run]:
    """Random blocks: short, of about the memory, exactly the memory; longer ones play once."""
    lengths = [1, 2, depth - 1, depth, depth + 1, 3 * depth]
    runs = []
    for _ in range(count):
        short = rng.random() < 0.5
        length = int(rng.integers(1, depth) if short else rng.choice(lengths))
        passes = 1 if length > depth else int(rng.choice([1, 1, 2, 5]))
        runs.append(draw(rng, depth, length, passes))
    return runs


@cocotb.test()
@cocotb.parametrize(depth=[4, 16, 1024])
async def replay_random(dut, depth: int):
    """Random blocks and passes, random stalls, at all fill levels, around the memory many times."""
    rng = seeded()
    player = Player(dut, depth, mix(rng, depth, {4: 400, 16: 150, 1024: 4}[depth]))
    await player.block.start()
    await player.play(rng)
    assert player.errors == 0
    assert depth == 1024 or player.levels == set(range(depth + 1))


@cocotb.test()
async def replay_throughput(dut):
    """An entry a cycle, within a block, from pass to pass and from block to block."""
    rng, depth = seeded(), 16
    runs = [draw(rng, depth, *size) for size in ((6, 1), (16, 4), (1, 9), (3, 1), (80, 1), (2, 3))]
    player = Player(dut, depth, runs)
    await player.block.start()
    total, lead = len(player.expected), 0
    while player.expected:
        waiting = len(player.expected) == total
        await player.step(write=True, ask=True, take=True)
        lead += waiting
        assert player.cycles < 2 * total, f"{len(player.expected)} of {total} entries to come"
    # Passes of one entry are asked for at one a cycle too. The block of 16 fills the memory:
    # the next block is written while it is freed, so nothing is lost there either.
    assert lead <= 4 and player.cycles - lead <= total, f"{player.cycles} cycles for {total}"


@cocotb.test()
@cocotb.parametrize(depth=[4, 16], first=[0, 3], excess=[1, 40])
async def replay_too_long(dut, depth: int, first: int, excess: int):
    """Keeping a block that does not fit is refused once; it is still played, and then gone."""
    rng = seeded()
    long, after = draw(rng, depth, depth + excess), draw(rng, depth, 3)
    player = Player(dut, depth, [long], keep_last=True)
    await player.block.start()
    for _ in range(depth + 3):
        await player.step(write=True, ask=True, take=player.cycles < first)
    assert player.errors == 1
    await player.play(rng)
    assert player.errors == 1
    player = Player(dut, depth, [after])
    await player.play(rng)
    assert player.errors == 0 and 0 in player.levels


@cocotb.test()
async def replay_many_blocks(dut):
    """No more complete blocks than MaxBlocks are taken in, whatever their size."""
    rng, depth = seeded(), 16
    player = Player(dut, depth, [draw(rng, depth, 1) for _ in range(9)])
    await player.block.start()
    for _ in range(12):
        await player.step(write=True, ask=False, take=True)
    await player.step(write=False, ask=False, take=False)
    assert max(player.levels) == MAX_BLOCKS[depth] and len(player.writes) == 9 - MAX_BLOCKS[depth]
    await player.play(rng)


@cocotb.test()
async def replay_reset(dut):
    """A reset in the middle leaves an empty FIFO."""
    rng, depth = seeded(), 4
    player = Player(dut, depth, mix(rng, depth, 10))
    await player.block.start()
    for _ in range(9):
        await player.step(write=True, ask=True, take=player.cycles % 3 == 0)
    await player.block.cycle(valid=0, pass_valid=0, out_ready=0)
    await reset(dut)
    player = Player(dut, depth, mix(rng, depth, 20))
    await player.play(rng)
    assert player.errors == 0


@cocotb.test()
async def replay_bank(dut):
    """A bank of WMEM is filled to its last entry before a pass; ends at all kinds of places."""
    rng, depth = seeded(), 1024
    # Ends after 0x3FF, 0x555, 0xAAA, 0xFFF entries and at the start again, modulo 0x800.
    runs = [draw(rng, depth, length) for length in (0x400, 0x156, 0x555, 0x555, 1)]
    player = Player(dut, depth, runs)
    await player.block.start()
    for _ in range(depth):
        await player.step(write=True, ask=False, take=True)
    await player.step(write=False, ask=False, take=True)
    assert depth in player.levels
    while player.expected:
        await player.step(write=True, ask=True, take=True)
        assert player.cycles < 6 * depth, f"stuck with {len(player.expected)} entries to come"
