"""The thinnest path: one small layer, then the registers that tell what the chip is."""

import pyuvm

from models.chip.request import ChipLayer
from models.params import LayerConfig
from verif.agents.chip_items import BusConfig
from verif.sequences.chip_run import RegisterSequence
from verif.sequences.program_item import make_item
from verif.tests_chip.base import ChipTest

__all__ = ["Smoke"]


@pyuvm.test()
class Smoke(ChipTest):
    """A layer a little larger than one tile in every direction, on an ideal memory and on one
    that pauses; by interrupt and by polling; at address 0 and near the top."""

    async def stimulate(self) -> None:
        await self._parameters()
        core = self.params.core
        m, k, n = core.rows + 3, core.tile_k + 5, core.tile_n + 2
        layer = ChipLayer(
            name="smoke",
            w=self.rng.integers(-64, 64, (m, k)),
            bias=self.rng.integers(-(2**20), 2**20, m),
            config=LayerConfig(zp=130),
            x=self.rng.integers(0, 256, (k, n)),
        )
        for base, stall, polled in ((0, 0.0, False), (0, 0.3, False), (0xFF_FE00_0000, 0.0, True)):
            self.env.control.place(base)
            bus = BusConfig.uniform(stall, seed=int(self.rng.integers(0, 2**32)))
            item = make_item("smoke", [layer], self.params, base=base, bus=bus)
            await self.run(item, polled=polled, upper=True)

    async def _parameters(self) -> None:
        core, params = self.params.core, self.params
        expected = {
            "PARAM_CORE": core.num_swo << 16 | core.num_dwo << 8 | core.num_pea,
            "PARAM_TILE": core.tile_n << 16 | core.tile_k,
            "PARAM_WMEM": params.wmem_bytes,
            "PARAM_AMEM": params.amem_bytes,
            "PARAM_OMEM": params.omem_bytes,
            "IRQ_STATUS": 0,
        }
        registers = RegisterSequence(self.env, "parameters")
        for name, value in expected.items():
            got = await registers.read(name)
            assert got == value, f"{name} is {got:#x}, expected {value:#x}"
