"""The thinnest path: one small layer, one command or a few."""

import numpy as np
import pyuvm

from models.params import LayerConfig
from verif.sequences.layer_item import Stimulus, make_layer
from verif.tests_core.base import CoreTest

__all__ = ["Smoke"]


@pyuvm.test()
class Smoke(CoreTest):
    """A layer a little larger than one tile in every direction."""

    async def stimulate(self) -> None:
        m, k, n = self.params.rows + 3, self.params.tile_k + 5, self.params.tile_n + 2
        w = self.rng.integers(-64, 64, (m, k))
        x = self.rng.integers(0, 256, (k, n))
        bias = self.rng.integers(-(2**20), 2**20, m)
        cfg = LayerConfig(zp=130)
        assert w.dtype == np.int64
        for dtp in (False, True):
            layer = make_layer("smoke", w, x, bias, cfg, self.params, dtp=dtp)
            await self.play(Stimulus(layers=(layer,)))
