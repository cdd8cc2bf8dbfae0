"""WMEM: every PEA gets the words of its K-tiles, as often as its blocks are played."""

from collections import deque

import cocotb
import numpy as np

from verif.unit.harness import Block, pack, reset, seeded, unpack
from verif.unit.played_block import WORD_W, WORDS, PlayedBlock

INPUTS = "valid last data play_valid play_keep w_ready tile_end cmd_end"
OUTPUTS = "ready play_ready w_valid w_data used held playing wr rd end_error"
MOST_PLAYS = 2


class Memory:
    """The loader's, the controller's and the core's side of WMEM."""

    def __init__(self, dut) -> None:
        self.block = Block(dut, "m", INPUTS, OUTPUTS)
        self.dut, self.rng = dut, seeded()

    async def start(self) -> None:
        """Reset the top and look at its size."""
        await self.block.start()
        self.num_pea, self.depth = int(self.dut.num_pea.value), int(self.dut.bank_depth.value)

    def draw(self, words: int, plays: int) -> list[PlayedBlock]:
        """A block of about so many memory words for each PEA; commands as for every other PEA."""
        tiles = int(self.rng.integers(1, max(2, words // 2)))
        share = words // tiles
        cuts = np.sort(self.rng.integers(1, tiles + 1, int(self.rng.integers(0, 3)))).tolist()
        commands = [n for n in np.diff([0, *cuts, tiles]).tolist() if n]
        return [
            PlayedBlock(
                tiles=[self._tile(share) for _ in range(tiles)], commands=commands, plays=plays
            )
            for _ in range(self.num_pea)
        ]

    def _tile(self, share: int) -> list[int]:
        count = int(self.rng.integers(1, WORDS * share + 1))
        return [int.from_bytes(self.rng.bytes(8), "little") for _ in range(count)]

    async def begin(self, blocks: list[list[PlayedBlock]]) -> None:
        """Queue blocks, given by PEA, and their plays."""
        peas = range(self.num_pea)
        runs = [[block[p] for block in blocks] for p in peas]
        self.writes = [deque(e for run in runs[p] for e in run.entries(self.rng)) for p in peas]
        self.reads = [
            deque(e for run in runs[p] for _ in range(run.plays) for e in run.expected())
            for p in peas
        ]
        self.plays = deque(
            number + 1 < block[0].plays for block in blocks for number in range(block[0].plays)
        )
        self.cycles, self.errors, self.asked = 0, 0, 0
        await self.block.cycle(valid=0, play_valid=0, w_ready=0)

    async def step(self, *, write: int | None, play: bool, take: list[bool]) -> None:
        """One cycle: the PEA that is written, whether a play is asked for, which words taken."""
        peas = range(self.num_pea)
        writes = write is not None and bool(self.writes[write])
        data, last = self.writes[write][0] if writes else ((1 << 256) - 1, True)
        play = play and bool(self.plays)
        front = [queue[0] if queue else (0, False, False, False) for queue in self.reads]
        seen = await self.block.cycle(
            valid=1 << write if writes else 0, data=data, last=last, play_valid=play,
            play_keep=play and self.plays[0], w_ready=pack(take, 1),
            tile_end=pack([f[1] for f in front], 1), cmd_end=pack([f[2] for f in front], 1),
        )  # fmt: skip
        self.cycles += 1
        self.errors += seen.end_error
        valid = unpack(seen.w_valid, 1, self.num_pea)
        words = seen.lanes("w_data", WORD_W)
        popped = [0] * self.num_pea
        for pea in peas:
            if not valid[pea]:
                continue
            assert self.reads[pea], f"PEA {pea}: a word too many"
            assert words[pea] == front[pea][0], f"PEA {pea}"
            if take[pea]:
                popped[pea] = int(self.reads[pea].popleft()[3])
        assert unpack(seen.rd, 1, self.num_pea) == popped, "words read"
        done = writes and bool(seen.ready >> write & 1)
        assert seen.wr == (1 << write if done else 0), "words written"
        if done:
            self.writes[write].popleft()
        if play and seen.play_ready:
            self.plays.popleft()
            self.asked += 1
        self.seen = seen

    async def play(self) -> None:
        """Write and play everything, with fast and slow phases for every side and PEA."""
        limit = 1000 + 60 * sum(map(len, self.reads)) + 60 * sum(map(len, self.writes))
        rates, peas = np.ones(2), np.ones(self.num_pea)
        while any(self.reads):
            if self.cycles % 40 == 0:
                rates = self.rng.choice([0.2, 0.6, 1.0], 2)
                peas = self.rng.choice([0.1, 0.6, 1.0], self.num_pea)
            waiting = [pea for pea, queue in enumerate(self.writes) if queue]
            pick = bool(waiting) and self.rng.random() < rates[0]
            write = int(self.rng.choice(waiting)) if pick else None
            take = (self.rng.random(self.num_pea) < peas).tolist()
            await self.step(write=write, play=bool(self.rng.random() < rates[1]), take=take)
            assert self.cycles < limit, f"stuck with {sum(map(len, self.reads))} words to come"
        await self.step(write=None, play=False, take=[True] * self.num_pea)
        assert not self.plays and not any(self.writes) and not self.errors
        assert (self.seen.used, self.seen.playing, self.seen.held) == (0, 0, 0)


@cocotb.test()
async def wmem_random(dut):
    """Blocks of all lengths, long ones played once, short ones up to five times."""
    memory = Memory(dut)
    await memory.start()
    blocks = []
    for _ in range(40):
        plays = int(memory.rng.choice([1, 1, 2, 5]))
        most = memory.depth if plays > 1 else 3 * memory.depth
        blocks.append(memory.draw(int(memory.rng.integers(1, most + 1)), plays))
    await memory.begin(blocks)
    await memory.play()


@cocotb.test(timeout_time=100, timeout_unit="us")
async def wmem_rate(dut):
    """A word a cycle for every PEA, from memory word to memory word and from play to play."""
    memory = Memory(dut)
    await memory.start()
    runs = []
    for pea in range(memory.num_pea):
        tiles = [[n + 100 * pea for n in range(size)] for size in (4, 5, 1, 8)]
        runs.append(PlayedBlock(tiles=tiles, commands=[3, 1], plays=3))
    await memory.begin([runs])
    while any(memory.writes):
        await memory.step(
            write=next(p for p in range(memory.num_pea) if memory.writes[p]),
            play=True, take=[False] * memory.num_pea,
        )  # fmt: skip
    before, words = memory.cycles, len(memory.reads[0])
    while any(memory.reads):
        await memory.step(write=None, play=True, take=[True] * memory.num_pea)
    assert memory.cycles - before == words


@cocotb.test(timeout_time=100, timeout_unit="us")
async def wmem_held(dut):
    """A kept block of which a part is missing frees nothing; `held` tells so, PEA by PEA."""
    memory = Memory(dut)
    await memory.start()
    await memory.begin([memory.draw(6, 2)])
    none = [False] * memory.num_pea
    await memory.step(write=None, play=True, take=none)
    for pea in range(memory.num_pea):
        while memory.writes[pea]:
            await memory.step(write=pea, play=False, take=none)
            held = [int(p >= pea) for p in range(memory.num_pea)]
            assert unpack(memory.seen.held, 1, memory.num_pea) == held
            assert memory.seen.playing
    await memory.play()


@cocotb.test()
async def wmem_plays(dut):
    """A play is asked of all banks or of none: two at a time, however far a PEA is behind."""
    memory = Memory(dut)
    await memory.start()
    await memory.begin([memory.draw(2, 1) for _ in range(6)])
    for _ in range(60):
        waiting = [pea for pea, queue in enumerate(memory.writes) if queue]
        write = waiting[0] if waiting else None
        take = [pea != 1 for pea in range(memory.num_pea)]
        await memory.step(write=write, play=True, take=take)
    # PEA 1 has not let go of its first block: two plays wait for it, at most one is half out.
    assert memory.asked in (MOST_PLAYS, MOST_PLAYS + 1)
    await memory.play()


@cocotb.test()
@cocotb.parametrize(inside=[False, True])
async def wmem_end_error(dut, inside: bool):
    """A block that ends inside a command is told when its last memory word is used up."""
    memory = Memory(dut)
    await memory.start()
    for pea in range(memory.num_pea):
        tiles = [list(range(size)) for size in ((4, 8, 3) if inside else (2, 6, 3))]
        await memory.begin([[PlayedBlock(tiles=tiles, commands=[3], plays=1)] * memory.num_pea])
        bad = memory.writes[pea]
        word, _ = bad[1]
        memory.writes[pea] = deque([bad[0], (word, True), *list(bad)[2:]])
        before = len(memory.reads[pea])
        for _ in range(20 + 5 * memory.num_pea):
            waiting = [p for p, queue in enumerate(memory.writes) if queue]
            write = waiting[0] if waiting else None
            await memory.step(write=write, play=True, take=[True] * memory.num_pea)
            if memory.errors:
                break
        # The last memory word ends with word 8 of tiles of 4 and 8, word 6 of tiles of 2 and 6.
        assert memory.errors == 1 and before - len(memory.reads[pea]) == (8 if inside else 6)
        await memory.block.cycle(valid=0, play_valid=0, w_ready=0)
        await reset(dut)


@cocotb.test()
async def wmem_reset(dut):
    """A reset in mid-word leaves nothing of it."""
    memory = Memory(dut)
    await memory.start()
    for steps in (3, 12, 30):
        await memory.begin([memory.draw(8, 2), memory.draw(3, 1)])
        for step in range(steps):
            write = step % memory.num_pea
            await memory.step(write=write, play=True, take=[step % 3 > 0] * memory.num_pea)
        await memory.block.cycle(valid=0, play_valid=0, w_ready=0)
        await reset(dut)
        await memory.begin([memory.draw(5, 2), memory.draw(9, 1)])
        await memory.play()
