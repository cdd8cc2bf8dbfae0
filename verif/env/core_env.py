"""The environment of the AQS-GEMM core (of a single PEA, if the core has one)."""

import cocotb
from pyuvm import uvm_env

from models.params import (
    ACTIVATION_BEAT_BYTES,
    BIAS_BEAT_BYTES,
    COMMAND_BEAT_BYTES,
    RESULT_BEAT_BYTES,
    WEIGHT_BEAT_BYTES,
    CoreParams,
)
from verif.agents.collector import CommandCollector
from verif.agents.control import TestbenchControl
from verif.agents.stream_agent import StreamAgent, StreamConfig
from verif.env.coverage import CoreCoverage
from verif.env.scoreboard import CoreScoreboard

__all__ = ["CoreEnv"]


class CoreEnv(uvm_env):
    """One agent a stream, the collector that makes commands of their beats, and who gets them.

    Takes `params` from the ConfigDB; the testbench top is `cocotb.top`.
    """

    def build_phase(self) -> None:
        self.params: CoreParams = self.cdb_get("params")
        dut = cocotb.top
        self.control = TestbenchControl(dut)
        self.cdb_set("control", self.control)
        self.cdb_set("params", self.params)
        self.command = self._agent("command", "c", COMMAND_BEAT_BYTES, dut.stall_c)
        self.weights = [
            self._agent(f"weights{p}", f"w{p}", WEIGHT_BEAT_BYTES, dut.stall_w)
            for p in range(self.params.num_pea)
        ]
        self.activations = self._agent("activations", "x", ACTIVATION_BEAT_BYTES, dut.stall_x)
        self.bias = self._agent("bias", "b", BIAS_BEAT_BYTES, dut.stall_b)
        self.results = self._agent("results", "y", RESULT_BEAT_BYTES, dut.stall_y)
        self.collector = CommandCollector.create("collector", self)
        self.scoreboard = CoreScoreboard.create("scoreboard", self)
        self.coverage = CoreCoverage.create("coverage", self)

    def connect_phase(self) -> None:
        collector = self.collector
        collector.command = self.command.monitor
        collector.weights = [agent.monitor for agent in self.weights]
        collector.activations = self.activations.monitor
        collector.bias = self.bias.monitor
        collector.results = self.results.monitor
        collector.ap.connect(self.scoreboard.analysis_export)
        self.scoreboard.checked.connect(self.coverage.analysis_export)

    def _agent(self, name: str, stem: str, beat_bytes: int, stall: object) -> StreamAgent:
        agent = StreamAgent.create(name, self)
        self.cdb_set("cfg", StreamConfig(name=stem, beat_bytes=beat_bytes, stall=stall), name)
        return agent
