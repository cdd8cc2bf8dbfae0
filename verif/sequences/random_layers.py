"""Random layers: shapes, sparsities, number formats and pauses, drawn at the level of
distributions."""

from dataclasses import dataclass

import numpy as np

from models.compression import ExtraStore
from models.params import VECTOR, CoreParams, LayerConfig
from verif.agents.items import StallConfig
from verif.sequences.layer_item import LayerItem, Stimulus, make_layer
from verif.sequences.operands import draw_activations, draw_mask, draw_weights

__all__ = ["Distribution", "draw_layer", "draw_stalls", "draw_stimulus"]

BIAS = 2**24  # far from overflow whatever the weights
FORMS = (None, False, True)  # of lists of HO weight vectors: the shorter one, run-length, dense


@dataclass(frozen=True, kw_only=True)
class Distribution:
    """What random layers look like.

    Attributes:
        size: most sub-tiles of rows, k-tiles and N tiles.
        commands: most layers that follow each other without a gap.
        dtp: double tile processing: False, True, or None for either.
    """

    size: tuple[int, int, int] = (3, 4, 2)
    commands: int = 4
    dtp: bool | None = None


def draw_layer(
    rng: np.random.Generator, params: CoreParams, spread: Distribution, name: str
) -> LayerItem:
    """One layer."""
    tiles = (params.rows, params.tile_k, params.tile_n)
    m, k, n = (
        _length(rng, most * tile, tile) for most, tile in zip(spread.size, tiles, strict=True)
    )
    cfg = _formats(rng)
    w_mask = draw_mask(rng, -(-m // VECTOR), k, *_sparsity(rng))
    x_mask = draw_mask(rng, -(-n // VECTOR), k, *_sparsity(rng))
    extra = None
    if rng.random() < 0.25:
        extra = ExtraStore(
            weights=rng.random(w_mask.shape) < 0.1,
            activations=rng.random(x_mask.shape) < 0.1,
        )
    return make_layer(
        name,
        draw_weights(rng, m, k, cfg.w_bits, w_mask),
        draw_activations(rng, k, n, cfg, x_mask),
        rng.integers(-BIAS, BIAS, m),
        cfg,
        params,
        dtp=bool(rng.integers(0, 2)) if spread.dtp is None else spread.dtp,
        extra_store=extra,
        dense=FORMS[int(rng.integers(0, 3))],
    )


def draw_stalls(rng: np.random.Generator) -> StallConfig:
    """None, light everywhere, heavy on one stream, or anything; sometimes in bursts."""
    levels = np.zeros(5, np.int64)
    kind = rng.integers(0, 4)
    if kind == 1:
        levels[:] = rng.integers(1, 64)
    elif kind == 2:
        levels[rng.integers(0, 5)] = rng.integers(128, 250)
    elif kind == 3:
        levels = rng.integers(0, 200, 5)
    command, weights, activations, bias, results = levels.tolist()
    return StallConfig(
        command=command,
        weights=weights,
        activations=activations,
        bias=bias,
        results=results,
        burst=bool(rng.random() < 0.3),
        garbage=bool(rng.random() < 0.5),
        seed=int(rng.integers(0, 2**32)),
    )


def draw_stimulus(
    rng: np.random.Generator, params: CoreParams, spread: Distribution, name: str
) -> Stimulus:
    """A few layers in a row, with pauses."""
    count = int(rng.integers(1, spread.commands + 1))
    layers = tuple(draw_layer(rng, params, spread, f"{name}.{i}") for i in range(count))
    return Stimulus(layers=layers, stalls=draw_stalls(rng))


def _formats(rng: np.random.Generator) -> LayerConfig:
    """Number formats; the paper's running case is the most likely one."""
    w_bits, x_bits = int(rng.choice((7, 7, 7, 4, 10))), int(rng.choice((8, 8, 8, 4, 12)))
    return LayerConfig(
        w_bits=w_bits,
        x_bits=x_bits,
        zp=int(rng.integers(0, 2**x_bits)),
        dbs_type=int(rng.integers(1, 4)) if x_bits == 8 else 1,
    )


def _length(rng: np.random.Generator, most: int, tile: int) -> int:
    """A length up to `most`: anything, or next to a multiple of the tile."""
    if rng.random() < 0.5:
        return int(rng.integers(1, most + 1))
    multiple = tile * int(rng.integers(1, most // tile + 1))
    return int(np.clip(multiple + rng.integers(-2, 3), 1, most))


def _sparsity(rng: np.random.Generator) -> tuple[float, float]:
    """Share and run length of compressible vectors: the ends are as likely as the middle."""
    share = float(rng.choice((0.0, 1.0, rng.random(), rng.random(), 1.0 - rng.random() ** 3)))
    return share, float(rng.choice((1.0, 3.0, 10.0, 40.0)))
