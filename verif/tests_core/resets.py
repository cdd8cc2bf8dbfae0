"""Resets in the middle of work."""

import cocotb
import pyuvm

from verif.sequences.play import PlaySequence
from verif.sequences.random_layers import Distribution, draw_stimulus
from verif.tests_core.base import CoreTest

__all__ = ["Resets"]


@pyuvm.test()
class Resets(CoreTest):
    """After a reset at any moment the core works as if nothing had been before.

    Options: `count` (10) resets.
    """

    async def stimulate(self) -> None:
        spread = Distribution(size=(2, 3, 1), commands=3)
        cut = 0
        for number in range(self.cfg.options.get("count", 10)):
            victim = draw_stimulus(self.rng, self.params, spread, f"victim{number}")
            task = cocotb.start_soon(PlaySequence(self.env, victim).start())
            await self.env.control.cycles(int(self.rng.integers(3, 400)))
            if not task.done():
                task.cancel()
                cut += 1
            await self.restart()
            await self.play(draw_stimulus(self.rng, self.params, spread, f"after{number}"))
        assert cut, "no reset hit work in flight"
