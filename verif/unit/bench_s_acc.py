"""S-ACC and the compensator against integer sums per destination."""

import cocotb
import numpy as np

from verif.unit.harness import Block, pack, seeded, unpack

DEEPEST = 64  # positions of a K-tile: the most that one destination can take of each kind
LOWEST, HIGHEST = -120 * (128 + 8 + 16), 105 * (128 + 8 + 16)  # one position: HH + HL + LH


class Accumulator:
    """What S-ACC is: a sum per element, its end shifted."""

    def __init__(self, length: int) -> None:
        self.total = np.zeros(length, np.int64)
        self.out: np.ndarray | None = None

    def clock(self, cur: np.ndarray, nxt: np.ndarray, flush: bool, shift: int) -> None:
        """One cycle; `out` keeps the last destination's sum."""
        if flush:
            self.out = (self.total + cur) << shift
            self.total = nxt
        else:
            self.total = self.total + cur + nxt


@cocotb.test()
async def s_acc_random(dut):
    """Destinations of any length, values split between current and next."""
    rng, block, model = seeded(), Block(dut, "acc", "cur nxt flush shift", "sum"), Accumulator(16)
    await block.start()
    left = 0
    for _ in range(1500):
        cur, nxt = rng.integers(LOWEST, HIGHEST + 1, (2, 16)) * (rng.random((2, 1)) < 0.8)
        flush, shift = left <= 0 or rng.random() < 0.1, int(rng.integers(0, 8))
        left = int(rng.integers(1, 30)) if flush else left - 1
        inputs = {"cur": pack(cur, 17), "nxt": pack(nxt, 17), "flush": flush, "shift": shift}
        seen = await block.cycle(**inputs)
        if model.out is not None:
            assert unpack(seen.sum, 29, 16, signed=True) == model.out.tolist()
        model.clock(cur, nxt, flush, shift)


@cocotb.test()
async def s_acc_extremes(dut):
    """The longest sums of the largest products fit, with every shift."""
    block = Block(dut, "acc", "cur nxt flush shift", "sum")
    await block.start()
    for shift in range(8):
        for value in (LOWEST, 0, HIGHEST):
            for step in range(DEEPEST):
                await block.cycle(
                    cur=pack([value] * 16, 17), nxt=0, flush=step == DEEPEST - 1, shift=shift
                )
            seen = await block.cycle(cur=0, flush=0)
            expected = DEEPEST * value << shift
            assert unpack(seen.sum, 29, 16, signed=True) == [expected] * 16


@cocotb.test()
async def compensator_random(dut):
    """Weights of stored activation vectors are summed; a high slice counts eightfold, and so does
    the sum of a pass with weights that do."""
    rng, model = seeded(), Accumulator(4)
    block = Block(dut, "comp", "cur nxt w_high x_high w flush up", "sum")
    await block.start()
    pending = np.zeros((2, 4), np.int64)  # operands reach the sums a cycle later
    flush = left = 0
    up = False
    for _ in range(1500):
        valid, is_next, w_high, x_high = (rng.random((4, 4)) < 0.6).tolist()
        extreme = rng.random() < 0.5
        w = rng.choice([-8, 7], (4, 4)) if extreme else rng.integers(-8, 8, (4, 4))
        sums = np.zeros((2, 4), np.int64)
        for op in range(4):
            if valid[op] and x_high[op]:
                sums[int(is_next[op])] += w[op] << (3 if w_high[op] else 0)
        seen = await block.cycle(
            cur=pack([v and not n for v, n in zip(valid, is_next, strict=True)], 1),
            nxt=pack([v and n for v, n in zip(valid, is_next, strict=True)], 1),
            w_high=pack(w_high, 1),
            x_high=pack(x_high, 1),
            w=pack(w.reshape(-1), 4),
            flush=flush,
            up=up,
        )
        if model.out is not None:
            assert unpack(seen.sum, 17, 4, signed=True) == model.out.tolist()
        model.clock(*pending, bool(flush), 3 * up)
        pending, flush, up = sums, left <= 0, bool(rng.random() < 0.5)
        left = int(rng.integers(0, 20)) if flush else left - 1
