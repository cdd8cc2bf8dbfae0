"""Corner programs of the chip by name: layers whose results are chosen, not drawn."""

from collections.abc import Callable
from dataclasses import replace
from itertools import product

import numpy as np

from models.apsq import GS_MAX, Apsq
from models.chip.params import ChipParams
from models.chip.request import ChipLayer, PpuOutput
from models.params import LayerConfig
from models.ppu import MULT_MAX
from models.pwl import FRACTION_BITS, PwlTable, segments
from verif.agents.chip_items import BusConfig
from verif.sequences.program_item import Ending, ProgramItem, expected_results, make_item
from verif.sequences.random_programs import draw_apsq, scaled_output

__all__ = ["CHIP_CORNERS", "busy", "chained", "with_descriptor"]

ProgramCorner = Callable[[np.random.Generator, ChipParams], list[ProgramItem]]
"""Called with the test's generator and the chip's sizes."""

FORMATS = tuple(
    LayerConfig(x_bits=x_bits, dbs_type=dbs)
    for x_bits, dbs in ((4, 1), (8, 1), (8, 2), (8, 3), (12, 1))
)
_STARTS = segments()[0]


def _chosen(
    name: str, y: np.ndarray, mult: np.ndarray, shift: np.ndarray, table: PwlTable,
    cfg: LayerConfig, *,
    dbs: int = 1, **fields: bool,
) -> ChipLayer:  # fmt: skip
    """A layer whose row i gives y[i] in four columns, post-processed with a scale of its own."""
    return ChipLayer(
        name=name,
        w=np.zeros((len(y), 1), np.int64),
        bias=y,
        config=LayerConfig(dbs_type=dbs),
        x=np.zeros((1, 4), np.int64),
        output=PpuOutput(multiplier=mult, shift=shift, table=table, config=cfg),
        **fields,
    )


