"""The descriptor check against the model: every bit, every rule alone, every pair of rules."""

from dataclasses import replace

import cocotb

from models.chip.descriptor import DESCRIPTOR_BYTES, RULES, Descriptor, legality
from models.chip.params import ChipParams
from models.params import CoreParams
from verif.unit.chip_structs import break_rule, draw_legal
from verif.unit.harness import Block, seeded

INPUTS = "desc last prev_open prev_dtp prev_gs prev_groups"


class Check:
    """The block, the chip's sizes, and how often each verdict was seen."""

    def __init__(self, dut) -> None:
        self.block = Block(dut, "k", INPUTS, "gives bad")
        self.dut, self.rng, self.seen = dut, seeded(), dict.fromkeys([0, *RULES], 0)

    async def start(self) -> None:
        """Reset the top and look at its sizes."""
        await self.block.start()
        core = CoreParams(num_pea=int(self.dut.num_pea.value), tile_n=int(self.dut.tile_n.value))
        self.params = ChipParams(core=core)

    async def judge(self, d: Descriptor, previous: Descriptor | None, *, last: bool) -> int:
        """One descriptor; the block's verdict, which must be the model's."""
        before = previous or Descriptor(k_len=1, groups=1)
        seen = await self.block.cycle(
            desc=int.from_bytes(d.pack(), "little"), last=last, prev_open=not before.gives,
            prev_dtp=before.dtp, prev_gs=before.apsq & 7, prev_groups=before.groups,
        )  # fmt: skip
        expected = legality(d, previous, self.params, last=last)
        assert seen.bad == expected, f"{seen.bad}, not {expected}: {d} after {previous}, {last=}"
        assert seen.gives == d.gives, d
        self.seen[expected] += 1
        return expected


@cocotb.test()
async def check_every_bit(dut):
    """Each of the 1024 bits of a legal descriptor flipped, in the last pass and in others."""
    check = Check(dut)
    await check.start()
    for last in (True, False):
        previous = draw_legal(check.rng, check.params)
        legal = draw_legal(check.rng, check.params, previous, last=last)
        value = int.from_bytes(legal.pack(), "little")
        for bit in range(8 * DESCRIPTOR_BYTES):
            flipped = (value ^ 1 << bit).to_bytes(DESCRIPTOR_BYTES, "little")
            await check.judge(Descriptor.unpack(flipped), previous, last=last)
    assert check.seen[1] > 500 and check.seen[5] > 200, "the model sees too little"


@cocotb.test()
async def check_rules(dut):
    """Legal descriptors, each rule broken alone, and any two: the lower number is told."""
    check = Check(dut)
    await check.start()
    rng, params = check.rng, check.params
    for first in [0, *RULES]:
        for second in [0, *(rule for rule in RULES if rule > first)]:
            told = set()
            for _ in range(12):
                previous = replace(draw_legal(rng, params), more=True)
                d = draw_legal(rng, params, previous, last=True)
                for rule in filter(None, (first, second)):
                    d = break_rule(rng, rule, d, params)
                told.add(await check.judge(d, previous, last=True))
                await check.judge(d, previous, last=False)
            # A pass that is not the last has no rows and no format to break.
            wanted = {second if second == 10 and first in (0, 7, 8) else first or second}
            # The second break may undo the first, in the same field; not always.
            assert told == wanted if 0 in (first, second) else told & wanted, (first, second)
    assert min(check.seen.values()) > 0


@cocotb.test()
async def check_limits(dut):
    """All values of the fields with ranges, under every flag that changes the range."""
    check = Check(dut)
    await check.start()
    for dtp in (False, True):
        for more in (False, True):
            legal = replace(draw_legal(check.rng, check.params), dtp=dtp, more=more, raw=False)
            legal = replace(legal, rows=1, y_slices=2, y_dbs=1)
            for value in range(256):
                for last in (False, True):
                    await check.judge(replace(legal, rows=value), None, last=last)
                    await check.judge(replace(legal, groups=value), None, last=last)
            for value in range(16):
                form = {"y_slices": value % 4, "y_dbs": value // 4}
                for raw in (False, True):
                    await check.judge(replace(legal, **form, raw=raw), None, last=False)
