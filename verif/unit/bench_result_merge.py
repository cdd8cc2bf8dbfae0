"""The result merge: order of the blocks, bias of the right command, compensation, last, APSQ."""

import cocotb
import numpy as np
from cocotb.triggers import FallingEdge

from models.apsq import ApsqStep
from models.program import Command
from models.streams import pack_commands
from verif.agents.beat_stream import BeatDriver, BeatMonitor, BeatSink
from verif.unit.harness import pack, reset, seeded
from verif.unit.lists import beats_to_ints

PEAS = 3
COMP_LIMIT = 2**25
COMMANDS = 12


def extremes(rng: np.random.Generator, limit: int, shape: tuple[int, ...]) -> np.ndarray:
    """Integers of -limit .. limit - 1, the ends more often than others."""
    ends = rng.choice([-limit, -1, 0, 1, limit - 1], shape)
    return np.where(rng.random(shape) < 0.2, ends, rng.integers(-limit, limit, shape))


def draw_step(rng: np.random.Generator) -> ApsqStep | None:
    """What a command says of APSQ."""
    if rng.random() < 0.3:
        return None
    return ApsqStep(
        gs=int(rng.integers(1, 5)), exponent=int(rng.integers(0, 25)), last=rng.random() < 0.5
    )


def completed(cmd: Command, psum: np.ndarray, comp: np.ndarray, bias: np.ndarray) -> int:
    """One block of y, 16 elements: products + folded bias - (r comp) << l, modulo 2^32."""
    offset = bias - (cmd.r * comp << (8 if cmd.act_up else 3 + cmd.dbs))
    return pack((psum.reshape(4, 4) + offset[:, None]).reshape(-1), 32)


@cocotb.test(timeout_time=500, timeout_unit="us")
@cocotb.parametrize(
    stalls=[(0.0, 0.0, 0.0), (0.8, 0.0, 0.2), (0.0, 0.5, 0.0), (0.2, 0.2, 0.7), (0.0, 0.9, 0.9)],
)
async def merge_random(dut, stalls):
    """Commands back to back; pauses of bias, blocks and results."""
    rng = seeded()
    await reset(dut)
    bias_stall, block_stall, result_stall = stalls
    commands = BeatDriver(dut, "mc", dut.clk, rng=rng)
    biases = BeatDriver(dut, "b", dut.clk, rng=rng, stall=bias_stall)
    blocks = [BeatDriver(dut, f"p{p}", dut.clk, rng=rng, stall=block_stall) for p in range(PEAS)]
    BeatSink(dut, "y", dut.clk, rng=rng, stall=result_stall)
    results = BeatMonitor(dut, "y", dut.clk)
    expected = []
    for _ in range(COMMANDS):
        act_up = bool(rng.random() < 0.3)
        cmd = Command(
            k_len=int(rng.integers(1, 2**16)), groups=int(rng.integers(1, 6)),
            dbs=1 if act_up else int(rng.integers(1, 4)), r=int(rng.integers(0, 16)),
            dtp=bool(rng.integers(0, 2)), act_up=act_up, wgt_up=bool(rng.integers(0, 2)),
            apsq=draw_step(rng),
        )  # fmt: skip
        commands.append(beats_to_ints(pack_commands([cmd]))[0])
        bias = extremes(rng, 2**31, (cmd.sub_tiles, PEAS, 4))
        for beat in bias.reshape(-1, 4):
            biases.append(pack(beat, 32))
        for group in range(cmd.groups):
            for tile in range(cmd.sub_tiles):
                for p in range(PEAS):
                    psum, comp = extremes(rng, 2**31, (16,)), extremes(rng, COMP_LIMIT, (4,))
                    blocks[p].append(pack(comp, 26) << 512 | pack(psum, 32))
                    last = (group, tile, p) == (cmd.groups - 1, cmd.sub_tiles - 1, PEAS - 1)
                    tag = (cmd.apsq.bits if cmd.apsq else 0) << 1 | last
                    expected.append(tag << 512 | completed(cmd, psum, comp, bias[tile, p]))
    for driver in (commands, biases, *blocks):
        await driver.drained()
    await results.quiet()
    assert list(results) == expected, f"{len(results)} beats, expected {len(expected)}"


@cocotb.test(timeout_time=100, timeout_unit="us")
@cocotb.parametrize(dtp=[False, True])
async def merge_loads_ahead(dut, dtp: bool):
    """While no block comes, the bias of two commands is taken, and nothing of the third."""
    rng = seeded()
    await reset(dut)
    commands = BeatDriver(dut, "mc", dut.clk, rng=rng)
    biases = BeatDriver(dut, "b", dut.clk, rng=rng)
    for p in range(PEAS):
        getattr(dut, f"p{p}_valid").value = 0
    cmd = Command(k_len=5, groups=1, dbs=1, r=0, dtp=dtp)
    for _ in range(3):
        commands.append(beats_to_ints(pack_commands([cmd]))[0])
    for _ in range(2 * cmd.sub_tiles * PEAS):
        biases.append(pack(extremes(rng, 2**31, (4,)), 32))
    await biases.drained()
    biases.append(0)
    taken = 0
    for _ in range(50):
        await FallingEdge(dut.clk)
        taken += int(dut.b_ready.value)
    assert not taken
