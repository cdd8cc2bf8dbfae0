"""Random programs: shapes, widths, sparsities, chains and pauses, drawn as distributions."""

from dataclasses import dataclass, replace

import numpy as np

from models.apsq import GS_MAX, Apsq
from models.chip.params import ChipParams
from models.chip.request import ChipLayer, PpuOutput
from models.params import VECTOR, LayerConfig
from models.ppu import MULT_MAX, SHIFT_MAX, requantisation
from models.pwl import ACTIVATIONS, SEGMENTS, PwlTable, fit
from models.slicing import effective_activation
from verif.agents.chip_items import BusConfig
from verif.sequences.apsq_corners import draw_exponents
from verif.sequences.operands import draw_mask
from verif.sequences.plain_apsq import plain_sums
from verif.sequences.program_item import ProgramItem, expected_results, make_item

__all__ = ["ProgramSpread", "draw_apsq", "draw_bus", "draw_layers", "draw_program", "scaled_output"]

BIAS = 2**20
V_LIMIT = 4.0  # real pre-activations of a fitted function span -4..4


@dataclass(frozen=True, kw_only=True)
class ProgramSpread:
    """What random programs look like.

    Attributes:
        size: most sub-tiles of rows, K-tiles and N tiles of a layer.
        layers: most layers.
        stall: pauses on both buses; without, the memory is ideal, of any latency.
    """

    size: tuple[int, int, int] = (3, 4, 2)
    layers: int = 4
    stall: bool = True


def draw_program(
    rng: np.random.Generator, params: ChipParams, spread: ProgramSpread, name: str, base: int = 0
) -> ProgramItem:
    """One program with its pauses."""
    bus = draw_bus(rng) if spread.stall else BusConfig(latency=_latency(rng), seed=_seed(rng))
    return make_item(name, draw_layers(rng, params, spread), params, base=base, bus=bus)


def draw_layers(
    rng: np.random.Generator, params: ChipParams, spread: ProgramSpread
) -> list[ChipLayer]:
    """Layers: some alone, some chained through the PPU, some that share an input."""
    layers: list[ChipLayer] = []
    for _ in range(int(rng.integers(1, spread.layers + 1))):
        sources = [layer for layer in layers if layer.output is not None]
        kind = rng.random()
        if sources and kind < 0.6:
            source = sources[int(rng.integers(0, len(sources)))]
            layers.append(_layer(rng, params, spread, layers, source=source))
        elif layers and layers[-1].x is not None and kind < 0.8:
            layers.append(_layer(rng, params, spread, layers, shared=layers[-1]))
        else:
            layers.append(_layer(rng, params, spread, layers))
        if params.core.tile_k == params.core.rows and rng.random() < 0.5:
            layers[-1] = _with_output(rng, layers)
    return layers


def draw_apsq(rng: np.random.Generator, layer: ChipLayer, x: np.ndarray, tile_k: int) -> Apsq:
    """Group size, steps of one or two K-tiles, and exponents near what the sums need.

    Args:
        rng: draws it.
        layer: what it is for.
        x: the layer's activations, codes (K, N).
        tile_k: of the core.
    """
    depth = tile_k * int(rng.integers(1, 3))
    x = effective_activation(x, layer.config)
    sums = plain_sums(layer.w, x, layer.bias, layer.config.zp, depth)
    gs = int(rng.integers(1, GS_MAX + 1))
    return Apsq(gs=gs, depth=depth, exponents=draw_exponents(rng, sums))


def draw_bus(rng: np.random.Generator) -> BusConfig:
    """None, light everywhere, heavy on one channel, or anything; sometimes in bursts."""
    levels = np.zeros(6, np.int64)
    kind = rng.integers(0, 4)
    if kind == 1:
        levels[:] = rng.integers(1, 64)
    elif kind == 2:
        levels[rng.integers(0, 6)] = rng.integers(128, 250)
    elif kind == 3:
        levels = rng.integers(0, 200, 6)
    names = ("ar", "r", "aw", "w", "b", "registers")
    return BusConfig(
        **dict(zip(names, levels.tolist(), strict=True)),
        burst=bool(rng.random() < 0.3),
        garbage=bool(rng.random() < 0.5),
        latency=_latency(rng),
        seed=_seed(rng),
    )


def _latency(rng: np.random.Generator) -> int:
    return int(rng.choice((1, 5, 20, 20, 60, 200)))


def _seed(rng: np.random.Generator) -> int:
    return int(rng.integers(0, 2**32))


def _format(rng: np.random.Generator, w_bits: int) -> LayerConfig:
    x_bits = int(rng.choice((8, 8, 8, 4, 12)))
    dbs = int(rng.integers(1, 4)) if x_bits == 8 else 1
    zp = int(rng.choice((0, 2**x_bits - 1, rng.integers(0, 2**x_bits), rng.integers(0, 2**x_bits))))
    return LayerConfig(w_bits=w_bits, x_bits=x_bits, zp=zp, dbs_type=dbs)


