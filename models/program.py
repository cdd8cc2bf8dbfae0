"""A compiled layer: its commands and the streams that carry them."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from models.apsq import ApsqStep
from models.errors import check_choice, check_range
from models.params import GROUPS_MAX, K_MAX, CoreParams, LayerConfig

__all__ = ["Command", "CommandStreams", "Program"]


@dataclass(frozen=True, kw_only=True)
class Command:
    """One output tile: all of K, one M tile, one N tile; or one pass over it, or a step of it.

    Attributes:
        k_len: K of this pass, 1..65535.
        groups: column groups of 4, 1..255.
        dbs: slicing type 1..3 (LO width 3 + dbs bits).
        r: frequent high-order activation slice, 0..15.
        dtp: double tile processing: the M tile holds two sub-tiles.
        more: another pass for the same outputs follows; this one has no bias and no results.
        wgt_up: the weights of this pass count 8-fold.
        act_up: its activations count 16-fold; dbs must be 1.
        wgt_dense: its lists of HO weight vectors are dense, not run-length coded.
        apsq: the step that it belongs to, None for an exact one.
        row0: first output row (not part of the command beat).
        col0: first output column (not part of the command beat).
    """

    k_len: int
    groups: int
    dbs: int
    r: int
    dtp: bool
    more: bool = False
    wgt_up: bool = False
    act_up: bool = False
    wgt_dense: bool = False
    apsq: ApsqStep | None = None
    row0: int = 0
    col0: int = 0

    def __post_init__(self) -> None:
        check_range("k_len", self.k_len, 1, K_MAX)
        check_range("groups", self.groups, 1, GROUPS_MAX)
        check_choice("dbs", self.dbs, (1,) if self.act_up else (1, 2, 3))
        check_range("r", self.r, 0, 15)

    @property
    def gives(self) -> bool:
        """It has results: no pass and no step for the same outputs follows."""
        return not self.more and (self.apsq is None or self.apsq.last)

    @property
    def sub_tiles(self) -> int:
        """Weight sub-tiles of the M tile."""
        return 2 if self.dtp else 1


@dataclass(frozen=True, kw_only=True)
class CommandStreams:
    """Packed input streams, uint8 (beats, beat bytes) each, most significant byte first.

    Attributes:
        cmd: command beats, 6 bytes.
        weights: one array of 8-byte beats per PEA.
        activations: 32-byte beats.
        bias: 16-byte beats.
    """

    cmd: np.ndarray
    weights: tuple[np.ndarray, ...]
    activations: np.ndarray
    bias: np.ndarray

    @classmethod
    def joined(cls, parts: Iterable["CommandStreams"]) -> "CommandStreams":
        """The streams of several commands, one after the other."""
        parts = list(parts)
        return cls(
            cmd=np.concatenate([p.cmd for p in parts]),
            weights=tuple(
                np.concatenate(pea) for pea in zip(*(p.weights for p in parts), strict=True)
            ),
            activations=np.concatenate([p.activations for p in parts]),
            bias=np.concatenate([p.bias for p in parts]),
        )


@dataclass(frozen=True, kw_only=True)
class Program:
    """A compiled layer: M tiles outermost, N tiles inside.

    Attributes:
        m, k, n: real layer sizes: y is (m, n).
        cfg: number formats.
        params: the core the program is for.
        commands: output tiles in order, all steps and passes of each.
        streams: the input streams of each command, in the same order.
    """

    m: int
    k: int
    n: int
    cfg: LayerConfig
    params: CoreParams
    commands: tuple[Command, ...]
    streams: tuple[CommandStreams, ...]

    def joined(self) -> CommandStreams:
        """The whole program's input streams."""
        return CommandStreams.joined(self.streams)

    @property
    def outputs(self) -> int:
        """Commands with results: output tiles."""
        return sum(command.gives for command in self.commands)

    def result_beats(self, command: Command) -> int:
        """Result beats (64 bytes) that `command` produces."""
        beats = command.groups * command.sub_tiles * self.params.num_pea
        return beats if command.gives else 0
