"""Calibration: from a real layer and samples of its input to the integer layer.

Order, as in the paper: histogram -> sigma -> DBS type -> l -> zp' -> r. Whether a layer gets ZPM
or a DBS type above 1 is a per-layer option, because neither helps everywhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum

import numpy as np

from models.arith import exact_matmul
from models.compression import activation_vectors, vector_sparsity
from models.errors import PanaceaError
from models.params import LayerConfig
from models.quant import (
    Granularity,
    activation_range,
    centre_zero_point,
    choose_dbs_type,
    integer_bias,
    quantise_activations,
    quantise_weights,
    widen_scale,
)
from models.slicing import slice_activations

__all__ = ["LayerQuant", "QuantOptions", "Zpm", "activation_sparsity", "calibrate_layer"]


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
    config: LayerConfig
    sigma: float
    rule_type: int
    sparsity: float

    def quantise(self, real: np.ndarray) -> np.ndarray:
        """Codes (K, N) int64 of a real input (K, N), on the grid of the DBS type."""
        return quantise_activations(real, self.s_x, self.config)

    def multiply(self, x: np.ndarray) -> np.ndarray:
        """`w x + bias` for codes x (K, N), exact, (M, N) int64."""
        return exact_matmul(self.w, x) + self.bias[:, None]

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
    bounds = (min(float(samples.min()), 0.0), max(float(samples.max()), 0.0))
    s_x, zp = activation_range(*bounds, options.x_bits)
    plain = LayerConfig(w_bits=options.w_bits, x_bits=options.x_bits, zp=zp)
    sigma = float(quantise_activations(samples, s_x, plain).std())
    rule_type = choose_dbs_type(sigma, options.sparsity_target) if options.x_bits == 8 else 1
    typed = replace(plain, dbs_type=min(rule_type, options.dbs_limit(name)))
    s_x, config = _place_zero_point(samples, bounds, s_x, typed, options)
    w, s_w = quantise_weights(weight, options.w_bits, options.granularity)
    return LayerQuant(
        name=name,
        w=w,
        bias=integer_bias(bias, w, s_w, s_x, config.zp),
        s_w=s_w,
        s_x=s_x,
        config=config,
        sigma=sigma,
        rule_type=rule_type,
        sparsity=activation_sparsity(quantise_activations(samples, s_x, config), config),
    )


def activation_sparsity(x: np.ndarray, config: LayerConfig) -> float:
    """Share of codes' 1x4 HO vectors (one k, 4 columns) that are skipped: all slices equal r.

    0 for 4-bit activations, which have no HO slice. Missing columns count as skipped.
    """
    if config.k == 0:
        return 0.0
    high = slice_activations(x, config)[-1]
    return vector_sparsity(activation_vectors(high, config.r), config.r)


def _place_zero_point(
    samples: np.ndarray,
    bounds: tuple[float, float],
    s_x: float,
    config: LayerConfig,
    options: QuantOptions,
) -> tuple[float, LayerConfig]:
    """Scale and configuration with the zero point the options ask for."""
    # Real zero must have a code, so without ZPM the zero point itself moves onto the grid.
    step = 1 << config.lsb
    kept = replace(config, zp=min(round(config.zp / step) * step, config.x_max))
    if config.k == 0 or options.zpm == Zpm.OFF:
        return s_x, kept
    centred = replace(config, zp=centre_zero_point(config))
    scale = widen_scale(*bounds, centred.zp, config.x_max) if options.widen else s_x
    if options.zpm == Zpm.ON:
        return scale, centred

    def rate(candidate: tuple[float, LayerConfig]) -> float:
        return activation_sparsity(quantise_activations(samples, *candidate), candidate[1])

    return max((s_x, kept), (scale, centred), key=rate)
