"""Index helpers for data of many pieces of different length."""

import numpy as np

from models.rle import split_k_tiles

__all__ = ["list_beats", "offsets", "spread"]


def offsets(sizes: np.ndarray) -> np.ndarray:
    """Where each piece begins if pieces of `sizes` (any shape, C order) follow each other."""
    ends = np.cumsum(sizes)
    return (ends - sizes.ravel()).reshape(sizes.shape)


def spread(starts: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """starts[i], starts[i] + 1, ... counts[i] of them, for all i in turn, int64."""
    starts, counts = starts.ravel(), counts.ravel()
    return np.repeat(starts - offsets(counts), counts) + np.arange(counts.sum())


def list_beats(stored: np.ndarray, tile_k: int, vectors: int, entries: int) -> np.ndarray:
    """Beats of each K-tile's vector list: dense LO vectors, then HO entries, at least one beat.

    Args:
        stored: bool (..., K), HO vectors to store.
        tile_k: vectors in a K-tile.
        vectors, entries: LO vectors, HO entries in a beat.

    Returns:
        int64 (..., K-tiles).
    """
    depth = stored.shape[-1]
    lengths = np.minimum(tile_k, depth - np.arange(0, depth, tile_k))
    count = split_k_tiles(stored, tile_k).sum(axis=-1)
    return -(-lengths // vectors) + np.maximum(1, -(-count // entries))
