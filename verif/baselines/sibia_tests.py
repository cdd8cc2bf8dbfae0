"""Tests of the Sibia-style core."""

from dataclasses import replace

import cocotb
import numpy as np
import pyuvm
from pyuvm import uvm_test

from models.baselines.sibia import Skip
from models.networks.cases import load_cases
from verif.agents.control import run_seed
from verif.agents.items import StallConfig
from verif.baselines.sibia_build import SibiaConfig
from verif.baselines.sibia_env import SibiaEnv
from verif.baselines.sibia_item import SibiaItem, SibiaStimulus
from verif.baselines.sibia_layers import LONG_SIBIA_CORNERS, SIBIA_CORNERS, draw_sibia, real_item
from verif.sequences.random_layers import draw_stalls

__all__ = ["Corners", "Illegal", "RandomLayers", "RealLayers", "Resets", "SibiaTest"]


class SibiaTest(uvm_test):
    """Base of the tests: a subclass plays its stimuli in `stimulate`."""

    def build_phase(self) -> None:
        self.cfg = SibiaConfig.load()
        self.params = self.cfg.params
        self.rng = np.random.default_rng(run_seed())
        self.cdb_set("params", self.params)
        self.env = SibiaEnv.create("env", self)

    async def run_phase(self) -> None:
        self.raise_objection()
        await self.env.restart()
        await self.stimulate()
        await self.env.control.flush()
        self.drop_objection()

    async def stimulate(self) -> None:
        """Play the test's stimuli."""
        raise NotImplementedError

    def check_phase(self) -> None:
        problems = self.env.collector.leftovers()
        if self.env.control.error:
            problems.insert(0, f"err_o is {self.env.control.error:02b}")
        if problems:
            raise AssertionError("; ".join(problems))


@pyuvm.test()
class Corners(SibiaTest):
    """Every corner as one stimulus, each operand being skipped.

    Options: `names` (all), `stall` (False): random pauses instead of none; `stalls`: fields of the
    StallConfig of all of them.
    """

    async def stimulate(self) -> None:
        corners = SIBIA_CORNERS | LONG_SIBIA_CORNERS
        for name in self.cfg.options.get("names", list(SIBIA_CORNERS)):
            for skip in Skip:
                self.logger.info(f"corner {name}, skips {skip.name}")
                items = tuple(corners[name](self.rng, self.params, skip))
                stalls = StallConfig(**self.cfg.options.get("stalls", {}))
                stalls = draw_stalls(self.rng) if self.cfg.options.get("stall") else stalls
                await self.env.play(SibiaStimulus(items=items, stalls=stalls))


@pyuvm.test()
class RandomLayers(SibiaTest):
    """Random layers with random pauses. Options: `count` (20), `size` in tiles (3, 3, 2)."""

    async def stimulate(self) -> None:
        size = tuple(self.cfg.options.get("size", (3, 3, 2)))
        for number in range(self.cfg.options.get("count", 20)):
            await self.env.play(draw_sibia(self.rng, self.params, size, f"random{number}"))


@pyuvm.test()
class RealLayers(SibiaTest):
    """Layers of MiniLM with their real inputs, each operand being skipped.

    The first rows of every layer of the first encoder layer: those of one M tile.
    """

    async def stimulate(self) -> None:
        for case in load_cases(1, 64):
            for skip in Skip:
                item = real_item(case, self.params, skip)
                await self.env.play(SibiaStimulus(items=(item,)))


@pyuvm.test()
class Resets(SibiaTest):
    """After a reset at any moment the core works as if nothing had been before."""

    async def stimulate(self) -> None:
        cut = 0
        for number in range(10):
            victim = draw_sibia(self.rng, self.params, (2, 3, 2), f"victim{number}")
            task = cocotb.start_soon(self.env.play(victim))
            await self.env.control.cycles(int(self.rng.integers(3, 400)))
            if not task.done():
                task.cancel()
                cut += 1
            await self.env.restart()
            await self.env.play(draw_sibia(self.rng, self.params, (2, 3, 2), f"after{number}"))
        assert cut, "no reset hit work in flight"


def _loose(item: SibiaItem) -> SibiaItem:
    """A layer with all vectors stored, the last four of each list in beats of 1, 1, 2 and none.

    No legal stream, because only a list's last beat may have room, but the result is right.
    """
    tile_k = item.program.params.tile_k
    beats = []
    for number, beat in enumerate(item.program.sparse):
        word = int.from_bytes(beat.tobytes(), "big")
        per_list = tile_k // 16 + -(-tile_k // 12)
        if (number + 1) % per_list:
            beats.append(word)
        else:
            entries = word & (1 << 240) - 1
            beats += [entries >> 20 * at | count << 240 for at, count in enumerate((1, 1, 2))]
            beats.append(1 << 244)
    data = b"".join(word.to_bytes(32, "big") for word in beats)
    sparse = np.frombuffer(data, np.uint8).reshape(-1, 32)
    return replace(item, program=replace(item.program, sparse=sparse))


@pyuvm.test()
class Illegal(SibiaTest):
    """Illegal commands and lists that run past their K-tile are reported; a reset clears all."""

    async def stimulate(self) -> None:
        items = tuple(SIBIA_CORNERS["extremes"](self.rng, self.params, Skip.ACTIVATIONS))
        good = SibiaStimulus(items=items)
        for k_len, groups in ((0, 1), (1, 0), (1, self.params.groups + 1), (1, 255)):
            beats = np.array([[0, k_len >> 8, k_len & 255, groups]], np.uint8)
            await self._expect({"cmd": beats}, 0b10)
        sparse = good.beats("sparse").copy()
        sparse[self.params.tile_k // 16, :30] = 0xFF  # entries far apart, after low-order beats
        inputs = {"cmd": good.beats("cmd"), "dense": good.beats("dense"), "sparse": sparse}
        await self._expect(inputs, 0b01)
        await self.env.play(SibiaStimulus(items=(_loose(items[0]),), stalls=StallConfig(results=9)))
        await self.env.play(good)

    async def _expect(self, inputs: dict[str, np.ndarray], error: int) -> None:
        """Play illegal streams until the core reports them, then reset."""
        await self.env.hand_out(inputs, StallConfig())
        for _ in range(200):
            if self.env.control.error:
                break
            await self.env.control.cycles(10)
        seen = self.env.control.error
        assert seen == error, f"err_o is {seen:02b}, expected {error:02b}"
        await self.env.restart()
        assert self.env.control.error == 0, "reset did not clear err_o"
