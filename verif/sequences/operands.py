"""Random operands with a chosen slice sparsity, drawn at the level of distributions."""

import numpy as np

from models.params import VECTOR, LayerConfig

__all__ = ["draw_activations", "draw_mask", "draw_weights"]


def draw_mask(
    rng: np.random.Generator, rows: int, depth: int, share: float, run: float
) -> np.ndarray:
    """Where vectors shall be compressible: bool (rows, depth).

    Args:
        rng: the test's generator.
        rows, depth: shape; runs lie along the depth.
        share: expected share of True, 0..1.
        run: expected length of a run of True, at least 1; long runs need placeholders.
    """
    if share <= 0.0 or share >= 1.0:
        return np.full((rows, depth), share >= 1.0)
    leave = 1.0 / run
    enter = min(1.0, leave * share / (1.0 - share))
    draws = rng.random((rows, depth))
    mask = np.empty((rows, depth), bool)
    state = rng.random(rows) < share
    for k in range(depth):
        mask[:, k] = state
        state = np.where(state, draws[:, k] >= leave, draws[:, k] < enter)
    return mask


def draw_weights(
    rng: np.random.Generator, m: int, k: int, w_bits: int, mask: np.ndarray
) -> np.ndarray:
    """Weights, int64 (m, k): small where `mask` (row groups, k) is True, anything elsewhere.

    A small weight, e.g. -8..7 of 7 bits, has a zero high-order slice.
    """
    limit = 2 ** (w_bits - 1)
    w = rng.integers(-limit, limit, (m, k))
    reach = max(8, limit // 8)
    small = rng.integers(-reach, reach, (m, k))
    return np.where(_spread(mask, m), small, w)


def draw_activations(
    rng: np.random.Generator, k: int, n: int, cfg: LayerConfig, mask: np.ndarray
) -> np.ndarray:
    """Activations, int64 (k, n): near the zero point where `mask` (groups, k) is True.

    Near means in the range of the zero point's high-order slice.
    """
    x = rng.integers(0, 2**cfg.x_bits, (k, n))
    near = (cfg.r << cfg.l) + rng.integers(0, 2**cfg.l, (k, n))
    return np.where(_spread(mask, n).T, near, x)


def _spread(mask: np.ndarray, count: int) -> np.ndarray:
    return np.repeat(mask, VECTOR, axis=0)[:count]
