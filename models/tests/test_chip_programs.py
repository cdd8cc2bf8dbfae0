"""Layers survive compilation and the functional chip: every width, size and tail."""

from dataclasses import replace

import numpy as np
import pytest

from models.aqs_gemm import gemm_exact
from models.chip.compiler import compile_program
from models.chip.params import ChipParams
from models.chip.request import PpuOutput
from models.errors import PanaceaError
from models.params import CoreParams, LayerConfig
from models.parts import activation_parts, weight_parts
from models.pwl import SEGMENTS, PwlTable
from models.slicing import effective_activation
from models.tests.chip_programs import SMALL, check, make_layer, random_config, run

CHIPS = [
    ChipParams(),
    SMALL,
    ChipParams(core=CoreParams(num_pea=1, tile_k=4, tile_n=4)),
    ChipParams(core=CoreParams(num_pea=2, tile_k=32, tile_n=12), wmem_beats=128, amem_beats=128),
    ChipParams(core=CoreParams(num_pea=3, tile_k=8, tile_n=16)),
    ChipParams(core=CoreParams(num_pea=17, tile_k=16, tile_n=8)),
]
SHAPES = [(1, 1, 1), (5, 17, 3), (33, 16, 8), (64, 65, 9), (100, 40, 21), (130, 70, 4)]


@pytest.mark.parametrize("params", CHIPS, ids=lambda p: f"{p.core.num_pea}-{p.core.tile_k}")
@pytest.mark.parametrize("x_bits", [4, 8, 12])
@pytest.mark.parametrize("w_bits", [4, 7, 10])
def test_round_trip(w_bits: int, x_bits: int, params: ChipParams) -> None:
    rng = np.random.default_rng(16 * w_bits + x_bits)
    for number, shape in enumerate(SHAPES):
        config = random_config(rng, w_bits, x_bits)
        spread = (0.02, 0.1, 0.4)[number % 3]
        layer = make_layer(rng, "layer", shape, config, spread=spread)
        base = 32 * int(rng.integers(0, 2**30))
        for dtp in (False, True):
            program, _ = check([replace(layer, dtp=dtp)], params, base=base)
            assert program.dtp == (dtp and shape[0] > params.core.rows,)


@pytest.mark.parametrize("dbs_type", [1, 2, 3])
@pytest.mark.parametrize("high", [0, 1, 2, 3])
def test_every_type_and_frequent_slice(dbs_type: int, high: int) -> None:
    rng = np.random.default_rng(dbs_type)
    for zp in range(high << 6, (high + 1) << 6, 16):
        config = LayerConfig(zp=zp, dbs_type=dbs_type)
        check([make_layer(rng, "layer", (20, 33, 9), config)], SMALL)


def test_extreme_values() -> None:
    """All operands at the ends of their ranges; a bias that fills 32 bits."""
    for w_bits, x_bits in ((4, 4), (7, 8), (10, 12)):
        config = LayerConfig(w_bits=w_bits, x_bits=x_bits, zp=0)
        for weight in (-(2 ** (w_bits - 1)), 2 ** (w_bits - 1) - 1):
            layer = make_layer(np.random.default_rng(0), "layer", (9, 20, 5), config)
            w = np.full_like(layer.w, weight)
            worst = weight * config.x_max * 20
            bias = np.full(9, (2**31 - 1) - worst if weight > 0 else -(2**31) - worst)
            x = np.full_like(layer.x, config.x_max)
            check([replace(layer, w=w, bias=bias, x=x)], SMALL)


@pytest.mark.parametrize("w_type", [np.int8, np.int16, np.int32])
def test_integer_types(w_type: type) -> None:
    rng = np.random.default_rng(5)
    layer = make_layer(rng, "layer", (20, 33, 9), LayerConfig(zp=100))
    x, bias = layer.x.astype(np.uint8), layer.bias.astype(np.int32)
    check([replace(layer, w=layer.w.astype(w_type), x=x, bias=bias)], SMALL)


def test_automatic_double_tiles() -> None:
    """The doubled weight tile has to fit WMEM with 32 beats to spare; one sub-tile never pays."""
    rng = np.random.default_rng(6)
    config = LayerConfig(w_bits=4, x_bits=8, zp=100)
    # A K-tile of 16 4-bit weights takes 4 + 1 words, 10 for two sub-tiles: 3 beats.
    for rows, k, doubled in ((16, 16, False), (17, 16, True), (17, 160, True), (17, 176, False)):
        layer = make_layer(rng, "layer", (rows, k, 5), config)
        assert check([layer], SMALL)[0].dtp == (doubled,)
    deep = make_layer(rng, "layer", (17, 176, 5), config, dtp=True)
    assert check([deep], SMALL)[0].dtp == (True,)


def test_memory_is_one_range_and_image_comes_first() -> None:
    rng = np.random.default_rng(7)
    layer = make_layer(rng, "layer", (20, 33, 9), LayerConfig(zp=100))
    program = compile_program([layer], SMALL, base=4096)
    assert program.prog_addr == 4096 and program.prog_count == len(program.descriptors)
    execution, _ = run(program)
    assert execution.writes
    for address, data in execution.writes:
        assert address >= 4096 + len(program.image)
        assert address + len(data) <= 4096 + program.memory_bytes


