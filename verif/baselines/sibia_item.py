"""Layers for the Sibia-style core as sequence items, and what the monitors saw of them."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from models.arith import exact_matmul
from models.baselines.sibia import SibiaParams, SibiaProgram, Skip, compile_sibia
from verif.agents.items import StallConfig

__all__ = ["INPUTS", "SIBIA_COUNTERS", "SibiaItem", "SibiaRun", "SibiaStimulus", "sibia_item"]

INPUTS = ("cmd", "dense", "sparse")
"""Input streams, as SibiaProgram names them."""

STREAMS = ("command", "dense", "sparse", "results")
SIBIA_COUNTERS = (
    "hh", "hl", "lh", "ll", "straddle",
    *(f"{name}_{what}" for name in STREAMS for what in ("held", "waited")),
)  # fmt: skip
"""The testbench's counters in the order of commands.log: outer products of each PEA by slice of the
dense and of the sparse operand, cycles with straddling operators; per stream the cycles in which
the receiver held a beat up, and those in which it waited for one."""


@dataclass(frozen=True, kw_only=True, eq=False)
class SibiaItem:
    """One layer, compiled: weights (M, K) and activations (K, N), signed."""

    name: str
    w: np.ndarray = field(repr=False)
    x: np.ndarray = field(repr=False)
    program: SibiaProgram = field(repr=False)

    @cached_property
    def expected(self) -> np.ndarray:
        """y = w x, int64 (M, N): the plain formula, without slices or streams."""
        return exact_matmul(self.w, self.x)


@dataclass(frozen=True, kw_only=True, eq=False)
class SibiaStimulus:
    """Layers whose commands follow each other without a gap, and how the streams pause.

    Of the pauses, `weights` are the dense stream's, `activations` the sparse stream's.
    """

    items: tuple[SibiaItem, ...]
    stalls: StallConfig = field(default_factory=StallConfig)

    @property
    def commands(self) -> int:
        """Commands of all layers."""
        return sum(len(item.program.commands) for item in self.items)

    def beats(self, stream: str) -> np.ndarray:
        """The beats of an input stream, of all layers."""
        return np.concatenate([getattr(item.program, stream) for item in self.items])


@dataclass(frozen=True, kw_only=True, eq=False)
class SibiaRun:
    """What the monitors saw from the start of a stimulus to its last result.

    Attributes:
        inputs: by stream, uint8 (beats, beat bytes).
        results: uint8 (beats, 64).
        accepted, last: cycles in which each command was accepted, and had its last result.
        counters: what each gained, see SIBIA_COUNTERS.
    """

    inputs: dict[str, np.ndarray]
    results: np.ndarray
    accepted: tuple[int, ...]
    last: tuple[int, ...]
    counters: dict[str, int]


def sibia_item(
    name: str,
    w: np.ndarray,
    x: np.ndarray,
    params: SibiaParams,
    skip: Skip,
    *,
    w_bits: int = 7,
    x_bits: int = 7,
    keep: np.ndarray | None = None,
) -> SibiaItem:
    """Compile a layer into an item; arguments and errors as `compile_sibia`."""
    program = compile_sibia(w, x, params, skip, w_bits=w_bits, x_bits=x_bits, keep=keep)
    return SibiaItem(name=name, w=w, x=x, program=program)
