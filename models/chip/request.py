"""What software asks of the chip: fully connected layers, chained on the chip or with the host."""

from dataclasses import dataclass, field

import numpy as np

from models.params import LayerConfig
from models.pwl import PwlTable

__all__ = ["ChipLayer", "PpuOutput"]


@dataclass(frozen=True, kw_only=True, eq=False)
class PpuOutput:
    """How the PPU turns a layer's results into codes.

    Attributes:
        multiplier, shift: (M,), 0..65535 and 0..63, one for each output row.
        table: the activation function.
        config: activation format of the codes.
    """

    multiplier: np.ndarray = field(repr=False)
    shift: np.ndarray = field(repr=False)
    table: PwlTable = field(repr=False)
    config: LayerConfig


@dataclass(frozen=True, kw_only=True, eq=False)
class ChipLayer:
    """One layer: `y = w x + bias`, raw or as codes.

    Attributes:
        name: unique in its request.
        w: weights (M, K), `config.w_bits` signed bits.
        bias: (M,), within int32.
        config: number formats of w and x.
        x: codes (K, N); None with a source.
        source: an earlier layer of the request whose codes are x; None with x.
        output: how results become codes; None for raw int32 results.
        dtp: double tile processing; None leaves the choice to the compiler.
    """

    name: str
    w: np.ndarray = field(repr=False)
    bias: np.ndarray = field(repr=False)
    config: LayerConfig
    x: np.ndarray | None = field(default=None, repr=False)
    source: str | None = None
    output: PpuOutput | None = field(default=None, repr=False)
    dtp: bool | None = None