def _layer(
    rng: np.random.Generator,
    params: ChipParams,
    spread: ProgramSpread,
    layers: list[ChipLayer],
    *,
    source: ChipLayer | None = None,
    shared: ChipLayer | None = None,
) -> ChipLayer:
    """One more layer, with raw results."""
    name = f"l{len(layers)}"
    core, w_bits = params.core, int(rng.choice((7, 7, 7, 4, 10)))
    tiles = (core.rows, core.tile_k, core.tile_n)
    m, k, n = (
        _length(rng, most * tile, tile) for most, tile in zip(spread.size, tiles, strict=True)
    )
    x = None
    if source is not None:
        k, cfg = len(source.w), source.output.config
    elif shared is not None:
        x, k, cfg = shared.x, shared.w.shape[1], shared.config
    else:
        cfg = _format(rng, w_bits)
        x = _activations(rng, k, n, cfg)
    cfg = LayerConfig(w_bits=w_bits, x_bits=cfg.x_bits, zp=cfg.zp, dbs_type=cfg.dbs_type)
    layer = ChipLayer(
        name=name,
        w=_weights(rng, m, k, w_bits),
        bias=rng.integers(-BIAS, BIAS, m),
        config=cfg,
        x=x,
        source=None if source is None else source.name,
        dtp=(None, False, True)[int(rng.integers(0, 3))],
        dense=(None, False, True)[int(rng.integers(0, 3))],
    )
    if w_bits > 7 or cfg.x_bits > 8 or rng.random() < 0.7:
        return layer
    if source is not None:
        x = expected_results(layers)[source.name]
    return replace(layer, apsq=draw_apsq(rng, layer, x, core.tile_k))


def _with_output(rng: np.random.Generator, layers: list[ChipLayer]) -> ChipLayer:
    """The last layer with an output that suits the range of its results."""
    last = layers[-1]
    y = expected_results(layers)[last.name]
    return replace(last, output=_output(rng, y))


def scaled_output(
    rng: np.random.Generator,
    y: np.ndarray,
    cfg: LayerConfig,
    *,
    factor: float = 1.0,
    table: PwlTable | None = None,
) -> PpuOutput:
    """Scales that fill the 16 bits of every row of results y (M, N), if `factor` is 1.

    The function is `table`, or some activation function fitted for the format.
    """
    spans = factor * np.maximum(4, np.abs(y).max(axis=1))
    scales = [requantisation(2.0**15 / float(span)) for span in spans]
    multiplier, shift = (np.array(part, np.int64) for part in zip(*scales, strict=True))
    if table is None:
        function = ACTIVATIONS[str(rng.choice(list(ACTIVATIONS)))]
        table = fit(function, V_LIMIT / 2**15, 2 * V_LIMIT / (2**cfg.x_bits - 1), cfg)
    return PpuOutput(multiplier=multiplier, shift=shift, table=table, config=cfg)


def _output(rng: np.random.Generator, y: np.ndarray) -> PpuOutput:
    """A fitted function, or arbitrary segments; scales that fill, pass or hardly use 16 bits."""
    cfg, table = _format(rng, 7), None
    if rng.random() < 0.7:  # a fit takes longer than all the rest
        top = 2 ** int(rng.choice((31, cfg.x_bits + 16, cfg.x_bits + 16)))
        slope = rng.integers(-(2**15), 2**15, SEGMENTS) >> int(rng.integers(0, 8))
        table = PwlTable(slope=slope, offset=rng.integers(-top // 8, top, SEGMENTS))
    factor = float(rng.choice((0.5, 1.0, 1.0, 4.0, 100.0)))
    output = scaled_output(rng, y, cfg, factor=factor, table=table)
    if rng.random() < 0.1:
        scales = rng.integers(0, MULT_MAX + 1, len(y)), rng.integers(0, SHIFT_MAX + 1, len(y))
        output = replace(output, multiplier=scales[0], shift=scales[1])
    return output


def _weights(rng: np.random.Generator, m: int, k: int, w_bits: int) -> np.ndarray:
    """Weights, int64 (m, k); masked vectors have a zero high-order slice."""
    limit = 2 ** (w_bits - 1)
    small = max(8, limit // 8)
    mask = np.repeat(draw_mask(rng, -(-m // VECTOR), k, *_sparsity(rng)), VECTOR, axis=0)[:m]
    w = rng.integers(-limit, limit, (m, k))
    return np.where(mask, rng.integers(-small, small, (m, k)), w)


def _activations(rng: np.random.Generator, k: int, n: int, cfg: LayerConfig) -> np.ndarray:
    """Codes, int64 (k, n); masked vectors have the frequent high-order slice."""
    near = (cfg.r << cfg.l) + rng.integers(0, 2**cfg.l, (k, n))
    mask = np.repeat(draw_mask(rng, -(-n // VECTOR), k, *_sparsity(rng)), VECTOR, axis=0)[:n].T
    x = rng.integers(0, 2**cfg.x_bits, (k, n))
    return np.where(mask, np.minimum(near, 2**cfg.x_bits - 1), x)


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
