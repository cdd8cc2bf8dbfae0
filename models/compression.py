"""Vectors of four slices, and which of them are stored."""

from dataclasses import dataclass, replace

import numpy as np

from models.errors import PanaceaError
from models.params import VECTOR, WEIGHT_ENTRIES, WEIGHT_LO_VECTORS, LayerConfig
from models.rle import list_beats, stored_mask

__all__ = [
    "ExtraStore",
    "HoMasks",
    "activation_stored",
    "activation_vectors",
    "vector_sparsity",
    "weight_stored",
    "weight_vectors",
    "weight_words",
]


@dataclass(frozen=True, kw_only=True)
class ExtraStore:
    """Compressible vectors to store all the same: legal streams an encoder need not produce.

    Attributes:
        weights: bool (ceil(M / 4), K) or None.
        activations: bool (ceil(N / 4), K) or None.
    """

    weights: np.ndarray | None = None
    activations: np.ndarray | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class HoMasks:
    """What becomes of the HO vectors of an operand.

    A stored vector that holds what skipping stands for, such as a placeholder, is *dropped* as it
    is loaded [C]: it costs bytes, and no product. The others are *kept*.

    Attributes:
        stored: bool (vector rows, K), the stream has them.
        kept: bool (vector rows, K), the core multiplies them; a part of `stored`.
        dense: all are stored, without indices.
    """

    stored: np.ndarray
    kept: np.ndarray
    dense: bool = False

    @classmethod
    def of(
        cls, vectors: np.ndarray, stored: np.ndarray, frequent: int = 0, dense: bool = False
    ) -> "HoMasks":
        """Of vectors, uint16 (vector rows, K), where skipped ones hold `frequent` (0..15)."""
        return cls(stored=stored, kept=stored & (vectors != frequent * 0x1111), dense=dense)

    def __getitem__(self, at: slice | tuple[slice, ...]) -> "HoMasks":
        return replace(self, stored=self.stored[at], kept=self.kept[at])


def _checked_keep(name: str, keep: np.ndarray | None, shape: tuple[int, ...]) -> None:
    if keep is not None and (keep.shape != shape or keep.dtype != bool):
        raise PanaceaError(f"{name} is {keep.dtype} {keep.shape}, expected bool {shape}")


def weight_vectors(part: np.ndarray) -> np.ndarray:
    """Pack a weight slice (M, K) into 4x1 vectors, uint16 (ceil(M / 4), K), row i at bits 4i.

    Missing rows are zero.
    """
    rows, depth = part.shape
    padded = np.zeros((-(-rows // VECTOR) * VECTOR, depth), np.uint16)
    padded[:rows] = part & 15
    v = padded.reshape(-1, VECTOR, depth)
    return v[:, 0] | v[:, 1] << 4 | v[:, 2] << 8 | v[:, 3] << 12


def activation_vectors(part: np.ndarray, fill: int) -> np.ndarray:
    """Pack an activation slice (K, N) into 1x4 vectors, uint16 (ceil(N / 4), K), column i at 4i.

    Missing columns hold `fill`.
    """
    depth, columns = part.shape
    padded = np.full((-(-columns // VECTOR) * VECTOR, depth), fill, np.uint16)
    padded[:columns] = part.T
    v = padded.reshape(-1, VECTOR, depth)
    return v[:, 0] | v[:, 1] << 4 | v[:, 2] << 8 | v[:, 3] << 12


def weight_stored(
    vectors: np.ndarray, cfg: LayerConfig, tile_k: int, keep: np.ndarray | None = None
) -> np.ndarray:
    """Stored positions, bool (row groups, K), of the highest weight slice's vectors.

    A single-slice (4-bit) weight has no high-order slice: nothing is stored.

    Raises:
        PanaceaError: if `keep` has another shape or is not bool.
    """
    _checked_keep("extra_store.weights", keep, vectors.shape)
    if cfg.n == 0:
        return np.zeros(vectors.shape, bool)
    return stored_mask(vectors == 0, tile_k, keep)


def weight_words(stored: np.ndarray, tile_k: int, dense: bool) -> np.ndarray:
    """Words of each k-tile's weight lists: dense LO vectors, then the HO list.

    Args:
        stored: bool (..., K), HO vectors to store.
        tile_k: vectors in a k-tile.
        dense: the HO list has all vectors and no index.

    Returns:
        int64 (..., k-tiles).
    """
    if not dense:
        return list_beats(stored, tile_k, WEIGHT_LO_VECTORS, WEIGHT_ENTRIES)
    lengths = np.minimum(tile_k, stored.shape[-1] - np.arange(0, stored.shape[-1], tile_k))
    return np.broadcast_to(2 * -(-lengths // WEIGHT_LO_VECTORS), (*stored.shape[:-1], len(lengths)))


def activation_stored(
    vectors: np.ndarray, cfg: LayerConfig, tile_k: int, keep: np.ndarray | None = None
) -> np.ndarray:
    """Stored positions, bool (column groups, K), of the highest activation slice's vectors.

    A single-slice (4-bit) activation has no high-order slice: nothing is stored.

    Raises:
        PanaceaError: if `keep` has another shape or is not bool.
    """
    _checked_keep("extra_store.activations", keep, vectors.shape)
    if cfg.k == 0:
        return np.zeros(vectors.shape, bool)
    return stored_mask(vectors == cfg.r * 0x1111, tile_k, keep)


def vector_sparsity(vectors: np.ndarray, frequent: int) -> float:
    """Share of vectors (uint16, any shape) whose four slices all equal `frequent` (0..15)."""
    return float(np.mean(vectors == frequent * 0x1111))
