"""Reading vector lists of chunks and segments back, without the packing code."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from models.compression import HoMasks
from models.stream_lists import ListReader, VectorLists, activation_reader, weight_reader

__all__ = ["Activations", "Weights", "read_activations", "read_weights"]

V = 4  # rows or columns of a vector
PADDING_WORDS = 3  # most words of a beat of weights that a list leaves empty


@dataclass(frozen=True, kw_only=True, eq=False)
class Weights:
    """Decoded weights: int16 (rows, K) values; (row groups, K) HO vectors, of which zeros are
    dropped."""

    values: np.ndarray
    masks: HoMasks


@dataclass(frozen=True, kw_only=True, eq=False)
class Activations:
    """Decoded activations: uint8 (K, columns) slices, bool (groups, K) HO vectors stored.

    `high` is 0 where skipped.
    """

    low: np.ndarray
    high: np.ndarray
    stored: np.ndarray

    def masks(self, r: int) -> HoMasks:
        """HO vectors (groups, K) of a pass with this `r`: those of r only are dropped."""
        kept = (self.high.T != r).reshape(-1, V, self.stored.shape[1]).any(axis=1)
        return HoMasks(stored=self.stored, kept=self.stored & kept)


def _nibbles(vectors: np.ndarray) -> np.ndarray:
    """Vectors (rows, K) as slices 0..15, uint8 (4 rows, K)."""
    slices = [(vectors >> shift & 15).astype(np.uint8) for shift in (0, 4, 8, 12)]
    return np.stack(slices, axis=1).reshape(-1, vectors.shape[1])


def _read(
    make: Callable[[slice], ListReader],
    k_len: int,
    tile_k: int,
    streams: int,
    lists: int,
    padding: int,
    dense: bool = False,
) -> list[np.ndarray]:
    """Lists of K-tiles, each K-tile with `streams` streams of its own, of `lists` lists.

    Returns:
        low, high and stored, (K-tiles, streams, lists, tile_k) each.
    """
    whole, rest = divmod(k_len, tile_k)
    read: list[VectorLists] = []
    for first, tiles, length in ((0, whole, tile_k), (whole, bool(rest), rest)):
        if tiles:
            reader = make(slice(first * streams, (first + tiles) * streams))
            read.append(reader.read([length], lists, tile_k, dense))
            reader.leftover(padding)
    return [
        np.concatenate([getattr(one, name) for one in read]).reshape(-1, streams, lists, tile_k)
        for name in ("low", "high", "stored")
    ]


def read_weights(
    chunks: Sequence[Sequence[np.ndarray]],
    k_len: int,
    peas: int,
    sub_tiles: int,
    tile_k: int,
    dense: bool,
) -> Weights:
    """Decode the chunks of one pass.

    Args:
        chunks: for each K-tile the words of every PEA, uint8 (words, 8), high byte first.
        dense: the HO lists are dense.

    Raises:
        PanaceaError: an illegal list, or one that does not fit its beats.
    """

    words = [one for chunk in chunks for one in chunk]

    def make(part: slice) -> ListReader:
        numbers = range(len(words))[part]
        names = [f"weights, chunk {n // peas}, PEA {n % peas}" for n in numbers]
        return weight_reader(words[part], names)

    low, high, stored = (
        a.transpose(2, 1, 0, 3).reshape(sub_tiles * peas, -1)[:, :k_len]
        for a in _read(make, k_len, tile_k, peas, sub_tiles, PADDING_WORDS, dense)
    )
    masks = HoMasks.of(high, stored, dense=dense)
    low, high = ((_nibbles(a) ^ 8).astype(np.int16) - 8 for a in (low, high))
    return Weights(values=low + 8 * high, masks=masks)


def read_activations(
    segments: Sequence[np.ndarray], k_len: int, groups: int, tile_k: int
) -> Activations:
    """Decode the segments of one pass.

    Args:
        segments: uint8 (beats, 32), high byte first, one for each K-tile.

    Raises:
        PanaceaError: an illegal list, or one that does not fit its segment.
    """

    def make(part: slice) -> ListReader:
        names = [f"activations, segment {n}" for n in range(len(segments))[part]]
        beats = list(segments[part])
        return activation_reader(np.concatenate(beats), [len(b) for b in beats], names)

    low, high, stored = (
        a[:, 0].transpose(1, 0, 2).reshape(groups, -1)[:, :k_len]
        for a in _read(make, k_len, tile_k, 1, groups, 0)
    )
    return Activations(low=_nibbles(low).T, high=_nibbles(high).T, stored=stored)
