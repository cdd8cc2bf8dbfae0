"""Quantisation: real weights and activations to the integers the accelerator multiplies.

Rounding is to nearest, ties to even (numpy's `rint`; our choice, the paper only writes "round").
Bit widths, ZPM and DBS follow the Panacea paper, section III; "our choice" marks what it leaves
open.
"""

from enum import IntEnum
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike

from models.errors import PanaceaError, check_choice, check_range
from models.params import VECTOR, LayerConfig

__all__ = [
    "Granularity",
    "Rounding",
    "activation_range",
    "centre_zero_point",
    "choose_dbs_type",
    "column_ends",
    "integer_bias",
    "quantise_activations",
    "quantise_weights",
    "shared_rows",
    "widen_scale",
]

INT32 = (-(2**31), 2**31 - 1)


class Granularity(IntEnum):
    """How many weight rows share one scale (the paper uses per tensor; the others are ours)."""

    TENSOR = 0
    CHANNEL = 1
    ROW_GROUP = 2


class Rounding(IntEnum):
    """How weights are rounded: each to nearest, or OPTQ, which takes the inputs into account."""

    NEAREST = 0
    OPTQ = 1


def shared_rows(rows: int, granularity: Granularity) -> np.ndarray:
    """First rows, int64, of the blocks of `rows` rows that share a scale."""
    step = {Granularity.TENSOR: rows, Granularity.CHANNEL: 1, Granularity.ROW_GROUP: VECTOR}
    return np.arange(0, rows, step[granularity])


def quantise_weights(
    weights: np.ndarray, bits: int, granularity: Granularity
) -> tuple[np.ndarray, np.ndarray]:
    """Symmetric weights, `w = clip(round(W / s_w), -2^(b-1), 2^(b-1) - 1)`.

    Args:
        weights: real, (M, K), rows are output channels.
        bits: b, one of 4, 7, 10.
        granularity: rows that share a scale: all, one, or 4 (the rows of one weight vector; a
            last group may have fewer).

    Returns:
        `w` (M, K) int16 and `s_w` (M,) float64, real units per integer step. The scale puts the
        largest magnitude on 2^(b-1) - 1, so the lower clip is never reached; an all-zero block
        has scale 1 (both our choice).

    Raises:
        PanaceaError: for other widths, or weights that are not a finite, non-empty matrix.
    """
    check_choice("w_bits", bits, (4, 7, 10))
    weights = _finite_matrix("weights", weights)
    peak = np.abs(weights).max(axis=1)
    starts = shared_rows(peak.size, granularity)
    peak = np.repeat(np.maximum.reduceat(peak, starts), np.diff([*starts, peak.size]))
    limit = 2 ** (bits - 1)
    scale = np.where(peak > 0, peak / (limit - 1), 1.0)
    w = np.clip(np.rint(weights / scale[:, None]), -limit, limit - 1)
    return w.astype(np.int16), scale


def activation_range(lo: float, hi: float, bits: int) -> tuple[float, int]:
    """Scale and zero point of unsigned asymmetric activations that must cover lo..hi.

    The range is first extended to contain 0, so that real zero has a code: then
    `s_x = (hi - lo) / (2^b - 1)`, `zp = round(-lo / s_x)`, in 0..2^b - 1.

    Raises:
        PanaceaError: for widths other than 4, 8, 12, or a range that is not finite and ordered.
    """
    check_choice("x_bits", bits, (4, 8, 12))
    if not (np.isfinite(lo) and np.isfinite(hi)) or lo > hi:
        raise PanaceaError(f"activation range = {lo}..{hi} is not finite and ordered")
    lo, hi = min(lo, 0.0), max(hi, 0.0)
    if lo == hi:
        return 1.0, 0
    scale = (hi - lo) / (2**bits - 1)
    return scale, int(np.rint(-lo / scale))


def centre_zero_point(cfg: LayerConfig) -> int:
    """ZPM: `zp' = 2^l floor(zp / 2^l) + 2^(l-1)`, the centre of zp's HO slice (paper, ZPM)."""
    return (cfg.zp >> cfg.l << cfg.l) + 2 ** (cfg.l - 1)


