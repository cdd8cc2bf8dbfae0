"""The C++ harnesses that `make bench` compares with compute what the models compute."""

import numpy as np
import pytest

from models.aqs_gemm import gemm_exact
from models.chip.compiler import compile_program, read_results
from models.chip.request import ChipLayer
from models.params import CoreParams, LayerConfig
from models.slicing import effective_activation
from models.tiling import compile_layer
from verif.bench.chip_speed import run_bare_chip
from verif.bench.speed import run_bare
from verif.chip_build import SMALL_CHIP

SMALL = CoreParams(num_pea=2, tile_n=16)


@pytest.fixture
def layer() -> ChipLayer:
    """A layer of two rounds of the core in every direction, in passes."""
    rng = np.random.default_rng(61)
    m, k, n = 20, 70, 18
    return ChipLayer(
        name="layer",
        w=rng.integers(-512, 512, (m, k)),
        bias=rng.integers(-(2**20), 2**20, m),
        config=LayerConfig(w_bits=10, x_bits=12, zp=2000),
        x=rng.integers(0, 4096, (k, n)),
    )


def _expected(layer: ChipLayer) -> np.ndarray:
    return gemm_exact(layer.w, effective_activation(layer.x, layer.config), layer.bias)


@pytest.mark.parametrize("dtp", [False, True])
def test_core(layer, dtp, tmp_path):
    program = compile_layer(layer.w, layer.x, layer.bias, layer.config, SMALL, dtp)
    y, cycles, simulated, seconds = run_bare(program, tmp_path)
    np.testing.assert_array_equal(y, _expected(layer))
    assert 0 < cycles <= simulated and seconds > 0.0


def test_chip(layer, tmp_path):
    program = compile_program([layer], SMALL_CHIP)
    memory, cycles, simulated, seconds = run_bare_chip(program, tmp_path / "bare")
    np.testing.assert_array_equal(read_results(program, memory)["layer"], _expected(layer))
    assert 0 < cycles <= simulated and seconds > 0.0
