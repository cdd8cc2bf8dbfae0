"""Calibration for the Sibia-style core: symmetric activations, as its signed slices need them."""

import numpy as np

from models.calibration import ActivationScale
from models.quant import Granularity, quantise_weights

__all__ = ["quantise_symmetric"]


def quantise_symmetric(
    real: np.ndarray, scale: ActivationScale, bits: int = 7
) -> tuple[np.ndarray, np.ndarray]:
    """Symmetric activations `x = clip(round(X / s_x), -2^(b-1), 2^(b-1) - 1)`.

    Args:
        real: (K, N), columns are tokens.
        scale: one scale for all, or one for each column.
        bits: b, 7 or 4.

    Returns:
        codes (K, N) int64, and s_x (N,) float64, real units per code; the largest magnitude is put
        on 2^(b-1) - 1.

    Raises:
        PanaceaError: for other widths, or values that are not a finite, non-empty matrix.
    """
    shared = Granularity.CHANNEL if scale == ActivationScale.COLUMN else Granularity.TENSOR
    codes, s_x = quantise_weights(np.asarray(real, np.float64).T, bits, shared)
    return codes.T.astype(np.int64), s_x
