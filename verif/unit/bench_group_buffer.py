"""The group buffer: every group readable until both schedulers have released it, none longer."""

from dataclasses import dataclass
from itertools import product

import cocotb
import numpy as np

from verif.agents.beat_stream import BeatDriver
from verif.unit.harness import Block, Sample, pack, seeded, unpack
from verif.unit.lists import TILE_K, Lists, draw_lists

DEPTH, META_W = 4, 27
RATES = ((0.0, 0.0), *product((0.02, 0.2, 1.0), repeat=2))  # of both sides' releases, in turn
INPUTS = "dyn_ptr sta_ptr gen_slot sta_slot vec_slot vec_high vec_k quad_slot quad_at"
OUTPUTS = "ready take last wr_ptr gen_meta gen_mask sta_meta sta_next_meta vec quad_lo quad_ho"


@dataclass(frozen=True, kw_only=True)
class Group:
    """One group as it is sent."""

    meta: int
    lists: Lists

    @property
    def kt(self) -> int:
        """Vectors of its K-tile."""
        return self.lists.low.shape[1]

    def beats(self) -> list[int]:
        """The group on the stream."""
        beats = []
        for at in range(0, self.kt, 16):
            part = slice(at, at + 16)
            value = int(at + 16 >= self.kt) << META_W | self.meta
            value = value << 16 | pack(self.lists.stored[0, part], 1)
            value = value << 256 | pack(self.lists.high[0, part], 16)
            beats.append(value << 256 | pack(self.lists.low[0, part], 16))
        return beats


def draw_group(rng: np.random.Generator) -> Group:
    """A group of any length."""
    kt = TILE_K if rng.random() < 0.3 else int(rng.integers(1, TILE_K + 1))
    return Group(meta=int(rng.integers(0, 2**META_W)), lists=draw_lists(rng, 1, kt))


class Checker:
    """Reads groups that must be there."""

    def __init__(self, block: Block, rng: np.random.Generator, groups: list[Group]) -> None:
        self.block, self.rng, self.groups = block, rng, groups

    async def step(self, end: int, dyn: int, sta: int) -> Sample:
        """One cycle that reads some of the groups before `end` not released by both sides."""
        rng, groups, first = self.rng, self.groups, min(dyn, sta)
        pick = rng.integers(first, end, 9).tolist() if end > first else [0] * 9
        gen, sta_at, vec_at, quad_at = pick[0], pick[1], pick[2:6], pick[6:]
        ks = [int(rng.integers(0, groups[g].kt)) for g in vec_at]
        high = [bool(groups[g].lists.stored[0, k]) for g, k in zip(vec_at, ks, strict=True)]
        quads = [int(rng.integers(0, groups[g].kt)) // 4 for g in quad_at]
        seen = await self.block.cycle(
            dyn_ptr=dyn % (2 * DEPTH),
            sta_ptr=sta % (2 * DEPTH),
            gen_slot=gen % DEPTH,
            sta_slot=sta_at % DEPTH,
            vec_slot=pack((g % DEPTH for g in vec_at), 2),
            vec_high=pack(high, 1),
            vec_k=pack(ks, 6),
            quad_slot=pack((g % DEPTH for g in quad_at), 2),
            quad_at=pack(quads, 4),
        )
        if end == first:
            return seen
        assert seen.gen_meta == groups[gen].meta, f"group {gen}"
        assert seen.gen_mask == pack(groups[gen].lists.stored[0], 1), f"flags of group {gen}"
        assert seen.sta_meta == groups[sta_at].meta, f"group {sta_at}"
        if sta_at + 1 < end:
            assert seen.sta_next_meta == groups[sta_at + 1].meta, f"group {sta_at + 1}"
        for g, k, h, value in zip(vec_at, ks, high, unpack(seen.vec, 16, 4), strict=True):
            lists = groups[g].lists
            assert value == int((lists.high if h else lists.low)[0, k]), f"group {g}, k {k}"
        for name in ("low", "high"):
            values = unpack(seen.quad_lo if name == "low" else seen.quad_ho, 64, 3)
            for g, quad, value in zip(quad_at, quads, values, strict=True):
                vectors = getattr(groups[g].lists, name)[0, 4 * quad : 4 * quad + 4]
                part = value % (1 << 16 * len(vectors))
                assert part == pack(vectors, 16), f"group {g}, {name} quad {quad}"
        return seen


@cocotb.test()
@cocotb.parametrize(stall=[0.0, 0.5])
async def group_buffer_random(dut, stall: float):
    """Groups of any length, released at random by either side; the ring fills and drains."""
    rng, block = seeded(), Block(dut, "group", INPUTS, OUTPUTS)
    await block.start()
    source = BeatDriver(dut, "g", dut.clk, rng=rng, stall=stall)
    groups = [draw_group(rng) for _ in range(120)]
    for group in groups:
        for beat in group.beats():
            source.append(beat)
    checker, released, written, levels = Checker(block, rng, groups), [0, 0], 0, set()
    for step in range(20000):
        rates = RATES[step // 100 % len(RATES)]
        seen = await checker.step(written, *released)
        level = written - min(released)
        levels.add(level)
        assert seen.wr_ptr == written % (2 * DEPTH)
        assert seen.ready == (level < DEPTH), f"{level} groups held"
        for side in range(2):
            released[side] += bool(released[side] < written and rng.random() < rates[side])
        written += seen.take and seen.last
        if min(released) == len(groups):
            break
    assert min(released) == len(groups), f"stuck after {written} groups"
    assert levels == set(range(DEPTH + 1)), f"levels seen: {levels}"
