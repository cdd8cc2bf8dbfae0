"""Bits that small programs at small addresses leave alone."""

from dataclasses import replace

import numpy as np
import pyuvm

from models.chip.request import ChipLayer
from models.params import LayerConfig
from verif.agents.chip_items import BusConfig
from verif.csr.names import ADDRESS
from verif.sequences.broken_programs import wild
from verif.sequences.chip_corners import chained
from verif.sequences.chip_run import RegisterSequence, access
from verif.sequences.program_item import ProgramItem, make_item
from verif.tests_chip.errors import ErrorTest

__all__ = ["Wires"]

ODD, EVEN = 0x5555_5555_5555_5555, 0xAAAA_AAAA_AAAA_AAAA
TILES = 515
BASES = (0, ODD & 0xFF_FFFF_F000, EVEN & 0xFF_FFFF_F000, 0)


@pyuvm.test()
class Wires(ErrorTest):
    """Every bit of addresses, lengths and strides, and of the register bus, rises and falls."""

    async def stimulate(self) -> None:
        for number, base in enumerate(BASES):
            self.env.control.place(base)
            await self.run(chained(self.rng, self.params, base))
            item = self.draw(f"moved{number}", base)
            await self.run(item)
        await self.run(self.deep("deep"))
        await self.run(self._many_tiles())
        while not item.program.descriptors[0].gives:  # only then has it a job of the result DMA
            item = self.draw("giving", BASES[-1])
        for pattern in (ODD, EVEN, ODD | EVEN):  # all outside of a memory at 0
            await self.run(replace(wild(item, pattern), bus=BusConfig(latency=50)))
            await self.run(item)
        await self._registers()

    def _many_tiles(self) -> ProgramItem:
        """A program of more than 512 descriptors, as small as they can be."""
        core = self.params.core
        layer = ChipLayer(
            name="tiles",
            w=np.ones((1, 1), np.int64),
            bias=np.zeros(1, np.int64),
            config=LayerConfig(),
            x=self.rng.integers(0, 256, (1, TILES * core.tile_n)),
        )
        return make_item("tiles", [layer], self.params)

    async def _registers(self) -> None:
        registers = RegisterSequence(self.env, "wires")
        for pattern in (ODD, EVEN, ODD | EVEN, 0):
            for name in ("PROG_ADDR_LO", "PROG_ADDR_HI", "PROG_COUNT"):
                await registers.write(name, pattern & 0xFFFFFFFF)
                await registers.read(name)
            address = pattern & 0xFFF
            if address and address not in ADDRESS.values():
                for write in (False, True):
                    assert not (await access(self.env, write=write, address=address)).okay
        for strobes in (0x5, 0xA):
            await access(self.env, write=True, address=ADDRESS["PROG_COUNT"], strobes=strobes)
