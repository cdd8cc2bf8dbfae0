"""Plays the named corner cases."""

import pyuvm

from verif.agents.items import StallConfig
from verif.sequences.corners import CORNERS, LONG_CORNERS
from verif.sequences.layer_item import Stimulus
from verif.sequences.random_layers import draw_stalls
from verif.tests_core.base import CoreTest

__all__ = ["Corners"]


@pyuvm.test()
class Corners(CoreTest):
    """Every corner, each as one stimulus, with double tile processing off and on.

    Options: `names` (all quick ones), `stall` (False): random pauses instead of none; `stalls`:
    fields of the StallConfig of all of them.
    """

    async def stimulate(self) -> None:
        options = self.cfg.options
        for name in options.get("names", list(CORNERS)):
            corner = (CORNERS | LONG_CORNERS)[name]
            for dtp in (False, True):
                self.logger.info(f"corner {name}, dtp {dtp}")
                layers = tuple(corner(self.rng, self.params, dtp))
                stalls = StallConfig(**options.get("stalls", {}))
                stalls = draw_stalls(self.rng) if options.get("stall") else stalls
                await self.play(Stimulus(layers=layers, stalls=stalls))
