"""Layers that follow each other on the chip: quantised outputs, shared activations, fences."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from models.chip.compiler import compile_program
from models.chip.loops import LoopOrder
from models.chip.params import ChipParams
from models.chip.request import ChipLayer
from models.errors import PanaceaError
from models.params import CoreParams, LayerConfig
from models.tests.chip_programs import (
    SMALL,
    check,
    expected,
    make_layer,
    ppu_output,
    random_config,
)

FORMATS = [(4, 1), (8, 1), (8, 2), (8, 3), (12, 1)]
FULL = ChipParams()
TINY = ChipParams(core=CoreParams(num_pea=1, tile_k=4, tile_n=8), wmem_beats=64, amem_beats=64)


def chain(
    rng: np.random.Generator,
    sizes: Sequence[int],
    columns: int,
    configs: Sequence[LayerConfig],
    **fields: object,
) -> list[ChipLayer]:
    """Layers of `sizes[i]` to `sizes[i + 1]` features, each the input of the next one."""
    layers: list[ChipLayer] = []
    for number, config in enumerate(configs):
        shape = sizes[number + 1], sizes[number], columns
        source = {"source": f"fc{number}"} if number else {}
        layer = make_layer(rng, f"fc{number + 1}", shape, config, **source, **fields)
        if number + 1 < len(configs):
            x = layer.x if layer.source is None else expected(layers)[layer.source]
            layer = replace(layer, output=ppu_output(layer, x, configs[number + 1]))
        layers.append(layer)
    return layers


def next_format(x_bits: int, dbs_type: int, w_bits: int = 7) -> LayerConfig:
    zp = (2**x_bits // 3) >> (dbs_type - 1) << (dbs_type - 1)
    return LayerConfig(w_bits=w_bits, x_bits=x_bits, dbs_type=dbs_type, zp=zp)


@pytest.mark.parametrize("dtp", [False, True])
@pytest.mark.parametrize("params", [FULL, SMALL, TINY], ids=["full", "small", "tiny"])
@pytest.mark.parametrize(("x_bits", "dbs_type"), FORMATS)
def test_two_layers(x_bits: int, dbs_type: int, params: ChipParams, dtp: bool) -> None:
    """FC1 with GELU, requantised, into FC2."""
    rng = np.random.default_rng(x_bits + dbs_type)
    rows = params.core.rows
    for w_bits, hidden in ((7, 2 * rows), (10, 3 * rows - 1), (4, rows - 3), (7, 3 * rows + 1)):
        configs = LayerConfig(zp=100), next_format(x_bits, dbs_type, w_bits)
        layers = chain(rng, (21, hidden, 10), 13, configs, dtp=dtp)
        program, execution = check(layers, params)
        codes = expected(layers)["fc1"]
        assert len(np.unique(codes)) > 2
        fences = [c.descriptor.fence for c in execution.commands]
        first = next(n for n, p in enumerate(program.passes) if p.layer == 1)
        assert fences.count(True) == 1 and fences[first]


def test_three_layers() -> None:
    rng = np.random.default_rng(3)
    for params in (FULL, SMALL):
        for formats in ([(8, 2), (12, 1)], [(12, 1), (4, 1)], [(4, 1), (8, 3)]):
            configs = [LayerConfig(zp=77), *(next_format(*one) for one in formats)]
            layers = chain(rng, (30, 70, 40, 25), 11, configs)
            _, execution = check(layers, params)
            assert sum(c.descriptor.fence for c in execution.commands) == 2


def test_last_layer_may_be_quantised() -> None:
    rng = np.random.default_rng(4)
    for x_bits, dbs_type in FORMATS:
        layer = make_layer(rng, "layer", (40, 20, 9), LayerConfig(zp=50))
        output = ppu_output(layer, layer.x, next_format(x_bits, dbs_type), "silu")
        check([replace(layer, output=output)], SMALL)


def test_one_source_for_several_layers() -> None:
    """They share the activations on the chip: one fence, one load for each N tile."""
    rng = np.random.default_rng(5)
    layers = chain(rng, (20, 30, 40), 16, (LayerConfig(zp=60), next_format(8, 1)), dtp=False)
    more = [make_layer(rng, name, (9, 30, 16), layers[1].config, source="fc1") for name in "ab"]
    program, execution = check([*layers, *more], SMALL)
    loads = [c for c, p in zip(execution.commands, program.passes, strict=True) if p.layer > 0]
    assert sum(c.descriptor.x_load for c in loads) == 2
    assert sum(c.descriptor.fence for c in loads) == 1


def test_tables_of_wide_activations_serve_all_their_layers() -> None:
    """Layers in between change nothing: the loop order of the first user counts for all."""
    rng = np.random.default_rng(6)
    config = next_format(12, 1)
    for columns in (8, 40):
        layers = chain(rng, (20, 18, 150), columns, (LayerConfig(zp=60), config))
        between = make_layer(rng, "between", (9, 9, 3), LayerConfig(zp=3))
        again = make_layer(rng, "again", (9, 18, columns), config, source="fc1")
        program, _ = check([*layers, between, again], SMALL)
        assert program.orders[1] == program.orders[3]


def test_query_key_value() -> None:
    """One array of activations: loaded once for each N tile, for all three layers."""
    rng = np.random.default_rng(7)
    config = LayerConfig(zp=136)
    query = make_layer(rng, "q", (33, 20, 16), config, dtp=False)
    layers = [query, *(replace(query, name=name, w=query.w[::-1]) for name in "kv")]
    program, execution = check(layers, SMALL)
    assert program.orders == (LoopOrder.ACTIVATIONS,) * 3
    assert sum(c.descriptor.x_load for c in execution.commands) == 2
    copies = [layers[0], *(replace(layer, x=layer.x.copy()) for layer in layers[1:])]
    assert len(compile_program(copies, SMALL).image) > len(program.image)


def test_sharing_needs_the_same_format() -> None:
    rng = np.random.default_rng(8)
    query = make_layer(rng, "q", (9, 20, 8), LayerConfig(zp=136))
    for config in (LayerConfig(zp=20), LayerConfig(zp=136, dbs_type=2)):
        other = make_layer(rng, "k", (9, 20, 8), config, x=query.x)
        _, execution = check([query, other], SMALL)
        assert sum(c.descriptor.x_load for c in execution.commands) == 2
    narrow = make_layer(rng, "k", (9, 20, 8), LayerConfig(w_bits=10, zp=136), x=query.x)
    _, execution = check([query, narrow], SMALL)
    assert sum(c.descriptor.x_load for c in execution.commands) == 1


def test_random_networks() -> None:
    rng = np.random.default_rng(9)
    for _ in range(30):
        params = (SMALL, TINY, FULL)[int(rng.integers(3))]
        count = int(rng.integers(1, 5))
        configs = [
            random_config(rng, int(rng.choice((4, 7, 10))), int(rng.choice((4, 8, 12))))
            for _ in range(count)
        ]
        sizes = [int(size) for size in rng.integers(1, 3 * params.core.rows, count + 1)]
        layers = chain(rng, sizes, int(rng.integers(1, 2 * params.core.tile_n)), configs)
        check(layers, params, base=int(rng.integers(0, 99)) * 32)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"source": "nobody"}, "layer 'fc2': source = 'nobody' is no earlier layer"),
        ({"source": "fc2"}, "source = 'fc2' is no earlier layer"),
        ({"config": LayerConfig(x_bits=4)}, "x_bits = 4, but its source makes 8"),
        ({"config": LayerConfig(zp=80, dbs_type=2)}, "dbs_type = 2, but its source makes 1"),
        ({"config": LayerConfig(zp=200)}, "r = 12, but its source makes 5"),
        ({"w": np.ones((10, 29), int)}, r"w of 'fc2' has shape \(10, 29\), expected \(10, 30\)"),
    ],
)
def test_refused(change: dict, message: str) -> None:
    rng = np.random.default_rng(10)
    layers = chain(rng, (20, 30, 10), 8, (LayerConfig(zp=60), next_format(8, 1)))
    with pytest.raises(PanaceaError, match=message):
        compile_program([layers[0], replace(layers[1], **change)], SMALL)


def test_raw_results_are_no_source() -> None:
    rng = np.random.default_rng(11)
    layers = chain(rng, (20, 30, 10), 8, (LayerConfig(zp=60), next_format(8, 1)))
    with pytest.raises(PanaceaError, match="source = 'fc1' is no earlier layer with an output"):
        compile_program([replace(layers[0], output=None), layers[1]], SMALL)
