"""Outer-product counts of a layer and the cycles no schedule of the core can beat."""

from dataclasses import dataclass

import numpy as np

from models.arith import exact_matmul
from models.compression import ExtraStore, vector_sparsity
from models.errors import check_shape
from models.params import CoreParams, LayerConfig
from models.parts import activation_parts, weight_parts
from models.tiling import weight_tiles

__all__ = ["LayerBound", "layer_bound", "tile_cycles"]


@dataclass(frozen=True, kw_only=True)
class LayerBound:
    """Work and physical bound of one layer on one core.

    Counts are outer products (4x1 by 1x4), int64 (M tiles, PEAs), of all of K and N and of all
    passes, over blocks with at least one real row and column; of the stored vectors those count
    that the core keeps (`models.compression.HoMasks`): placeholders cost nothing [C].

    Attributes:
        hh: HO slices of both: positions kept in both operands.
        hl: HO weight slice: kept weight vectors, once per column group and lower slice of x.
        lh: HO activation slice: kept vectors, once per row group and lower slice of w.
        ll: lower slices: all of K per block and pair of them.
        doubled: bool (M tiles), the M tile has two sub-tiles.
        cycles: bound of the chosen tiling with the core's operators, summed over the M tiles.
        pooled_cycles: the same if any operator may run any product.
        rho_w, rho_x: share of HO vectors that are compressible (0 without an HO slice).
        stored_w, stored_x: share of HO vectors that are stored, placeholders included.
        kept_w, kept_x: share of HO vectors that are multiplied.
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
    kept_w: float
    kept_x: float


def tile_cycles(
    counts: np.ndarray, doubled: np.ndarray, params: CoreParams
) -> tuple[np.ndarray, np.ndarray]:
    """Cycles that each M tile takes at least: its slowest PEA's bound.

    Args:
        counts: int64 (4, M tiles, PEAs), outer products HH, HL, LH, LL.
        doubled: bool (M tiles), the M tile has two sub-tiles.
        params: sizes of the core.

    Returns:
        float64 (M tiles) with dedicated operators, and with pooled ones; the same twice for a core
        whose operators are pooled.
    """
    dynamic, ll = counts[:3].sum(axis=0), counts[3]
    pooled = (dynamic + ll) / params.operators
    if params.pooled:
        return pooled.max(axis=1), pooled.max(axis=1)
    shared = np.where(doubled[:, None], pooled, ll / params.num_swo)
    dedicated = np.maximum(dynamic / params.num_dwo, shared)
    return dedicated.max(axis=1), pooled.max(axis=1)


def layer_bound(
    w: np.ndarray,
    x: np.ndarray,
    cfg: LayerConfig,
    params: CoreParams,
    dtp: bool,
    extra_store: ExtraStore | None = None,
) -> LayerBound:
    """Count the outer products of y = w @ x~ and bound the cycles.

    Per M tile the slowest PEA decides, PEAs and passes not synchronised within it: with
    D = HH + HL + LH, max(D / num_dwo, LL / num_swo) for a single tile,
    max(D / num_dwo, (D + LL) / operators) for a doubled one, (D + LL) / operators pooled (the
    paper's operators; the pooled case and the bound itself are ours).

    Args:
        w: weights (M, K), `cfg.w_bits` signed bits.
        x: activations (K, N), `cfg.x_bits` unsigned bits.
        cfg: number formats.
        params: sizes of the core.
        dtp: double tile processing, tiled as `models.tiling.compile_layer` does.
        extra_store: compressible vectors stored all the same.

    Raises:
        PanaceaError: for operands out of range or mismatching shapes.
    """
    extra = extra_store or ExtraStore()
    w_parts = weight_parts(w, cfg, params.tile_k, extra.weights)
    x_parts = activation_parts(x, cfg, params.tile_k, extra.activations)
    depth = w.shape[1]
    check_shape("x", x, (depth, x.shape[1]))
    w_upper, x_upper = w_parts[0], x_parts[-1]  # only these have an HO slice
    w_kept, x_kept = w_upper.masks.kept, x_upper.masks.kept

    row_groups, groups = len(w_kept), len(x_kept)
    kinds = np.empty((4, row_groups), np.int64)
    kinds[0] = exact_matmul(w_kept, x_kept.T).sum(axis=1)
    kinds[1] = w_kept.sum(axis=1) * groups * len(x_parts)
    kinds[2] = x_kept.sum() * len(w_parts)
    kinds[3] = depth * groups * len(w_parts) * len(x_parts)

    tiles = weight_tiles(len(w), params, dtp)
    per_tile = np.zeros((4, len(tiles), params.num_pea), np.int64)
    for number, tile in enumerate(tiles):
        first = tile.row0 // 4
        part = kinds[:, first : first + tile.sub_tiles * params.num_pea]
        for start in range(0, part.shape[1], params.num_pea):
            sub = part[:, start : start + params.num_pea]
            per_tile[:, number, : sub.shape[1]] += sub
    hh, hl, lh, ll = per_tile
    doubled = np.array([tile.sub_tiles == 2 for tile in tiles])

    dedicated, pooled = tile_cycles(per_tile, doubled, params)
    return LayerBound(
        hh=hh,
        hl=hl,
        lh=lh,
        ll=ll,
        doubled=doubled,
        cycles=float(dedicated.sum()),
        pooled_cycles=float(pooled.sum()),
        rho_w=vector_sparsity(w_upper.high, 0) if cfg.n else 0.0,
        rho_x=vector_sparsity(x_upper.high, cfg.r) if cfg.k else 0.0,
        stored_w=float(w_upper.stored.mean()),
        stored_x=float(x_upper.stored.mean()),
        kept_w=float(w_kept.mean()),
        kept_x=float(x_kept.mean()),
    )
