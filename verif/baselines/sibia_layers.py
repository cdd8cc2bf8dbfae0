"""Stimulus of the Sibia-style core: that of the AQS-GEMM core with symmetric activations, and
layers of its own."""

from collections.abc import Callable

import numpy as np

from models.baselines.sibia import SibiaParams, Skip
from models.baselines.sibia_quant import quantise_symmetric
from models.calibration import ActivationScale
from models.networks.cases import LayerCase
from models.params import K_MAX, VECTOR, CoreParams
from verif.baselines.sibia_item import SibiaItem, SibiaStimulus, sibia_item
from verif.sequences.corners import CORNERS, LONG_CORNERS
from verif.sequences.layer_item import LayerItem
from verif.sequences.operands import draw_mask, draw_weights
from verif.sequences.random_layers import Distribution, draw_stimulus

__all__ = ["LONG_SIBIA_CORNERS", "SIBIA_CORNERS", "core_corner", "draw_sibia", "real_item"]

SibiaCorner = Callable[[np.random.Generator, SibiaParams, Skip], list[SibiaItem]]
"""Called with the test's generator, the core's sizes and the operand to skip."""


def _core_params(params: SibiaParams) -> CoreParams:
    """An AQS-GEMM core with the same tiles."""
    return CoreParams(num_pea=params.num_pea, tile_k=params.tile_k, tile_n=params.tile_n)


def _symmetric(layer: LayerItem, params: SibiaParams, skip: Skip) -> SibiaItem:
    """A layer of the AQS-GEMM core in 7 or 4 signed bits.

    Activations are counted from the centre of their skip range, in steps that make it 16 codes, so
    that an activation vector is skipped in both cores; a 10-bit weight loses its low digit.
    """
    cfg = layer.program.cfg
    w = layer.w >> 3 if cfg.w_bits == 10 else layer.w
    x = layer.x - (cfg.r << cfg.l) - (1 << cfg.l - 1) >> cfg.l - 4
    w_bits, x_bits = (4 if bits == 4 else 7 for bits in (cfg.w_bits, cfg.x_bits))
    limit = 1 << x_bits - 1
    return sibia_item(
        layer.name,
        w,
        np.clip(x, -limit, limit - 1),
        params,
        skip,
        w_bits=w_bits,
        x_bits=x_bits,
    )


def core_corner(name: str) -> SibiaCorner:
    """A corner of the AQS-GEMM core, as one of this core."""
    corner = (CORNERS | LONG_CORNERS)[name]

    def layers(rng: np.random.Generator, params: SibiaParams, skip: Skip) -> list[SibiaItem]:
        core = _core_params(params)
        return [_symmetric(layer, params, skip) for layer in corner(rng, core, False)]

    return layers


