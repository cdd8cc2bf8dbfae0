"""A layer as a sequence item: operands, compiled streams, and what plays together."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from models.apsq import Apsq
from models.arith import exact_matmul
from models.compression import ExtraStore
from models.params import CoreParams, LayerConfig
from models.program import CommandStreams, Program
from models.slicing import effective_activation
from models.tiling import compile_layer
from verif.agents.items import StallConfig
from verif.sequences.plain_apsq import plain_apsq, plain_sums

__all__ = ["LayerItem", "Stimulus", "make_layer"]


@dataclass(frozen=True, kw_only=True, eq=False)
class LayerItem:
    """One layer, compiled.

    Attributes:
        name: for messages.
        w: weights, int64 (M, K).
        x: activations as given, int64 (K, N).
        bias: int64 (M,).
        program: its commands and streams.
        apsq: how its partial sums are quantised, None for exact ones.
    """

    name: str
    w: np.ndarray = field(repr=False)
    x: np.ndarray = field(repr=False)
    bias: np.ndarray = field(repr=False)
    program: Program = field(repr=False)
    apsq: Apsq | None = None

    @cached_property
    def expected(self) -> np.ndarray:
        """y = w x~ + bias, int64 (M, N): the plain formula, without slices or streams.

        Under APSQ the sums over the steps are quantised as its definition says.
        """
        x_eff = effective_activation(self.x, self.program.cfg)
        if self.apsq is not None:
            sums = plain_sums(self.w, x_eff, self.bias, self.program.cfg.zp, self.apsq.depth)
            return plain_apsq(sums, self.apsq.gs, self.apsq.exponents)
        return exact_matmul(self.w, x_eff) + self.bias[:, None]


@dataclass(frozen=True, kw_only=True, eq=False)
class Stimulus:
    """Layers whose commands follow each other without a gap, and how the streams pause."""

    layers: tuple[LayerItem, ...]
    stalls: StallConfig = field(default_factory=StallConfig)

    @property
    def commands(self) -> int:
        """Commands with results of all layers."""
        return sum(layer.program.outputs for layer in self.layers)

    def streams(self) -> CommandStreams:
        """The input streams of all layers, joined."""
        return CommandStreams.joined(
            part for layer in self.layers for part in layer.program.streams
        )


def make_layer(
    name: str,
    w: np.ndarray,
    x: np.ndarray,
    bias: np.ndarray,
    cfg: LayerConfig,
    params: CoreParams,
    *,
    dtp: bool,
    extra_store: ExtraStore | None = None,
    apsq: Apsq | None = None,
    dense: bool | None = False,
) -> LayerItem:
    """Compile a layer into an item; arguments and errors as `models.tiling.compile_layer`."""
    program = compile_layer(w, x, bias, cfg, params, dtp, extra_store, apsq, dense)
    return LayerItem(name=name, w=w, x=x, bias=bias, program=program, apsq=apsq)
