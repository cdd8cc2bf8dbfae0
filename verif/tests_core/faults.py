"""Planted faults: every test here must fail, each for its own reason.

They prove that the environment notices; `verif/tests/test_core.py` checks the reasons. Two more
faults are plusargs of the testbench: see `tb_core.sv`.
"""

from dataclasses import replace

import numpy as np
import pyuvm
from pyuvm import uvm_factory

from verif.agents.collector import CommandCollector
from verif.agents.items import CommandItem, StreamItem
from verif.agents.stream_agent import StreamDriver
from verif.sequences.layer_item import Stimulus
from verif.sequences.random_layers import Distribution, draw_layer
from verif.tests_core.base import CoreTest

__all__ = [
    "CommandHidden",
    "CommandTwice",
    "CounterWrong",
    "ExtraBeat",
    "MissingBeat",
    "NothingPlayed",
    "ResultCorrupted",
]


class _Fault(CoreTest):
    """Plays one layer in an env with a part replaced through the factory."""

    original: type = CommandCollector
    replacement: type = CommandCollector

    def build_phase(self) -> None:
        uvm_factory().set_type_override_by_type(self.original, self.replacement)
        super().build_phase()

    async def stimulate(self) -> None:
        layer = draw_layer(self.rng, self.params, Distribution(size=(1, 2, 1)), "fault")
        await self.play(Stimulus(layers=(layer,)))


class _CorruptingCollector(CommandCollector):
    def publish(self, item: CommandItem) -> None:
        results = item.results.copy()
        results[0, -1] ^= 1
        super().publish(replace(item, results=results))


class _HidingCollector(CommandCollector):
    def publish(self, item: CommandItem) -> None:
        """Swallow the command."""


class _RepeatingCollector(CommandCollector):
    def publish(self, item: CommandItem) -> None:
        super().publish(item)
        super().publish(item)


class _MiscountingCollector(CommandCollector):
    def publish(self, item: CommandItem) -> None:
        counters = item.counters | {"ll_swo": item.counters["ll_swo"] + 4}
        super().publish(replace(item, counters=counters))


class _ExtraBeatDriver(StreamDriver):
    def play(self, item: StreamItem) -> None:
        if self.cfg.name == "b":
            item.beats = np.concatenate([item.beats, item.beats[-1:]])
        super().play(item)


class _MissingBeatDriver(StreamDriver):
    def play(self, item: StreamItem) -> None:
        if self.cfg.name == "x":
            item.beats = item.beats[:-1]
        super().play(item)


@pyuvm.test()
class ResultCorrupted(_Fault):
    """The result monitor misreads one bit."""

    replacement = _CorruptingCollector


@pyuvm.test()
class CommandHidden(_Fault):
    """The monitor passes nothing on."""

    replacement = _HidingCollector


@pyuvm.test()
class CommandTwice(_Fault):
    """The monitor passes everything on twice."""

    replacement = _RepeatingCollector


@pyuvm.test()
class CounterWrong(_Fault):
    """One outer product quad too many."""

    replacement = _MiscountingCollector


@pyuvm.test()
class ExtraBeat(_Fault):
    """The bias stream has a beat that no command asks for."""

    original, replacement = StreamDriver, _ExtraBeatDriver


@pyuvm.test()
class MissingBeat(_Fault):
    """The activation stream lacks its last beat."""

    original, replacement = StreamDriver, _MissingBeatDriver


@pyuvm.test()
class NothingPlayed(CoreTest):
    """No stimulus at all."""

    async def stimulate(self) -> None:
        """Play nothing."""
