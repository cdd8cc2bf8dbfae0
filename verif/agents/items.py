"""What travels between sequences, drivers, monitors and the scoreboard."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from pyuvm import uvm_sequence_item

from models.errors import PanaceaError, check_range

__all__ = ["COUNTERS", "CommandItem", "StallConfig", "StreamItem"]

COUNTERS = (
    "hh", "hl", "lh", "ll_swo", "ll_dwo", "straddle_d", "straddle_l", "flush_wait",
    "command_held", "command_waited", "weights_held", "weights_waited",
    "activations_held", "activations_waited", "bias_held", "bias_waited",
    "results_held", "results_waited",
)  # fmt: skip
"""The testbench's counters in the order of commands.log: outer products by kind (LL by operator),
PEA cycles, then per stream the cycles in which the receiver held a beat up, and those in which it
waited for one (weights: summed over the PEAs)."""


@dataclass(frozen=True, kw_only=True)
class StallConfig:
    """How often the testbench's side of each stream pauses.

    Attributes:
        command, weights, activations, bias, results: probability of a pause, in 256ths, 0..255.
        burst: a pause lasts 1..64 cycles instead of one.
        garbage: random payload while valid is low, instead of zero.
        seed: seed of all pauses and of the garbage, 32 bits.
    """

    command: int = 0
    weights: int = 0
    activations: int = 0
    bias: int = 0
    results: int = 0
    burst: bool = False
    garbage: bool = False
    seed: int = 1

    def __post_init__(self) -> None:
        for name in ("command", "weights", "activations", "bias", "results"):
            check_range(f"stall {name}", getattr(self, name), 0, 255)
        check_range("stall seed", self.seed, 0, 2**32 - 1)

    @property
    def free(self) -> bool:
        """No stream ever pauses."""
        return not any((self.command, self.weights, self.activations, self.bias, self.results))

    @classmethod
    def uniform(cls, probability: float, **kwargs: Any) -> "StallConfig":
        """The same probability, 0 <= p < 1, on every stream; `kwargs` are the other attributes.

        Raises:
            PanaceaError: for a probability out of range.
        """
        if not 0.0 <= probability < 1.0:
            raise PanaceaError(f"stall = {probability} is outside 0 <= stall < 1")
        level = min(255, round(256 * probability))
        streams = ("command", "weights", "activations", "bias", "results")
        return cls(**dict.fromkeys(streams, level), **kwargs)


class StreamItem(uvm_sequence_item):
    """One stream's part of a stimulus: its beats, and how its end of the stream pauses.

    Args:
        beats: uint8 (beats, beat bytes), most significant byte first; None for the result
            stream, which has only pauses.
        stall: probability of a pause in 256ths.
    """

    def __init__(self, name: str, beats: np.ndarray | None, stall: int) -> None:
        super().__init__(name)
        self.beats = beats
        self.stall = stall


@dataclass(frozen=True, kw_only=True)
class CommandItem:
    """One command with results, and the passes and steps before it that make them, as monitored.

    Beats are uint8, most significant byte first; those of several commands follow each other.

    Attributes:
        number: commands with results seen before it in this test.
        command: (passes, 6).
        weights: one (beats, 8) per PEA.
        activations: (beats, 32).
        bias: (beats, 16).
        results: (beats, 64).
        accepted: cycle in which the core took the command, or the first of several passes.
        first, last: cycles of its first and last result.
        counters: by the names in COUNTERS, what each counter gained between the last result of
            the command before and the last result of this one.
    """

    number: int
    command: np.ndarray = field(repr=False)
    weights: tuple[np.ndarray, ...] = field(repr=False)
    activations: np.ndarray = field(repr=False)
    bias: np.ndarray = field(repr=False)
    results: np.ndarray = field(repr=False)
    accepted: int
    first: int
    last: int
    counters: dict[str, int] = field(repr=False)
