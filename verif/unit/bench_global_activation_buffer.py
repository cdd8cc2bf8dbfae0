"""The global activation buffer: compressed beats in, every group by position out."""

import cocotb
import numpy as np
from cocotb.triggers import ClockCycles

from models.program import Command
from models.streams import pack_activation_stream, pack_commands
from verif.agents.beat_stream import BeatDriver, BeatMonitor, BeatSink
from verif.unit.harness import pack, reset, seeded
from verif.unit.lists import TILE_K, Lists, beats_to_ints, draw_k, draw_lists

LAST_FLAG = 1 << 244


def meta(cmd: Command, number: int, tile: int, tiles: int, group: int, kt: int, bank: int) -> int:
    """The description of one group, packed as `group_meta_t`."""
    fields = (
        (group, 8), (-(-kt // 4), 8), (bank, 1), (number % 4, 2), (tile == 0, 1),
        (tile == tiles - 1, 1), (group == cmd.groups - 1, 1), (cmd.dbs, 2), (cmd.dtp, 1),
    )  # fmt: skip
    value = 0
    for field, width in fields:
        value = value << width | int(field)
    return value


def expected_beats(cmd: Command, lists: Lists, number: int, bank: int) -> list[int]:
    """The beats of one command whose first K-tile uses weight bank `bank`."""
    beats, starts = [], range(0, cmd.k_len, TILE_K)
    for tile, start in enumerate(starts):
        kt = min(TILE_K, cmd.k_len - start)
        for group in range(cmd.groups):
            about = meta(cmd, number, tile, len(starts), group, kt, (bank + tile) % 2)
            for at in range(start, start + kt, 16):
                end = min(at + 16, start + kt)
                stored = lists.stored[group, at:end]
                value = int(end == start + kt) << 25 | about
                value = value << 16 | pack(stored, 1)
                value = value << 256 | pack(lists.high[group, at:end] * stored, 16)
                beats.append(value << 256 | pack(lists.low[group, at:end], 16))
    return beats


def draw_command(rng: np.random.Generator) -> tuple[Command, Lists]:
    """A command and its activation lists."""
    command = Command(
        k_len=draw_k(rng), groups=int(rng.integers(1, 6)), dbs=int(rng.integers(1, 4)),
        r=int(rng.integers(0, 16)), dtp=bool(rng.integers(0, 2)),
    )  # fmt: skip
    return command, draw_lists(rng, command.groups, command.k_len)


class Streams:
    """The three streams around the buffer, with their pauses."""

    def __init__(self, dut, rng: np.random.Generator, stalls: tuple[float, float, float]) -> None:
        cmd, activations, groups = stalls
        self.clk = dut.clk
        self.cmd = BeatDriver(dut, "gc", dut.clk, rng=rng, stall=cmd)
        self.x = BeatDriver(dut, "x", dut.clk, rng=rng, stall=activations)
        BeatSink(dut, "a", dut.clk, rng=rng, stall=groups)
        self.out = BeatMonitor(dut, "a", dut.clk)

    def queue(self, cmd: Command, lists: Lists) -> list[int]:
        """Queue a command; returns its activation beats."""
        self.cmd.append(beats_to_ints(pack_commands([cmd]))[0])
        return beats_to_ints(pack_activation_stream(lists.low, lists.high, lists.stored, TILE_K))

    async def finish(self) -> list[int]:
        """All beats that came out, once everything is through."""
        await self.cmd.drained()
        await self.x.drained()
        await ClockCycles(self.clk, 60)
        return list(self.out)


@cocotb.test(timeout_time=500, timeout_unit="us")
@cocotb.parametrize(stalls=[(0.0, 0.0, 0.0), (0.3, 0.5, 0.1), (0.5, 0.0, 0.7)])
async def gab_random(dut, stalls):
    """Commands of all shapes, back to back, with and without pauses."""
    rng = seeded()
    await reset(dut)
    streams, expected, bank = Streams(dut, rng, stalls), [], 0
    for number in range(12):
        cmd, lists = draw_command(rng)
        for beat in streams.queue(cmd, lists):
            streams.x.append(beat)
        expected += expected_beats(cmd, lists, number, bank)
        bank = (bank + -(-cmd.k_len // TILE_K)) % 2
    got = await streams.finish()
    assert got == expected, f"{len(got)} beats, expected {len(expected)}"
    assert int(dut.gab_errors.value) == 0


def overrun(rng: np.random.Generator, lists: Lists, beats: list[int]) -> Lists:
    """Make the last list of `beats` run past its tile; returns what is still to be stored."""
    stored, high = lists.stored.copy(), lists.high.copy()
    at = int(np.flatnonzero(stored[0]).max(initial=-1))
    beats[-1] &= ~LAST_FLAG
    for _ in range(1 + TILE_K // 12):
        indices, vectors = rng.integers(0, 16, 12), rng.integers(0, 2**16, 12)
        beats.append(pack(indices << 16 | vectors, 20) | 12 << 240)
        for index, vector in zip(indices.tolist(), vectors.tolist(), strict=True):
            at += index + 1
            if at < stored.shape[1]:
                stored[0, at], high[0, at] = True, vector
    beats[-1] |= LAST_FLAG
    return Lists(low=lists.low, high=high, stored=stored)


@cocotb.test(timeout_time=500, timeout_unit="us")
async def gab_overrun(dut):
    """Entries past the K-tile are dropped and reported; everything else is as it should be."""
    rng = seeded()
    await reset(dut)
    streams, expected = Streams(dut, rng, (0.0, 0.2, 0.2)), []
    for number in range(10):
        k_len = int(rng.integers(1, TILE_K + 1))
        cmd = Command(k_len=k_len, groups=1, dbs=1, r=0, dtp=False)
        lists = draw_lists(rng, 1, k_len)
        beats = streams.queue(cmd, lists)
        if number % 2 == 0:
            lists = overrun(rng, lists, beats)
        expected += expected_beats(cmd, lists, number, number % 2)
        for beat in beats:
            streams.x.append(beat)
    assert await streams.finish() == expected
    assert int(dut.gab_errors.value) >= 5
