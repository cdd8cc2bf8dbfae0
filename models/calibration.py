"""Calibration: from a real layer and samples of its input to the integer layer.

Order, as in the paper: histogram -> sigma -> DBS type -> l -> zp' -> r. Whether a layer gets ZPM
or a DBS type above 1 is a per-layer option, because neither helps everywhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from operator import itemgetter

import numpy as np

from models.errors import PanaceaError
from models.quant import (
    Granularity,
    activation_range,
    centre_zero_point,
    choose_dbs_type,
    fold_bias,
    grid_step,
    low_bits,
    quantise_activations,
    quantise_weights,
    vector_sparsity,
    widen_scale,
)

__all__ = ["LayerQuant", "QuantOptions", "Zpm", "calibrate_layer"]


class Zpm(IntEnum):
    """Where to manipulate the zero point; AUTO: where it raises the calibration sparsity."""

    OFF = 0
    ON = 1
    AUTO = 2


@dataclass(frozen=True, kw_only=True)
class QuantOptions:
    """How to quantise a network's layers; the defaults are its accurate setting.

    `dbs_max` is the largest DBS type a layer may get: one number for all, or a mapping from
    layer name or kind (the name's last part; the name wins, absent means 1). The type is the
    smaller of that and what the sigma rule asks for at `sparsity_target`. The default, 1, is DBS
    off: on every layer it destroys the accuracy of real networks.
    """

    w_bits: int = 7
    x_bits: int = 8
    granularity: Granularity = Granularity.CHANNEL
    zpm: Zpm = Zpm.AUTO
    widen: bool = True
    dbs_max: int | Mapping[str, int] = 1
    sparsity_target: float = 0.90

    def dbs_limit(self, name: str) -> int:
        """Largest DBS type layer `name` may get."""
        if isinstance(self.dbs_max, int):
            return self.dbs_max
        return self.dbs_max.get(name, self.dbs_max.get(name.rpartition(".")[2], 1))


@dataclass(frozen=True, kw_only=True, eq=False)
class LayerQuant:
    """An integer layer: `y = w x + bias`, with `Y ~= s_w s_x y`.

    `w` (M, K) int16; `bias` (M,) int64 within int32, zero-point term folded in; `s_w` (M,)
    and `s_x` real units per step; `sigma` (codes, before ZPM and DBS), `rule_type` (what the DBS
    rule alone asks for) and `sparsity` (1x4 HO vectors skipped) are the calibration's figures.
    """

    name: str
    w: np.ndarray = field(repr=False)
    bias: np.ndarray = field(repr=False)
    s_w: np.ndarray = field(repr=False)
    s_x: float
    w_bits: int
    x_bits: int
    zp: int
    dbs_type: int
    sigma: float
    rule_type: int
    sparsity: float

    @property
    def low(self) -> int:
        """Bits below the HO slice, l."""
        return low_bits(self.x_bits, self.dbs_type)

    def quantise(self, real: np.ndarray) -> np.ndarray:
        """Codes (K, N) int64 of a real input (K, N), on the grid of the DBS type."""
        return quantise_activations(real, self.s_x, self.zp, self.x_bits, self.dbs_type)

    def multiply(self, x: np.ndarray) -> np.ndarray:
        """`w x + bias` for codes x (K, N), exact, (M, N) int64.

        The product runs in float64, which is exact here: |w| <= 2^9 and x < 2^12 keep every
        partial sum below 2^53 for any K up to 2^32.
        """
        product = self.w.astype(np.float64) @ x.astype(np.float64)
        return product.astype(np.int64) + self.bias[:, None]

    def dequantise(self, y: np.ndarray) -> np.ndarray:
        """Real output `s_w s_x y` of integer results y (M, N), float64."""
        return y * (self.s_w * self.s_x)[:, None]


def calibrate_layer(
    *,
    name: str,
    weight: np.ndarray,
    bias: np.ndarray,
    samples: np.ndarray,
    options: QuantOptions,
) -> LayerQuant:
    """Quantise one layer for inputs like `samples`.

    Args:
        name: the layer's name, dotted, its kind last.
        weight: real (M, K).
        bias: real (M,).
        samples: real inputs (K, T), T calibration columns (tokens).
        options: the per-network options.

    Raises:
        PanaceaError: for shapes that do not match, or what `models.quant` refuses.
    """
    if samples.ndim != 2 or samples.size == 0 or samples.shape[0] != weight.shape[1]:
        raise PanaceaError(f"samples of {name} has shape {samples.shape}, K is {weight.shape[1]}")
    lo, hi = min(float(samples.min()), 0.0), max(float(samples.max()), 0.0)
    s_x, zp = activation_range(lo, hi, options.x_bits)
    sigma = float(quantise_activations(samples, s_x, zp, options.x_bits, 1).std())
    rule_type = choose_dbs_type(sigma, options.sparsity_target)
    dbs_type = min(rule_type, options.dbs_limit(name)) if options.x_bits == 8 else 1
    s_x, zp, sparsity = _place_zero_point(samples, (lo, hi), (s_x, zp), dbs_type, options)
    w, s_w = quantise_weights(weight, options.w_bits, options.granularity)
    return LayerQuant(
        name=name,
        w=w,
        bias=fold_bias(bias, w, s_w, s_x, zp),
        s_w=s_w,
        s_x=s_x,
        w_bits=options.w_bits,
        x_bits=options.x_bits,
        zp=zp,
        dbs_type=dbs_type,
        sigma=sigma,
        rule_type=rule_type,
        sparsity=sparsity,
    )


def _place_zero_point(
    samples: np.ndarray,
    bounds: tuple[float, float],
    plain: tuple[float, int],
    dbs_type: int,
    options: QuantOptions,
) -> tuple[float, int, float]:
    """Scale, zero point and calibration sparsity, with ZPM where the options ask for it."""
    bits, low, step = options.x_bits, low_bits(options.x_bits, dbs_type), grid_step(dbs_type)
    candidates = []
    if low == 0 or options.zpm != Zpm.ON:
        # Real zero must have a code, so without ZPM the zero point itself moves onto the grid.
        on_grid = int(np.clip(np.rint(plain[1] / step) * step, 0, 2**bits - step))
        candidates.append((plain[0], on_grid))
    if low and options.zpm != Zpm.OFF:
        centred = centre_zero_point(plain[1], low)
        wide = widen_scale(*bounds, centred, 2**bits - step) if options.widen else plain[0]
        candidates.append((wide, centred))

    def rate(candidate: tuple[float, int]) -> float:
        codes = quantise_activations(samples, *candidate, bits, dbs_type)
        return vector_sparsity(codes, candidate[1], low)

    return max(((*candidate, rate(candidate)) for candidate in candidates), key=itemgetter(2))
