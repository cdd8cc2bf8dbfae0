"""What travels in the environment of the dense cores."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from models.apsq import Apsq
from models.baselines.dense_apsq import plan_apsq
from models.baselines.dense_params import DenseParams
from models.baselines.dense_plan import Block, plan_layer
from models.baselines.dense_streams import check_operands
from models.slicing import effective_activation
from verif.agents.items import StallConfig
from verif.sequences.layer_item import LayerItem
from verif.sequences.plain_apsq import plain_apsq

__all__ = ["COUNTERS", "EVENTS", "DenseCommand", "DenseLayer", "DenseOutput", "DenseStimulus",
           "dense_layer", "dense_layers"]  # fmt: skip

EVENTS = ("w_reads", "x_reads", "psum_reads", "psum_writes")
COUNTERS = (
    *EVENTS, "command_held", "command_waited", "operands_held", "operands_waited", "results_held",
    "results_waited",
)  # fmt: skip
"""The testbench's counters in the order of commands.log: words read and written, then per stream
the cycles in which the receiver held a beat up, and those in which it waited for one."""


@dataclass(frozen=True, kw_only=True, eq=False)
class DenseLayer:
    """A layer, cut into blocks: w int64 (M, K), x int64 (K, N), bias int64 (M,)."""

    name: str
    w: np.ndarray = field(repr=False)
    x: np.ndarray = field(repr=False)
    bias: np.ndarray = field(repr=False)
    blocks: tuple[Block, ...] = field(repr=False)
    apsq: Apsq | None = None

    @cached_property
    def expected(self) -> np.ndarray:
        """y = w x + bias, int64 (M, N): the plain formula in plain integers.

        Under APSQ, w x is what the last step's code stands for.
        """
        bias = self.bias[:, None]
        if self.apsq is None:
            return self.w @ self.x + bias
        spans = self.apsq.spans(self.w.shape[1])
        sums = [self.w[:, span] @ self.x[span] for span in spans]
        return plain_apsq(sums, self.apsq.gs, self.apsq.exponents) + bias

    @property
    def outputs(self) -> int:
        """Blocks with results."""
        return sum(block.last for block in self.blocks)


@dataclass(frozen=True, kw_only=True, eq=False)
class DenseStimulus:
    """Layers whose blocks follow each other without a gap, and how the streams pause.

    The operand stream pauses as `stalls.activations` says.
    """

    layers: tuple[DenseLayer, ...]
    stalls: StallConfig = field(default_factory=StallConfig)

    @property
    def free(self) -> bool:
        """No stream of a dense core ever pauses."""
        return not (self.stalls.command or self.stalls.activations or self.stalls.results)


@dataclass(frozen=True, kw_only=True)
class DenseCommand:
    """A block as the core took it (`block_cmd_t`)."""

    first: bool
    last: bool
    row_tiles: int
    tiles: int
    steps: int
    cols: int
    w_words: int
    x_words: int
    apsq: bool
    gs: int

    @classmethod
    def of(cls, beat: np.ndarray) -> "DenseCommand":
        """From a monitored beat, uint8 (8), highest byte first; `gs` without APSQ is 1."""
        word = int.from_bytes(beat.tobytes(), "big")
        values = {}
        for name, width in (
            ("x_words", 10),
            ("w_words", 11),
            ("cols", 8),
            ("steps", 10),
            ("tiles", 7),
            ("row_tiles", 4),
            ("last", 1),
            ("first", 1),
            ("apsq", 1),
            ("gs", 2),
        ):
            values[name], word = word & (1 << width) - 1, word >> width
        values["gs"] += 1
        return cls(**values | {name: bool(values[name]) for name in ("first", "last", "apsq")})


@dataclass(frozen=True, kw_only=True)
class DenseOutput:
    """Outputs that are complete, and the blocks they come from, as monitored.

    Attributes:
        number: such outputs seen before in this test.
        commands: their blocks.
        results: uint8 (beats, word bytes), highest byte first.
        accepted: cycle in which the core took the first block.
        last: cycle of the last result.
        counters: by the names in COUNTERS, gained since the last result before.
    """

    number: int
    commands: tuple[DenseCommand, ...]
    results: np.ndarray = field(repr=False)
    accepted: int
    last: int
    counters: dict[str, int] = field(repr=False)


def dense_layer(
    name: str,
    operands: tuple[np.ndarray, np.ndarray, np.ndarray],
    params: DenseParams,
    blocks: Sequence[Block] | None = None,
    apsq: Apsq | None = None,
) -> DenseLayer:
    """A layer of w, x, bias, cut into `blocks` or as planned, exact or with `apsq`.

    Raises:
        PanaceaError: for operands that are not of 8 bits or do not fit each other.
    """
    w, x, bias = operands
    check_operands(w, x, bias)
    shape = (*w.shape, x.shape[1])
    if blocks is None:
        blocks = plan_apsq(*shape, apsq, params) if apsq else plan_layer(*shape, params)
    return DenseLayer(name=name, w=w, x=x, bias=bias, blocks=tuple(blocks), apsq=apsq)


def dense_layers(items: Iterable[LayerItem], params: DenseParams) -> tuple[DenseLayer, ...]:
    """The core's layers as dense ones, without those of more than eight bits.

    Activations are those that the AQS-GEMM core computes with (x~).
    """
    return tuple(
        dense_layer(
            item.name,
            (item.w, effective_activation(item.x, item.program.cfg), item.bias),
            params,
        )
        for item in items
        if item.program.cfg.w_bits <= 8 and item.program.cfg.x_bits <= 8
    )
