"""Offsets: constant columns that the host subtracts from activations before they are quantised."""

import numpy as np

__all__ = ["find_offsets", "nearest_offset"]


def find_offsets(samples: np.ndarray, count: int) -> np.ndarray:
    """Offsets (K, `count`) for samples (K, T): medians of columns that are alike.

    The first is the median of all. Each further one is the median of the columns that are nearer
    to the column that is farthest from all offsets so far than to these.
    """
    found = np.empty((len(samples), 0), samples.dtype)
    for number in range(count):
        some = samples
        if number:
            distances = _distances(samples, found).min(axis=0)
            farthest = samples[:, [int((distances + (samples * samples).sum(axis=0)).argmax())]]
            some = samples[:, _distances(samples, farthest)[0] < distances]
        if some.size:
            found = np.column_stack([found, np.median(some, axis=1)])
    return found


def nearest_offset(real: np.ndarray, offsets: np.ndarray) -> np.ndarray:
    """Which of the offsets (K, P) is nearest to each column of a real input (K, N), (N,) int64."""
    return _distances(real, offsets).argmin(axis=0)


def _distances(real: np.ndarray, offsets: np.ndarray) -> np.ndarray:
    """Squared distances of columns real (K, N) from offsets (K, P), less the columns' squares."""
    return (offsets * offsets).sum(axis=0)[:, None] - 2 * (offsets.T @ real)
