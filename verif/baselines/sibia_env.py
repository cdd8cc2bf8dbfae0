"""The environment of the Sibia-style core."""

from collections.abc import Mapping
from pathlib import Path
from typing import TextIO

import cocotb
import numpy as np
from pyuvm import uvm_analysis_port, uvm_env, uvm_monitor

from models.baselines.sibia import SIBIA_COMMAND_BYTES, SibiaParams
from models.params import ACTIVATION_BEAT_BYTES, RESULT_BEAT_BYTES, WEIGHT_BEAT_BYTES
from verif.agents.control import TestbenchControl
from verif.agents.items import StallConfig, StreamItem
from verif.agents.stream_agent import StreamAgent, StreamConfig, StreamSequence
from verif.baselines.sibia_cover import SibiaCoverage
from verif.baselines.sibia_item import INPUTS, SIBIA_COUNTERS, SibiaRun, SibiaStimulus
from verif.baselines.sibia_scoreboard import SibiaScoreboard

__all__ = ["SibiaCollector", "SibiaEnv"]


_NOTHING = np.empty((0, 1), np.uint8)


class SibiaCollector(uvm_monitor):
    """Passive: makes one SibiaRun of all that the streams carried since the last one."""

    agents: dict[str, StreamAgent]
    results: StreamAgent

    def build_phase(self) -> None:
        self.ap = uvm_analysis_port("ap", self)
        self._log: TextIO | None = None

    def restart(self) -> None:
        """After a reset: watch from now on; nothing before counts. Flush the monitors before."""
        self.final_phase()
        self._log = Path("commands.log").open(encoding="ascii")
        self._log.seek(0, 2)
        self._last = (0,) * (1 + len(SIBIA_COUNTERS))
        for agent in self.all_agents:
            agent.monitor.restart()

    @property
    def all_agents(self) -> list[StreamAgent]:
        """Of all streams."""
        return [*self.agents.values(), self.results]

    def collect(self) -> None:
        """Hand on what was seen; flush the monitors before."""
        records = [line.split() for line in self._log.read().splitlines()]
        done = [[int(v) for v in fields] for kind, *fields in records if kind == "D"]
        if not done:
            return
        gained = [now - old for now, old in zip(done[-1][2:], self._last, strict=True)]
        self._last = tuple(done[-1][2:])
        self.publish(
            SibiaRun(
                inputs={name: _all(agent) for name, agent in self.agents.items()},
                results=_all(self.results),
                accepted=tuple(int(fields[0]) for kind, *fields in records if kind == "A"),
                last=tuple(fields[1] for fields in done),
                counters=dict(zip(SIBIA_COUNTERS, gained[1:], strict=True)),
            )
        )

    def publish(self, run: SibiaRun) -> None:
        """Pass a run on."""
        self.ap.write(run)

    def leftovers(self) -> list[str]:
        """What the streams carried that belongs to no run; flush the monitors before."""
        left = [(a.monitor.cfg.name, len(a.monitor.beats.pull())) for a in self.all_agents]
        return [f"stream {name}: {count} beats" for name, count in left if count]

    def final_phase(self) -> None:
        if self._log is not None:
            self._log.close()


def _all(agent: StreamAgent) -> np.ndarray:
    """All beats that a stream has carried and nobody has taken."""
    beats = agent.monitor.beats
    return beats.take(len(beats.pull()))


class SibiaEnv(uvm_env):
    """One agent a stream, the collector, scoreboard and coverage.

    Takes `params` from the ConfigDB; the testbench top is `cocotb.top`.
    """

    def build_phase(self) -> None:
        self.params: SibiaParams = self.cdb_get("params")
        dut = cocotb.top
        self.control = TestbenchControl(dut)
        self.cdb_set("params", self.params)
        self.cdb_set("control", self.control)
        dense = WEIGHT_BEAT_BYTES * self.params.num_pea
        self.agents = {
            "cmd": self._agent("command", "c", SIBIA_COMMAND_BYTES, dut.stall_c),
            "dense": self._agent("dense", "d", dense, dut.stall_d),
            "sparse": self._agent("sparse", "s", ACTIVATION_BEAT_BYTES, dut.stall_s),
        }
        self.results = self._agent("results", "y", RESULT_BEAT_BYTES, dut.stall_y)
        self.collector = SibiaCollector.create("collector", self)
        self.scoreboard = SibiaScoreboard.create("scoreboard", self)
        self.coverage = SibiaCoverage.create("coverage", self)

    def connect_phase(self) -> None:
        self.collector.agents, self.collector.results = self.agents, self.results
        self.collector.ap.connect(self.scoreboard.analysis_export)
        self.scoreboard.checked.connect(self.coverage.analysis_export)

    async def restart(self) -> None:
        """Reset the core; whatever was in flight is forgotten everywhere."""
        await self.control.reset()
        await self.control.flush()
        self.scoreboard.abandon()
        self.collector.restart()

    async def hand_out(self, inputs: Mapping[str, np.ndarray], stalls: StallConfig) -> None:
        """Give every stream's driver its beats, those named, and start all of them together."""
        pauses = (stalls.command, stalls.weights, stalls.activations)
        parts = [
            (self.agents[name], StreamItem(name, inputs.get(name, _NOTHING), pause))
            for name, pause in zip(INPUTS, pauses, strict=True)
        ]
        parts.append((self.results, StreamItem("results", None, stalls.results)))
        tasks = [cocotb.start_soon(StreamSequence(i).start(a.sequencer)) for a, i in parts]
        for task in tasks:
            await task
        self.control.start(stalls)

    async def play(self, stimulus: SibiaStimulus) -> None:
        """Play a stimulus to its last result; returns early when the core reports an error."""
        self.scoreboard.expect(stimulus)
        last = int(cocotb.top.done.value) + stimulus.commands
        await self.hand_out({name: stimulus.beats(name) for name in INPUTS}, stimulus.stalls)
        while int(cocotb.top.done.value) < last and not self.control.error:
            await self.control.wake()
        if not self.control.error:
            await self.control.idle()
        await self.control.flush()
        self.collector.collect()

    def _agent(self, name: str, stem: str, beat_bytes: int, stall: object) -> StreamAgent:
        agent = StreamAgent.create(name, self)
        self.cdb_set("cfg", StreamConfig(name=stem, beat_bytes=beat_bytes, stall=stall), name)
        return agent
