"""The environment of the chip."""

import cocotb
from pyuvm import uvm_env

from models.chip.params import ChipParams
from verif.agents.chip_control import ChipControl
from verif.agents.run_collector import RunCollector
from verif.csr.axil_agent import AxilAdapter, AxilAgent
from verif.csr.generate import load_model, write_model
from verif.env.chip_coverage import ChipCoverage
from verif.env.chip_scoreboard import ChipScoreboard

__all__ = ["ChipEnv"]


class ChipEnv(uvm_env):
    """The register agent with its model, the collector that makes runs of both buses' monitors,
    and who gets them.

    Takes `params` from the ConfigDB, and `control`, if another testbench than `tb_chip` is driven.
    """

    def build_phase(self) -> None:
        self.params: ChipParams = self.cdb_get("params")
        self.control = self.make_control()
        self.cdb_set("master", self.control)
        self.cdb_set("params", self.params)
        self.registers = AxilAgent.create("registers", self)
        self.model = load_model(write_model()).panacea("panacea")
        self.model.build()
        self.model.lock_model()
        self.collector = RunCollector.create("collector", self)
        self.scoreboard = ChipScoreboard.create("scoreboard", self)
        self.coverage = ChipCoverage.create("coverage", self)

    def make_control(self) -> ChipControl:
        """What drives the testbench top."""
        return ChipControl(cocotb.top)

    def connect_phase(self) -> None:
        register_map = self.model.get_default_map()
        register_map.set_sequencer(self.registers.sequencer, AxilAdapter("adapter"))
        register_map.set_auto_predict(True)
        self.collector.ap.connect(self.scoreboard.analysis_export)
        self.collector.accesses.connect(self.coverage.accesses)
        self.scoreboard.checked.connect(self.coverage.analysis_export)

    async def restart(self) -> None:
        """Reset the chip; whatever was in flight is forgotten everywhere."""
        await self.control.reset()
        await self.control.flush()
        self.model.reset()
        self.scoreboard.abandon()
        self.collector.restart()
        self.coverage.restart()

    async def settle(self) -> None:
        """Have everything that was seen so far checked."""
        await self.control.flush()
        self.collector.collect()
