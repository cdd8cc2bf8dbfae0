"""Operands that captured streams stand for, and the result they must produce.

The scoreboard's reference multiplies the decoded values themselves, with r filled in where an
activation was skipped, instead of following the hardware's route through compensation and folded
bias. `models.stream_decode` reads them from the streams.
"""

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from models.apsq import ApsqStep, accumulate
from models.arith import exact_matmul, wrap32
from models.compression import HoMasks

__all__ = ["DecodedCommand", "DecodedPass"]

V = 4  # rows or columns of a vector


@dataclass(frozen=True, kw_only=True)
class DecodedPass:
    """One command as its streams describe it; rows and columns include padding.

    Attributes:
        k_len: K.
        groups: column groups of 4.
        dbs: slicing type 1..3.
        r: frequent high-order activation slice.
        dtp: two weight sub-tiles.
        more: another pass for the same outputs follows.
        wgt_up, act_up: weights count 8-fold, activations 16-fold.
        wgt_dense: lists of HO weight vectors are dense.
        apsq: the APSQ step it belongs to, None if sums are exact.
        w_low, w_high: int64 (rows, K), signed 4 bits; w_high is 0 where skipped.
        w_stored: bool (rows / 4, K).
        x_low, x_high: int64 (K, columns), unsigned 4 bits; x_high is 0 where skipped.
        x_stored: bool (groups, K).
    """

    k_len: int
    groups: int
    dbs: int
    r: int
    dtp: bool
    more: bool
    wgt_up: bool
    act_up: bool
    wgt_dense: bool
    apsq: ApsqStep | None
    w_low: np.ndarray
    w_high: np.ndarray
    w_stored: np.ndarray
    x_low: np.ndarray
    x_high: np.ndarray
    x_stored: np.ndarray

    @property
    def gs(self) -> int:
        """Group size of APSQ, 0 if sums are exact."""
        return self.apsq.gs if self.apsq else 0

    @property
    def gives(self) -> bool:
        """It has results: no pass and no step for the same outputs follows."""
        return not self.more and (self.apsq is None or self.apsq.last)

    @property
    def l(self) -> int:
        """Bits of the activation below the high-order slice, before cutting."""
        return 3 + self.dbs + 4 * self.act_up

    @property
    def shift(self) -> int:
        """Weight of the low-order products: a power of two."""
        return self.l - 4 + 3 * self.wgt_up

    @cached_property
    def weights(self) -> np.ndarray:
        """What the weights count, int64 (rows, K)."""
        return (8 * self.w_high + self.w_low) << 3 * self.wgt_up

    @cached_property
    def w_masks(self) -> HoMasks:
        """HO weight vectors, (rows / 4, K); a zero one is dropped."""
        kept = self.w_high.reshape(-1, V, self.k_len).any(axis=1)
        return HoMasks(stored=self.w_stored, kept=self.w_stored & kept, dense=self.wgt_dense)

    @cached_property
    def x_masks(self) -> HoMasks:
        """HO activation vectors, (groups, K); one of r only is dropped."""
        kept = (self.x_high.T != self.r).reshape(-1, V, self.k_len).any(axis=1)
        return HoMasks(stored=self.x_stored, kept=self.x_stored & kept)

    @cached_property
    def used(self) -> np.ndarray:
        """J_U spread over the columns, bool (K, columns)."""
        return np.repeat(self.x_stored, V, axis=0).T

    @cached_property
    def activations(self) -> np.ndarray:
        """What the effective activations x~ count, with r where skipped, int64 (K, columns)."""
        high = np.where(self.used, self.x_high, self.r)
        return (high << self.l) + (self.x_low << (self.l - 4))

    def products(self) -> dict[str, np.ndarray]:
        """What each kind of product adds to y, int64 (rows, columns): keys hh, hl, lh, ll."""
        weights, activations = (self.w_high, self.w_low), (self.x_high, self.x_low)
        return {
            f"{'hl'[i]}{'hl'[j]}": exact_matmul(w, x) << (self.shift + 3 * (1 - i) + 4 * (1 - j))
            for i, w in enumerate(weights)
            for j, x in enumerate(activations)
        }


@dataclass(frozen=True, kw_only=True)
class DecodedCommand:
    """One output tile as its streams describe it; rows and columns include padding.

    Attributes:
        passes: all commands for it; they agree in groups, dtp and the group size of APSQ.
        bias: int64 (steps, rows), the folded bias as streamed; one step if sums are exact.
    """

    passes: tuple[DecodedPass, ...]
    bias: np.ndarray

    @property
    def last(self) -> DecodedPass:
        """The pass that completes the results."""
        return self.passes[-1]

    @property
    def steps(self) -> list[tuple[DecodedPass, ...]]:
        """The passes of each step; a single one if sums are exact."""
        ends = [number for number, one in enumerate(self.passes, 1) if not one.more]
        return [self.passes[a:b] for a, b in pairwise([0, *ends])]

    @cached_property
    def sums(self) -> list[np.ndarray]:
        """The exact sums of each step modulo 2^32, int32 (rows, columns)."""
        return [_sums(*one) for one in zip(self.steps, self.bias, strict=True)]

    @cached_property
    def y(self) -> np.ndarray:
        """The expected result modulo 2^32, int32 (rows, columns)."""
        if self.last.apsq is None:
            return self.sums[0]
        exponents = [step[-1].apsq.exponent for step in self.steps]
        return accumulate(self.sums, self.last.apsq.gs, exponents)[0].astype(np.int32)

    @property
    def blocks(self) -> np.ndarray:
        """The expected result as the core sends it, int32 (result beats, 4, 4)."""
        tiles = self.y.reshape(-1, V, self.last.groups, V)
        return np.ascontiguousarray(tiles.transpose(2, 0, 1, 3)).reshape(-1, V, V)

    def contributions(self) -> dict[str, np.ndarray]:
        """What each part of the hardware adds to y, int64 (rows, columns), not wrapped.

        Keys hh, hl, lh, ll (products, shifted; "pass 0 hh" and so on if there are several
        passes), comp (compensation) and bias (folded); their sum modulo 2^32 is y (paper eq. 6).
        Under APSQ, where no sum is y, "step 0" and so on: the steps' exact sums.
        """
        if self.last.apsq is not None:
            return {f"step {n}": value.astype(np.int64) for n, value in enumerate(self.sums)}
        parts = {}
        for number, one in enumerate(self.passes):
            prefix = f"pass {number} " if len(self.passes) > 1 else ""
            parts |= {prefix + kind: value for kind, value in one.products().items()}
        used_weights = sum(exact_matmul(p.weights, p.used) for p in self.passes)
        parts["comp"] = -(self.last.r * used_weights) << self.last.l
        parts["bias"] = np.repeat(self.bias[0][:, None], V * self.last.groups, axis=1)
        return parts


def _sums(passes: tuple[DecodedPass, ...], bias: np.ndarray) -> np.ndarray:
    """The sums of passes that complete an output or a step, int32 (rows, columns)."""
    offline = sum((p.r * p.weights.sum(axis=1)) << p.l for p in passes)
    products = sum(exact_matmul(p.weights, p.activations) for p in passes)
    return wrap32(products + (bias - offline)[:, None])
