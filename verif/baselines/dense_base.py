"""What all tests of the dense cores share."""

import json
import os
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from pyuvm import uvm_test

from models.baselines.dense_params import Dataflow, DenseParams
from verif.agents.control import run_seed
from verif.baselines.dense_env import DenseEnv
from verif.baselines.dense_items import DenseStimulus
from verif.tests_core.base import CONFIG_VARIABLE

__all__ = ["DenseTest", "DenseTestConfig"]


@dataclass(frozen=True, kw_only=True)
class DenseTestConfig:
    """What a launcher tells a test, through the environment variable PANACEA_TEST (JSON)."""

    params: DenseParams
    options: dict[str, Any] = field(default_factory=dict)

    def environment(self) -> dict[str, str]:
        """The environment variable that `load` reads."""
        return {CONFIG_VARIABLE: json.dumps(asdict(self), separators=(",", ":"))}

    @classmethod
    def load(cls) -> "DenseTestConfig":
        """The configuration of the running simulation."""
        data = json.loads(os.environ[CONFIG_VARIABLE])
        params = data["params"] | {"dataflow": Dataflow(data["params"]["dataflow"])}
        return cls(params=DenseParams(**params), options=data["options"])


class DenseTest(uvm_test):
    """Base of the tests: a subclass plays its stimuli in `stimulate`."""

    def build_phase(self) -> None:
        self.cfg = DenseTestConfig.load()
        self.params = self.cfg.params
        self.rng = np.random.default_rng(run_seed())
        self.cdb_set("params", self.params)
        self.env = DenseEnv.create("env", self)

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

    async def play(self, stimulus: DenseStimulus) -> None:
        """Play one stimulus to its end."""
        await self.env.play(stimulus)

    def check_phase(self) -> None:
        problems = self.env.collector.leftovers()
        if problems:
            raise AssertionError("; ".join(problems))
