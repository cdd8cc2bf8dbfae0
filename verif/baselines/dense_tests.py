"""The tests of the dense cores; layers come from where those of the AQS-GEMM core come from."""

import cocotb
import pyuvm

from models.params import CoreParams
from verif.agents.items import StallConfig
from verif.baselines.dense_base import DenseTest
from verif.baselines.dense_corners import DENSE_CORNERS
from verif.baselines.dense_items import DenseStimulus, dense_layers
from verif.sequences.corners import CORNERS
from verif.sequences.random_layers import Distribution, draw_stimulus

__all__ = ["Corners", "RandomLayers", "Resets", "Stalls"]

SIZES = CoreParams(num_pea=2, tile_k=16, tile_n=16)
"""What the layers' sizes are drawn around."""


def _draw(test: DenseTest, spread: Distribution, name: str) -> DenseStimulus:
    """A random stimulus of the AQS-GEMM core that has a layer of eight bits at most."""
    layers = ()
    while not layers:
        drawn = draw_stimulus(test.rng, SIZES, spread, name)
        layers = dense_layers(drawn.layers, test.params)
    return DenseStimulus(layers=layers, stalls=drawn.stalls)


@pyuvm.test()
class RandomLayers(DenseTest):
    """Options: `count` (8) stimuli; `size` (8, 8, 4): see Distribution."""

    async def stimulate(self) -> None:
        spread = Distribution(size=tuple(self.cfg.options.get("size", (8, 8, 4))))
        for number in range(self.cfg.options.get("count", 8)):
            await self.play(_draw(self, spread, f"random{number}"))


@pyuvm.test()
class Corners(DenseTest):
    """Every corner of the AQS-GEMM core, and those of the dense ones, each without a pause.

    Options: `names` (all).
    """

    async def stimulate(self) -> None:
        options = self.cfg.options
        for name in options.get("names", [*CORNERS, *DENSE_CORNERS]):
            self.logger.info(f"corner {name}")
            if name in DENSE_CORNERS:
                layers = DENSE_CORNERS[name](self.rng, self.params)
            else:
                layers = dense_layers(CORNERS[name](self.rng, SIZES, False), self.params)
            if layers:  # some corners are about wider operands
                await self.play(DenseStimulus(layers=tuple(layers)))


@pyuvm.test()
class Stalls(DenseTest):
    """The corners of the dense cores with each stream slow in turn, and all of them."""

    async def stimulate(self) -> None:
        for levels in ((200, 0, 0), (0, 200, 0), (0, 0, 240), (40, 40, 40)):
            for name, corner in DENSE_CORNERS.items():
                self.logger.info(f"corner {name}, pauses {levels}")
                stalls = StallConfig(
                    **dict(zip(("command", "activations", "results"), levels, strict=True)),
                    garbage=levels[0] == 0,
                    seed=int(self.rng.integers(0, 2**32)),
                )
                layers = tuple(corner(self.rng, self.params))
                if layers:  # a corner may be of one dataflow
                    await self.play(DenseStimulus(layers=layers, stalls=stalls))


@pyuvm.test()
class Resets(DenseTest):
    """After a reset at any moment the core works as if nothing had been before.

    Options: `count` (10) resets.
    """

    async def stimulate(self) -> None:
        spread = Distribution(size=(2, 3, 1), commands=3)
        cut = 0
        for number in range(self.cfg.options.get("count", 10)):
            victim = _draw(self, spread, f"victim{number}")
            task = cocotb.start_soon(self.play(victim))
            await self.env.control.cycles(int(self.rng.integers(3, 400)))
            if not task.done():
                task.cancel()
                cut += 1
            await self.restart()
            await self.play(_draw(self, spread, f"after{number}"))
        assert cut, "no reset hit work in flight"
