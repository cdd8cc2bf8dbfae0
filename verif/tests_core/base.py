"""What all tests of the core share: configuration, env, objection, end-of-test checks."""

import json
import os
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from pyuvm import uvm_test

from models.params import CoreParams
from verif.agents.control import run_seed
from verif.env.core_env import CoreEnv
from verif.sequences.layer_item import Stimulus
from verif.sequences.play import PlaySequence

__all__ = ["CONFIG_VARIABLE", "CoreTest", "TestConfig"]

CONFIG_VARIABLE = "PANACEA_TEST"


@dataclass(frozen=True, kw_only=True)
class TestConfig:
    """What a launcher tells a test, through the environment variable PANACEA_TEST (JSON).

    Attributes:
        params: the core's sizes, as the simulator was built.
        options: whatever the test itself takes.
    """

    __test__ = False  # not a pytest class

    params: CoreParams = field(default_factory=CoreParams)
    options: dict[str, Any] = field(default_factory=dict)

    def environment(self) -> dict[str, str]:
        """The environment variable that `load` reads."""
        return {CONFIG_VARIABLE: json.dumps(asdict(self), separators=(",", ":"))}

    @classmethod
    def load(cls) -> "TestConfig":
        """The configuration of the running simulation."""
        data = json.loads(os.environ.get(CONFIG_VARIABLE, "{}"))
        return cls(params=CoreParams(**data.get("params", {})), options=data.get("options", {}))


class CoreTest(uvm_test):
    """Base of the core's tests: a subclass plays its stimuli in `stimulate`.

    `expected_error` is what the core's sticky error bits must be at the end.
    """

    expected_error = 0

    def build_phase(self) -> None:
        self.cfg = TestConfig.load()
        self.params = self.cfg.params
        self.rng = np.random.default_rng(run_seed())
        self.cdb_set("params", self.params)
        self.env = CoreEnv.create("env", self)

    async def run_phase(self) -> None:
        self.raise_objection()
        await self.restart()
        await self.stimulate()
        await self.env.control.flush()
        self.drop_objection()

    async def stimulate(self) -> None:
        """Play the test's stimuli."""
        raise NotImplementedError

    async def restart(self) -> None:
        """Reset the core; whatever was in flight is forgotten everywhere."""
        await self.env.control.reset()
        await self.env.control.flush()
        self.env.scoreboard.abandon()
        self.env.collector.restart()

    async def play(self, stimulus: Stimulus) -> None:
        """Play one stimulus to its end."""
        await PlaySequence(self.env, stimulus).start()

    def check_phase(self) -> None:
        error = self.env.control.error
        problems = self.env.collector.leftovers()
        if error != self.expected_error:
            problems.insert(0, f"err_o is {error:03b}, expected {self.expected_error:03b}")
        if problems:
            raise AssertionError("; ".join(problems))
