"""Quantisation: real weights and activations to the integers the accelerator multiplies.

Rounding is to nearest, ties to even (numpy's `rint`; our choice, the paper only writes "round").
Bit widths, ZPM and DBS follow the Panacea paper, section III; "our choice" marks what it leaves
open.
"""

from enum import IntEnum
from statistics import NormalDist

import numpy as np

from models.errors import PanaceaError, check_choice, check_range

__all__ = [
    "DBS_TYPES",
    "WEIGHT_BITS",
    "X_BITS",
    "Granularity",
    "activation_range",
    "centre_zero_point",
    "choose_dbs_type",
    "fold_bias",
    "grid_step",
    "low_bits",
    "quantise_activations",
    "quantise_weights",
    "vector_sparsity",
    "widen_scale",
]

WEIGHT_BITS = (4, 7, 10)
X_BITS = (4, 8, 12)
DBS_TYPES = (1, 2, 3)
ROWS_PER_GROUP = 4
INT32 = (-(2**31), 2**31 - 1)


class Granularity(IntEnum):
    """How many weight rows share one scale (the paper uses per tensor; the others are ours)."""

    TENSOR = 0
    CHANNEL = 1
    ROW_GROUP = 2


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
    check_choice("weight bits", bits, WEIGHT_BITS)
    weights = _finite_matrix("weights", weights)
    peak = np.abs(weights).max(axis=1)
    if granularity == Granularity.TENSOR:
        peak = np.full_like(peak, peak.max())
    elif granularity == Granularity.ROW_GROUP:
        starts = np.arange(0, peak.size, ROWS_PER_GROUP)
        peak = np.maximum.reduceat(peak, starts).repeat(ROWS_PER_GROUP)[: peak.size]
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
    check_choice("activation bits", bits, X_BITS)
    if not (np.isfinite(lo) and np.isfinite(hi)) or lo > hi:
        raise PanaceaError(f"activation range = {lo}..{hi} is not finite and ordered")
    lo, hi = min(lo, 0.0), max(hi, 0.0)
    if lo == hi:
        return 1.0, 0
    scale = (hi - lo) / (2**bits - 1)
    return scale, int(np.rint(-lo / scale))


def low_bits(x_bits: int, dbs_type: int) -> int:
    """Bits below the HO slice, l: 3 + type for 8-bit activations, 0 (no HO slice) and 8 else.

    Raises:
        PanaceaError: for unknown widths or types, or a type above 1 without 8-bit activations
            (DBS is for 8 bits).
    """
    check_choice("activation bits", x_bits, X_BITS)
    check_choice("DBS type", dbs_type, DBS_TYPES)
    if x_bits != 8 and dbs_type != 1:
        raise PanaceaError(f"DBS type = {dbs_type} needs 8-bit activations, not {x_bits}-bit")
    return {4: 0, 8: 3 + dbs_type, 12: 8}[x_bits]


def grid_step(dbs_type: int) -> int:
    """Distance 2^(l-4) of the values a DBS type can represent: 1, 2 or 4."""
    check_choice("DBS type", dbs_type, DBS_TYPES)
    return 2 ** (dbs_type - 1)


def centre_zero_point(zp: int, low: int) -> int:
    """ZPM: `zp' = 2^l floor(zp / 2^l) + 2^(l-1)`, the centre of its HO slice (paper, ZPM)."""
    check_range("low bits", low, 1, 8)
    return (zp >> low << low) + 2 ** (low - 1)


def widen_scale(lo: float, hi: float, zp: int, x_max: int) -> float:
    """Smallest scale with which `zp` covers lo..hi: `max(hi / (x_max - zp), -lo / zp)`.

    `x_max` is the largest representable code: 255 for 8 bits at DBS type 1. Our choice: moving
    the zero point alone would clip up to 2^(l-1) codes at one end.

    Raises:
        PanaceaError: if `zp` has no code on one of its sides.
    """
    check_range("zero point", zp, 1, x_max - 1)
    scale = max(hi / (x_max - zp), -lo / zp)
    return scale if scale > 0 else 1.0


def quantise_activations(
    real: np.ndarray, scale: float, zp: int, bits: int, dbs_type: int
) -> np.ndarray:
    """Codes `clip(g round((X / s_x + zp) / g), 0, 2^b - g)` on the grid g = 2^(l-4), int64.

    For type 1, g = 1 and this is the paper's `clip(round(X / s_x) + zp, 0, 2^b - 1)`. For the
    others it rounds where the hardware's slicing would cut (our choice: same hardware, less
    error), hence cutting changes nothing: x~ = x. Real zero maps to `zp` exactly.

    Raises:
        PanaceaError: if `zp` is outside 0..2^b - 1 or not on the grid.
    """
    check_choice("activation bits", bits, X_BITS)
    check_range("zero point", zp, 0, 2**bits - 1)
    step = grid_step(dbs_type)
    if zp % step:
        raise PanaceaError(f"zero point = {zp} is not a multiple of {step} (DBS type {dbs_type})")
    codes = np.rint(real / (scale * step)) * step + zp
    return np.clip(codes, 0, 2**bits - step).astype(np.int64)


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


def fold_bias(bias: np.ndarray, w: np.ndarray, s_w: np.ndarray, s_x: float, zp: int) -> np.ndarray:
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


def vector_sparsity(x: np.ndarray, zp: int, low: int) -> float:
    """Fraction of 1x4 HO vectors (one k, 4 columns) whose slices all equal r = zp >> l.

    Args:
        x: codes (K, N); N is padded to a multiple of 4 by repeating the last column.
        zp: zero point.
        low: l; 0 means there is no HO slice, hence nothing to skip.
    """
    if low == 0:
        return 0.0
    padded = np.pad(x, ((0, 0), (0, -x.shape[1] % 4)), mode="edge")
    frequent = (padded >> low) == (zp >> low)
    return float(frequent.reshape(x.shape[0], -1, 4).all(axis=2).mean())


def _finite_matrix(name: str, values: np.ndarray) -> np.ndarray:
    values = np.asarray(values, dtype=np.float64)
    if values.ndim != 2 or values.size == 0:
        raise PanaceaError(f"{name} has shape {values.shape}, expected a non-empty matrix")
    if not np.isfinite(values).all():
        raise PanaceaError(f"{name} has {np.count_nonzero(~np.isfinite(values))} infinite or NaN")
    return values
