"""The global activation buffer: compressed beats in, every group by position out.

A vector that holds nothing but the command's r comes out as one that was skipped.
"""

from dataclasses import dataclass

import cocotb
import numpy as np

from models.program import Command
from models.streams import pack_activation_stream, pack_commands
from verif.agents.beat_stream import BeatDriver, BeatMonitor, BeatSink
from verif.unit.harness import pack, reset, seeded
from verif.unit.lists import TILE_K, Lists, beats_to_ints, draw_k, draw_lists

LAST_FLAG = 1 << 244
META_W = 27


@dataclass(frozen=True, kw_only=True)
class Position:
    """Where a command stands: output tiles before it, whether it is the first pass of its own,
    weight bank of its first K-tile."""

    output: int = 0
    first: bool = True
    bank: int = 0

    def after(self, cmd: Command) -> "Position":
        """Where the command after `cmd` stands."""
        return Position(
            output=self.output + (not cmd.more),
            first=not cmd.more,
            bank=(self.bank + -(-cmd.k_len // TILE_K)) % 2,
        )


def meta(cmd: Command, at: Position, start: int, group: int) -> int:
    """The description of one group of the K-tile at `start`, packed as `group_meta_t`."""
    kt, end = min(TILE_K, cmd.k_len - start), start + TILE_K >= cmd.k_len
    shift = cmd.dbs - 1 + 3 * cmd.wgt_up + 4 * cmd.act_up
    fields = (
        (group, 8), (-(-kt // 4), 8), ((at.bank + start // TILE_K) % 2, 1), (at.output % 4, 2),
        (start == 0 and at.first, 1), (end and not cmd.more, 1), (group == cmd.groups - 1, 1),
        (shift, 3), (cmd.wgt_up, 1), (cmd.dtp, 1),
    )  # fmt: skip
    value = 0
    for field, width in fields:
        value = value << width | int(field)
    return value


def expected_beats(cmd: Command, lists: Lists, at: Position) -> list[int]:
    """The beats of one command."""
    beats = []
    for start in range(0, cmd.k_len, TILE_K):
        kt = min(TILE_K, cmd.k_len - start)
        for group in range(cmd.groups):
            about = meta(cmd, at, start, group)
            for k in range(start, start + kt, 16):
                end = min(k + 16, start + kt)
                stored = lists.kept(cmd.r)[group, k:end]
                value = int(end == start + kt) << META_W | about
                value = value << 16 | pack(stored, 1)
                value = value << 256 | pack(lists.high[group, k:end] * stored, 16)
                beats.append(value << 256 | pack(lists.low[group, k:end], 16))
    return beats


def draw_command(rng: np.random.Generator) -> tuple[Command, Lists]:
    """A command or pass and its activation lists."""
    more, wgt_up, act_up = (rng.random(3) < 0.4).tolist()
    command = Command(
        k_len=draw_k(rng), groups=int(rng.integers(1, 6)),
        dbs=1 if act_up else int(rng.integers(1, 4)), r=int(rng.integers(0, 16)),
        dtp=bool(rng.integers(0, 2)), more=more, wgt_up=wgt_up, act_up=act_up,
    )  # fmt: skip
    return command, draw_lists(rng, command.groups, command.k_len, command.r)


class Streams:
    """The three streams around the buffer, with their pauses."""

    def __init__(self, dut, rng: np.random.Generator, stalls: tuple[float, float, float]) -> None:
        cmd, activations, groups = stalls
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
        await self.out.quiet()
        return list(self.out)


@cocotb.test(timeout_time=500, timeout_unit="us")
@cocotb.parametrize(stalls=[(0.0, 0.0, 0.0), (0.3, 0.5, 0.1), (0.5, 0.0, 0.7)])
async def gab_random(dut, stalls):
    """Commands and passes of all shapes, back to back, with and without pauses."""
    rng = seeded()
    await reset(dut)
    streams, expected, at = Streams(dut, rng, stalls), [], Position()
    for _ in range(16):
        cmd, lists = draw_command(rng)
        for beat in streams.queue(cmd, lists):
            streams.x.append(beat)
        expected += expected_beats(cmd, lists, at)
        at = at.after(cmd)
    got = await streams.finish()
    assert got == expected, f"{len(got)} beats, expected {len(expected)}"
    assert int(dut.gab_errors.value) == 0


@cocotb.test(timeout_time=500, timeout_unit="us")
async def gab_placeholders(dut):
    """Full lists of r only, of anything but r, and of both, for every r."""
    rng = seeded()
    await reset(dut)
    streams, expected, at = Streams(dut, rng, (0.0, 0.0, 0.0)), [], Position()
    for r in range(16):
        cmd = Command(k_len=TILE_K, groups=4, dbs=1, r=r, dtp=bool(r & 1))
        low = rng.integers(0, 2**16, (4, TILE_K), dtype=np.uint16)
        high = np.full_like(low, r * 0x1111)
        high[1:3] ^= 1 << rng.integers(0, 16, (2, TILE_K), dtype=np.uint16)
        high[2, ::2] = r * 0x1111
        high[3] = 0
        lists = Lists(low=low, high=high, stored=np.ones_like(low, bool))
        for beat in streams.queue(cmd, lists):
            streams.x.append(beat)
        expected += expected_beats(cmd, lists, at)
        at = at.after(cmd)
    assert await streams.finish() == expected
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
        expected += expected_beats(cmd, lists, Position(output=number, bank=number % 2))
        for beat in beats:
            streams.x.append(beat)
    assert await streams.finish() == expected
    assert int(dut.gab_errors.value) >= 5
