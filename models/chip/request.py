"""What a user asks of the chip: layers with integer operands, results raw or quantised."""

from dataclasses import dataclass, field

import numpy as np

from models.apsq import Apsq
from models.aqs_gemm import INT32_MAX, INT32_MIN
from models.errors import PanaceaError, check_integer_array, check_range, check_shape
from models.params import K_MAX, LayerConfig
from models.ppu import MULT_MAX, SHIFT_MAX
from models.pwl import PwlTable

__all__ = ["ChipLayer", "PpuOutput"]


@dataclass(frozen=True, kw_only=True, eq=False)
class PpuOutput:
    """How the PPU turns a layer's results into the next layer's activations.

    Attributes:
        multiplier: integers (M,), 16 bits unsigned.
        shift: integers (M,), 0..63.
        table: the non-linear function.
        config: the next layer's formats; its activation width, DBS type and r count here.

    Raises:
        PanaceaError: a value out of its range, or shapes that differ.
    """

    multiplier: np.ndarray = field(repr=False)
    shift: np.ndarray = field(repr=False)
    table: PwlTable = field(repr=False)
    config: LayerConfig

    def __post_init__(self) -> None:
        for name, top in (("multiplier", MULT_MAX), ("shift", SHIFT_MAX)):
            value = check_integer_array(f"output.{name}", getattr(self, name), 1)
            check_range(f"output.{name}", value, 0, top)
        check_shape("output.shift", self.shift, self.multiplier.shape)


@dataclass(frozen=True, kw_only=True, eq=False)
class ChipLayer:
    """One layer, y = w x~ + bias.

    Layers in a row with the same `x` (the same array object) or the same `source`, and the same
    activation format, share their activations on the chip.

    Attributes:
        name: unique in a program.
        w: weights (M, K), `config.w_bits` signed bits.
        bias: (M,), 32 bits, the zero point's term folded in, the term of r not.
        config: number formats.
        x: codes (K, N), `config.x_bits` unsigned bits, or None.
        source: the earlier layer whose quantised output is the input, or None.
        output: post-processing, or None for raw int32 results.
        dtp: double tile processing; None decides by the paper's condition.
        dense: lists of HO weight vectors are dense; None: for each part of the weights the form
            that takes fewer words.
        apsq: how partial sums are quantised, None for exact ones. The chip takes it for operands
            of one or two slices, in steps of whole K-tiles.

    Raises:
        PanaceaError: shapes that do not match, a bias beyond 32 bits, both or none of x and
            source.
    """

    name: str
    w: np.ndarray = field(repr=False)
    bias: np.ndarray = field(repr=False)
    config: LayerConfig
    x: np.ndarray | None = field(default=None, repr=False)
    source: str | None = None
    output: PpuOutput | None = None
    dtp: bool | None = None
    dense: bool | None = None
    apsq: Apsq | None = None

    def __post_init__(self) -> None:
        check_integer_array("w", self.w, 2)
        check_range("K", self.w.shape[1], 1, K_MAX)
        bias = check_integer_array("bias", self.bias, 1)
        check_shape("bias", self.bias, self.w.shape[:1])
        check_range("bias", bias, INT32_MIN, INT32_MAX)
        if (self.x is None) == (self.source is None):
            raise PanaceaError(f"layer {self.name!r} needs x or source, and not both")
        if self.x is not None:
            check_integer_array("x", self.x, 2)
            check_shape("x", self.x, (self.w.shape[1], self.x.shape[1]))
        if self.apsq is not None:
            self.apsq.spans(self.w.shape[1])
        if self.output is not None:
            check_shape("output.multiplier", self.output.multiplier, self.w.shape[:1])
