"""Calibration: from a real layer and samples of its input to the integer layer.

Order, as in the paper: histogram -> sigma -> DBS type -> l -> zp' -> r. Whether a layer gets ZPM
or a DBS type above 1 is a per-layer option, because neither helps everywhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum

import numpy as np

from models.arith import exact_matmul
from models.calibrate.optq import optq_weights
from models.compression import activation_vectors, vector_sparsity
from models.errors import PanaceaError, check_range
from models.offsets import find_offsets, nearest_offset
from models.params import LayerConfig
from models.quant import (
    Granularity,
    Rounding,
    activation_range,
    centre_zero_point,
    choose_dbs_type,
    column_ends,
    integer_bias,
    quantise_activations,
    quantise_weights,
    widen_scale,
)
from models.slicing import slice_activations

__all__ = [
    "ActivationScale",
    "InputQuant",
    "LayerQuant",
    "QuantOptions",
    "Zpm",
    "activation_sparsity",
    "calibrate_input",
    "calibrate_layer",
    "calibrate_weights",
]


MOST_OFFSETS = 8


class ActivationScale(IntEnum):
    """What shares one activation scale: the whole input, or each column (token) has its own.

    One for each column follows the values at run time, so that a token with huge activations
    does not coarsen the others'. The host then quantises, and knows the scales when it gets the
    results. Our choice; the paper scales the whole input.
    """

    TENSOR = 0
    COLUMN = 1


class Zpm(IntEnum):
    """Where to manipulate the zero point; AUTO: where it raises the calibration sparsity."""

    OFF = 0
    ON = 1
    AUTO = 2


@dataclass(frozen=True, kw_only=True)
class QuantOptions:
    """How to quantise layers; the defaults are an accurate setting.

    `dbs_max` is the largest DBS type a layer may get: one number for all, or a mapping from
    layer name or kind (the name's last part; the name wins, absent means 1). The type is the
    smaller of that and what the sigma rule asks for at `sparsity_target`. The default, 1, is DBS
    off: on every layer it destroys the accuracy of real networks. `symmetric` activations have
    a range around 0 of equal arms, and with it the middle code as zero point before ZPM.

    `floor` bounds the scales that columns have of their own from below, in medians of the
    calibration columns' scales; 0 is no floor. Above 1 ordinary tokens get coarser codes, more of
    which are skipped, and tokens with huge activations keep their own scale.

    `offsets` is a number of constant columns; the one that is nearest to a token is subtracted from
    it before it is quantised, and what the weights make of it added to the results, by the host.

    Raises:
        PanaceaError: for a floor that is negative or not finite, or with one scale for the input.
    """

    w_bits: int = 7
    x_bits: int = 8
    granularity: Granularity = Granularity.CHANNEL
    zpm: Zpm = Zpm.AUTO
    widen: bool = True
    dbs_max: int | Mapping[str, int] = 1
    sparsity_target: float = 0.90
    scale: ActivationScale = ActivationScale.TENSOR
    rounding: Rounding = Rounding.NEAREST
    symmetric: bool = False
    floor: float = 0.0
    offsets: int = 0

    def __post_init__(self) -> None:
        if not 0.0 <= self.floor < float("inf"):
            raise PanaceaError(f"floor = {self.floor} is not a finite number from 0")
        if self.floor and self.scale != ActivationScale.COLUMN:
            raise PanaceaError(f"floor = {self.floor}, but one scale for the input has none")
        check_range("offsets", self.offsets, 0, MOST_OFFSETS)

    def dbs_limit(self, name: str) -> int:
        """Largest DBS type layer `name` may get."""
        if isinstance(self.dbs_max, int):
            return self.dbs_max
        return self.dbs_max.get(name, self.dbs_max.get(name.rpartition(".")[2], 1))


@dataclass(frozen=True, kw_only=True)
class InputQuant:
    """How a real input becomes codes.

    `s_x` is real units per code, None if every column (token) has its own, which then is `floor`
    at least; `config` the formats. `offsets` (K, P) are subtracted from the input first, from each
    column the nearest.
    `sigma` (codes, before ZPM and DBS), `rule_type` (what the DBS rule alone asks for) and
    `sparsity` (1x4 HO vectors skipped) are the calibration's figures.
    """

    s_x: float | None
    config: LayerConfig
    sigma: float
    rule_type: int
    sparsity: float
    floor: float
    offsets: np.ndarray = field(repr=False, compare=False)

    def scale(self, real: np.ndarray) -> float | np.ndarray:
        """Real units per code for a real input (K, N): one number, or (N,)."""
        return self.s_x if self.s_x is not None else self._scale(self.shifted(real))

    def quantise(self, real: np.ndarray) -> np.ndarray:
        """Codes (K, N) int64 of a real input (K, N), on the grid of the DBS type."""
        return self._quantised(real)[0]

    def rounded(self, real: np.ndarray) -> np.ndarray:
        """What the codes of a real input (K, N) stand for but for its offset, float32 (K, N)."""
        codes, scale = self._quantised(real)
        return ((codes - self.config.zp) * scale).astype(np.float32)

    def shifted(self, real: np.ndarray) -> np.ndarray:
        """A real input (K, N) without its columns' offsets."""
        return real - self.offsets[:, self.nearest(real)] if self.offsets.size else real

    def nearest(self, real: np.ndarray) -> np.ndarray:
        """Which offset each column of a real input (K, N) takes, (N,) int64."""
        return nearest_offset(real, self.offsets)

    def _quantised(self, real: np.ndarray) -> tuple[np.ndarray, float | np.ndarray]:
        """Codes and scale."""
        shifted = self.shifted(real)
        scale = self.s_x if self.s_x is not None else self._scale(shifted)
        return quantise_activations(shifted, scale, self.config), scale

    def _scale(self, shifted: np.ndarray) -> np.ndarray:
        return _column_scales(column_ends(shifted), self.floor, self.config)


@dataclass(frozen=True, kw_only=True, eq=False)
class LayerQuant:
    """An integer layer: `y = w x + bias`, with `Y ~= s_w s_x y`, and what is added for offsets.

    `w` (M, K) int16; `bias` (M,) int64 within int32, zero-point term folded in; `s_w` (M,) real
    units per step; `added` (M, P) what the real weights make of the input's offsets.
    """

    name: str
    w: np.ndarray = field(repr=False)
    bias: np.ndarray = field(repr=False)
    s_w: np.ndarray = field(repr=False)
    added: np.ndarray = field(repr=False)
    input: InputQuant

    @property
    def config(self) -> LayerConfig:
        """The number formats."""
        return self.input.config

    def multiply(self, x: np.ndarray) -> np.ndarray:
        """`w x + bias` for codes x (K, N), exact, (M, N) int64."""
        return exact_matmul(self.w, x) + self.bias[:, None]

    def dequantise(self, y: np.ndarray, real: np.ndarray) -> np.ndarray:
        """Real output (M, N), float64, of integer results y for a real input (K, N).

        The input counts only if its columns have scales of their own, or offsets.
        """
        found = y * self.s_w[:, None] * self.input.scale(real)
        return found + self.added[:, self.input.nearest(real)] if self.added.size else found


def calibrate_layer(
    *,
    name: str,
    weight: np.ndarray,
    bias: np.ndarray,
    samples: np.ndarray,
    options: QuantOptions,
    rounded: tuple[np.ndarray, np.ndarray] | None = None,
) -> LayerQuant:
    """Quantise one layer for inputs like `samples`.

    Args:
        name: the layer's name, dotted, its kind last.
        weight: real (M, K).
        bias: real (M,).
        samples: real inputs (K, T), T calibration columns (tokens).
        options: the layer's options.
        rounded: integer weights (M, K) and scales (M,), if they are known already.

    Raises:
        PanaceaError: for shapes that do not match, a bias other than 0 with one scale for each
            column, or what `models.quant` refuses.
    """
    if samples.ndim != 2 or samples.size == 0 or samples.shape[0] != weight.shape[1]:
        raise PanaceaError(f"samples of {name} has shape {samples.shape}, K is {weight.shape[1]}")
    if options.scale == ActivationScale.COLUMN and np.any(bias):
        # A bias in integers has one unit, which the columns would have to share.
        raise PanaceaError(f"bias of {name} is not 0, but every column has a scale of its own")
    found = calibrate_input(name, samples, options)
    w, s_w = rounded or calibrate_weights(weight, found.shifted(samples), options)
    s_x = 1.0 if found.s_x is None else found.s_x
    folded = integer_bias(bias, w, s_w, s_x, found.config.zp)
    return LayerQuant(
        name=name, w=w, bias=folded, s_w=s_w, added=weight @ found.offsets, input=found
    )


def calibrate_weights(
    weight: np.ndarray, samples: np.ndarray, options: QuantOptions
) -> tuple[np.ndarray, np.ndarray]:
    """Integer weights (M, K) int16 and their scales (M,) for inputs like `samples` (K, T)."""
    if options.rounding == Rounding.OPTQ:
        return optq_weights(weight, options.w_bits, options.granularity, samples)
    return quantise_weights(weight, options.w_bits, options.granularity)


def calibrate_input(name: str, samples: np.ndarray, options: QuantOptions) -> InputQuant:
    """The format of layer `name`'s input for inputs like `samples` (K, T)."""
    offsets = find_offsets(samples, options.offsets)
    if options.offsets:
        samples = samples - offsets[:, nearest_offset(samples, offsets)]
    ends = column_ends(samples)
    lo, hi = ends
    if options.symmetric:
        hi = np.maximum(hi, -lo)
        lo = -hi
    s_x, zp = activation_range(float(lo.min()), float(hi.max()), options.x_bits)
    if options.scale == ActivationScale.COLUMN:
        s_x, zp = None, _common_zero_point(lo, hi, 2**options.x_bits - 1)

    def codes(s_x: float | None, floor: float, config: LayerConfig) -> np.ndarray:
        scale = _column_scales(ends, floor, config) if s_x is None else s_x
        return quantise_activations(samples, scale, config)

    plain = LayerConfig(w_bits=options.w_bits, x_bits=options.x_bits, zp=zp)
    sigma = float(codes(s_x, _floor(ends, options, plain), plain).std())
    rule_type = choose_dbs_type(sigma, options.sparsity_target) if options.x_bits == 8 else 1
    typed = replace(plain, dbs_type=min(rule_type, options.dbs_limit(name)))
    found = []
    for scale, config in _zero_points(s_x, typed, options, (float(lo.min()), float(hi.max()))):
        floor = _floor(ends, options, config)
        found.append(
            InputQuant(
                s_x=scale,
                floor=floor,
                offsets=offsets,
                config=config,
                sigma=sigma,
                rule_type=rule_type,
                sparsity=activation_sparsity(codes(scale, floor, config), config),
            )
        )
    return max(found, key=lambda one: one.sparsity)


def activation_sparsity(x: np.ndarray, config: LayerConfig) -> float:
    """Share of codes' 1x4 HO vectors (one k, 4 columns) that are skipped: all slices equal r.

    0 for 4-bit activations, which have no HO slice. Missing columns count as skipped.
    """
    if config.k == 0:
        return 0.0
    high = slice_activations(x, config)[-1]
    return vector_sparsity(activation_vectors(high, config.r), config.r)


def _column_scales(
    ends: tuple[np.ndarray, np.ndarray], floor: float, config: LayerConfig
) -> np.ndarray:
    """Of columns (N,) with these ends the smallest from `floor` that the zero point covers."""
    return np.maximum(widen_scale(*ends, config.zp, config.x_max), floor)


def _floor(
    ends: tuple[np.ndarray, np.ndarray], options: QuantOptions, config: LayerConfig
) -> float:
    """The floor of the options in real units, for columns with these ends."""
    if options.floor == 0.0:
        return 0.0
    return options.floor * float(np.median(_column_scales(ends, 0.0, config)))


def _common_zero_point(lo: np.ndarray, hi: np.ndarray, x_max: int) -> int:
    """The mean of the columns' own zero points; codes are left on both of its sides."""
    span = hi - lo
    share = np.divide(-lo, span, out=np.full_like(lo, 0.5), where=span > 0)
    return int(np.clip(np.rint(share.mean() * x_max), 1, x_max - 1))


def _zero_points(
    s_x: float | None, config: LayerConfig, options: QuantOptions, ends: tuple[float, float]
) -> list[tuple[float | None, LayerConfig]]:
    """Scale and configuration for each zero point that the options let choose from."""
    # Real zero must have a code, so without ZPM the zero point itself moves onto the grid.
    step = 1 << config.lsb
    margin = step if s_x is None else 0
    kept = round(config.zp / step) * step
    kept = replace(config, zp=int(np.clip(kept, margin, config.x_max - margin)))
    if config.k == 0 or options.zpm == Zpm.OFF:
        return [(s_x, kept)]
    centred = replace(config, zp=centre_zero_point(config))
    wide = s_x
    if options.widen and s_x is not None:
        wide = float(widen_scale(*ends, centred.zp, config.x_max))
    return [(wide, centred)] if options.zpm == Zpm.ON else [(s_x, kept), (wide, centred)]
