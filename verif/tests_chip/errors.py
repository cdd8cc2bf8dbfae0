"""Everything that must end a run with an error, and the good program after it."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import numpy as np
import pyuvm

from models.chip.descriptor import RULES
from models.chip.request import ChipLayer
from models.params import LayerConfig
from verif.agents.bus_traffic import BusTraffic
from verif.agents.chip_items import DECERR, SLVERR, BusConfig
from verif.csr.names import ErrorCode
from verif.env.chip_cover_bus import READS, WRITES, Channels, beat_places
from verif.env.chip_env import ChipEnv
from verif.sequences.broken_programs import (
    break_descriptor,
    corrupt,
    corrupt_header,
    corrupt_table,
    cut_short,
    failing_access,
    forget_load,
    keep_block,
    lose_last,
    read_as_dense,
    refuse_access,
    refused_command,
    run_past,
)
from verif.sequences.chip_corners import chained, with_descriptor
from verif.sequences.chip_run import RegisterSequence
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

    def draw(self, name: str, base: int = 0) -> ProgramItem:
        """A random program with pauses, at a base address."""
        return draw_program(self.rng, self.params, SPREAD, name, base)

    def names(self, kind: str) -> Iterator[str]:
        """Names of the programs to fail."""
        for number in range(self.cfg.options.get("count", self.count)):
            yield f"{kind}{number}"

    def deep(self, name: str) -> ProgramItem:
        """A program of one deep layer."""
        return self._of_one(self.deep_layer(name))

    def short_lists(self, name: str) -> ProgramItem:
        """A program whose weights have lists of a word, for two sub-tiles: shorter than dense ones
        by a beat in every K-tile."""
        return self._of_one(self.deep_layer(name, reach=8, dtp=True))

    def _of_one(self, layer: ChipLayer) -> ProgramItem:
        return make_item(layer.name, [layer], self.params, bus=draw_bus(self.rng))

    def deep_layer(self, name: str, *, reach: int = 64, dtp: bool = False) -> ChipLayer:
        """A layer of more K-tiles than a block of its weights or activations may have, of weights
        below `reach`."""
        core = self.params.core
        k = core.tile_k * max(self.params.wmem_beats, self.params.amem_beats // 2)
        rows = core.rows * (2 if dtp else 1)
        return ChipLayer(
            name=name,
            w=self.rng.integers(-reach, reach, (rows, k)),
            bias=np.zeros(rows, np.int64),
            config=LayerConfig(zp=100),
            x=self.rng.integers(0, 256, (k, core.tile_n)),
            dtp=dtp,
            dense=False,
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
    """Every error, at the start of a run, while it loads and behind what it writes first; told by
    interrupt and by polling, with and without pauses of what is read."""

    async def stimulate(self) -> None:
        core = self.params.core
        deep = self.deep_layer("deep")
        small = replace(deep, name="small", w=deep.w[:, :1], x=np.tile(deep.x[:1], (1, 12)))
        wide = replace(small, config=LayerConfig(w_bits=10), w=small.w, x=small.x[:, : core.tile_n])
        layers = {"late": [small, deep], "deep": [deep], "wide": [wide]}
        for polled, pause in product((False, True), (0, 100)):
            bus = BusConfig(r=pause, latency=100, seed=int(self.rng.integers(1, 2**32)))
            items = {
                name: make_item(name, one, self.params, bus=bus) for name, one in layers.items()
            }
            await self.run(items["late"])
            good = self.env.scoreboard.last.traffic
            for item in (*self.refused(items["late"], good), *self.broken(**items)):
                await self.run(item, polled=polled)
            aborted = replace(items["wide"], ending=Ending.failing(ErrorCode.aborted))
            await self.run(aborted, polled=polled, during=self._abort)
            await self.run(self.draw("after"), polled=polled)

    def refused(self, item: ProgramItem, good: BusTraffic) -> Iterator[ProgramItem]:
        """The first read, the last one and a write answered with errors."""
        reads, write = good.read_addresses, int(good.write_addresses[0])
        for address in (int(reads[0]), int(reads[-1])):
            yield refuse_access(item, good, address, write=False, resp=SLVERR)
        yield refuse_access(item, good, write, write=True, resp=SLVERR)

    def broken(
        self, late: ProgramItem, deep: ProgramItem, wide: ProgramItem
    ) -> Iterator[ProgramItem]:
        """Programs broken in every way; `late` has a deep layer behind many small output tiles,
        `wide` two passes for each of its tiles."""
        behind = next(i for i, d in enumerate(late.program.descriptors) if d.k_len > 1)
        for number in (0, 4, behind):
            ending = Ending.failing(ErrorCode.bad_descriptor, detail=1, descriptor=number)
            yield replace(with_descriptor(late, number, kind=0), ending=ending)
        yield replace(with_descriptor(late, 0, kind=0), prog_count=1, ending=replace(
            ending, descriptor=0
        ))  # fmt: skip
        yield refused_command(late)
        yield refused_command(wide, number=1)
        yield refused_command(late, number=behind)
        yield forget_load(late, "w")
        yield forget_load(late, "w", number=behind)
        yield forget_load(late, "w", more=7)  # all that can queue up waits
        for item, first in ((deep, 0), (late, behind)):
            yield keep_block(item, "w", first=first)
            yield lose_last(item, first=first)

    async def _abort(self, env: ChipEnv) -> None:
        await RegisterSequence(env, "abort").write("CTRL", 2)


@pyuvm.test()
class CorruptBlocks(ErrorTest):
    """Wrong bits in blocks, tables and parameters: no hang, no write elsewhere."""

    count = 30

    async def stimulate(self) -> None:
        ended = [await self.fail(corrupt(self.rng, self.draw(name))) for name in self.names("c")]
        assert ErrorCode.none in ended, "every corruption was noticed: none was subtle"
        assert len(set(ended)) > 1, "no corruption was noticed"
        assert await self.fail(run_past(self.deep("run"))) == ErrorCode.core_error
        await self.fail(corrupt_header(self.draw("header")))
        for name in self.names("table"):
            broken = None
            while broken is None:
                broken = corrupt_table(self.rng, self.draw(name))
            await self.fail(broken)


@pyuvm.test()
class Blocks(ErrorTest):
    """Blocks to be kept that exceed their memory, blocks never loaded, lists without an end or in
    another form."""

    count = 3

    async def stimulate(self) -> None:
        for name in self.names("block"):
            for side in ("w", "x"):
                await self.fail(keep_block(self.deep(name), side))
                await self.fail(forget_load(self.deep(name), side))
            await self.fail(lose_last(self.deep(name)))
            await self.fail(read_as_dense(self.short_lists(name)))
            await self.fail(cut_short(self.deep(name)))
