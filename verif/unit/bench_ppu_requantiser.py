"""The requantiser: every shift, the multiplier's ends, ties and saturation, held when stalled."""

import cocotb
import numpy as np

from models.ppu import requantise
from verif.unit.harness import Block, pack, seeded, unpack

MULTS = np.array([0, 1, 2, 3, 2**15 - 1, 2**15, 2**16 - 1])


def draw(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A block of results with multiplier and shift of its four rows."""
    mult = np.where(rng.random(4) < 0.3, rng.choice(MULTS, 4), rng.integers(0, 2**16, 4))
    shift = rng.integers(0, 64, 4) if rng.random() < 0.5 else rng.integers(26, 36, 4)
    y = rng.integers(-(2**31), 2**31, (4, 4))
    small = rng.integers(-100, 100, (4, 4))
    ends = rng.choice([-(2**31), -1, 0, 1, 2**31 - 1], (4, 4))
    # Results at which the rounded value is about to reach the next integer or to saturate.
    edge = rng.choice([-(2**15), 2**15 - 1, 0, 7], (4, 4)) * 2 + rng.choice([-1, 1], (4, 4))
    near = (edge << np.minimum(shift, 40)[:, None] >> 1) // np.maximum(mult, 1)[:, None]
    near = np.clip(near + rng.integers(-1, 2, (4, 4)), -(2**31), 2**31 - 1)
    return rng.choice([y, small, ends, near]), mult, shift


@cocotb.test()
async def requantiser_random(dut):
    """Two cycles of latency, counted in cycles in which the pipeline may move."""
    rng = seeded()
    block = Block(dut, "rq", "en y scale", "v")
    await block.start()
    waiting: list[list[int]] = []
    checked = 0
    for _ in range(3000):
        y, mult, shift = draw(rng)
        move = rng.random() < 0.8
        scale = [int(s) << 16 | int(m) for m, s in zip(mult, shift, strict=True)]
        seen = await block.cycle(en=move, y=pack(y.ravel(), 32), scale=pack(scale, 22))
        if len(waiting) >= 2:
            assert unpack(seen.v, 16, 16, signed=True) == waiting[-2]
            checked += 1
        if move:
            waiting.append(requantise(y, mult, shift).ravel().tolist())
    assert checked > 2000
    flat = np.array(waiting).ravel()
    assert {-(2**15), 2**15 - 1} <= set(flat.tolist())


@cocotb.test()
async def requantiser_every_shift(dut):
    """All shifts with the largest products of either sign."""
    block = Block(dut, "rq", "en y scale", "v")
    await block.start()
    y = np.array([[-(2**31), 2**31 - 1, -1, 1]] * 4)
    for shift in range(64):
        scale = [shift << 16 | int(m) for m in (2**16 - 1, 2**15, 1, 0)]
        for _ in range(2):
            await block.cycle(en=1, y=pack(y.ravel(), 32), scale=pack(scale, 22))
        seen = await block.cycle()
        expected = requantise(y, np.array([2**16 - 1, 2**15, 1, 0]), np.full(4, shift))
        assert unpack(seen.v, 16, 16, signed=True) == expected.ravel().tolist(), f"{shift=}"
