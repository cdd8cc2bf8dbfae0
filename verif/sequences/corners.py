"""Corner cases by name: each gives the layers of one stimulus, played without a gap."""

import numpy as np

from models.params import K_MAX, CoreParams, LayerConfig
from verif.sequences.apsq_corners import APSQ_CORNERS
from verif.sequences.corner_layer import Corner, corner_layer, tile_rows
from verif.sequences.layer_item import LayerItem, make_layer
from verif.sequences.operands import draw_activations, draw_weights
from verif.sequences.trimmed import trimmed
from verif.sequences.width_corners import WIDTH_CORNERS

__all__ = ["CORNERS", "LONG_CORNERS"]


def _unit(rng: np.random.Generator, params: CoreParams, dtp: bool) -> list[LayerItem]:
    """The smallest layer, for each slicing type."""
    return [
        corner_layer(rng, params, dtp, (1, 1, 1), LayerConfig(zp=77, dbs_type=dbs))
        for dbs in (1, 2, 3)
    ]


def _sparsity_ends(rng: np.random.Generator, params: CoreParams, dtp: bool) -> list[LayerItem]:
    """Nothing, everything or half stored, in either operand; both banks of the WBUF full."""
    rows, cfg = tile_rows(params, dtp), LayerConfig(zp=200)
    full = corner_layer(rng, params, dtp, (rows, 2 * params.tile_k, 4), cfg, w_skip=0.0, x_skip=0.5)
    shape = (rows, params.tile_k + 7, 12)
    ends = [
        corner_layer(rng, params, dtp, shape, cfg, w_skip=w_skip, x_skip=x_skip)
        for w_skip in (0.0, 0.5, 1.0)
        for x_skip in (0.0, 0.5, 1.0)
    ]
    return [full, *ends]


def _runs(rng: np.random.Generator, params: CoreParams, dtp: bool) -> list[LayerItem]:
    """Runs beyond 15, hence placeholders, and every run length."""
    shape = (tile_rows(params, dtp), 3 * params.tile_k - 1, 16)
    cfg = LayerConfig(zp=130)
    return [
        corner_layer(rng, params, dtp, shape, cfg, w_skip=share, x_skip=share, run=run)
        for share, run in ((0.9, 8.0), (0.97, 40.0), (0.99, 60.0))
    ]


def _edges_of_runs(rng: np.random.Generator, params: CoreParams, dtp: bool) -> list[LayerItem]:
    """One stored vector a k-tile, at each distance around a full run; the same everywhere."""
    k, cfg = params.tile_k, LayerConfig(zp=80)
    layers = []
    for at in (0, 14, 15, 16, 17, 31, 32, k - 1):
        where = np.arange(k) != min(at, k - 1)
        mask = np.broadcast_to(where, (2, k))
        w = draw_weights(rng, 8, k, 7, mask)
        w[:, ~where] = -64
        x = draw_activations(rng, k, 8, cfg, mask)
        x[~where] = 255
        layers.append(make_layer(f"run{at}", w, x, np.zeros(8, np.int64), cfg, params, dtp=dtp))
    return layers


def _trimmed(rng: np.random.Generator, params: CoreParams, dtp: bool) -> list[LayerItem]:
    """Lists that end with their last vector, whatever the length of the run behind it."""
    m, most = tile_rows(params, dtp), 2 * params.tile_k + 40
    layers = [
        corner_layer(rng, params, dtp, (m, k, 20), cfg, w_skip=share, x_skip=share, run=run)
        for cfg in (LayerConfig(zp=130), LayerConfig(w_bits=10, x_bits=12, zp=2100))
        for share, run, k in (
            (0.9, 10.0, most), (0.98, 60.0, most), (1.0, 1.0, most), (1.0, 1.0, params.tile_k + 1),
        )
    ]  # fmt: skip
    return [trimmed(layer, dtp=dtp) for layer in layers]


def _needless(rng: np.random.Generator, params: CoreParams, dtp: bool) -> list[LayerItem]:
    """Vectors stored although they could be skipped: legal, and without effect on the result."""
    shape = (tile_rows(params, dtp), 2 * params.tile_k, 8)
    cfg = LayerConfig(zp=130)
    return [corner_layer(rng, params, dtp, shape, cfg, needless=share) for share in (0.2, 1.0)]


