"""The environment of a dense core."""

import cocotb
import numpy as np
from pyuvm import uvm_env

from models.baselines.dense_params import DenseParams
from models.baselines.dense_streams import COMMAND_BYTES, pack_commands, pack_operands
from verif.agents.control import TestbenchControl
from verif.agents.items import StreamItem
from verif.agents.stream_agent import StreamAgent, StreamConfig, StreamSequence
from verif.baselines.dense_collector import DenseCollector
from verif.baselines.dense_coverage import DenseCoverage
from verif.baselines.dense_items import DenseStimulus
from verif.baselines.dense_scoreboard import DenseScoreboard

__all__ = ["DenseEnv"]


class DenseEnv(uvm_env):
    """One agent a stream, the collector that makes outputs of their beats, and who gets them.

    Takes `params` from the ConfigDB; the testbench top is `cocotb.top`.
    """

    def build_phase(self) -> None:
        self.params: DenseParams = self.cdb_get("params")
        dut = cocotb.top
        self.control = TestbenchControl(dut)
        self.cdb_set("control", self.control)
        self.cdb_set("params", self.params)
        self.command = self._agent("command", "c", COMMAND_BYTES, dut.stall_c)
        self.operands = self._agent("operands", "d", self.params.word_bytes, dut.stall_d)
        self.results = self._agent("results", "y", self.params.word_bytes, dut.stall_y)
        self.collector = DenseCollector.create("collector", self)
        self.scoreboard = DenseScoreboard.create("scoreboard", self)
        self.coverage = DenseCoverage.create("coverage", self)

    def connect_phase(self) -> None:
        self.collector.command = self.command.monitor
        self.collector.operands = self.operands.monitor
        self.collector.results = self.results.monitor
        self.collector.ap.connect(self.scoreboard.analysis_export)
        self.collector.ap.connect(self.coverage.analysis_export)

    async def play(self, stimulus: DenseStimulus) -> None:
        """Play a stimulus and wait for its last result."""
        layers, stalls = stimulus.layers, stimulus.stalls
        self.scoreboard.expect(stimulus)
        last = self.collector.seen + sum(layer.outputs for layer in layers)
        commands = pack_commands([block for layer in layers for block in layer.blocks])
        operands = np.concatenate(
            [pack_operands(one.w, one.x, one.bias, one.blocks, self.params) for one in layers]
        )
        for agent, name, beats, stall in (
            (self.command, "command", commands, stalls.command),
            (self.operands, "operands", operands, stalls.activations),
            (self.results, "results", None, stalls.results),
        ):
            await StreamSequence(StreamItem(name, beats, stall)).start(agent.sequencer)
        self.control.start(stalls)
        await self.collector.wait_commands(last)
        await self.control.idle()

    def _agent(self, name: str, stem: str, beat_bytes: int, stall: object) -> StreamAgent:
        agent = StreamAgent.create(name, self)
        self.cdb_set("cfg", StreamConfig(name=stem, beat_bytes=beat_bytes, stall=stall), name)
        return agent
