"""Index helpers for data of many pieces of different length."""

import numpy as np

__all__ = ["offsets", "spread"]


def offsets(sizes: np.ndarray) -> np.ndarray:
    """Where each piece begins if pieces of `sizes` (any shape, C order) follow each other."""
    ends = np.cumsum(sizes)
    return (ends - sizes.ravel()).reshape(sizes.shape)


def spread(starts: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """starts[i], starts[i] + 1, ... counts[i] of them, for all i in turn, int64."""
    starts, counts = starts.ravel(), counts.ravel()
    return np.repeat(starts - offsets(counts), counts) + np.arange(counts.sum())
