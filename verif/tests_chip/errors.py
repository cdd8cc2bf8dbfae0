"""Everything that must end a run with an error, and the good program after it."""

from collections.abc import Iterator
from dataclasses import replace

import pyuvm

from models.chip.descriptor import RULES
from verif.agents.chip_items import DECERR, SLVERR
from verif.csr.names import ErrorCode
from verif.sequences.broken_programs import (
    break_descriptor,
    corrupt,
    corrupt_table,
    failing_access,
)
from verif.sequences.program_item import Ending, ProgramItem
from verif.sequences.random_programs import ProgramSpread, draw_program
from verif.tests_chip.base import ChipTest

__all__ = ["BadDescriptors", "BusErrorTest", "BusErrors", "CorruptBlocks", "ErrorTest"]

SPREAD = ProgramSpread(size=(2, 3, 1), layers=3)


class ErrorTest(ChipTest):
    """Base: programs that fail, each followed by one that must be right.

    Options: `count` (see the test) programs that fail, or of each kind.
    """

    count = 10

    def draw(self, name: str) -> ProgramItem:
        """A random program with pauses."""
        return draw_program(self.rng, self.params, SPREAD, name)

    def names(self, kind: str) -> Iterator[str]:
        """Names of the programs to fail."""
        for number in range(self.cfg.options.get("count", self.count)):
            yield f"{kind}{number}"

    async def fail(self, item: ProgramItem) -> ErrorCode:
        """Run a program that fails, then a good one; returns how the first one ended."""
        await self.run(item)
        ended = self.env.scoreboard.outcomes[-1].code
        await self.run(self.draw(f"{item.name}.after"))
        return ended


@pyuvm.test()
class BadDescriptors(ErrorTest):
    """Every rule, at any descriptor."""

    count = 4

    async def stimulate(self) -> None:
        for rule in RULES:
            for name in self.names(f"rule{rule}."):
                broken = None
                while broken is None:
                    broken = break_descriptor(self.rng, self.draw(name), rule)
                await self.fail(broken)
        item = self.draw("empty")
        await self.fail(replace(item, prog_count=0, ending=Ending(results=False)))


class BusErrorTest(ErrorTest):
    """Base: SLVERR and DECERR on any read beat and any write burst of a program."""

    count = 8

    async def stimulate(self) -> None:
        for write in (False, True):
            for resp in (SLVERR, DECERR):
                for name in self.names(f"{'write' if write else 'read'}{resp}."):
                    item = self.draw(name)
                    await self.run(item)
                    good = self.env.scoreboard.last.traffic
                    await self.fail(failing_access(self.rng, item, good, write=write, resp=resp))


@pyuvm.test()
class BusErrors(BusErrorTest):
    """On the testbench's own memory."""


@pyuvm.test()
class CorruptBlocks(ErrorTest):
    """Wrong bits in blocks, tables and parameters: no hang, no write elsewhere."""

    count = 30

    async def stimulate(self) -> None:
        ended = [await self.fail(corrupt(self.rng, self.draw(name))) for name in self.names("c")]
        assert ErrorCode.none in ended, "every corruption was noticed: none was subtle"
        assert len(set(ended)) > 1, "no corruption was noticed"
        for name in self.names("table"):
            broken = None
            while broken is None:
                broken = corrupt_table(self.rng, self.draw(name))
            await self.fail(broken)
