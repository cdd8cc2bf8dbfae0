"""Programs that random ones seldom are."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import pyuvm

from models.chip.request import ChipLayer
from models.params import LayerConfig
from verif.agents.chip_items import BusConfig
from verif.sequences.chip_corners import CHIP_CORNERS
from verif.sequences.program_item import expected_results, make_item
from verif.sequences.random_programs import scaled_output
from verif.tests_chip.base import ChipTest

__all__ = ["LatePadding", "Named", "Smallest", "Timed"]

BIAS = 2**20


class CornerTest(ChipTest):
    """Base: layers of given shapes."""

    def layer(self, shape: tuple[int, int, int], cfg: LayerConfig, **fields: bool) -> ChipLayer:
        """A layer of random operands (M, K, N); `fields` as ChipLayer takes them."""
        m, k, n = shape
        limit = 2 ** (cfg.w_bits - 1)
        return ChipLayer(
            name="corner",
            w=self.rng.integers(-limit, limit, (m, k)),
            bias=self.rng.integers(-BIAS, BIAS, m),
            config=cfg,
            x=self.rng.integers(0, 2**cfg.x_bits, (k, n)),
            **fields,
        )

    def quantised(self, layer: ChipLayer, cfg: LayerConfig) -> ChipLayer:
        """The layer with an output of a format."""
        y = expected_results([layer])[layer.name]
        return replace(layer, output=scaled_output(self.rng, y, cfg))

    def formats(self) -> Iterator[LayerConfig]:
        """All widths."""
        for w_bits, x_bits in product((4, 7, 10), (4, 8, 12)):
            yield LayerConfig(w_bits=w_bits, x_bits=x_bits, zp=2 ** (x_bits - 1))

    async def play(self, layer: ChipLayer, **bus: int | bool) -> None:
        """Run one layer."""
        seed = int(self.rng.integers(0, 2**32))
        await self.run(make_item("corner", [layer], self.params, bus=BusConfig(seed=seed, **bus)))


@pyuvm.test()
class Smallest(CornerTest):
    """One row, one K, one column, raw and quantised, in all widths."""

    async def stimulate(self) -> None:
        for cfg in self.formats():
            layer = self.layer((1, 1, 1), cfg)
            await self.play(layer)
            await self.play(self.quantised(layer, replace(cfg, w_bits=7)))


@pyuvm.test()
class LatePadding(CornerTest):
    """Few valid rows in the last tile: they are in memory while the core still waits for the
    weights of the padding, because memory reads slowly and writes fast; then on an ideal memory,
    where the cycles are known."""

    async def stimulate(self) -> None:
        core = self.params.core
        for number in range(12):
            dtp = bool(number % 2)
            m = core.rows + 1 if dtp else 2 * core.rows + 1
            cfg = LayerConfig(w_bits=4 + 3 * (number % 3), x_bits=4)
            layer = self.layer((m, 3 * core.tile_k + 1, 4), cfg, dtp=dtp)
            item = self.quantised(layer, cfg)
            await self.play(item, r=220, burst=bool(number % 4 > 1))
            await self.play(item)


@pyuvm.test()
class Timed(CornerTest):
    """Layers that keep every part of the chip waiting for another one, on an ideal memory, where
    the cycles are known: many short commands, weights of several requests, raw and quantised."""

    async def stimulate(self) -> None:
        core = self.params.core
        cfg = LayerConfig(zp=128)
        for depth in (1, 16 * core.tile_k):
            layer = self.layer((2 * core.rows, depth, core.tile_n), cfg, dtp=False)
            await self.play(layer)
            await self.play(self.quantised(layer, cfg))


@pyuvm.test()
class Named(ChipTest):
    """Every corner program. Options: `names` (all of them), `every` (1): one of so many."""

    async def stimulate(self) -> None:
        for name in self.cfg.options.get("names", list(CHIP_CORNERS)):
            self.logger.info(f"corner {name}")
            items = CHIP_CORNERS[name](self.rng, self.params)
            for item in items[:: self.cfg.options.get("every", 1)]:
                await self.run(item)
