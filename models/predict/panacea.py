"""Panacea: outer products that remain, cycles and their bound, events, compressed traffic."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import ceil

import numpy as np

from models.bound import tile_cycles
from models.cycles import predict
from models.params import RLE_MAX, SLICE_BITS, VECTOR, CoreParams
from models.parts import weight_lists, weight_parts
from models.predict.traffic import TILE_COLUMNS, WMEM_BYTES, Traffic, layer_traffic
from models.predict.work import LayerWork
from models.workload import layer_workload

__all__ = ["INDEX_BYTES", "KINDS", "Panacea", "sliced_events"]

KINDS = ("HH", "HL", "LH", "LL")
VECTOR_BYTES = VECTOR * SLICE_BITS / 8
INDEX_BYTES = RLE_MAX.bit_length() / 8
OUTER = VECTOR * VECTOR  # multiplications of an outer product
SIZES = CoreParams()  # counts of products are those of any operators


@dataclass(frozen=True, kw_only=True)
class Panacea:
    """One configuration of the core.

    Attributes:
        num_dwo: dynamic operators of 12; 12: pooled ones, any of them may run any product [C].
        dtp: double tile processing where WMEM holds the doubled tile.
    """

    num_dwo: int
    dtp: bool

    @cached_property
    def params(self) -> CoreParams:
        """Sizes of the core."""
        return CoreParams(num_dwo=self.num_dwo, num_swo=12 - self.num_dwo)

    def products(self, work: LayerWork) -> dict[str, float]:
        """Outer products of a layer by kind."""
        bound = work.bound(SIZES, False)
        counts = (bound.hh, bound.hl, bound.lh, bound.ll)
        return {kind: float(c.sum()) * work.scale for kind, c in zip(KINDS, counts, strict=True)}

    def bound(self, work: LayerWork) -> float:
        """No schedule takes fewer cycles: the slowest PEA of every tile decides."""
        found = work.bound(SIZES, self.doubles(work))
        counts = np.stack([found.hh, found.hl, found.lh, found.ll])
        return float(tile_cycles(counts, found.doubled, self.params)[0].sum()) * work.scale

    def cycles(self, work: LayerWork) -> float:
        """By the core's cycle model on the operands at hand, or by `like`'s loss over the bound."""
        if work.like is not None:
            return self.bound(work) * self.cycles(work.like) / self.bound(work.like)

        def timed() -> int:
            doubled = self.doubles(work)
            workload = layer_workload(work.w, work.x, work.config, self.params, doubled, dense=None)
            return predict(workload, self.params).cycles

        return work.once(self, timed) * work.scale

    def doubles(self, work: LayerWork) -> bool:
        """Whether tiles are doubled: the paper's condition on WMEM [P], and there are two."""
        tile_bytes = self._weight_bytes(work) / work.rows * 2 * SIZES.rows
        return self.dtp and work.rows > SIZES.rows and tile_bytes <= WMEM_BYTES

    def traffic(self, work: LayerWork) -> Traffic:
        """Bytes with stored HO vectors, their indices, and all lower slices."""
        return layer_traffic(
            rows=work.rows,
            columns=work.columns,
            weight_bytes=self._weight_bytes(work),
            activation_bytes=self._activation_bytes(work),
            result_bytes=work.rows * work.columns * work.config.x_bits / 8,
            tile_rows=self._tile_rows(work),
        )

    def events(self, work: LayerWork) -> dict[str, float]:
        """Events on the chip."""
        traffic, config = self.traffic(work), work.config
        events = sliced_events(
            work,
            self.products(work),
            traffic,
            slices=(config.n + 1) * (config.k + 1),
            flushes=1 if self.params.pooled else 2,  # dynamic and static operators
        )
        stored_w, stored_x = self._stored(work)
        kept_x = work.bound(SIZES, False).kept_x * ceil(work.columns / VECTOR) * work.depth
        row_groups = ceil(work.rows / VECTOR)
        indexed_w = 0 if self._dense(work) else stored_w
        events["index_decode"] = indexed_w * ceil(work.columns / TILE_COLUMNS) + stored_x * ceil(
            work.rows / self._tile_rows(work)
        )
        # The weights met by kept activation vectors are summed, then multiplied by r once.
        events["add_8"] = kept_x * row_groups * VECTOR * (config.n + 1)
        if config.k:
            events["multiply_4x4"] += row_groups * ceil(work.columns / VECTOR) * OUTER
        return events

    def _tile_rows(self, work: LayerWork) -> int:
        return SIZES.rows * (2 if self.doubles(work) else 1)

    def _dense(self, work: LayerWork) -> bool:
        """Whether lists of HO weight vectors are dense: if these take fewer words [C]."""

        def chosen() -> bool:
            upper = weight_parts(work.w, work.config, SIZES.tile_k)[0]
            return weight_lists(upper, SIZES, None).dense

        return work.once("dense", chosen)

    def _stored(self, work: LayerWork) -> tuple[float, float]:
        """Stored HO vectors of all weights and activations."""
        bound = work.bound(SIZES, False)
        stored_w = 1.0 if self._dense(work) else bound.stored_w
        return (
            stored_w * ceil(work.rows / VECTOR) * work.depth,
            bound.stored_x * ceil(work.columns / VECTOR) * work.depth,
        )

    def _weight_bytes(self, work: LayerWork) -> float:
        lower = max(1, work.config.n) * work.rows * work.depth * SLICE_BITS / 8
        index = 0.0 if self._dense(work) else INDEX_BYTES
        return lower + self._stored(work)[0] * (VECTOR_BYTES + index)

    def _activation_bytes(self, work: LayerWork) -> float:
        lower = max(1, work.config.k) * work.depth * work.columns * SLICE_BITS / 8
        return lower + self._stored(work)[1] * (VECTOR_BYTES + INDEX_BYTES)


def sliced_events(
    work: LayerWork,
    products: Mapping[str, float],
    traffic: Traffic,
    *,
    slices: int,
    flushes: int,
) -> dict[str, float]:
    """Events of outer products of 4-bit slices on 16 PEAs, for Panacea and Sibia.

    Args:
        work: the layer.
        products: outer products by kind.
        traffic: bytes of the layer.
        slices: products of slices that make one product.
        flushes: of an output's sum into the partial sums, for each K-tile.
    """
    number = sum(products.values())
    blocks = ceil(work.rows / VECTOR) * ceil(work.columns / VECTOR)
    flushed = blocks * ceil(work.depth / SIZES.tile_k) * OUTER
    return {
        "multiply_4x4": number * OUTER,
        "add_16": number * OUTER,
        "add_32": flushed * slices,
        "psum_byte": flushed * flushes * 2 * 4,  # read and written, 32 bits
        "buffer_byte": number * 2 * VECTOR_BYTES
        + traffic.weight_reads
        + traffic.activation_reads * (1 + SIZES.num_pea),  # global buffer, a copy in every PEA
        "wmem_byte": traffic.weights + traffic.weight_reads,
        "amem_byte": traffic.activations + traffic.activation_reads,
        "omem_byte": 2 * traffic.results,
        "multiply_32x16": work.rows * work.columns,  # requantisation
    }
