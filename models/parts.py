"""Operands as the core multiplies them: parts of two slices, one or two for each operand.

A wide operand has an upper part A, compressed, and a lower part B of a single slice:
w = 8 w_A + w_B for 10-bit weights, x = 16 x_A + x_B for 12-bit activations (the split is ours).
Every weight part meets every activation part in a *pass* over the same partial sums.
"""

from dataclasses import dataclass, replace

import numpy as np

from models.compression import (
    HoMasks,
    activation_stored,
    activation_vectors,
    weight_stored,
    weight_vectors,
    weight_words,
)
from models.params import CoreParams, LayerConfig
from models.slicing import slice_activations, slice_weights

__all__ = ["Part", "activation_parts", "weight_lists", "weight_parts"]

_PADDING = 8  # LO slice of missing columns: the zero point's after manipulation


@dataclass(frozen=True, kw_only=True, eq=False)
class Part:
    """One or two slices of an operand, as vectors along K.

    Attributes:
        low: uint16 (vector rows, K), LO vectors; a single slice takes their place.
        high: uint16 (vector rows, K), HO vectors; 0 if there is no such slice.
        stored: bool (vector rows, K), HO vectors to store; False if there is no such slice.
        r: what a skipped HO slice holds: 0 in weights, the frequent slice in activations.
        up: the part counts 8-fold (weights), 16-fold (activations).
        dense: its HO lists are dense: all vectors are stored, none has an index (weights only).
    """

    low: np.ndarray
    high: np.ndarray
    stored: np.ndarray
    r: int = 0
    up: bool = False
    dense: bool = False

    @property
    def masks(self) -> HoMasks:
        """HO vectors that are stored, and those of them that are not just r."""
        return HoMasks.of(self.high, self.stored, self.r, self.dense)

    def cut(self, span: slice) -> "Part":
        """The part for these positions of K; they begin at a K-tile's."""
        cut = {name: getattr(self, name)[:, span] for name in ("low", "high", "stored")}
        return replace(self, **cut)


def weight_parts(
    w: np.ndarray, cfg: LayerConfig, tile_k: int, keep: np.ndarray | None = None
) -> list[Part]:
    """The parts of weights (M, K), upper part first; missing rows are zero.

    Args:
        w: `cfg.w_bits` signed bits.
        cfg: number formats.
        tile_k: vectors in a k-tile, where run-length coding starts again.
        keep: bool (ceil(M / 4), K), HO vectors to store although they are zero.

    Raises:
        PanaceaError: if w is out of range or no matrix, or `keep` does not fit it.
    """
    vectors = [weight_vectors(part) for part in slice_weights(w, cfg.w_bits)]
    return _parts(vectors, weight_stored(vectors[-1], cfg, tile_k, keep))


def weight_lists(part: Part, params: CoreParams, dense: bool | None) -> Part:
    """A weight part as the core's streams have it: whole sub-tiles, and a form of HO lists.

    Missing rows are zero.

    Args:
        part: real rows.
        params: sizes of the core.
        dense: dense lists; None: if they take fewer words than run-length coded ones.
    """
    row_groups = -(-len(part.low) // params.num_pea) * params.num_pea
    extra = (0, row_groups - len(part.low)), (0, 0)
    low, high, stored = (np.pad(a, extra) for a in (part.low, part.high, part.stored))
    if dense is None:
        words = [weight_words(stored, params.tile_k, form).sum() for form in (False, True)]
        dense = bool(words[1] < words[0])
    return replace(part, low=low, high=high, stored=stored | dense, dense=dense)


def activation_parts(
    x: np.ndarray, cfg: LayerConfig, tile_k: int, keep: np.ndarray | None = None
) -> list[Part]:
    """The parts of activations (K, N), lower part first, because the last pass completes.

    Missing columns hold (r, 8), the zero point's slices, so that they compress.

    Args:
        x: `cfg.x_bits` unsigned bits.
        cfg: number formats.
        tile_k: vectors in a k-tile.
        keep: bool (ceil(N / 4), K), HO vectors to store although all slices are r.

    Raises:
        PanaceaError: if x is out of range or no matrix, or `keep` does not fit it.
    """
    slices = slice_activations(x, cfg)
    vectors = [activation_vectors(part, _PADDING) for part in slices]
    if cfg.k:
        vectors[-1] = activation_vectors(slices[-1], cfg.r)
    stored = activation_stored(vectors[-1], cfg, tile_k, keep)
    return _parts(vectors, stored, cfg.r)[::-1]


def _parts(vectors: list[np.ndarray], stored: np.ndarray, r: int = 0) -> list[Part]:
    """The parts, upper first, of up to three slices, lowest first; the highest is compressed."""
    nothing = np.zeros_like(vectors[0])
    *rest, low, high = vectors if len(vectors) > 1 else [*vectors, nothing]
    upper = Part(low=low, high=high, stored=stored, r=r, up=bool(rest))
    return [upper, *(Part(low=v, high=nothing, stored=np.zeros_like(stored)) for v in rest)]
