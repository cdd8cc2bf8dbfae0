"""Planted faults: every test here but one must fail, each for its own reason.

They prove that the environment notices; `verif/tests/test_dense.py` checks the reasons. `OneLayer`,
without a fault, passes. One more
fault is a plusarg of the testbench: see `tb_dense.sv`.
"""

from dataclasses import replace

import numpy as np
import pyuvm
from pyuvm import uvm_factory

from verif.agents.items import StreamItem
from verif.agents.stream_agent import StreamDriver
from verif.baselines.dense_base import DenseTest
from verif.baselines.dense_collector import DenseCollector
from verif.baselines.dense_items import DenseOutput, DenseStimulus, dense_layer

__all__ = [
    "CounterWrong",
    "CycleLate",
    "ExtraBeat",
    "MissingBeat",
    "NothingPlayed",
    "OneLayer",
    "OutputHidden",
    "OutputTwice",
    "ResultCorrupted",
]


@pyuvm.test()
class OneLayer(DenseTest):
    """A layer of two row tiles in an env with a part replaced through the factory; none here."""

    original: type = DenseCollector
    replacement: type = DenseCollector

    def build_phase(self) -> None:
        uvm_factory().set_type_override_by_type(self.original, self.replacement)
        super().build_phase()

    async def stimulate(self) -> None:
        m, k, n = self.params.rows + 1, 9, 3
        operands = (
            self.rng.integers(-128, 128, (m, k)),
            self.rng.integers(0, 256, (k, n)),
            self.rng.integers(-(2**16), 2**16, m),
        )
        await self.play(DenseStimulus(layers=(dense_layer("fault", operands, self.params),)))


class _CorruptingCollector(DenseCollector):
    def publish(self, item: DenseOutput) -> None:
        results = item.results.copy()
        results[0, -1] ^= 1
        super().publish(replace(item, results=results))


class _HidingCollector(DenseCollector):
    def publish(self, item: DenseOutput) -> None:
        """Swallow the outputs."""


class _RepeatingCollector(DenseCollector):
    def publish(self, item: DenseOutput) -> None:
        super().publish(item)
        super().publish(item)


class _MiscountingCollector(DenseCollector):
    def publish(self, item: DenseOutput) -> None:
        counters = item.counters | {"psum_reads": item.counters["psum_reads"] + 1}
        super().publish(replace(item, counters=counters))


class _LateCollector(DenseCollector):
    def publish(self, item: DenseOutput) -> None:
        super().publish(replace(item, last=item.last + 1))


class _ExtraBeatDriver(StreamDriver):
    def play(self, item: StreamItem) -> None:
        if self.cfg.name == "d":
            item.beats = np.concatenate([item.beats, item.beats[-1:]])
        super().play(item)


class _MissingBeatDriver(StreamDriver):
    def play(self, item: StreamItem) -> None:
        if self.cfg.name == "d":
            item.beats = item.beats[:-1]
        super().play(item)


@pyuvm.test()
class ResultCorrupted(OneLayer):
    """The result monitor misreads one bit."""

    replacement = _CorruptingCollector


@pyuvm.test()
class OutputHidden(OneLayer):
    """The monitors pass nothing on."""

    replacement = _HidingCollector


@pyuvm.test()
class OutputTwice(OneLayer):
    """The monitors pass everything on twice."""

    replacement = _RepeatingCollector


@pyuvm.test()
class CounterWrong(OneLayer):
    """One word of partial sums read too many."""

    replacement = _MiscountingCollector


@pyuvm.test()
class CycleLate(OneLayer):
    """The last result a cycle late."""

    replacement = _LateCollector


@pyuvm.test()
class ExtraBeat(OneLayer):
    """The operand stream has a beat that no block asks for."""

    original, replacement = StreamDriver, _ExtraBeatDriver


@pyuvm.test()
class MissingBeat(OneLayer):
    """The operand stream lacks its last beat."""

    original, replacement = StreamDriver, _MissingBeatDriver


@pyuvm.test()
class NothingPlayed(DenseTest):
    """No stimulus at all."""

    async def stimulate(self) -> None:
        """Do nothing."""