def _dense(rng: np.random.Generator, params: CoreParams, dtp: bool) -> list[LayerItem]:
    """Dense lists: every end of a K-tile, zero vectors inside, and run-length lists between."""
    m, most = tile_rows(params, dtp), params.tile_k
    depths = (1, 2, 3, most - 1, most, most + 1, most + 2, most + 3)
    skips = (0.4, 1.0, 0.0)
    narrow = [
        corner_layer(
            rng,
            params,
            dtp,
            (m, k, 8),
            LayerConfig(zp=150),
            w_skip=skips[i // 2 % 3],
            dense=i % 3 > 0,
        )
        for i, k in enumerate(depths)
    ]
    wide = [
        corner_layer(
            rng, params, dtp, (m, most + 5, 4), LayerConfig(w_bits=w_bits, x_bits=x_bits, zp=9),
            w_skip=0.1, dense=dense,
        )
        for w_bits, x_bits in ((4, 12), (10, 12))
        for dense in (True, None)
    ]  # fmt: skip
    return narrow + wide


def _every_r(rng: np.random.Generator, params: CoreParams, dtp: bool) -> list[LayerItem]:
    """Every slicing type with every r, the type changing from command to command."""
    shape = (min(8, tile_rows(params, dtp)), 20, 8)
    formats = [
        LayerConfig(zp=r << (3 + dbs), dbs_type=dbs)
        for r in range(16)
        for dbs in (1, 2, 3)
        if r < 2 ** (5 - dbs)
    ]
    return [corner_layer(rng, params, dtp, shape, cfg) for cfg in formats]


def _same_operands(rng: np.random.Generator, params: CoreParams, dtp: bool) -> list[LayerItem]:
    """One layer under every r: the zero point alone never changes the result."""
    m, k, n = tile_rows(params, dtp) - 1, params.tile_k + 5, 6
    w, x = rng.integers(-64, 64, (m, k)), rng.integers(0, 256, (k, n))
    bias = rng.integers(-(2**20), 2**20, m)
    layers = [
        make_layer(f"zp{zp}", w, x, bias, LayerConfig(zp=zp), params, dtp=dtp)
        for zp in range(0, 256, 16)
    ]
    if any((layer.expected != layers[0].expected).any() for layer in layers):
        raise AssertionError("the expected result depends on the zero point")
    return layers


def _four_bit(rng: np.random.Generator, params: CoreParams, dtp: bool) -> list[LayerItem]:
    """4-bit weights: no high-order weight slice; between them 7-bit ones."""
    shape = (tile_rows(params, dtp), params.tile_k + 3, 20)
    return [
        corner_layer(rng, params, dtp, shape, LayerConfig(w_bits=w_bits, zp=100, dbs_type=dbs))
        for dbs in (1, 2, 3)
        for w_bits in (4, 7)
    ]


def _k_tails(rng: np.random.Generator, params: CoreParams, dtp: bool) -> list[LayerItem]:
    """K around vectors, beats and tiles."""
    t = params.tile_k
    depths = (1, 2, 3, 4, 5, 15, 16, 17, 31, t - 1, t, t + 1, t + 2, 2 * t - 1, 2 * t, 2 * t + 1)
    cfg = LayerConfig(zp=150, dbs_type=2)
    return [corner_layer(rng, params, dtp, (tile_rows(params, dtp), k, 8), cfg) for k in depths]


def _n_tails(rng: np.random.Generator, params: CoreParams, dtp: bool) -> list[LayerItem]:
    """N around vectors and tiles."""
    widths = (1, 2, 3, 4, 5, 8, params.tile_n - 1, params.tile_n, params.tile_n + 1)
    cfg = LayerConfig(zp=150, dbs_type=3)
    return [corner_layer(rng, params, dtp, (5, params.tile_k, n), cfg) for n in widths]


def _m_tails(rng: np.random.Generator, params: CoreParams, dtp: bool) -> list[LayerItem]:
    """M around vectors and tiles; under DTP a rest may run as a single tile."""
    heights = sorted({1, 3, 4, 5, *(t * params.rows + d for t in (1, 2, 3) for d in (-1, 0, 1))})
    cfg = LayerConfig(zp=40)
    return [corner_layer(rng, params, dtp, (m, 24, 8), cfg) for m in heights]


def _mixed(rng: np.random.Generator, params: CoreParams, dtp: bool) -> list[LayerItem]:
    """Everything a command can choose changes from one command to the next."""
    layers = []
    for step in range(16):
        w_bits, x_bits = (4, 7, 10)[step % 3], (8, 8, 12, 4, 8)[step % 5]
        cfg = LayerConfig(
            w_bits=w_bits,
            x_bits=x_bits,
            zp=int(rng.integers(0, 2**x_bits)),
            dbs_type=1 + step % 3 if x_bits == 8 else 1,
        )
        m = params.rows * (1 + step % 2)
        n = 4 * int(rng.integers(1, params.groups + 1))
        shape = (m, int(rng.integers(1, 2 * params.tile_k)), n)
        layers.append(corner_layer(rng, params, bool(step % 2) != dtp, shape, cfg))
    return layers


def _deep(rng: np.random.Generator, params: CoreParams, dtp: bool) -> list[LayerItem]:
    """K of several thousand."""
    shape = (tile_rows(params, dtp), 4099, 8)
    return [corner_layer(rng, params, dtp, shape, LayerConfig(zp=130), w_skip=0.3, x_skip=0.7)]


def _deepest(rng: np.random.Generator, params: CoreParams, dtp: bool) -> list[LayerItem]:
    """The largest K with weights that push the compensation to its ends, everything stored."""
    layers = []
    for w_bits, x_bits, depth in ((7, 8, K_MAX), (10, 8, 16448), (10, 12, 1024)):
        cfg = LayerConfig(w_bits=w_bits, x_bits=x_bits, zp=2**x_bits - 16)
        top = 2 ** (w_bits - 1)
        w = np.repeat(np.array([[-top], [top - 1], [-top], [top - 1]]), depth, axis=1)
        x = rng.integers(0, cfg.r << cfg.l, (depth, 1))
        name, bias = f"deepest{w_bits}x{x_bits}", np.zeros(4, np.int64)
        layers.append(make_layer(name, w, x, bias, cfg, params, dtp=dtp))
    return layers


CORNERS: dict[str, Corner] = {
    "unit": _unit,
    "sparsity_ends": _sparsity_ends,
    "runs": _runs,
    "edges_of_runs": _edges_of_runs,
    "trimmed": _trimmed,
    "needless": _needless,
    "dense": _dense,
    "every_r": _every_r,
    "same_operands": _same_operands,
    "four_bit": _four_bit,
    "k_tails": _k_tails,
    "n_tails": _n_tails,
    "m_tails": _m_tails,
    "mixed": _mixed,
    **WIDTH_CORNERS,
    **APSQ_CORNERS,
}
"""Quick ones. Called with the test's generator, the core's sizes and whether to use DTP."""

LONG_CORNERS: dict[str, Corner] = {"deep": _deep, "deepest": _deepest}
"""Thousands of K steps."""
