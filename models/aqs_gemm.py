"""The AQS-GEMM at slice level, next to the plain integer product that judges it."""

from dataclasses import dataclass

import numpy as np

from models.arith import exact_matmul, wrap32
from models.compression import (
    ExtraStore,
    HoMasks,
    activation_stored,
    activation_vectors,
    weight_stored,
    weight_vectors,
)
from models.errors import PanaceaError, check_integer_array, check_range, check_shape
from models.params import VECTOR, LayerConfig
from models.slicing import slice_activations, slice_weights

__all__ = ["AqsGemm", "aqs_gemm", "check_no_overflow", "fold_bias", "gemm_exact"]

INT32_MIN, INT32_MAX = -(2**31), 2**31 - 1


@dataclass(frozen=True, kw_only=True)
class AqsGemm:
    """What each kind of product contributes to y, before wrapping to 32 bits.

    Attributes:
        products: int64 (M, N) per (weight slice, activation slice), lowest slice 0, shifted.
        compensation: int64 (M, N), -(r * sum of w over the kept positions) << l.
        folded_bias: int64 (M, N), bias + 2^l r sum_k w (paper eq. 6, offline part).
        w: vectors of the highest weight slice, (ceil(M / 4), K).
        x: vectors of the highest activation slice, (ceil(N / 4), K); U holds those kept.
        n: index of the weight HO slice; 0 if the single slice plays the LO part.
        k: index of the activation HO slice; 0 if the single slice plays the LO part.
    """

    products: dict[tuple[int, int], np.ndarray]
    compensation: np.ndarray
    folded_bias: np.ndarray
    w: HoMasks
    x: HoMasks
    n: int
    k: int

    def _kind(self, w_high: bool, x_high: bool) -> np.ndarray:
        chosen = [
            value
            for (i, j), value in self.products.items()
            if (i == self.n > 0) == w_high and (j == self.k > 0) == x_high
        ]
        return sum(chosen, np.zeros_like(self.compensation))

    @property
    def hh(self) -> np.ndarray:
        """W_H x_H over the kept activation vectors, int64 (M, N)."""
        return self._kind(True, True)

    @property
    def hl(self) -> np.ndarray:
        """W_H times the low activation slices, int64 (M, N)."""
        return self._kind(True, False)

    @property
    def lh(self) -> np.ndarray:
        """Low weight slices times x_H over the kept activation vectors, int64 (M, N)."""
        return self._kind(False, True)

    @property
    def ll(self) -> np.ndarray:
        """Low weight slices times low activation slices, int64 (M, N)."""
        return self._kind(False, False)

    @property
    def y(self) -> np.ndarray:
        """The result, int32 (M, N): all contributions added modulo 2^32."""
        return wrap32(sum(self.products.values()) + self.compensation + self.folded_bias)


def gemm_exact(w: np.ndarray, x_eff: np.ndarray, bias: np.ndarray) -> np.ndarray:
    """The judge: w (M, K) @ x_eff (K, N) + bias (M), plain int64 without any slicing."""
    return w.astype(np.int64) @ x_eff.astype(np.int64) + bias.astype(np.int64)[:, None]


def fold_bias(w: np.ndarray, bias: np.ndarray, cfg: LayerConfig) -> np.ndarray:
    """Bias with the offline part r w 1 of eq. (6): bias + 2^l r sum_k w, int64 (M), unwrapped."""
    return bias + ((cfg.r * w.sum(axis=1)) << cfg.l)


def check_no_overflow(w: np.ndarray, bias: np.ndarray, x_max: int) -> None:
    """Refuse a layer whose result might not fit 32 bits for some activations 0..x_max.

    Intermediate sums may wrap; only the result must fit.

    Args:
        w: weights, integers (M, K).
        bias: int32 range (M).
        x_max: largest activation value.

    Raises:
        PanaceaError: naming the row, its bias and its worst case.
    """
    w = check_integer_array("w", w, 2)
    bias = check_integer_array("bias", bias, 1)
    check_shape("bias", bias, w.shape[:1])
    check_range("bias", bias, INT32_MIN, INT32_MAX)
    highest = bias + x_max * np.maximum(w, 0).sum(axis=1)
    lowest = bias - x_max * np.maximum(-w, 0).sum(axis=1)
    bad = np.flatnonzero((highest > INT32_MAX) | (lowest < INT32_MIN))
    if bad.size:
        row = int(bad[0])
        raise PanaceaError(
            f"w[{row}] overflows: bias = {bias[row]}, activations up to {x_max} give "
            f"{lowest[row]}..{highest[row]}, outside 32 bits"
        )


def aqs_gemm(
    w: np.ndarray,
    x: np.ndarray,
    bias: np.ndarray,
    cfg: LayerConfig,
    *,
    tile_k: int = 64,
    extra_store: ExtraStore | None = None,
) -> AqsGemm:
    """Compute a layer the way the hardware does (paper eq. 6).

    Only the highest slice of each operand is compressed; activation slices skipped or dropped
    count as 0, and the compensation and the folded bias make up for their being r.

    Args:
        w: weights (M, K), `cfg.w_bits` signed bits.
        x: activations (K, N), `cfg.x_bits` unsigned bits.
        bias: (M), 32 bits.
        cfg: number formats.
        tile_k: run-length coding restarts every `tile_k` positions; decides what is stored only.
        extra_store: compressible vectors stored all the same; never changes y.

    Raises:
        PanaceaError: for operands out of range or of mismatching shapes.
    """
    extra = extra_store or ExtraStore()
    w_slices, x_slices = slice_weights(w, cfg.w_bits), slice_activations(x, cfg)
    bias = check_integer_array("bias", bias, 1)
    check_shape("bias", bias, w.shape[:1])
    check_shape("x", x, (w.shape[1], x.shape[1]))
    w_vectors = weight_vectors(w_slices[-1])
    w_masks = HoMasks.of(w_vectors, weight_stored(w_vectors, cfg, tile_k, extra.weights))
    x_vectors = activation_vectors(x_slices[-1], cfg.r)
    x_stored = activation_stored(x_vectors, cfg, tile_k, extra.activations)
    x_masks = HoMasks.of(x_vectors, x_stored, cfg.r)
    used = np.repeat(x_masks.kept, VECTOR, axis=0)[: x.shape[1]].T  # J_U spread over the columns
    if cfg.n:
        w_slices[-1] = w_slices[-1] * np.repeat(w_masks.kept, VECTOR, axis=0)[: len(w)]
    if cfg.k:
        x_slices[-1] = x_slices[-1] * used
    products = {
        (i, j): exact_matmul(w_part, x_part) << (3 * i + cfg.lsb + 4 * j)
        for i, w_part in enumerate(w_slices)
        for j, x_part in enumerate(x_slices)
    }
    return AqsGemm(
        products=products,
        compensation=-(cfg.r * exact_matmul(w, used)) << cfg.l,
        folded_bias=np.repeat(fold_bias(w, bias, cfg)[:, None], x.shape[1], axis=1),
        w=w_masks,
        x=x_masks,
        n=cfg.n,
        k=cfg.k,
    )
