"""PWL, grid rounding and slicing: real tables over all v, extreme tables, every format."""

import cocotb
import numpy as np

from models.params import LayerConfig
from models.ppu import parameter_writes
from models.pwl import ACTIVATIONS, SEGMENTS, PwlTable, evaluate, fit, grid_codes
from models.slicing import slice_activations
from verif.unit.harness import Block, pack, seeded, unpack

FORMATS = [(4, 1), (8, 1), (8, 2), (8, 3), (12, 1)]
INPUTS = "wr_valid wr_bank segment data en bank v dbs slices r"


async def start(dut) -> Block:
    """The blocks, after reset."""
    block = Block(dut, "pw", INPUTS, "u n ho lo lo0 skip")
    await block.start()
    return block


async def load(block: Block, table: PwlTable, bank: int) -> None:
    """Write a table to a bank."""
    for segment, (_, data) in enumerate(parameter_writes(table=table)):
        await block.cycle(wr_valid=1, wr_bank=bank, segment=segment, data=data)
    await block.cycle(wr_valid=0)


def extreme_table(rng: np.random.Generator) -> PwlTable:
    """Lines of all slopes; offsets so that codes are passed in many segments, ends too."""
    ends = rng.choice([-(2**31), 2**31 - 1], SEGMENTS)
    codes = rng.integers(-(2**9), 2**12, SEGMENTS) << 16 | rng.integers(0, 2**16, SEGMENTS)
    return PwlTable(
        slope=rng.integers(-(2**15), 2**15, SEGMENTS),
        offset=np.where(rng.random(SEGMENTS) < 0.2, ends, codes),
    )


def check(seen, v: np.ndarray, table: PwlTable, cfg: LayerConfig, r: int) -> None:
    """Outputs for 16 pre-activations."""
    u = evaluate(v, table)
    codes = grid_codes(u, cfg)
    assert unpack(seen.u, 18, 16, signed=True) == (u >> 15).tolist()
    assert unpack(seen.n, 12, 16) == (codes >> cfg.lsb).tolist()
    slices = slice_activations(codes.reshape(4, 4), cfg)
    low = slices[-2] if cfg.k else slices[0]
    assert unpack(seen.lo, 4, 16) == low.ravel().tolist()
    if cfg.k:
        assert unpack(seen.ho, 4, 16) == slices[-1].ravel().tolist()
        assert unpack(seen.skip, 1, 4) == (slices[-1] == r).all(axis=1).tolist()
    if cfg.k == 2:
        assert unpack(seen.lo0, 4, 16) == slices[0].ravel().tolist()


@cocotb.test()
@cocotb.parametrize(name=list(ACTIVATIONS))
async def pwl_every_v(dut, name: str):
    """A table fitted for 12 bits, over all 65 536 pre-activations."""
    block = await start(dut)
    cfg = LayerConfig(x_bits=12, zp=300)
    table = fit(ACTIVATIONS[name], 8 / 2**15, 8 / 2**12, cfg)
    await load(block, table, 1)
    blocks = np.arange(-(2**15), 2**15).reshape(-1, 16)
    await block.cycle(en=1, bank=1, dbs=1, slices=3, r=1)
    for number in range(len(blocks) + 2):
        seen = await block.cycle(v=pack(blocks[min(number, len(blocks) - 1)], 16))
        if number >= 2:
            check(seen, blocks[number - 2], table, cfg, 1)


@cocotb.test()
@cocotb.parametrize(layout=FORMATS)
async def pwl_extreme(dut, layout):
    """Extreme lines in both banks, segment ends, stalls, skipped vectors for every r."""
    rng, block = seeded(), await start(dut)
    cfg = LayerConfig(x_bits=layout[0], dbs_type=layout[1])
    tables = [extreme_table(rng) for _ in range(2)]
    for bank, table in enumerate(tables):
        await load(block, table, bank)
    await block.cycle(dbs=layout[1], slices=layout[0] // 4)
    moved: list[tuple] = []
    for _ in range(1500):
        edges = 512 * rng.integers(-64, 64, 16) + rng.integers(-1, 1, 16)
        free = rng.integers(-(2**15), 2**15, 16)
        v = np.clip(np.where(rng.random(16) < 0.5, edges, free), -(2**15), 2**15 - 1)
        v = v[:1].repeat(16) if rng.random() < 0.3 else v
        bank, move, r = int(rng.integers(0, 2)), rng.random() < 0.8, int(rng.integers(0, 16))
        if len(moved) >= 2 and rng.random() < 0.5:
            r = int(grid_codes(evaluate(moved[-2][0], moved[-2][1]), cfg)[0]) >> cfg.l
        # v is looked up in the cycle of its bank.
        seen = await block.cycle(v=pack(v, 16), bank=bank, en=move, r=r)
        if len(moved) >= 2:
            check(seen, *moved[-2], cfg, r)
        if move:
            moved.append((v, tables[bank]))