@pytest.mark.parametrize(("w_bits", "x_bits"), [(4, 4), (7, 8), (10, 12)])
def test_facts_of_commands(w_bits: int, x_bits: int) -> None:
    """Stored vectors, products and results of every pass, as the parts of the operands say."""
    config = LayerConfig(w_bits=w_bits, x_bits=x_bits, zp=2 ** (x_bits - 1))
    layer = make_layer(np.random.default_rng(12), "layer", (16, 33, 8), config)
    program, execution = check([layer], SMALL)
    w_parts = weight_parts(layer.w, config, 16)
    x_parts = activation_parts(layer.x, config, 16)
    for number, (one, command) in enumerate(zip(program.passes, execution.commands, strict=True)):
        parts = w_parts[one.w_part], x_parts[one.x_part]
        assert command.pass_number == number
        for part, masks in zip(parts, (command.w, command.x), strict=True):
            assert np.array_equal(masks.stored, part.stored)
            assert np.array_equal(masks.kept, part.masks.kept)
        w, x = command.w.kept, command.x.kept
        both = w[:, None] & x[None]
        kinds = (both, w[:, None] & (x | True), (w[:, None] | True) & x, both | True)
        assert command.counts.tolist() == [kind.sum(axis=(1, 2)).tolist() for kind in kinds]
    exact = gemm_exact(layer.w, effective_activation(layer.x, config), layer.bias)
    assert np.array_equal(execution.commands[-1].y, exact)
    assert all(command.y is None for command in execution.commands[:-1])


def test_codes_are_cut_as_the_hardware_does() -> None:
    """DBS drops the lowest bits of codes that are not on the grid."""
    rng = np.random.default_rng(8)
    layer = make_layer(rng, "layer", (20, 33, 9), LayerConfig(zp=128, dbs_type=3))
    assert (layer.x % 4).any()
    check([layer], SMALL)


OUTPUT = PpuOutput(
    multiplier=np.ones(20, int),
    shift=np.zeros(20, int),
    table=PwlTable(slope=np.zeros(SEGMENTS, int), offset=np.zeros(SEGMENTS, int)),
    config=LayerConfig(),
)


@pytest.mark.parametrize(
    ("fields", "params", "message"),
    [
        ({"w": np.full((20, 33), 64)}, SMALL, r"layer 'layer': w\[0, 0\] = 64 is outside"),
        ({"x": np.full((33, 9), 256)}, SMALL, r"layer 'layer': x\[0, 0\] = 256 is outside"),
        ({"bias": np.full(20, 2**31 - 1)}, SMALL, r"layer 'layer': w\[0\] overflows"),
        ({"output": OUTPUT}, CHIPS[4], "tile_k = 8 to be 4 num_pea = 12"),
        ({}, ChipParams(core=CoreParams(num_pea=1, tile_n=1016), amem_beats=64), "amem_beats = 64"),
    ],
)
def test_refused(fields: dict, params: ChipParams, message: str) -> None:
    rng = np.random.default_rng(9)
    layer = make_layer(rng, "layer", (20, 33, 300), LayerConfig(zp=100))
    with pytest.raises(PanaceaError, match=message):
        compile_program([replace(layer, **fields)], params)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"x": None}, "needs x or source"),
        ({"source": "a"}, "needs x or source"),
        ({"x": np.zeros((32, 3), int)}, r"x has shape \(32, 3\), expected \(33, 3\)"),
        ({"w": np.zeros((20, 33))}, "w is float64"),
        ({"bias": np.zeros(19, int)}, r"bias has shape \(19,\)"),
        ({"bias": np.full(20, 2**31)}, r"bias\[0\] = 2147483648"),
        ({"output": replace(OUTPUT, multiplier=np.ones(3, int), shift=np.ones(3, int))}, "multipl"),
    ],
)
def test_layers_refused(fields: dict, message: str) -> None:
    layer = make_layer(np.random.default_rng(10), "layer", (20, 33, 9), LayerConfig(zp=100))
    with pytest.raises(PanaceaError, match=message):
        replace(layer, **fields)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"multiplier": np.full(20, 2**16)}, r"output.multiplier\[0\] = 65536"),
        ({"shift": np.full(20, 64)}, r"output.shift\[0\] = 64"),
        ({"shift": np.zeros(19, int)}, "output.shift has shape"),
    ],
)
def test_outputs_refused(fields: dict, message: str) -> None:
    with pytest.raises(PanaceaError, match=message):
        replace(OUTPUT, **fields)


def test_programs_refused() -> None:
    layer = make_layer(np.random.default_rng(11), "layer", (20, 33, 9), LayerConfig(zp=100))
    for layers, base, message in (
        ([], 0, "layers is empty"),
        ([layer, layer], 0, "name = 'layer' is taken"),
        ([layer], 16, "base = 0x10 is not a multiple of 32"),
        ([layer], 2**40 - 32, "past 40 bits"),
        ([layer], 2**40, "base = 1099511627776 is outside"),
    ):
        with pytest.raises(PanaceaError, match=message):
            compile_program(layers, SMALL, base=base)
