"""Bit slicing: signed bit-slice representation of weights, plain slices of activations."""

import numpy as np

from models.errors import PanaceaError, check_choice, check_integer_array, check_range
from models.params import LayerConfig

__all__ = [
    "effective_activation",
    "sbr_slices",
    "slice_activations",
    "slice_weights",
    "unslice_activations",
    "unslice_weights",
]


def sbr_slices(w: np.ndarray, n: int) -> list[np.ndarray]:
    """Signed bit-slice representation with n low-order slices, lowest first.

    The paper gives n = 1; the general form is derived: with s = 1 for negative w and 3-bit
    digits d_i of w, LO_0 = d_0 - 8s, LO_i = d_i - 7s, HO = (w >> 3n) + s. All slices lie in
    -8..7 and w = sum_i 8^i LO_i + 8^n HO. n = 0 is the plain value.

    Args:
        w: int64 array of any shape, values of 3n + 4 signed bits (not checked here).
        n: number of low-order slices.
    """
    if n == 0:
        return [w]
    s = (w < 0).astype(w.dtype)
    low = [((w >> 3 * i) & 7) - (7 if i else 8) * s for i in range(n)]
    return [*low, (w >> 3 * n) + s]


def slice_weights(w: np.ndarray, w_bits: int) -> list[np.ndarray]:
    """Slice a weight matrix (M, K) into (w_bits - 4) / 3 + 1 int64 slices, lowest first.

    Raises:
        PanaceaError: if w is not an integer matrix of `w_bits` signed bits.
    """
    check_choice("w_bits", w_bits, (4, 7, 10))
    w = check_integer_array("w", w, 2)
    check_range("w", w, -(2 ** (w_bits - 1)), 2 ** (w_bits - 1) - 1)
    return sbr_slices(w, (w_bits - 4) // 3)


def unslice_weights(slices: list[np.ndarray]) -> np.ndarray:
    """The weights that `slices` (lowest first, each -8..7) stand for, as int64.

    Raises:
        PanaceaError: if there is no slice, or one holds a value that is not 4 signed bits.
    """
    if not slices:
        raise PanaceaError("slices = [] holds no weight slice")
    for i, part in enumerate(slices):
        check_range(f"slices[{i}]", part, -8, 7)
    return sum(part.astype(np.int64) << 3 * i for i, part in enumerate(slices))


def _checked_activations(x: np.ndarray, cfg: LayerConfig) -> np.ndarray:
    x = check_integer_array("x", x, 2)
    check_range("x", x, 0, 2**cfg.x_bits - 1)
    return x


def slice_activations(x: np.ndarray, cfg: LayerConfig) -> list[np.ndarray]:
    """Slice an activation matrix (K, N) into 4-bit unsigned int64 slices, lowest first.

    With distribution-based slicing (8 bits, types 2 and 3) the low slice keeps the upper 4 of
    its l bits and the high slice is zero-extended (paper, DBS).

    Raises:
        PanaceaError: if x is not an integer matrix of `cfg.x_bits` unsigned bits.
    """
    x = _checked_activations(x, cfg)
    shifts = [cfg.lsb + 4 * j for j in range(cfg.k + 1)]
    return [(x >> shift) & 15 for shift in shifts]


def unslice_activations(slices: list[np.ndarray], cfg: LayerConfig) -> np.ndarray:
    """The effective activations that `slices` (lowest first) stand for, as int64.

    Raises:
        PanaceaError: if the number of slices or a slice's range does not fit `cfg`.
    """
    if len(slices) != cfg.k + 1:
        raise PanaceaError(f"slices has {len(slices)} elements, expected {cfg.k + 1}")
    for j, part in enumerate(slices):
        check_range(f"slices[{j}]", part, 0, 15)
    return sum(part.astype(np.int64) << (cfg.lsb + 4 * j) for j, part in enumerate(slices))


def effective_activation(x: np.ndarray, cfg: LayerConfig) -> np.ndarray:
    """The value x~ (K, N) the hardware computes with: x without its lowest l - 4 bits.

    Raises:
        PanaceaError: if x is not an integer matrix of `cfg.x_bits` unsigned bits.
    """
    return _checked_activations(x, cfg) >> cfg.lsb << cfg.lsb