def widen_scale(lo: ArrayLike, hi: ArrayLike, zp: int, x_max: int) -> np.ndarray:
    """Smallest scales with which `zp` covers lo..hi: `max(hi / (x_max - zp), -lo / zp)`.

    `x_max` is the largest code on the grid: 255 for 8 bits at DBS type 1. Our choice: moving
    the zero point alone would clip up to 2^(l-1) codes at one end.

    Args:
        lo, hi: real ends around 0, numbers or arrays of one shape.
        zp: zero point.
        x_max: largest code.

    Returns:
        float64 of the ends' shape; 1 where both are 0.

    Raises:
        PanaceaError: if `zp` has no code on one of its sides.
    """
    check_range("zp", zp, 1, x_max - 1)
    scale = np.maximum(np.divide(hi, x_max - zp), np.divide(lo, -zp))
    return np.where(scale > 0, scale, 1.0)


def column_ends(real: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Smallest and largest value of each column of real (K, N) and 0, float64 (N,) both."""
    real = np.asarray(real, dtype=np.float64)
    return np.minimum(real.min(axis=0), 0.0), np.maximum(real.max(axis=0), 0.0)


def quantise_activations(real: np.ndarray, scale: ArrayLike, cfg: LayerConfig) -> np.ndarray:
    """Codes `clip(g round((X / s_x + zp) / g), 0, 2^b - g)` on the grid g = 2^(l-4), int64.

    For type 1, g = 1 and this is the paper's `clip(round(X / s_x) + zp, 0, 2^b - 1)`. For the
    others it rounds where the hardware's slicing would cut (our choice: same hardware, less
    error), hence cutting changes nothing: x~ = x. Real zero maps to `zp` exactly. `scale` is one
    number, or one for each column (N,) of real (K, N).

    Raises:
        PanaceaError: if `zp` is not on the grid, or a value is not a number.
    """
    step = 1 << cfg.lsb
    if cfg.zp % step:
        raise PanaceaError(f"zp = {cfg.zp} is not a multiple of {step} (DBS type {cfg.dbs_type})")
    real = np.asarray(real, dtype=np.float64)
    if np.isnan(real).any():
        raise PanaceaError(f"activations have {np.count_nonzero(np.isnan(real))} NaN")
    codes = np.rint(real / (scale * step)) * step + cfg.zp
    return np.clip(codes, 0, cfg.x_max).astype(np.int64)


def choose_dbs_type(sigma: float, target: float) -> int:
    """DBS type of a layer whose quantised activations have standard deviation `sigma` (codes).

    With `z = Phi^-1((1 + target) / 2)`, the skip range of half width 2^(l-1) holds a fraction
    `target` of a normal distribution if sigma <= 2^(l-1) / z: type 1 up to 8 / z, type 2 up to
    16 / z, else type 3 (the paper's rule; its numbers are ours).

    Raises:
        PanaceaError: for a target outside (0, 1) or a negative sigma.
    """
    if not 0.0 < target < 1.0:
        raise PanaceaError(f"sparsity target = {target} is outside 0..1, ends excluded")
    if not sigma >= 0.0:
        raise PanaceaError(f"sigma = {sigma} is negative")
    z = NormalDist().inv_cdf((1 + target) / 2)
    return 1 if sigma <= 8 / z else 2 if sigma <= 16 / z else 3


def integer_bias(
    bias: np.ndarray, w: np.ndarray, s_w: np.ndarray, s_x: float, zp: int
) -> np.ndarray:
    """Integer bias `round(b / (s_w s_x)) - zp sum_k w`, (M,) int64 within int32.

    It carries the zero-point term of `W X + b ~= s_w s_x (w x) + (b - s_w s_x zp w 1)` (paper,
    asymmetric quantisation), in units s_w s_x.

    Raises:
        PanaceaError: naming the first row that does not fit 32 bits.
    """
    folded = np.rint(bias / (s_w * s_x)) - float(zp) * w.sum(axis=1, dtype=np.int64)
    for row in np.flatnonzero((folded < INT32[0]) | (folded > INT32[1])):
        raise PanaceaError(f"bias[{row}] = {folded[row]:.0f} does not fit 32 bits")
    return folded.astype(np.int64)


def _finite_matrix(name: str, values: np.ndarray) -> np.ndarray:
    values = np.asarray(values, dtype=np.float64)
    if values.ndim != 2 or values.size == 0:
        raise PanaceaError(f"{name} has shape {values.shape}, expected a non-empty matrix")
    if not np.isfinite(values).all():
        raise PanaceaError(f"{name} has {np.count_nonzero(~np.isfinite(values))} infinite or NaN")
    return values
