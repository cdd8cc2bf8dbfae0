"""What corner cases are made of."""

from collections.abc import Callable

import numpy as np

from models.compression import ExtraStore
from models.params import VECTOR, CoreParams, LayerConfig
from verif.sequences.layer_item import LayerItem, make_layer
from verif.sequences.operands import draw_activations, draw_mask, draw_weights

__all__ = ["Corner", "corner_layer", "tile_rows"]

Corner = Callable[[np.random.Generator, CoreParams, bool], list[LayerItem]]
"""Called with the test's generator, the core's sizes and whether to use DTP."""


def corner_layer(
    rng: np.random.Generator,
    params: CoreParams,
    dtp: bool,
    shape: tuple[int, int, int],
    cfg: LayerConfig,
    *,
    w_skip: float = 0.5,
    x_skip: float = 0.5,
    run: float = 3.0,
    needless: float = 0.0,
    dense: bool | None = False,
) -> LayerItem:
    """A random layer of a given (M, K, N).

    Args:
        rng, params, dtp: what a corner gets.
        shape: M, K, N.
        cfg: number formats.
        w_skip, x_skip: share of compressible vectors, 0..1.
        run: expected length of a run of them.
        needless: share of the compressible vectors that are stored all the same.
        dense: form of the lists of HO weight vectors, see `models.tiling.compile_layer`.
    """
    m, k, n = shape
    w_mask = draw_mask(rng, -(-m // VECTOR), k, w_skip, run)
    x_mask = draw_mask(rng, -(-n // VECTOR), k, x_skip, run)
    extra = ExtraStore(
        weights=rng.random(w_mask.shape) < needless,
        activations=rng.random(x_mask.shape) < needless,
    )
    return make_layer(
        f"{m}x{k}x{n}",
        draw_weights(rng, m, k, cfg.w_bits, w_mask),
        draw_activations(rng, k, n, cfg, x_mask),
        rng.integers(-(2**20), 2**20, m),
        cfg,
        params,
        dtp=dtp,
        extra_store=extra,
        dense=dense,
    )


def tile_rows(params: CoreParams, dtp: bool) -> int:
    """Rows that fill an M tile."""
    return params.rows * (2 if dtp else 1)
