"""Planted faults: every test here must fail, each for its own reason.

They prove that the environment notices; `verif/tests/test_sibia.py` checks the reasons.
"""

from dataclasses import replace

import pyuvm
from pyuvm import uvm_factory

from models.baselines.sibia import Skip
from verif.agents.items import StreamItem
from verif.agents.stream_agent import StreamDriver
from verif.baselines.sibia_env import SibiaCollector
from verif.baselines.sibia_item import SibiaRun, SibiaStimulus
from verif.baselines.sibia_layers import SIBIA_CORNERS
from verif.baselines.sibia_tests import SibiaTest

__all__ = ["CounterWrong", "MissingBeat", "NothingPlayed", "ResultCorrupted", "RunHidden"]


class _Fault(SibiaTest):
    """Plays the smallest layers in an env with a part replaced through the factory."""

    original: type = SibiaCollector
    replacement: type = SibiaCollector

    def build_phase(self) -> None:
        uvm_factory().set_type_override_by_type(self.original, self.replacement)
        super().build_phase()

    async def stimulate(self) -> None:
        items = tuple(SIBIA_CORNERS["unit"](self.rng, self.params, Skip.ACTIVATIONS))
        await self.env.play(SibiaStimulus(items=items))


class _CorruptingCollector(SibiaCollector):
    def publish(self, run: SibiaRun) -> None:
        results = run.results.copy()
        results[-1, 0] ^= 1
        super().publish(replace(run, results=results))


class _HidingCollector(SibiaCollector):
    def publish(self, run: SibiaRun) -> None:
        """Swallow the run."""


class _MiscountingCollector(SibiaCollector):
    def publish(self, run: SibiaRun) -> None:
        super().publish(replace(run, counters=run.counters | {"ll": run.counters["ll"] + 1}))


class _MissingBeatDriver(StreamDriver):
    def play(self, item: StreamItem) -> None:
        if self.cfg.name == "s":
            item.beats = item.beats[:-1]
        super().play(item)


@pyuvm.test()
class ResultCorrupted(_Fault):
    """The result monitor misreads one bit."""

    replacement = _CorruptingCollector


@pyuvm.test()
class RunHidden(_Fault):
    """The monitors pass nothing on."""

    replacement = _HidingCollector


@pyuvm.test()
class CounterWrong(_Fault):
    """One outer product too many."""

    replacement = _MiscountingCollector


@pyuvm.test()
class MissingBeat(_Fault):
    """The sparse stream lacks its last beat."""

    original, replacement = StreamDriver, _MissingBeatDriver


@pyuvm.test()
class NothingPlayed(SibiaTest):
    """No stimulus at all."""

    async def stimulate(self) -> None:
        """Do nothing."""
