"""OPC, DWO and SWO against integer products."""

import cocotb
import numpy as np

from verif.unit.harness import Block, pack, seeded, unpack

SHIFT = {(0, 0): 0, (1, 0): 3, (0, 1): 4, (1, 1): 7}


def outer(w: np.ndarray, x: np.ndarray) -> list[int]:
    """The 16 products of two vectors of slices, row by row."""
    return np.outer(w, x).reshape(-1).tolist()


def draw(rng: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Weight and activation slices, extremes more often than others."""
    w = rng.integers(-8, 8, count)
    x = rng.integers(0, 16, count)
    extreme = rng.random(count) < rng.choice([0.0, 0.3, 1.0])
    return np.where(extreme, rng.choice([-8, 7], count), w), np.where(extreme, 15, x)


@cocotb.test()
async def opc_exhaustive(dut):
    """Every pair of slices at every element, the other slices random."""
    rng, block = seeded(), Block(dut, "opc", "w x", "p")
    await block.start()
    for pair in range(256):
        for element in range(16):
            w, x = rng.integers(-8, 8, 4), rng.integers(0, 16, 4)
            w[element // 4], x[element % 4] = pair // 16 - 8, pair % 16
            seen = await block.cycle(w=pack(w, 4), x=pack(x, 4))
            assert unpack(seen.p, 8, 16, signed=True) == outer(w, x), f"w {w} x {x}"


@cocotb.test()
async def opc_signed(dut):
    """Every pair of slices when the activation slices are signed too."""
    rng, block = seeded(), Block(dut, "opc_signed", "w x", "p")
    await block.start()
    for pair in range(256):
        w, x = rng.integers(-8, 8, 4), rng.integers(-8, 8, 4)
        w[pair % 4], x[pair // 4 % 4] = pair // 16 - 8, pair % 16 - 8
        seen = await block.cycle(w=pack(w, 4), x=pack(x, 4))
        assert unpack(seen.p, 8, 16, signed=True) == outer(w, x), f"w {w} x {x}"


@cocotb.test()
async def dwo_shifts(dut):
    """The product of each kind has its shift."""
    rng, block = seeded(), Block(dut, "dwo", "w_high x_high w x", "p")
    await block.start()
    for _ in range(400):
        (w_high, x_high), (w, x) = rng.integers(0, 2, 2).tolist(), draw(rng, 4)
        seen = await block.cycle(w_high=w_high, x_high=x_high, w=pack(w, 4), x=pack(x, 4))
        expected = [p << SHIFT[w_high, x_high] for p in outer(w, x)]
        assert unpack(seen.p, 15, 16, signed=True) == expected, f"{w_high=} {x_high=} {w=} {x=}"


@cocotb.test()
async def swo_sums(dut):
    """Four products are summed without overflow."""
    rng, block = seeded(), Block(dut, "swo", "w x", "sum")
    await block.start()
    for _ in range(400):
        w, x = (side.reshape(4, 4) for side in draw(rng, 16))
        seen = await block.cycle(w=pack(w.reshape(-1), 4), x=pack(x.reshape(-1), 4))
        expected = (w.T @ x).reshape(-1).tolist()
        assert unpack(seen.sum, 10, 16, signed=True) == expected, f"{w=} {x=}"
