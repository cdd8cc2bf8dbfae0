"""Corner cases of the operands' widths, and of the passes that wide ones take."""

from dataclasses import replace
from itertools import product

import numpy as np

from models.params import CoreParams, LayerConfig
from verif.sequences.corner_layer import Corner, corner_layer, tile_rows
from verif.sequences.layer_item import LayerItem, make_layer

__all__ = ["WIDTH_CORNERS"]

WIDTHS = tuple(product((4, 7, 10), (4, 8, 12)))


def _widths(rng: np.random.Generator, params: CoreParams, dtp: bool) -> list[LayerItem]:
    """All widths and slicing types, two K-tiles, two N tiles, changing from layer to layer."""
    shape = (tile_rows(params, dtp), params.tile_k + 3, params.tile_n + 4)
    formats = [
        LayerConfig(
            w_bits=w_bits, x_bits=x_bits, zp=int(rng.integers(0, 2**x_bits)), dbs_type=dbs_type
        )
        for dbs_type in (1, 2, 3)
        for w_bits, x_bits in WIDTHS
        if dbs_type == 1 or x_bits == 8
    ]
    return [corner_layer(rng, params, dtp, shape, cfg) for cfg in formats]


def _small_widths(rng: np.random.Generator, params: CoreParams, dtp: bool) -> list[LayerItem]:
    """All widths in their smallest layer, where nothing but the ends of passes takes time."""
    return [
        corner_layer(rng, params, dtp, (tile_rows(params, dtp), 1, 4), cfg, x_skip=skip)
        for w_bits, x_bits in WIDTHS
        for cfg in [LayerConfig(w_bits=w_bits, x_bits=x_bits, zp=2**x_bits - 1)]
        for skip in (0.0, 1.0)
    ]


def _weights_resident(rng: np.random.Generator, params: CoreParams, dtp: bool) -> list[LayerItem]:
    """The other order of four passes: each activation part meets all weight parts."""
    shape = (tile_rows(params, dtp), params.tile_k + 9, 2 * params.tile_n)
    layer = corner_layer(rng, params, dtp, shape, LayerConfig(w_bits=10, x_bits=12, zp=2900))
    program = layer.program
    order = [at + i for at in range(0, len(program.commands), 4) for i in (0, 2, 1, 3)]
    swapped = replace(
        program,
        commands=tuple(program.commands[i] for i in order),
        streams=tuple(program.streams[i] for i in order),
    )
    return [replace(layer, name="weights resident", program=swapped)]


def _extremes(rng: np.random.Generator, params: CoreParams, dtp: bool) -> list[LayerItem]:
    """Largest magnitudes of every operand, and biases that reach both ends of 32 bits."""
    m, k, n = min(8, tile_rows(params, dtp)), 2 * params.tile_k, 8
    layers = []
    for (w_bits, x_bits), high_w, high_x, zp in product(
        ((7, 8), (10, 12), (4, 12), (10, 4)), (False, True), (False, True), (0.0, 0.5, 1.0)
    ):
        top, x_max = 2 ** (w_bits - 1), 2**x_bits - 1
        w = np.full((m, k), top - 1 if high_w else -top)
        x = np.full((k, n), x_max if high_x else 0)
        x[0], w[:, 0] = x_max - x[0], -1 - w[:, 0]
        positive = x_max * np.maximum(w, 0).sum(axis=1)
        negative = x_max * np.maximum(-w, 0).sum(axis=1)
        bias = np.where(np.arange(m) % 2, 2**31 - 1 - positive, -(2**31) + negative)
        cfg = LayerConfig(w_bits=w_bits, x_bits=x_bits, zp=int(zp * x_max))
        name = f"w{w_bits}{'+' if high_w else '-'}x{x_bits}{'+' if high_x else '0'}"
        layers.append(make_layer(name, w, x, bias, cfg, params, dtp=dtp))
    return layers


def _every_wide_r(rng: np.random.Generator, params: CoreParams, dtp: bool) -> list[LayerItem]:
    """12-bit activations with every r, under every width of weights."""
    shape = (min(8, tile_rows(params, dtp)), 20, 8)
    return [
        corner_layer(rng, params, dtp, shape, LayerConfig(w_bits=w_bits, x_bits=12, zp=r << 8))
        for r in range(16)
        for w_bits in (4, 7, 10)
    ]


def _magnitudes(rng: np.random.Generator, params: CoreParams, dtp: bool) -> list[LayerItem]:
    """Results of every sign and magnitude, zero too, after one, two and four passes."""
    bias = np.array([0, *(sign << size for sign in (1, -1) for size in (4, 12, 20, 28))])
    w, x = np.zeros((len(bias), 3), np.int64), rng.integers(0, 16, (3, 4))
    return [
        make_layer("magnitudes", w, x, bias, cfg, params, dtp=dtp)
        for w_bits, x_bits in ((7, 8), (10, 8), (7, 12), (10, 12))
        for cfg in [LayerConfig(w_bits=w_bits, x_bits=x_bits, zp=3)]
    ]


WIDTH_CORNERS: dict[str, Corner] = {
    "widths": _widths,
    "small_widths": _small_widths,
    "weights_resident": _weights_resident,
    "extremes": _extremes,
    "every_wide_r": _every_wide_r,
    "magnitudes": _magnitudes,
}
"""By name."""
