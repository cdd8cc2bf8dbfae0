"""Sibia: signed slices of both operands, zero HO vectors of one of them skipped [P].

The better operand is chosen for every layer. External memory holds all slices, as the paper's
comparison has it ("uncompressed data format").
"""

from dataclasses import dataclass
from math import ceil

import numpy as np

from models.baselines.sibia import SibiaParams, Skip, operand_part
from models.baselines.sibia_cycles import predict_cycles, sparse_tiles
from models.params import SLICE_BITS, VECTOR
from models.predict.panacea import KINDS, sliced_events
from models.predict.traffic import TILE_COLUMNS, TILE_ROWS, Traffic, layer_traffic
from models.predict.work import SIBIA_BITS, LayerWork
from models.slicing import sbr_slices

__all__ = ["Sibia"]

OPERATORS = 3072 // 16  # outer products a cycle


@dataclass(frozen=True)
class Sibia:
    """The core with Panacea's number of multipliers."""

    def products(self, work: LayerWork) -> dict[str, float]:
        """Outer products of a layer by kind."""
        skipped_w, skipped_x = work.signed_sparsity
        low_w, low_x = max(1, work.config.n), max(1, work.config.k)
        high_w, high_x = float(work.config.n > 0), float(work.config.k > 0)
        # Of HO slices, those of weights or those of activations are skipped.
        if self._skips_weights(work):
            high_w *= 1 - skipped_w
        else:
            high_x *= 1 - skipped_x
        unit = ceil(work.rows / VECTOR) * ceil(work.columns / VECTOR) * work.depth
        counts = (high_w * high_x, high_w * low_x, low_w * high_x, low_w * low_x)
        return {kind: unit * count for kind, count in zip(KINDS, counts, strict=True)}

    def bound(self, work: LayerWork) -> float:
        """No schedule takes fewer cycles: every operator is busy."""
        return sum(self.products(work).values()) / OPERATORS

    def cycles(self, work: LayerWork) -> float:
        """By the core's cycle model, with that operand's vectors skipped that saves more.

        All rows of the dense operand count, those at hand of the sparse one are scaled. The layer
        follows an equal one.
        """
        if work.like is not None:
            return self.bound(work) * self.cycles(work.like) / self.bound(work.like)
        return work.once(self, lambda: min(_cycles(work, skip) for skip in Skip))

    def traffic(self, work: LayerWork) -> Traffic:
        """Bytes of all slices."""
        w_slices, x_slices = work.config.n + 1, work.config.k + 1
        return layer_traffic(
            rows=work.rows,
            columns=work.columns,
            weight_bytes=work.rows * work.depth * w_slices * SLICE_BITS / 8,
            activation_bytes=work.depth * work.columns * x_slices * SLICE_BITS / 8,
            result_bytes=work.rows * work.columns * x_slices * SLICE_BITS / 8,
        )

    def events(self, work: LayerWork) -> dict[str, float]:
        """Events on the chip."""
        slices = (work.config.n + 1) * (work.config.k + 1)
        events = sliced_events(
            work, self.products(work), self.traffic(work), slices=slices, flushes=1
        )
        skipped_w, skipped_x = work.signed_sparsity
        if self._skips_weights(work):
            stored = (1 - skipped_w) * ceil(work.rows / VECTOR) * ceil(work.columns / TILE_COLUMNS)
        else:
            stored = (1 - skipped_x) * ceil(work.columns / VECTOR) * ceil(work.rows / TILE_ROWS)
        events["index_decode"] = stored * work.depth
        return events

    def _skips_weights(self, work: LayerWork) -> bool:
        """Whether skipping HO weight vectors saves more than skipping activations'."""
        skipped_w, skipped_x = work.signed_sparsity
        return skipped_w * (work.config.k + 1) > skipped_x * (work.config.n + 1)


def _cycles(work: LayerWork, skip: Skip) -> float:
    """Cycles of all passes of a layer."""
    params = SibiaParams()
    w = _pieces(work.w, work.config.w_bits)
    x = _pieces(work.x_signed.T, SIBIA_BITS[work.config.x_bits])
    dense, sparse = (x, w) if skip == Skip.WEIGHTS else (w, x)
    dense_rows, sparse_rows = work.rows, work.columns
    if skip == Skip.WEIGHTS:
        dense_rows, sparse_rows = sparse_rows, dense_rows
    total = 0.0
    for codes, sparse_bits in sparse:
        stored = operand_part(codes, sparse_bits, params.tile_k).stored
        for _, dense_bits in dense:
            tiles = sparse_tiles(stored, dense_bits == 4, params)
            commands = tiles * ceil(dense_rows / params.rows)
            once, twice = (predict_cycles(commands * times, params)[0] for times in (1, 2))
            total += (twice - once) * sparse_rows / len(codes)
    return total


def _pieces(codes: np.ndarray, bits: int) -> list[tuple[np.ndarray, int]]:
    """Codes (rows, K) as the core takes them, with their widths: 10 bits as 4 and 7 bits [C]."""
    if bits < 10:
        return [(codes, bits)]
    low = sbr_slices(codes.astype(np.int64), (bits - 4) // 3)[0]
    return [(low, 4), ((codes - low) >> 3, 7)]
