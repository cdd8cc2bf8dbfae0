"""The workload scheduler: every product once, from the right place, in an order that is safe."""

from collections import Counter

import cocotb
import numpy as np

from verif.unit.harness import Block, Sample, pack, seeded
from verif.unit.schedule_check import DynamicWalk, StaticWalk
from verif.unit.schedule_plan import DEPTH, Group, Plan, draw_plan

META_W, TILE_K = 27, 64
INPUTS = "metas x_masks w_masks wr_ptr load_done load_bank drain_cmd drain_group"
OUTPUTS = (
    "dyn_ptr sta_ptr bank_full dyn_valid dyn_next dyn_w_high dyn_x_high dyn_k dyn_slot dyn_bank "
    "dyn_tile sta_valid sta_next sta_quad sta_slot sta_bank sta_tile dyn_flush dyn_flush_tile "
    "dyn_flush_group dyn_flush_shift dyn_flush_wgt_up dyn_final sta_flush sta_flush_tile "
    "sta_flush_group sta_flush_shift sta_final event"
)
EVENTS = (
    ("hh", 4), ("hl", 4), ("lh", 4), ("ll_swo", 2), ("ll_dwo", 2), ("straddle_d", 1),
    ("straddle_l", 1), ("flush_wait", 1),
)  # fmt: skip


def split_event(value: int) -> Counter:
    """The fields of `pea_event_t`."""
    fields = Counter()
    for name, width in reversed(EVENTS):
        fields[name] = value % (1 << width)
        value >>= width
    return fields


class Surroundings:
    """Group buffer, WBUF and result drain, at random speeds but true to their rules."""

    def __init__(self, rng: np.random.Generator, plan: Plan) -> None:
        self.rng, self.plan = rng, plan
        self.metas, self.x_masks, self.w_masks = [0] * DEPTH, [0] * DEPTH, [0] * 4
        self.pushed = self.loaded = self.freed = self.drained = 0
        self.done = [0, 0]  # groups whose last K-tile is ready, by scheduler
        self.ends = [group for group in plan.groups if group.last_tile]
        self.load_done, self.released, self.rates = False, [0, 0], (1.0, 1.0, 1.0)
        self.walks = (DynamicWalk(plan, self.may_start), StaticWalk(plan, self.may_start))

    def may_start(self, group: Group) -> str:
        """Why work of the group may not be issued yet; empty if it may."""
        if group.number >= self.pushed:
            return "the group is not in the buffer"
        if group.k_tile >= self.loaded - self.load_done:
            return "the weights are not loaded"
        return "" if self._psum_free(group) else "partial sums are still in use"

    def _psum_free(self, group: Group) -> bool:
        """The result drain has emptied the group's entry of the output tile before."""
        if not group.first_tile or self.drained == len(self.ends):
            return True
        leaving = self.ends[self.drained]
        ahead = group.output - leaving.output
        return ahead == 0 or (ahead == 1 and group.index < leaving.index)

    def inputs(self) -> dict[str, int]:
        """The scheduler's inputs of the coming cycle."""
        last = self.ends[-1]
        leaving = self.ends[self.drained] if self.drained < len(self.ends) else None
        return {
            "metas": pack(self.metas, META_W),
            "x_masks": pack(self.x_masks, TILE_K),
            "w_masks": pack(self.w_masks, TILE_K),
            "wr_ptr": self.pushed % (2 * DEPTH),
            "load_done": self.load_done,
            "load_bank": (self.loaded - 1) % 2,
            "drain_cmd": (leaving.output if leaving else last.output + 1) % 4,
            "drain_group": leaving.index if leaving else 0,
        }

    def react(self, seen: Sample) -> None:
        """Follow a cycle and prepare the next one."""
        for side, walk in enumerate(self.walks):
            self.done[side] += walk.follow(seen) is not None
            pointer = (seen.dyn_ptr, seen.sta_ptr)[side]
            self.released[side] += (pointer - self.released[side]) % (2 * DEPTH)
        self._drain()
        self._load(seen.bank_full)
        self._push()

    def _drain(self) -> None:
        if self.drained < min(self.done) and self.rng.random() < self.rates[0]:
            self.drained += 1

    def _load(self, full: int) -> None:
        """Load K-tiles in order, each once its bank is free."""
        while self.freed < self.loaded - self.load_done and not full >> self.freed % 2 & 1:
            last = self.plan.k_tiles[self.freed].last_group
            assert all(walk.passed(last) for walk in self.walks), "bank released too early"
            bank = self.freed % 2
            # From now on the loader may write there: whoever still reads must not see sense.
            for tile in range(2):
                self.w_masks[2 * bank + tile] = int(self.rng.integers(0, 2**63))
            self.freed += 1
        self.load_done = False
        ready = self.loaded < len(self.plan.k_tiles) and self.loaded - self.freed < 2
        if ready and self.rng.random() < self.rates[1]:
            bank = self.loaded % 2
            self.w_masks[2 * bank : 2 * bank + 2] = self.plan.k_tiles[self.loaded].masks
            self.loaded, self.load_done = self.loaded + 1, True

    def _push(self) -> None:
        room = self.pushed - min(self.released) < DEPTH
        if self.pushed < len(self.plan.groups) and room and self.rng.random() < self.rates[2]:
            old = self.pushed - DEPTH
            assert all(walk.passed(old) for walk in self.walks), "group released too early"
            group = self.plan.groups[self.pushed]
            slot = group.number % DEPTH
            self.metas[slot], self.x_masks[slot] = group.meta, group.mask
            self.pushed += 1


