"""What all tests of the chip share: configuration, env, objection, end-of-test checks."""

import json
import os
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from pyuvm import uvm_test

from models.chip.params import ChipParams
from models.params import CoreParams
from verif.agents.control import run_seed
from verif.env.chip_env import ChipEnv
from verif.sequences.chip_run import RunSequence
from verif.sequences.program_item import ProgramItem
from verif.tests_core.base import CONFIG_VARIABLE

__all__ = ["ChipTest", "ChipTestConfig"]


@dataclass(frozen=True, kw_only=True)
class ChipTestConfig:
    """What a launcher tells a test, through the environment variable PANACEA_TEST (JSON).

    Attributes:
        params: the chip's sizes, as the simulator was built.
        options: whatever the test itself takes.
    """

    params: ChipParams = field(default_factory=ChipParams)
    options: dict[str, Any] = field(default_factory=dict)

    def environment(self) -> dict[str, str]:
        """The environment variable that `load` reads."""
        return {CONFIG_VARIABLE: json.dumps(asdict(self), separators=(",", ":"))}

    @classmethod
    def load(cls) -> "ChipTestConfig":
        """The configuration of the running simulation."""
        data = json.loads(os.environ.get(CONFIG_VARIABLE, "{}"))
        sizes = data.get("params", {})
        core = CoreParams(**sizes.pop("core", {}))
        return cls(params=ChipParams(core=core, **sizes), options=data.get("options", {}))


class ChipTest(uvm_test):
    """Base of the chip's tests: a subclass runs its programs in `stimulate`."""

    env_class = ChipEnv

    def build_phase(self) -> None:
        self.cfg = ChipTestConfig.load()
        self.params = self.cfg.params
        self.rng = np.random.default_rng(run_seed())
        self.cdb_set("params", self.params)
        self.env = self.env_class.create("env", self)

    async def run_phase(self) -> None:
        self.raise_objection()
        await self.env.restart()
        await self.stimulate()
        await self.env.settle()
        self.drop_objection()

    async def stimulate(self) -> None:
        """Run the test's programs."""
        raise NotImplementedError

    async def run(self, item: ProgramItem, **options: Any) -> None:
        """Run one program to its end; `options` as RunSequence takes them."""
        await RunSequence(self.env, item, **options).start()

    def check_phase(self) -> None:
        problems = self.env.collector.leftovers()
        if self.env.control.open_bursts:
            problems.append(f"{self.env.control.open_bursts} bursts are not answered")
        if problems:
            raise AssertionError("; ".join(problems))
