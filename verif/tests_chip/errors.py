"""Everything that must end a run with an error, and the good program after it."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pyuvm

from models.chip.descriptor import RULES
from models.chip.request import ChipLayer
from models.params import LayerConfig
from verif.agents.chip_items import DECERR, SLVERR, BusConfig
from verif.csr.names import ErrorCode
from verif.env.chip_cover_bus import READS, WRITES, Channels, beat_places
from verif.sequences.broken_programs import (
    break_descriptor,
    corrupt,
    corrupt_table,
    failing_access,
    forget_load,
    keep_block,
    lose_last,
    refuse_access,
    refused_command,
)
from verif.sequences.chip_corners import chained, with_descriptor
from verif.sequences.program_item import Ending, ProgramItem, make_item
from verif.sequences.random_programs import ProgramSpread, draw_bus, draw_program
from verif.tests_chip.base import ChipTest

__all__ = [
    "BadDescriptors",
    "Blocks",
    "BusErrorPlaces",
    "BusErrorTest",
    "BusErrors",
    "CorruptBlocks",
    "Endings",
    "ErrorTest",
]

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

    def deep(self, name: str) -> ProgramItem:
        """A program of one deep layer."""
        return make_item(name, [self.deep_layer(name)], self.params, bus=draw_bus(self.rng))

    def deep_layer(self, name: str) -> ChipLayer:
        """A layer of more K-tiles than a block of its weights or activations may have."""
        core = self.params.core
        k = core.tile_k * max(self.params.wmem_beats, self.params.amem_beats // 2)
        return ChipLayer(
            name=name,
            w=self.rng.integers(-64, 64, (core.rows, k)),
            bias=np.zeros(core.rows, np.int64),
            config=LayerConfig(zp=100),
            x=self.rng.integers(0, 256, (k, core.tile_n)),
            dtp=False,
        )

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
class BusErrorPlaces(ErrorTest):
    """SLVERR and DECERR on the first, some middle and the last beat of a burst of every DMA."""

    async def stimulate(self) -> None:
        item = chained(self.rng, self.params)
        await self.run(item)
        good = self.env.scoreboard.last
        channels, traffic = Channels(good), good.traffic
        for write, names in ((False, READS), (True, WRITES)):
            addresses = traffic.write_addresses if write else traffic.read_addresses
            found: dict[tuple[str, str], int] = {}
            moved, places = channels.of(addresses, write=write), beat_places(traffic, write=write)
            for address, channel, at in zip(addresses.tolist(), moved, places, strict=True):
                for place in at:
                    found.setdefault((channel, place), address)
            assert {channel for channel, _ in found} == set(names)
            for address in found.values():
                for resp in (SLVERR, DECERR):
                    await self.run(refuse_access(item, traffic, address, write=write, resp=resp))
        await self.run(item)


@pyuvm.test()
class Endings(ErrorTest):
    """Every error, early and late in a run, told by interrupt and by polling, with and without
    pauses of what is read."""

    async def stimulate(self) -> None:
        for polled in (False, True):
            for pause in (0, 100):
                bus = BusConfig(r=pause, latency=100, seed=int(self.rng.integers(1, 2**32)))
                for item in self.failing(replace(self.late(), bus=bus)):
                    await self.run(item, polled=polled)
                await self.run(self.draw("after"), polled=polled)

    def failing(self, item: ProgramItem) -> Iterator[ProgramItem]:
        """The program broken in every way, at its start and behind what it writes first."""
        descriptors = item.program.descriptors
        late = next(i for i, d in enumerate(descriptors) if d.k_len > 1)
        alone = replace(item, prog_count=1)
        yield break_descriptor(self.rng, item, 2)
        image = with_descriptor(alone, 0, kind=0).image
        ending = Ending.failing(ErrorCode.bad_descriptor, detail=1, descriptor=0)
        yield replace(alone, image=image, ending=ending)
        for number in (0, late):
            yield refused_command(item, number=number)
            yield forget_load(item, "w", number=number)
        yield keep_block(item, "w", first=late)
        yield lose_last(item, first=late)

    def late(self) -> ProgramItem:
        """Many small output tiles, then a layer whose blocks are too large to be kept."""
        deep = self.deep_layer("deep")
        small = replace(deep, name="small", w=deep.w[:, :1], x=np.tile(deep.x[:1], (1, 12)))
        return make_item("late", [small, deep], self.params)


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


@pyuvm.test()
class Blocks(ErrorTest):
    """Blocks to be kept that exceed their memory, blocks never loaded, lists without an end."""

    count = 3

    async def stimulate(self) -> None:
        for name in self.names("block"):
            for side in ("w", "x"):
                await self.fail(keep_block(self.deep(name), side))
                await self.fail(forget_load(self.deep(name), side))
            await self.fail(lose_last(self.deep(name)))
