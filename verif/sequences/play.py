"""The virtual sequence that plays a stimulus on all streams of a core."""

import cocotb
from pyuvm import uvm_sequence

from models.program import CommandStreams
from verif.agents.items import StallConfig, StreamItem
from verif.agents.stream_agent import StreamSequence
from verif.env.core_env import CoreEnv
from verif.sequences.layer_item import Stimulus

__all__ = ["PlaySequence", "hand_out"]


async def hand_out(env: CoreEnv, streams: CommandStreams, stalls: StallConfig) -> None:
    """Give every stream's driver its beats and start all of them together."""
    parts = [
        (env.command, StreamItem("command", streams.cmd, stalls.command)),
        (env.activations, StreamItem("activations", streams.activations, stalls.activations)),
        (env.bias, StreamItem("bias", streams.bias, stalls.bias)),
        (env.results, StreamItem("results", None, stalls.results)),
    ]
    for agent, beats in zip(env.weights, streams.weights, strict=True):
        parts.append((agent, StreamItem("weights", beats, stalls.weights)))
    tasks = [
        cocotb.start_soon(StreamSequence(item).start(agent.sequencer)) for agent, item in parts
    ]
    for task in tasks:
        await task
    env.control.start(stalls)


class PlaySequence(uvm_sequence):
    """Plays a stimulus and waits for its last result.

    A virtual sequence: it runs on no sequencer of its own. Returns early when the core reports
    an error, because it may then never finish.

    Args:
        env: the env whose agents play.
        stimulus: what to play.
    """

    def __init__(self, env: CoreEnv, stimulus: Stimulus) -> None:
        super().__init__("play")
        self.env = env
        self.stimulus = stimulus

    async def body(self) -> None:
        env = self.env
        env.scoreboard.expect(self.stimulus)
        last = env.collector.seen + self.stimulus.commands
        await hand_out(env, self.stimulus.streams(), self.stimulus.stalls)
        await env.collector.wait_commands(last)
        if not env.control.error:
            await env.control.idle()
