"""Corner cases by name: each gives the layers of one stimulus, played without a gap."""

from collections.abc import Callable

import numpy as np

from models.compression import ExtraStore
from models.params import K_MAX, VECTOR, CoreParams, LayerConfig
from verif.sequences.layer_item import LayerItem, make_layer
from verif.sequences.operands import draw_activations, draw_mask, draw_weights
from verif.sequences.trimmed import trimmed

__all__ = ["CORNERS", "LONG_CORNERS"]

Corner = Callable[[np.random.Generator, CoreParams, bool], list[LayerItem]]


def _layer(
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
) -> LayerItem:
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
    )


def _rows(params: CoreParams, dtp: bool) -> int:
    """Rows that fill an M tile."""
    return params.rows * (2 if dtp else 1)


def _unit(rng: np.random.Generator, params: CoreParams, dtp: bool) -> list[LayerItem]:
    """The smallest layer, for each slicing type."""
    return [
        _layer(rng, params, dtp, (1, 1, 1), LayerConfig(zp=77, dbs_type=dbs)) for dbs in (1, 2, 3)
    ]


def _sparsity_ends(rng: np.random.Generator, params: CoreParams, dtp: bool) -> list[LayerItem]:
    """Nothing, everything or half stored, in either operand."""
    shape = (_rows(params, dtp), params.tile_k + 7, 12)
    return [
        _layer(rng, params, dtp, shape, LayerConfig(zp=200), w_skip=w_skip, x_skip=x_skip)
        for w_skip in (0.0, 0.5, 1.0)
        for x_skip in (0.0, 0.5, 1.0)
    ]


