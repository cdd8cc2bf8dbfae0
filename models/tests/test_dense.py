"""Plans, streams and cycle counts of the dense baselines, without the RTL."""

import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from models.apsq import Apsq
from models.baselines import dense_params
from models.baselines.dense_apsq import plan_apsq
from models.baselines.dense_cycles import count_blocks, cycles
from models.baselines.dense_params import Dataflow, DenseParams
from models.baselines.dense_plan import block_of, plan_layer
from models.baselines.dense_streams import assemble, pack_operands
from models.errors import PanaceaError

FULL = [DenseParams(dataflow=dataflow) for dataflow in Dataflow]
SHAPES = [
    (1, 1, 1),
    (24, 384, 64),
    (100, 1000, 70),
    (2560, 2560, 33),
    (64, 147, 700),
    (50, 9000, 1),
]
PACKAGE = Path(__file__).parents[2] / "rtl" / "baselines" / "dense_pkg.sv"


@pytest.mark.parametrize("params", FULL, ids=lambda p: p.dataflow.name)
def test_budget(params: DenseParams) -> None:
    assert params.multipliers * 4 == 3072
    assert params.memory_bytes == 192 * 1024


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("params", FULL, ids=lambda p: p.dataflow.name)
def test_plan_covers_the_layer_once(params: DenseParams, shape: tuple[int, int, int]) -> None:
    m, k, n = shape
    blocks = plan_layer(*shape, params)
    assert sum(b.m * b.k * b.n for b in blocks) == m * k * n
    assert sum(b.m * b.n for b in blocks if b.first) == m * n
    assert sum(b.m * b.n for b in blocks if b.last) == m * n
    assert len({(b.m0, b.k0, b.n0) for b in blocks}) == len(blocks)
    for one, after in pairwise(blocks):
        assert after.w_words or (one.m0, one.k0) == (after.m0, after.k0)
        assert after.x_words or (one.k0, one.n0) == (after.k0, after.n0)
        assert after.first or (one.m0, one.n0) == (after.m0, after.n0)


@pytest.mark.parametrize("params", FULL, ids=lambda p: p.dataflow.name)
def test_every_stream_word_is_counted(params: DenseParams) -> None:
    rng = np.random.default_rng(3)
    m, k, n = 77, 600, 90
    blocks = plan_layer(m, k, n, params)
    w, x = rng.integers(-128, 128, (m, k)), rng.integers(0, 256, (k, n))
    stream = pack_operands(w, x, rng.integers(-9, 9, m), blocks, params)
    assert stream.size == count_blocks(blocks, params).load_bytes


def test_too_few_results_are_refused() -> None:
    params = FULL[Dataflow.SA_WS]
    blocks = plan_layer(24, 32, 4, params)
    with pytest.raises(PanaceaError, match="too few"):
        assemble(np.zeros((11, 32), np.uint8), (24, 4), blocks, params)
    with pytest.raises(PanaceaError, match="expected 96"):
        assemble(np.zeros((13, 32), np.uint8), (24, 4), blocks, params)


@pytest.mark.parametrize("params", FULL, ids=lambda p: p.dataflow.name)
def test_large_layers_keep_the_array_busy(params: DenseParams) -> None:
    assert cycles(2560, 2560, 128, params).busy > 0.98


def test_one_column_waits_for_memory() -> None:
    count = cycles(2048, 2048, 1, FULL[Dataflow.SIMD])
    assert count.cycles == pytest.approx(count.load_bytes / 32, rel=0.1)


def test_a_block_too_large_is_refused() -> None:
    with pytest.raises(PanaceaError, match="words of weights"):
        block_of((0, 0, 0), (48, 2048, 1), FULL[Dataflow.SIMD])
    with pytest.raises(PanaceaError, match="columns"):
        block_of((0, 0, 0), (24, 4, 256), FULL[Dataflow.SIMD])


def test_apsq_steps_are_tiles_of_equal_exponents() -> None:
    params = FULL[Dataflow.SA_WS]
    exponents = (9, 9, 10, 10, 10)
    blocks = plan_apsq(30, 133, 4, Apsq(gs=2, depth=32, exponents=exponents), params)
    assert [(b.m0, b.k0, b.tiles) for b in blocks] == [
        (0, 0, 2), (0, 64, 3), (24, 0, 2), (24, 64, 3)
    ]  # fmt: skip
    assert [b.apsq for b in blocks[:2]] == [(2, 9), (2, 10)]
    assert [(b.first, b.last) for b in blocks[:2]] == [(True, False), (False, True)]


def test_apsq_without_a_tile_to_a_step_is_refused() -> None:
    apsq = Apsq(gs=2, depth=16, exponents=(9, 9))
    with pytest.raises(PanaceaError, match="32 positions"):
        plan_apsq(24, 32, 4, apsq, FULL[Dataflow.SA_WS])
    with pytest.raises(PanaceaError, match="SIMD has no APSQ"):
        plan_apsq(24, 32, 4, apsq, FULL[Dataflow.SIMD])


def test_sizes_are_those_of_the_rtl() -> None:
    values = dict(re.findall(r"parameter int (\w+)\s*=\s*(\d+);", PACKAGE.read_text()))
    names = {"WeightDepth": "WEIGHT_WORDS", "ActDepth": "ACT_WORDS", "PsumDepth": "PSUM_WORDS"}
    for rtl, model in (names | {"WordK": "WORD_K"}).items():
        assert int(values[rtl]) == getattr(dense_params, model)
    for rtl, dataflow in (("Simd", "SIMD"), ("SaOs", "SA_OS"), ("SaWs", "SA_WS")):
        assert int(values[rtl]) == Dataflow[dataflow]
