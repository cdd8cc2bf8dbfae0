"""Random layers for the tests."""

import numpy as np

from models.params import LayerConfig

__all__ = ["random_layer"]


def random_layer(
    rng: np.random.Generator, shape: tuple[int, int, int], cfg: LayerConfig, spread: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Weights (M, K), activations (K, N), bias (M); small `spread` makes them compressible."""
    m, k, n = shape
    w_top, x_top = 2 ** (cfg.w_bits - 1), 2**cfg.x_bits - 1
    w = np.clip(np.rint(rng.normal(0, spread * w_top, (m, k))), -w_top, w_top - 1)
    x = np.clip(np.rint(rng.normal(cfg.zp, spread * x_top, (k, n))), 0, x_top)
    return w.astype(np.int64), x.astype(np.int64), rng.integers(-(2**20), 2**20, m)