def check_cycle(seen: Sample, static: StaticWalk) -> Counter:
    """Rules of a single cycle; returns its events. Called before the walks move on."""
    event = split_event(seen.event)
    dyn_valid, sta_valid = seen.lanes("dyn_valid", 1), seen.lanes("sta_valid", 1)
    swo_quads = len(sta_valid) - len(dyn_valid) // 4
    for quad in range(len(dyn_valid) // 4):
        if sta_valid[swo_quads + quad]:
            assert not any(dyn_valid[4 * quad : 4 * quad + 4]), "a DWO has two products"
            assert static.current.group.dtp, "a DWO runs W_L x_L of a single tile"
    if seen.dyn_flush and seen.sta_flush:
        assert seen.dyn_flush_tile != seen.sta_flush_tile, "two updates of one tile"
    assert event["hh"] + event["hl"] + event["lh"] == sum(dyn_valid), "event counts"
    assert event["ll_swo"] == sum(sta_valid[:swo_quads]), "event counts"
    assert event["ll_dwo"] == sum(sta_valid[swo_quads:]), "event counts"
    return event


@cocotb.test()
@cocotb.parametrize(densities=[(0.0, 0.1, 0.5), (0.0, 0.02), (0.9, 1.0, 0.0)])
async def schedule_random(dut, densities):
    """Random output tiles; group buffer, weights and drain fast or slow by turns."""
    rng, block = seeded(), Block(dut, "sched", INPUTS, OUTPUTS)
    await block.start()
    plan = draw_plan(rng, 24, densities)
    around, events = Surroundings(rng, plan), Counter()
    for step in range(30000):
        if step % 200 == 0:
            around.rates = rng.choice([0.02, 0.3, 1.0], 3, p=[0.1, 0.2, 0.7])
        seen = await block.cycle(**around.inputs())
        events += check_cycle(seen, around.walks[1])
        around.react(seen)
        if all(walk.finished for walk in around.walks):
            break
    assert all(walk.finished for walk in around.walks), f"stuck after {around.pushed} groups"
    for _ in range(20):
        seen = await block.cycle(**around.inputs())
        assert not seen.dyn_valid and not seen.sta_valid, "work out of nothing"
        around.react(seen)
    assert seen.bank_full == 0
    dut._log.info("%d cycles, events %s", step, dict(events))
    assert events["straddle_l"], "the stimulus never let operators straddle destinations"
