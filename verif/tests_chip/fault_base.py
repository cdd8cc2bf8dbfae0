"""What the chip's planted faults share."""

from dataclasses import replace

import numpy as np
from pyuvm import uvm_factory

from models.chip.request import ChipLayer
from models.params import LayerConfig
from verif.agents.bus_traffic import BusTraffic
from verif.agents.chip_items import RunItem
from verif.agents.run_collector import RunCollector
from verif.sequences.operands import draw_mask
from verif.sequences.program_item import ProgramItem, expected_results, make_item
from verif.sequences.random_programs import scaled_output
from verif.tests_chip.base import ChipTest

__all__ = ["FaultTest", "changed_readout", "changed_records"]


class FaultTest(ChipTest):
    """Runs two chained layers in an env with a part replaced through the factory."""

    original: type = RunCollector
    replacement: type = RunCollector

    def build_phase(self) -> None:
        uvm_factory().set_type_override_by_type(self.original, self.replacement)
        super().build_phase()

    async def stimulate(self) -> None:
        await self.run(self.item())

    def item(self) -> ProgramItem:
        """A layer whose codes are the next layer's input."""
        core, cfg = self.params.core, LayerConfig(zp=100)
        mask = draw_mask(self.rng, core.rows, core.tile_k, 0.5, 3.0)
        first = ChipLayer(
            name="first",
            w=np.where(mask, 3, self.rng.integers(-64, 64, mask.shape)),
            bias=self.rng.integers(-(2**20), 2**20, core.rows),
            config=cfg,
            x=self.rng.integers(0, 256, (core.tile_k, 8)),
        )
        y = expected_results([first])["first"]
        first = replace(first, output=scaled_output(self.rng, y, cfg))
        second = ChipLayer(
            name="second",
            w=self.rng.integers(-64, 64, (core.rows, core.rows)),
            bias=np.zeros(core.rows, np.int64),
            config=cfg,
            source="first",
        )
        return make_item("fault", [first, second], self.params)


def changed_records(item: RunItem, records: np.ndarray) -> RunItem:
    """The run with other bus records."""
    return replace(item, traffic=BusTraffic(records))


def changed_readout(item: RunItem, address: int, value: int) -> RunItem:
    """The run with another value read from a register."""
    return replace(item, readout=item.readout | {address: value})
