"""Run-length coding of skipped vectors along K: which are stored, their indices, the way back."""

from collections.abc import Sequence

import numpy as np

from models.errors import PanaceaError, check_range
from models.params import RLE_MAX

__all__ = ["decode_positions", "list_beats", "run_indices", "split_k_tiles", "stored_mask"]


def split_k_tiles(array: np.ndarray, tile_k: int) -> np.ndarray:
    """Reshape (..., K) to (..., ceil(K / tile_k), tile_k), filling the last tile with zeros."""
    pad = -array.shape[-1] % tile_k
    if pad:
        array = np.concatenate([array, np.zeros((*array.shape[:-1], pad), array.dtype)], axis=-1)
    return array.reshape(*array.shape[:-1], -1, tile_k)


def stored_mask(
    compressible: np.ndarray, tile_k: int, keep: np.ndarray | None = None
) -> np.ndarray:
    """Which vectors the encoder stores.

    A vector is stored if it is not compressible, if `keep` asks for it, or as a placeholder
    after 15 skipped ones, because an index has 4 bits (the paper gives the width; the
    placeholder is derived). Every k-tile starts afresh.

    Args:
        compressible: bool (..., K), True where a vector may be skipped.
        tile_k: vectors in a k-tile.
        keep: optional bool (..., K) of vectors stored although compressible.

    Returns:
        bool (..., K).
    """
    wanted = ~compressible if keep is None else ~compressible | keep
    tiles = split_k_tiles(wanted, tile_k)
    position = np.arange(tile_k, dtype=np.int32)
    previous = np.maximum.accumulate(np.where(tiles, position, np.int32(-1)), axis=-1)
    distance = position - previous
    stored = (distance & RLE_MAX) == 0  # distance 0: wanted; 16, 32, ...: placeholder
    return stored.reshape(*wanted.shape[:-1], -1)[..., : wanted.shape[-1]]


def list_beats(stored: np.ndarray, tile_k: int, vectors: int, entries: int) -> np.ndarray:
    """Beats of each k-tile's vector lists: dense LO vectors, then HO entries, at least one beat.

    Args:
        stored: bool (..., K), HO vectors to store.
        tile_k: vectors in a k-tile.
        vectors, entries: LO vectors, HO entries in a beat.

    Returns:
        int64 (..., k-tiles).
    """
    depth = stored.shape[-1]
    lengths = np.minimum(tile_k, depth - np.arange(0, depth, tile_k))
    count = split_k_tiles(stored, tile_k).sum(axis=-1)
    return -(-lengths // vectors) + np.maximum(1, -(-count // entries))


def run_indices(stored: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Indices of the stored vectors of many lists.

    Args:
        stored: bool (lists, positions), one row per list (one k-tile of one vector row).

    Returns:
        (list number, position, index), int64 each with one element per stored vector, in
        stream order; the index is the number of skipped vectors directly before.
    """
    lists, position = np.nonzero(stored)
    index = position.copy()
    index[1:] -= np.where(lists[1:] == lists[:-1], position[:-1] + 1, 0)
    return lists, position, index


def decode_positions(indices: Sequence[int], count: int, kt: int) -> list[int]:
    """Positions in a k-tile of the first `count` vectors of a list.

    Args:
        indices: skipped vectors before each stored one, 0..15 each.
        count: number of stored vectors.
        kt: vectors in the k-tile; whatever follows the last stored vector is skipped.

    Raises:
        PanaceaError: if an index is not 4 bits, the list is shorter than `count`, or a
            position lies beyond the tile.
    """
    check_range("count", count, 0, len(indices))
    positions: list[int] = []
    cursor = 0
    for entry in range(count):
        check_range(f"indices[{entry}]", indices[entry], 0, RLE_MAX)
        cursor += int(indices[entry])
        if cursor >= kt:
            raise PanaceaError(f"indices[{entry}] leads to position {cursor}, tile has kt = {kt}")
        positions.append(cursor)
        cursor += 1
    return positions
