"""A whole layer on the Sibia-style core: cycles, bound, and the events that cost energy."""

from dataclasses import dataclass

import numpy as np

from models.baselines.sibia import SibiaParams, Skip, dense_and_sparse, operand_part
from models.baselines.sibia_cycles import predict_cycles, sparse_tiles
from models.errors import check_range
from models.params import (
    ACTIVATION_BEAT_BYTES,
    RESULT_BEAT_BYTES,
    VECTOR,
    WEIGHT_BEAT_BYTES,
    WMEM_BYTES,
)

__all__ = ["SibiaCount", "best_skip", "count_layer", "count_sibia"]

_AMEM_BYTES = 32 * 1024
_BLOCK = VECTOR * VECTOR


@dataclass(frozen=True, kw_only=True)
class SibiaCount:
    """What a layer takes. The core does the work of padded rows too, so it is counted.

    Attributes:
        skip: whose HO vectors are skipped.
        cycles: from the first command's acceptance to the last result.
        bound_cycles: outer products of a PEA by its operators; all PEAs have the same.
        outer_products: by weight slice, then activation slice: HH, HL, LH, LL; of all PEAs.
        dense_words: 64-bit words of the dense stream, read from the memory in front of it and
            written to the PEAs' operand buffers.
        operand_reads: 16-bit vectors of the dense operand read from these buffers.
        sparse_beats: 256-bit beats of the sparse stream.
        index_decodes: run lengths decoded, one for each stored HO vector that arrives.
        psum_updates: 4x4 blocks read, added to and written; psum_reads: blocks drained.
        dram_dense_bytes, dram_sparse_bytes: input traffic, each tile fetched again only where
            memory does not hold it (see `count_sibia`).
        results: 32-bit results without padding.
    """

    skip: Skip
    cycles: int
    bound_cycles: float
    outer_products: dict[str, int]
    dense_words: int
    operand_reads: int
    sparse_beats: int
    index_decodes: int
    psum_updates: int
    psum_reads: int
    dram_dense_bytes: int
    dram_sparse_bytes: int
    results: int

    @property
    def multiplications(self) -> int:
        """Of 4 by 4 bits."""
        return _BLOCK * sum(self.outer_products.values())

    @property
    def sram_bytes(self) -> int:
        """Read from the memories in front of the core, and results written behind it."""
        inputs = WEIGHT_BEAT_BYTES * self.dense_words + ACTIVATION_BEAT_BYTES * self.sparse_beats
        return inputs + RESULT_BEAT_BYTES * self.psum_reads

    @property
    def dram_input_bytes(self) -> int:
        """Of both operands."""
        return self.dram_dense_bytes + self.dram_sparse_bytes


def _dram_bytes(dense_tile: int, dense_tiles: int, sparse: int, sparse_tiles: int) -> tuple:
    """Bytes fetched of the dense and of the sparse operand, by the better one of two loop orders.

    Dense tiles outermost: a dense tile is fetched once if the weight memory (128 KB) holds it, the
    sparse operand once if the activation memory (32 KB) holds all of it. Sparse tiles outermost:
    the other way round. Otherwise both are fetched for every command.
    """
    dense = dense_tile * dense_tiles
    orders = [
        (
            dense * (1 if dense_tile <= WMEM_BYTES else sparse_tiles),
            sparse * (1 if sparse <= _AMEM_BYTES else dense_tiles),
        ),
        (
            dense * (1 if dense <= WMEM_BYTES else sparse_tiles),
            sparse * (1 if sparse <= _AMEM_BYTES * sparse_tiles else dense_tiles),
        ),
    ]
    return min(orders, key=sum)


def count_sibia(
    stored: np.ndarray,
    dense_rows: int,
    sparse_rows: int,
    skip: Skip,
    params: SibiaParams,
    *,
    single: bool = False,
) -> SibiaCount:
    """Count a layer by its skip mask alone, tiled as `compile_sibia` does.

    Args:
        stored: bool (groups of the sparse operand, K), HO vectors stored, placeholders included
            (`models.rle.stored_mask`); all False for a 4-bit operand.
        dense_rows: rows of the dense operand.
        sparse_rows: rows of the sparse operand.
        skip: which operand is sparse.
        params: sizes of the core.
        single: the dense operand has 4 bits.

    Raises:
        PanaceaError: if the rows do not fit the mask.
    """
    check_range("sparse_rows", sparse_rows, VECTOR * len(stored) - 3, VECTOR * len(stored))
    tiles = sparse_tiles(stored, single, params)
    dense_tiles = -(-dense_rows // params.rows)
    cycles, _ = predict_cycles(tiles * dense_tiles, params)
    low, high = len(stored) * stored.shape[1], int(stored.sum())
    slices = 1 if single else 2
    kinds = {"HH": high * (slices - 1), "HL": low * (slices - 1), "LH": high, "LL": low}
    if skip == Skip.WEIGHTS:  # counted by slice of the dense operand first
        kinds["HL"], kinds["LH"] = kinds["LH"], kinds["HL"]
    in_all = dense_tiles * params.num_pea
    blocks = len(stored) * in_all
    words = int(tiles[0].loads.sum()) * params.num_pea
    beats = sum(int(tile.beats.sum()) for tile in tiles)
    dense_bytes, sparse_bytes = _dram_bytes(
        WEIGHT_BEAT_BYTES * words, dense_tiles, ACTIVATION_BEAT_BYTES * beats, len(tiles)
    )
    return SibiaCount(
        skip=skip,
        cycles=cycles,
        bound_cycles=dense_tiles * sum(kinds.values()) / params.num_ops,
        outer_products={kind: count * in_all for kind, count in kinds.items()},
        dense_words=words * dense_tiles * len(tiles),
        operand_reads=sum(kinds.values()) * in_all,
        sparse_beats=beats * dense_tiles,
        index_decodes=high * dense_tiles,
        psum_updates=blocks * len(tiles[0].loads),
        psum_reads=blocks,
        dram_dense_bytes=dense_bytes,
        dram_sparse_bytes=sparse_bytes,
        results=dense_rows * sparse_rows,
    )


def count_layer(
    w: np.ndarray,
    x: np.ndarray,
    skip: Skip,
    params: SibiaParams,
    *,
    w_bits: int = 7,
    x_bits: int = 7,
) -> SibiaCount:
    """Count y = w @ x for weights (M, K) and activations (K, N) of `w_bits`, `x_bits` (7 or 4).

    Raises:
        PanaceaError: for operands out of range.
    """
    dense, sparse = dense_and_sparse(skip, w, x)
    bits = (x_bits, w_bits) if skip == Skip.WEIGHTS else (w_bits, x_bits)
    stored = operand_part(sparse, bits[1], params.tile_k).stored
    return count_sibia(stored, len(dense), len(sparse), skip, params, single=bits[0] == 4)


def best_skip(
    w: np.ndarray, x: np.ndarray, params: SibiaParams, *, w_bits: int = 7, x_bits: int = 7
) -> SibiaCount:
    """The count with the operand skipped that takes fewer cycles, as the paper chooses by layer."""
    counts = (count_layer(w, x, skip, params, w_bits=w_bits, x_bits=x_bits) for skip in Skip)
    return min(counts, key=lambda count: count.cycles)