def _drawn(
    rng: np.random.Generator,
    params: SibiaParams,
    skip: Skip,
    shape: tuple[int, int, int],
    *,
    share: float = 0.5,
    run: float = 3.0,
    needless: float = 0.0,
    w_bits: int = 7,
    x_bits: int = 7,
) -> SibiaItem:
    """A random layer of a given (M, K, N); `share` of the sparse operand's vectors, in runs of
    `run`, are zero, of which `needless` are stored."""
    m, k, n = shape
    rows = m if skip == Skip.WEIGHTS else n
    mask = draw_mask(rng, -(-rows // VECTOR), k, share, run)
    none = np.zeros((max(m, n), k), bool)
    w = draw_weights(rng, m, k, w_bits, mask if skip == Skip.WEIGHTS else none)
    x = draw_weights(rng, n, k, x_bits, mask if skip == Skip.ACTIVATIONS else none).T
    keep = rng.random(mask.shape) < needless
    name = f"{m}x{k}x{n}"
    return sibia_item(name, w, x, params, skip, w_bits=w_bits, x_bits=x_bits, keep=keep)


def _needless(rng: np.random.Generator, params: SibiaParams, skip: Skip) -> list[SibiaItem]:
    """Vectors stored although they are zero."""
    shape = (params.rows, 2 * params.tile_k, params.rows)
    return [_drawn(rng, params, skip, shape, needless=needless) for needless in (0.2, 1.0)]


def _formats(rng: np.random.Generator, params: SibiaParams, skip: Skip) -> list[SibiaItem]:
    """All widths, the slices of the dense operand changing from command to command."""
    size = params.tile_n + 4
    return [
        _drawn(rng, params, skip, (size, k, size), share=share, w_bits=w_bits, x_bits=x_bits)
        for k in (params.tile_k, params.tile_k + 3)
        for share in (0.0, 0.9)
        for w_bits, x_bits in ((7, 7), (4, 7), (7, 4), (4, 4))
    ]


def _remainders(rng: np.random.Generator, params: SibiaParams, skip: Skip) -> list[SibiaItem]:
    """Groups of every number of items that can be left over, most of them in one cycle."""
    return [
        _drawn(rng, params, skip, (8, k, 8), share=share, w_bits=w_bits, x_bits=x_bits)
        for w_bits, x_bits in ((7, 7), (4, 7), (7, 4), (4, 4))
        for k in range(1, 14)
        for share in (0.0, 1.0)
    ]


def _extremes(rng: np.random.Generator, params: SibiaParams, skip: Skip) -> list[SibiaItem]:
    """The largest products of either sign, all K long."""
    depth, size = 4 * params.tile_k, params.rows
    ends = [np.full((size, depth), -64), np.full((size, depth), 63)]
    return [
        sibia_item("extremes", w, x.T, params, skip) for w in ends for x in (*ends, ends[0] * 0)
    ]


def _slow_results(rng: np.random.Generator, params: SibiaParams, skip: Skip) -> list[SibiaItem]:
    """Many short commands, so that results and partial sums are what everything waits for."""
    return [_drawn(rng, params, skip, (4 * params.rows, 5, 3 * params.tile_n), share=0.5)]


def _few(rng: np.random.Generator, params: SibiaParams, skip: Skip) -> list[SibiaItem]:
    """A little of everything: both widths, a short second K-tile, commands of a few cycles."""
    k = params.tile_k + 5
    widths = ((7, 7), (4, 7), (7, 4))
    layers = [_drawn(rng, params, skip, (5, k, 9), w_bits=w, x_bits=x) for w, x in widths]
    return [*layers, _drawn(rng, params, skip, (4 * params.rows, 1, 20), share=0.0)]


def _deepest(rng: np.random.Generator, params: SibiaParams, skip: Skip) -> list[SibiaItem]:
    """The largest K; in 4 bits, to keep it short."""
    return [_drawn(rng, params, skip, (2, K_MAX, 3), w_bits=4, x_bits=4)]


SIBIA_CORNERS: dict[str, SibiaCorner] = {
    **{
        name: core_corner(name)
        for name in (
            "unit", "sparsity_ends", "runs", "edges_of_runs", "k_tails", "n_tails", "m_tails",
            "four_bit", "mixed",
        )
    },
    "few": _few,
    "needless": _needless,
    "formats": _formats,
    "remainders": _remainders,
    "extremes": _extremes,
    "slow_results": _slow_results,
}  # fmt: skip
"""By name; those of the AQS-GEMM core that say something here, then this core's own."""

LONG_SIBIA_CORNERS: dict[str, SibiaCorner] = {"deepest": _deepest}
"""Thousands of cycles."""


def draw_sibia(
    rng: np.random.Generator, params: SibiaParams, size: tuple[int, int, int], name: str
) -> SibiaStimulus:
    """The AQS-GEMM core's random layers, each with a random operand to skip, with their pauses.

    Args:
        rng: the test's generator.
        params: sizes of the core.
        size: most tiles of rows, k-tiles and tiles of columns.
        name: for messages.
    """
    drawn = draw_stimulus(rng, _core_params(params), Distribution(size=size, dtp=False), name)
    items = tuple(
        _symmetric(layer, params, Skip(int(rng.integers(0, 2)))) for layer in drawn.layers
    )
    return SibiaStimulus(items=items, stalls=drawn.stalls)


def real_item(case: LayerCase, params: SibiaParams, skip: Skip) -> SibiaItem:
    """The first rows, one M tile, of a real layer with its real input: 7 bits, a scale a token."""
    real = (case.x - case.zp) * case.s_x
    x, _ = quantise_symmetric(real, ActivationScale.COLUMN)
    return sibia_item(case.name, case.w[: params.rows], x, params, skip)
