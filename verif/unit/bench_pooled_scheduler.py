"""The scheduler of pooled operators: every product once, in order, from the right place."""

from collections import Counter

import cocotb

from verif.unit.chip_structs import split
from verif.unit.harness import Block, Sample, seeded
from verif.unit.schedule_check import KINDS, PooledWalk
from verif.unit.schedule_plan import draw_plan, leftovers_plan
from verif.unit.schedule_surroundings import INPUTS, Surroundings

FIELDS = (
    "ptr", "valid", "next", "w_high", "x_high", "at", "quad", "slot", "bank", "tile", "flush",
    "flush_tile", "flush_group", "flush_shift", "flush_wgt_up", "final",
)  # fmt: skip
OUTPUTS = f"bank_full event {' '.join(f'pool_{field}' for field in FIELDS)}"
COUNTED = {"HH": "hh", "HL": "hl", "LH": "lh", "LL": "ll_dwo"}


def check_cycle(seen: Sample, walk: PooledWalk) -> Counter:
    """Rules of a single cycle; returns its events. Called before the walk moves on."""
    event = Counter(split("event", seen.event))
    lanes = [seen.lanes(f"pool_{name}", 1) for name in ("valid", "next", "w_high", "x_high")]
    issued = [what for on, *what in zip(*lanes, strict=True) if on]
    assert lanes[0] == sorted(lanes[0], reverse=True), "an operator idles before one with work"
    kinds = Counter(KINDS[w_high, x_high] for _, w_high, x_high in issued)
    assert all(event[name] == kinds[kind] for kind, name in COUNTED.items()), "event counts"
    straddles = {is_next for is_next, *_ in issued} == {0, 1}
    assert event["straddle_d"] == straddles, "event counts"
    if walk.begun and len(walk.current.products) >= len(lanes[0]):
        assert all(lanes[0]), "an operator idles in the middle of a destination"
    assert not event["ll_swo"] and not event["straddle_l"] and not event["flush_wait"]
    return event


async def start(dut) -> Block:
    """The scheduler, out of reset."""
    block = Block(dut, "sched", f"{INPUTS} drain_dtp", OUTPUTS)
    await block.start()
    return block


@cocotb.test()
@cocotb.parametrize(densities=[(0.0, 0.1, 0.5), (0.0, 0.02), (0.9, 1.0, 0.0)])
async def pooled_random(dut, densities):
    """Random output tiles; group buffer, weights and drain fast or slow by turns."""
    rng, block = seeded(), await start(dut)
    plan = draw_plan(rng, 10, densities, widest=True)
    around, events = Surroundings(rng, plan, (PooledWalk,), take_turns=True), Counter()
    (walk,) = around.walks
    for step in range(30000):
        if step % 200 == 0:
            around.rates = rng.choice([0.02, 0.3, 1.0], 3, p=[0.1, 0.2, 0.7])
        seen = await block.cycle(**around.inputs())
        events += check_cycle(seen, walk)
        around.react(seen)
        if walk.finished:
            break
    assert walk.finished, f"stuck after {around.pushed} groups"
    for _ in range(20):
        seen = await block.cycle(**around.inputs())
        assert not seen.pool_valid, "work out of nothing"
        around.react(seen)
    assert seen.bank_full == 0
    dut._log.info("%d cycles, events %s", step, dict(events))
    assert events["straddle_d"], "the stimulus never let operators straddle destinations"


@cocotb.test()
async def pooled_leftovers(dut):
    """Groups that come one by one, with 12 to 23 products: 12 at once, what is left at the end."""
    block = await start(dut)
    around = Surroundings(seeded(), leftovers_plan(), (PooledWalk,), take_turns=True)
    (walk,), ends = around.walks, []
    for _ in range(200):
        around.rates = (1.0, 1.0, float(around.pushed == around.released[0]))
        seen = await block.cycle(**around.inputs())
        check_cycle(seen, walk)
        around.react(seen)
        if seen.pool_flush:
            ends.append(sum(seen.lanes("pool_valid", 1)))
        if walk.finished:
            break
    assert ends == list(range(12))