def _runs(rng: np.random.Generator, params: CoreParams, dtp: bool) -> list[LayerItem]:
    """Runs beyond 15, hence placeholders, and every run length."""
    shape = (_rows(params, dtp), 3 * params.tile_k - 1, 16)
    cfg = LayerConfig(zp=130)
    return [
        _layer(rng, params, dtp, shape, cfg, w_skip=share, x_skip=share, run=run)
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
    shape = (_rows(params, dtp), 2 * params.tile_k + 40, 20)
    cfg = LayerConfig(zp=130)
    return [
        trimmed(_layer(rng, params, dtp, shape, cfg, w_skip=share, x_skip=share, run=run))
        for share, run in ((0.9, 10.0), (0.98, 60.0), (1.0, 1.0))
    ]


def _needless(rng: np.random.Generator, params: CoreParams, dtp: bool) -> list[LayerItem]:
    """Vectors stored although they could be skipped: legal, and without effect on the result."""
    shape = (_rows(params, dtp), 2 * params.tile_k, 8)
    cfg = LayerConfig(zp=130)
    return [_layer(rng, params, dtp, shape, cfg, needless=share) for share in (0.2, 1.0)]


def _extremes(rng: np.random.Generator, params: CoreParams, dtp: bool) -> list[LayerItem]:
    """Largest magnitudes of every operand, and biases that reach both ends of 32 bits."""
    m, k, n = min(8, _rows(params, dtp)), 2 * params.tile_k, 8
    layers = []
    for w_value, x_value, zp in ((-64, 255, 0), (63, 255, 255), (-64, 0, 255), (63, 0, 128)):
        w = np.full((m, k), w_value)
        x = np.full((k, n), x_value)
        x[0], w[:, 0] = 255 - x_value, -1 - w_value
        positive = 255 * np.maximum(w, 0).sum(axis=1)
        negative = 255 * np.maximum(-w, 0).sum(axis=1)
        bias = np.where(np.arange(m) % 2, 2**31 - 1 - positive, -(2**31) + negative)
        name, cfg = f"w{w_value}x{x_value}", LayerConfig(zp=zp)
        layers.append(make_layer(name, w, x, bias, cfg, params, dtp=dtp))
    return layers


def _every_r(rng: np.random.Generator, params: CoreParams, dtp: bool) -> list[LayerItem]:
    """Every slicing type with every r, the type changing from command to command."""
    shape = (min(8, _rows(params, dtp)), 20, 8)
    formats = [
        LayerConfig(zp=r << (3 + dbs), dbs_type=dbs)
        for r in range(16)
        for dbs in (1, 2, 3)
        if r < 2 ** (5 - dbs)
    ]
    return [_layer(rng, params, dtp, shape, cfg) for cfg in formats]


def _same_operands(rng: np.random.Generator, params: CoreParams, dtp: bool) -> list[LayerItem]:
    """One layer under every r: the zero point alone never changes the result."""
    m, k, n = _rows(params, dtp) - 1, params.tile_k + 5, 6
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
    shape = (_rows(params, dtp), params.tile_k + 3, 20)
    return [
        _layer(rng, params, dtp, shape, LayerConfig(w_bits=w_bits, zp=100, dbs_type=dbs))
        for dbs in (1, 2, 3)
        for w_bits in (4, 7)
    ]


def _k_tails(rng: np.random.Generator, params: CoreParams, dtp: bool) -> list[LayerItem]:
    """K around vectors, beats and tiles."""
    t = params.tile_k
    depths = (1, 2, 3, 4, 5, 15, 16, 17, 31, t - 1, t, t + 1, t + 2, 2 * t - 1, 2 * t, 2 * t + 1)
    cfg = LayerConfig(zp=150, dbs_type=2)
    return [_layer(rng, params, dtp, (_rows(params, dtp), k, 8), cfg) for k in depths]


def _n_tails(rng: np.random.Generator, params: CoreParams, dtp: bool) -> list[LayerItem]:
    """N around vectors and tiles."""
    widths = (1, 2, 3, 4, 5, 8, params.tile_n - 1, params.tile_n, params.tile_n + 1)
    cfg = LayerConfig(zp=150, dbs_type=3)
    return [_layer(rng, params, dtp, (5, params.tile_k, n), cfg) for n in widths]


def _m_tails(rng: np.random.Generator, params: CoreParams, dtp: bool) -> list[LayerItem]:
    """M around vectors and tiles; under DTP a rest may run as a single tile."""
    heights = sorted({1, 3, 4, 5, *(t * params.rows + d for t in (1, 2, 3) for d in (-1, 0, 1))})
    cfg = LayerConfig(zp=40)
    return [_layer(rng, params, dtp, (m, 24, 8), cfg) for m in heights]


def _mixed(rng: np.random.Generator, params: CoreParams, dtp: bool) -> list[LayerItem]:
    """Everything a command can choose changes from one command to the next."""
    layers = []
    for step in range(16):
        cfg = LayerConfig(
            w_bits=7 if step % 3 else 4, zp=int(rng.integers(0, 256)), dbs_type=1 + step % 3
        )
        m = params.rows * (1 + step % 2)
        n = 4 * int(rng.integers(1, params.groups + 1))
        shape = (m, int(rng.integers(1, 2 * params.tile_k)), n)
        layers.append(_layer(rng, params, bool(step % 2) != dtp, shape, cfg))
    return layers


def _deep(rng: np.random.Generator, params: CoreParams, dtp: bool) -> list[LayerItem]:
    """K of several thousand."""
    shape = (_rows(params, dtp), 4099, 8)
    return [_layer(rng, params, dtp, shape, LayerConfig(zp=130), w_skip=0.3, x_skip=0.7)]


def _deepest(rng: np.random.Generator, params: CoreParams, dtp: bool) -> list[LayerItem]:
    """The largest K with weights that push the compensation to its ends, everything stored."""
    cfg = LayerConfig(zp=240)
    w = np.repeat(np.array([[-64], [63], [-64], [63]]), K_MAX, axis=1)
    x = rng.integers(0, 240, (K_MAX, 1))
    return [make_layer("deepest", w, x, np.zeros(4, np.int64), cfg, params, dtp=dtp)]


CORNERS: dict[str, Corner] = {
    "unit": _unit,
    "sparsity_ends": _sparsity_ends,
    "runs": _runs,
    "edges_of_runs": _edges_of_runs,
    "trimmed": _trimmed,
    "needless": _needless,
    "extremes": _extremes,
    "every_r": _every_r,
    "same_operands": _same_operands,
    "four_bit": _four_bit,
    "k_tails": _k_tails,
    "n_tails": _n_tails,
    "m_tails": _m_tails,
    "mixed": _mixed,
}
"""Quick ones. Called with the test's generator, the core's sizes and whether to use DTP."""

LONG_CORNERS: dict[str, Corner] = {"deep": _deep, "deepest": _deepest}
"""Thousands of K steps."""
