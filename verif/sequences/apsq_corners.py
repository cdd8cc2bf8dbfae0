"""Corner cases of APSQ: groups, steps, exponents, and what they meet."""

from itertools import product

import numpy as np

from models.apsq import CODE_MAX, EXPONENT_MAX, GS_MAX, Apsq
from models.params import CoreParams, LayerConfig
from verif.sequences.corner_layer import Corner, corner_layer, tile_rows
from verif.sequences.layer_item import LayerItem, make_layer
from verif.sequences.operands import draw_activations, draw_mask, draw_weights
from verif.sequences.plain_apsq import plain_sums

__all__ = ["APSQ_CORNERS", "draw_exponents"]


def draw_exponents(
    rng: np.random.Generator, sums: list[np.ndarray], spread: int = 2
) -> tuple[int, ...]:
    """Exponents that fit the exact sums so far, but for up to `spread` bits either way.

    Too small ones saturate, too large ones round nearly all away; both are legal.
    """
    sizes = [int(np.abs(total).max()) // CODE_MAX for total in np.cumsum(sums, axis=0)]
    wanted = np.array([size.bit_length() for size in sizes])
    drawn = wanted + rng.integers(-spread, spread + 1, len(wanted))
    return tuple(np.clip(drawn, 0, EXPONENT_MAX).tolist())


def apsq_layer(
    rng: np.random.Generator,
    params: CoreParams,
    dtp: bool,
    shape: tuple[int, int, int],
    cfg: LayerConfig,
    gs: int,
    *,
    tiles: int = 1,
) -> LayerItem:
    """A random layer of a given (M, K, N), in steps of `tiles` K-tiles."""
    m, k, n = shape
    w = draw_weights(rng, m, k, cfg.w_bits, draw_mask(rng, -(-m // 4), k, 0.5, 3.0))
    x = draw_activations(rng, k, n, cfg, draw_mask(rng, -(-n // 4), k, 0.5, 3.0))
    bias = rng.integers(-(2**14), 2**14, m) - cfg.zp * w.sum(axis=1)
    depth = tiles * params.tile_k
    exponents = draw_exponents(rng, plain_sums(w, x, bias, cfg.zp, depth))
    return make_layer(
        f"{m}x{k}x{n} gs {gs}", w, x, bias, cfg, params, dtp=dtp,
        apsq=Apsq(gs=gs, depth=depth, exponents=exponents),
    )  # fmt: skip


def _groups(rng: np.random.Generator, params: CoreParams, dtp: bool) -> list[LayerItem]:
    """Every group size with one to six steps, hence its last one anywhere in a group, and short."""
    cfg = LayerConfig(zp=130)
    m = tile_rows(params, dtp)
    return [
        apsq_layer(rng, params, dtp, (m, steps * params.tile_k - 3, 8), cfg, gs)
        for gs in range(1, GS_MAX + 1)
        for steps in range(1, 7)
    ] + [apsq_layer(rng, params, dtp, (m, 9 * params.tile_k, 4), cfg, gs) for gs in (2, 4)]


def _exponents(rng: np.random.Generator, params: CoreParams, dtp: bool) -> list[LayerItem]:
    """Every exponent: sums at both ends of their range, at a code, at the ties around it, at 0."""
    layers, m = [], tile_rows(params, dtp)
    cfg = LayerConfig(zp=0)
    w, x = np.zeros((m, params.tile_k + 1), np.int64), np.zeros((params.tile_k + 1, 1), np.int64)
    ends = [2**31 - 1, -(2**31)]
    for exponent in range(EXPONENT_MAX + 1):
        half = 2**exponent // 2
        code = int(rng.integers(-128, 128)) << exponent
        near = [0, half, half - 1, -half, -half - 1, code, code + half, code + half - 1]
        near += [(127 << exponent) + half, (127 << exponent) + half - 1, (-128 << exponent) - half]
        values = np.clip(np.array(ends + near), *ends[::-1])
        bias = np.concatenate([values, rng.choice(values, m)])[:m] if m > 13 else values
        bias = np.concatenate([bias, np.zeros(m, np.int64)])[: -(-len(bias) // m) * m]
        for number, rows in enumerate(bias.reshape(-1, m)):
            apsq = Apsq(gs=1, depth=params.tile_k, exponents=(exponent, exponent))
            name = f"exponent {exponent}.{number}"
            layers.append(make_layer(name, w, x, rows, cfg, params, dtp=dtp, apsq=apsq))
    return layers


def _among_exact(rng: np.random.Generator, params: CoreParams, dtp: bool) -> list[LayerItem]:
    """Exact and quantised layers in turn; steps of several passes and of several K-tiles."""
    layers, m = [], tile_rows(params, dtp)
    widths = product((4, 7, 10), (4, 8, 12))
    for number, (w_bits, x_bits) in enumerate(widths):
        cfg = LayerConfig(w_bits=w_bits, x_bits=x_bits, zp=int(rng.integers(0, 2**x_bits)))
        n = (1, 8, params.tile_n, params.tile_n + 4)[number % 4]
        shape = (m - number % 2, 3 * params.tile_k + 1, n)
        for gs in range(1, GS_MAX + 1):
            few = shape if gs == 1 + number % GS_MAX else (4, params.tile_k + 5, 4)
            layers.append(apsq_layer(rng, params, dtp, few, cfg, gs, tiles=1 + number % 2))
        layers.append(corner_layer(rng, params, dtp, (m, 20, 4), cfg))
    return layers


def _single_blocks(rng: np.random.Generator, params: CoreParams, dtp: bool) -> list[LayerItem]:
    """The smallest tiles: codes are wanted again as soon as can be, behind results that wait."""
    cfg, layers = LayerConfig(zp=100), []
    for gs in range(1, GS_MAX + 1):
        layers.append(corner_layer(rng, params, dtp, (4, 4, 4), cfg))
        k = (gs + 1) * params.tile_k
        layers += [apsq_layer(rng, params, dtp, (4, k, 4), cfg, gs) for _ in range(2)]
    return layers


def _full_tile(rng: np.random.Generator, params: CoreParams, dtp: bool) -> list[LayerItem]:
    """A tile of as many blocks as the banks have words."""
    shape = (tile_rows(params, dtp), 5 * params.tile_k, params.tile_n)
    return [apsq_layer(rng, params, dtp, shape, LayerConfig(zp=100), GS_MAX)]


APSQ_CORNERS: dict[str, Corner] = {
    "apsq_groups": _groups,
    "apsq_exponents": _exponents,
    "apsq_among_exact": _among_exact,
    "apsq_single_blocks": _single_blocks,
    "apsq_full_tile": _full_tile,
}
"""Called like the others."""
