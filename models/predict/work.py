"""A layer as all accelerators see it: its shape, its formats, and a sample of its operands."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

import numpy as np

from models.bound import LayerBound, layer_bound
from models.errors import check_range, check_shape
from models.params import VECTOR, CoreParams, LayerConfig
from models.slicing import sbr_slices

__all__ = ["SIBIA_BITS", "LayerWork", "signed_skipped"]

SIBIA_BITS = {4: 4, 8: 7, 12: 10}
"""Width of Sibia's symmetric activations by that of Panacea's: as many slices."""

Found = TypeVar("Found")


@dataclass(frozen=True, kw_only=True, eq=False)
class LayerWork:
    """`count` equal layers y (M, N) = w (M, K) x (K, N).

    Counts are taken from the operands at hand, which may be fewer rows and columns than the
    layer has (but all of K), and scaled to the whole layer.

    Attributes:
        name: the layer's, its kind last behind a dot.
        rows, columns: M, N of the whole layer.
        count: how often the network has such a layer.
        config: Panacea's formats.
        w: weight codes (up to M, K).
        x: activation codes (K, up to N).
        x_signed: the same activations for Sibia, `SIBIA_BITS` signed bits.
        like: a layer of the same kind whose cycles over their bound hold for this one too; None if
            this one's operands are to be timed themselves.
    """

    name: str
    rows: int
    columns: int
    count: int = 1
    config: LayerConfig
    w: np.ndarray = field(repr=False)
    x: np.ndarray = field(repr=False)
    x_signed: np.ndarray = field(repr=False)
    like: "LayerWork | None" = field(default=None, repr=False)

    def __post_init__(self) -> None:
        check_range("rows", self.rows, len(self.w), 2**31)
        check_range("columns", self.columns, self.x.shape[1], 2**31)
        check_range("count", self.count, 1, 2**31)
        check_shape("x", self.x, (self.w.shape[1], self.x.shape[1]))
        check_shape("x_signed", self.x_signed, self.x.shape)

    @property
    def depth(self) -> int:
        """K."""
        return self.w.shape[1]

    @property
    def kind(self) -> str:
        """The last part of the name."""
        return self.name.rpartition(".")[2]

    @property
    def macs(self) -> int:
        """Multiply-accumulates of one of the layers."""
        return self.rows * self.depth * self.columns

    @property
    def scale(self) -> float:
        """Multiply-accumulates of the whole layer for each one of the sample."""
        return self.macs / (len(self.w) * self.depth * self.x.shape[1])

    def bound(self, params: CoreParams, dtp: bool) -> LayerBound:
        """The sample's bound."""
        return self.once(
            (params, dtp), lambda: layer_bound(self.w, self.x, self.config, params, dtp)
        )

    def once(self, key: Hashable, compute: Callable[[], Found]) -> Found:
        """What `compute` finds out about this layer, computed once for each key."""
        if key not in self._found:
            self._found[key] = compute()
        return self._found[key]

    @cached_property
    def _found(self) -> dict[Hashable, object]:
        return {}

    @cached_property
    def signed_sparsity(self) -> tuple[float, float]:
        """Share of zero HO vectors of the weights and of `x_signed`, as Sibia skips them."""
        bits = SIBIA_BITS[self.config.x_bits]
        return (
            signed_skipped(self.w, self.config.w_bits),
            signed_skipped(self.x_signed.T, bits),
        )


def signed_skipped(codes: np.ndarray, bits: int) -> float:
    """Share of all-zero HO vectors of four rows of signed codes (rows, K); 0 without HO slice."""
    if bits == 4:
        return 0.0
    high = sbr_slices(codes.astype(np.int64), (bits - 4) // 3)[-1]
    used = np.zeros((-(-len(high) // VECTOR) * VECTOR, high.shape[1]), bool)
    used[: len(high)] = high != 0
    return 1.0 - float(used.reshape(-1, VECTOR, high.shape[1]).any(axis=1).mean())
