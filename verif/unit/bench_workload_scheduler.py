"""The workload scheduler: every product once, from the right place, in an order that is safe."""

from collections import Counter

import cocotb

from verif.unit.chip_structs import split
from verif.unit.harness import Block, Sample, seeded
from verif.unit.schedule_check import DynamicWalk, StaticWalk
from verif.unit.schedule_plan import draw_plan
from verif.unit.schedule_surroundings import INPUTS, Surroundings

OUTPUTS = (
    "dyn_ptr sta_ptr bank_full dyn_valid dyn_next dyn_w_high dyn_x_high dyn_k dyn_slot dyn_bank "
    "dyn_tile sta_valid sta_next sta_quad sta_slot sta_bank sta_tile dyn_flush dyn_flush_tile "
    "dyn_flush_group dyn_flush_shift dyn_flush_wgt_up dyn_final sta_flush sta_flush_tile "
    "sta_flush_group sta_flush_shift sta_final event"
)


def check_cycle(seen: Sample, static: StaticWalk) -> Counter:
    """Rules of a single cycle; returns its events. Called before the walks move on."""
    event = Counter(split("event", seen.event))
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
    assert event["ll_dwo"] == 4 * sum(sta_valid[swo_quads:]), "event counts"
    return event


@cocotb.test()
@cocotb.parametrize(densities=[(0.0, 0.1, 0.5), (0.0, 0.02), (0.9, 1.0, 0.0)])
async def schedule_random(dut, densities):
    """Random output tiles; group buffer, weights and drain fast or slow by turns."""
    rng, block = seeded(), Block(dut, "sched", INPUTS, OUTPUTS)
    await block.start()
    plan = draw_plan(rng, 24, densities)
    around, events = Surroundings(rng, plan, (DynamicWalk, StaticWalk)), Counter()
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