def _codes_by_segment(cfg: LayerConfig) -> PwlTable:
    """A table of constants: both ends of the codes, beyond them, halfway between two, and inside.

    Segments in turn give each of them, whatever the other bits of the pre-activation are.
    """
    one, step = 1 << FRACTION_BITS, 1 << FRACTION_BITS + cfg.lsb
    top = (cfg.x_max >> cfg.lsb) * step
    kinds = np.array([-5 * one, 0, top, top + 5 * step, 3 * step + step // 2, 2 * step])
    slope = np.zeros(len(_STARTS), np.int64)
    return PwlTable(slope=slope, offset=kinds[np.arange(len(_STARTS)) % len(kinds)])


def _post_processing(rng: np.random.Generator, params: ChipParams) -> list[ProgramItem]:
    """Every segment, every place against both ends of pre-activations and codes, in each format."""
    items = []
    ends = np.array([-40000, -(2**15), 2**15 - 1, 40000, 0])
    y = np.concatenate([_STARTS, ends])
    scale = np.ones_like(y), np.zeros_like(y)
    for cfg, dtp, dbs in product(FORMATS, (False, True), (1, 2, 3)):
        layer = _chosen("codes", y, *scale, _codes_by_segment(cfg), cfg, dbs=dbs, dtp=dtp)
        items.append(make_item("codes", [layer], params))
    return items


def _scaling(rng: np.random.Generator, params: ChipParams) -> list[ProgramItem]:
    """Shifts of every size against both ends of the pre-activation, extreme scales, ties."""
    most, ends = 2**31 - 1, (-(2**15) - 1, -(2**15), 0, 2**15 - 1, 2**15)
    rows = [(y, 1, 0) for y in ends] + [
        (y << shift - 2, 4, shift) for shift in (8, 16) for y in ends
    ]
    rows += [(y, mult, shift) for y in (-most - 1, most) for mult in (1, 1000, MULT_MAX)
             for shift in (32, 48, 63)]  # fmt: skip
    rows += [(y, 0, 5) for y in (-most - 1, most)]
    rows += [(y, 1, 1) for y in (-3, -1, 1, 3)]
    y, mult, shift = (np.array(part, np.int64) for part in zip(*rows, strict=True))
    cfg = LayerConfig()
    layer = _chosen("scaling", y, mult, shift, _codes_by_segment(cfg), cfg)
    return [make_item("scaling", [layer], params)]


def _frequent(rng: np.random.Generator, params: ChipParams) -> list[ProgramItem]:
    """Output tiles whose high-order slices are all, partly and never the frequent one, with every
    r of every format."""
    items = []
    rows = params.core.rows
    for cfg in FORMATS:
        layers = []
        for r in range(2 ** (cfg.x_bits - cfg.l) if cfg.x_bits > 4 else 1):
            cfg_r = replace(cfg, zp=r << cfg.l)
            table = PwlTable(
                slope=np.zeros(len(_STARTS), np.int64),
                offset=np.repeat([r, r ^ 1], len(_STARTS) // 2) << cfg.l + FRACTION_BITS,
            )
            # Segments above zero give the frequent slice, those below another one.
            y = np.concatenate([np.ones(rows), -np.ones(rows), np.resize([1, -1], rows)])
            y = y.astype(np.int64)
            scale = np.ones_like(y), np.zeros_like(y)
            layers.append(_chosen(f"r{r}", y, *scale, table, cfg_r, dtp=False))
        items.append(make_item("frequent", layers, params))
    return items


def _every_r(rng: np.random.Generator, params: ChipParams) -> list[ProgramItem]:
    """Every r of every slicing type."""
    layers = [
        _plain(rng, f"dbs{dbs}r{r}", (3, 3, 4), LayerConfig(zp=r << 3 + dbs, dbs_type=dbs))
        for dbs in (1, 2, 3)
        for r in range(2 ** (5 - dbs))
    ]
    return [make_item("every_r", layers, params)]


def _many_tiles(rng: np.random.Generator, params: ChipParams) -> list[ProgramItem]:
    """More than sixteen descriptors; wide operands with their parts in either order."""
    core, items = params.core, []
    for (m, n), (w_bits, x_bits), dtp in product(
        ((5, 3.5), (5, 1), (1, 5)), ((7, 8), (10, 8), (10, 12)), (False, True)
    ):
        shape = (m * core.rows, core.tile_k + 1, int(n * core.tile_n))
        cfg = LayerConfig(w_bits=w_bits, x_bits=x_bits, zp=1000 % 2**x_bits)
        layer = _plain(rng, "tiles", shape, cfg, dtp=dtp)
        bus = BusConfig(ar=150 * dtp, aw=150 * dtp, latency=20)  # requests have to wait
        items.append(make_item("tiles", [layer], params, bus=bus))
    return items


def _dense(rng: np.random.Generator, params: ChipParams) -> ChipLayer:
    """A layer with little to load and much to multiply."""
    core = params.core
    shape = (core.rows, 8 * core.tile_k, 12 * core.tile_n)
    return _plain(rng, "dense", shape, LayerConfig(zp=64), dtp=False)


def busy(rng: np.random.Generator, params: ChipParams) -> list[ProgramItem]:
    """Little to load and much to multiply: everything stored, or nothing."""
    dense = _dense(rng, params)
    low = replace(
        dense,
        name="low",
        w=rng.integers(-4, 4, dense.w.shape),
        x=rng.integers(64, 80, dense.x.shape),
    )
    return [make_item(layer.name, [layer], params) for layer in (dense, low)]


def _next_table(rng: np.random.Generator, params: ChipParams) -> list[ProgramItem]:
    """The next layer's table is there before a long layer's last blocks have read theirs."""
    dense, cfg = _dense(rng, params), LayerConfig()
    table = PwlTable(
        slope=np.full(len(_STARTS), 100), offset=np.full(len(_STARTS), 128 << FRACTION_BITS)
    )
    scale = np.ones(len(dense.w), np.int64), np.full(len(dense.w), 8)
    output = PpuOutput(multiplier=scale[0], shift=scale[1], table=table, config=cfg)
    y = rng.integers(-(2**15), 2**15, params.core.rows)
    ones = np.ones_like(y), np.zeros_like(y)
    after = _chosen("after", y, *ones, _codes_by_segment(cfg), cfg, dtp=False)
    return [make_item("next_table", [replace(dense, output=output), after], params)]


def _empty_tile(rng: np.random.Generator, params: ChipParams) -> list[ProgramItem]:
    """Double tiles of which only the first has valid rows: the second one sends nothing.

    The compiler would take a single tile, so that memory is compared with the model's alone.
    """
    rows = params.core.rows
    items = []
    for cfg in FORMATS:
        y = rng.integers(-(2**15), 2**15, 2 * rows)
        scale = np.ones_like(y), np.zeros_like(y)
        layer = _chosen("double", y, *scale, _codes_by_segment(cfg), cfg, dtp=True)
        item = make_item("double", [layer], params)
        for valid in (1, rows - 1, rows):
            changed = with_descriptor(item, 0, rows=valid)
            items.append(replace(changed, ending=Ending(layers=False)))
    return items


def _apsq(rng: np.random.Generator, params: ChipParams) -> list[ProgramItem]:
    """Partial sums quantised in every group size: raw and with codes that the next layer reads, in
    either loop order, single and double tiles, without pauses and with; exact layers between."""
    core, items = params.core, []
    cfg, stalls = LayerConfig(zp=120), BusConfig(r=120, w=160, b=60, burst=True)
    for gs, dtp, raw in product(range(1, GS_MAX + 1), (False, True), (False, True)):
        shape = ((1 + dtp) * core.rows + 3, (gs + 2) * core.tile_k - 5, core.tile_n * (1 + raw) + 4)
        layer = _plain(rng, "steps", shape, cfg, dtp=dtp)
        drawn = draw_apsq(rng, layer, layer.x, core.tile_k)
        layer = replace(layer, apsq=replace(drawn, gs=gs))
        layers = [layer, _plain(rng, "exact", (4, 4, 4), cfg)]
        if not raw:
            output = scaled_output(rng, expected_results([layer])["steps"], cfg)
            next_layer = _plain(rng, "next", (4, len(layer.w), 1), cfg)
            exponents = (12,) * -(-len(layer.w) // core.tile_k)
            next_layer = replace(
                next_layer,
                x=None,
                source="steps",
                apsq=Apsq(gs=gs, depth=core.tile_k, exponents=exponents),
            )
            layers = [replace(layer, output=output), next_layer]
        bus = stalls if (gs + dtp + raw) % 2 else BusConfig()
        items.append(make_item("steps", layers, params, bus=bus))
    return items


def _plain(
    rng: np.random.Generator, name: str, shape: tuple[int, int, int], cfg: LayerConfig,
    **fields: bool,
) -> ChipLayer:  # fmt: skip
    """A layer of random operands with raw results."""
    m, k, n = shape
    limit = 2 ** (cfg.w_bits - 1)
    w, x = rng.integers(-limit, limit, (m, k)), rng.integers(0, 2**cfg.x_bits, (k, n))
    return ChipLayer(name=name, w=w, bias=np.zeros(m, np.int64), config=cfg, x=x, **fields)


def chained(rng: np.random.Generator, params: ChipParams, base: int = 0) -> ProgramItem:
    """Two layers in which every DMA moves everything that it can move: 12-bit codes between them,
    of more lengths than two beats hold."""
    core, wide = params.core, LayerConfig(x_bits=12, zp=700)
    shape = (9 * core.rows, core.tile_k + 3, core.tile_n)
    first = _plain(rng, "first", shape, LayerConfig(zp=100), dtp=False)
    rows = len(first.w)
    top = 1 << FRACTION_BITS
    table = PwlTable(slope=np.full(len(_STARTS), 4000), offset=np.full(len(_STARTS), 2000 * top))
    scales = np.full(rows, 1000), np.full(rows, 13)
    output = PpuOutput(multiplier=scales[0], shift=scales[1], table=table, config=wide)
    second = replace(
        _plain(rng, "second", (core.rows, rows, 1), wide, dtp=False), x=None, source="first"
    )
    return make_item("chained", [replace(first, output=output), second], params, base=base)


def with_descriptor(item: ProgramItem, number: int, **fields: int | bool) -> ProgramItem:
    """The program with other fields in one descriptor."""
    changed = replace(item.program.descriptors[number], **fields).pack()
    image = item.image.copy()
    at = item.program.prog_addr - item.program.base + number * len(changed)
    image[at : at + len(changed)] = np.frombuffer(changed, np.uint8)
    return replace(item, image=image)


def _all_channels(rng: np.random.Generator, params: ChipParams) -> list[ProgramItem]:
    """Every DMA at work while each channel pauses alone, and all together, at three latencies."""
    item = chained(rng, params)
    names = ("ar", "r", "aw", "w", "b", "registers")
    buses = [BusConfig(latency=latency) for latency in (1, 7, 100)]
    buses += [
        BusConfig(**{name: 80 if burst else 200}, burst=burst, latency=20)
        for name in names
        for burst in (False, True)
    ]
    buses.append(BusConfig(**dict.fromkeys(names, 100), latency=20))
    buses.append(BusConfig(b=220, burst=True, latency=1))
    seeds = rng.integers(1, 2**32, len(buses)).tolist()
    return [
        replace(item, bus=replace(bus, seed=seed)) for bus, seed in zip(buses, seeds, strict=True)
    ]


CHIP_CORNERS: dict[str, ProgramCorner] = {
    "post_processing": _post_processing,
    "scaling": _scaling,
    "frequent": _frequent,
    "every_r": _every_r,
    "many_tiles": _many_tiles,
    "busy": busy,
    "next_table": _next_table,
    "empty_tile": _empty_tile,
    "all_channels": _all_channels,
    "apsq": _apsq,
}
"""By name."""
