"""Outer-product counts of a layer and the cycles no schedule of the core can beat."""

from dataclasses import dataclass

import numpy as np

from models.arith import exact_matmul
from models.compression import (
    ExtraStore,
    activation_stored,
    activation_vectors,
    vector_sparsity,
    weight_stored,
    weight_vectors,
)
from models.errors import check_shape
from models.params import CoreParams, LayerConfig
from models.slicing import slice_activations, slice_weights
from models.tiling import check_core_widths, weight_tiles

__all__ = ["LayerBound", "layer_bound"]


@dataclass(frozen=True, kw_only=True)
class LayerBound:
    """Work and physical bound of one layer on one core.

    A pass is one weight tile: all of K and N. Counts are outer products (4x1 by 1x4), int64
    (passes, PEAs), over blocks with at least one real row and column; stored vectors include
    placeholders, because the hardware multiplies them.

    Attributes:
        hh: W_H x_H: positions stored in both operands.
        hl: W_H x_L: stored weight vectors, once per column group.
        lh: W_L x_H: stored activation vectors, once per row group.
        ll: W_L x_L: all of K per block.
        doubled: bool (passes), the pass has two sub-tiles.
        cycles: bound of the chosen tiling with dedicated operators, summed over the passes.
        pooled_cycles: the same if any operator may run any product.
        rho_w, rho_x: share of HO vectors that are compressible (0 without an HO slice).
        stored_w, stored_x: share of HO vectors that are stored, placeholders included.
    """

    hh: np.ndarray
    hl: np.ndarray
    lh: np.ndarray
    ll: np.ndarray
    doubled: np.ndarray
    cycles: float
    pooled_cycles: float
    rho_w: float
    rho_x: float
    stored_w: float
    stored_x: float


def layer_bound(
    w: np.ndarray,
    x: np.ndarray,
    cfg: LayerConfig,
    params: CoreParams,
    dtp: bool,
    extra_store: ExtraStore | None = None,
) -> LayerBound:
    """Count the outer products of y = w @ x~ and bound the cycles.

    Per pass the slowest PEA decides, PEAs not synchronised within it: with D = HH + HL + LH,
    max(D / num_dwo, LL / num_swo) for a single tile, max(D / num_dwo, (D + LL) / operators)
    for a doubled one, (D + LL) / operators pooled (the paper's operators; the pooled case and
    the bound itself are ours).

    Args:
        w: weights (M, K), `cfg.w_bits` (4 or 7) signed bits.
        x: activations (K, N), `cfg.x_bits` (4 or 8) unsigned bits.
        cfg: number formats.
        params: sizes of the core.
        dtp: double tile processing, tiled as `models.tiling.compile_layer` does.
        extra_store: compressible vectors stored all the same.

    Raises:
        PanaceaError: for operands out of range, mismatching shapes or too many slices.
    """
    check_core_widths(cfg)
    extra = extra_store or ExtraStore()
    w_high = weight_vectors(slice_weights(w, cfg.w_bits)[-1])
    x_high = activation_vectors(slice_activations(x, cfg)[-1], cfg.r)
    depth = w.shape[1]
    check_shape("x", x, (depth, x.shape[1]))
    w_stored = weight_stored(w_high, cfg, params.tile_k, extra.weights)
    x_stored = activation_stored(x_high, cfg, params.tile_k, extra.activations)

    row_groups, groups = len(w_stored), len(x_stored)
    kinds = np.empty((4, row_groups), np.int64)
    kinds[0] = exact_matmul(w_stored, x_stored.T).sum(axis=1)
    kinds[1] = w_stored.sum(axis=1) * groups
    kinds[2] = x_stored.sum()
    kinds[3] = depth * groups

    tiles = weight_tiles(len(w), params, dtp)
    per_pass = np.zeros((4, len(tiles), params.num_pea), np.int64)
    for number, tile in enumerate(tiles):
        first = tile.row0 // 4
        part = kinds[:, first : first + tile.sub_tiles * params.num_pea]
        for start in range(0, part.shape[1], params.num_pea):
            sub = part[:, start : start + params.num_pea]
            per_pass[:, number, : sub.shape[1]] += sub
    hh, hl, lh, ll = per_pass
    doubled = np.array([tile.sub_tiles == 2 for tile in tiles])

    dynamic = hh + hl + lh
    pooled = (dynamic + ll) / params.operators
    shared = np.where(doubled[:, None], pooled, ll / params.num_swo)
    dedicated = np.maximum(dynamic / params.num_dwo, shared)
    return LayerBound(
        hh=hh,
        hl=hl,
        lh=lh,
        ll=ll,
        doubled=doubled,
        cycles=float(dedicated.max(axis=1).sum()),
        pooled_cycles=float(pooled.max(axis=1).sum()),
        rho_w=vector_sparsity(w_high, 0) if cfg.n else 0.0,
        rho_x=vector_sparsity(x_high, cfg.r) if cfg.k else 0.0,
        stored_w=float(w_stored.mean()),
        stored_x=float(x_stored.mean()),
    )
