"""Plays random layers."""

import pyuvm

from verif.sequences.random_layers import Distribution, draw_stimulus
from verif.tests_core.base import CoreTest

__all__ = ["RandomLayers"]


@pyuvm.test()
class RandomLayers(CoreTest):
    """Options: `count` (8) stimuli; `size` (3, 4, 2): see Distribution."""

    async def stimulate(self) -> None:
        options = self.cfg.options
        spread = Distribution(size=tuple(options.get("size", (3, 4, 2))))
        for number in range(options.get("count", 8)):
            await self.play(draw_stimulus(self.rng, self.params, spread, f"random{number}"))
