"""Compilation refuses what the core cannot run; double tiles are chosen by the paper's rule."""

import numpy as np
import pytest

from models.errors import PanaceaError
from models.params import WMEM_BYTES, CoreParams, LayerConfig
from models.tiling import assemble_result, compile_layer, dtp_auto

SMALL = CoreParams(num_pea=2, tile_k=16, tile_n=8)
GOOD = {
    "w": np.array([[1, 2]]),
    "x": np.array([[3], [4]]),
    "bias": np.array([5]),
    "cfg": LayerConfig(),
}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"w": np.array([[1, -65]])}, r"w\[0, 1\] = -65"),
        ({"w": np.zeros((1, 0), int)}, r"w has shape \(1, 0\)"),
        ({"x": np.array([[3], [4], [5]])}, r"x has shape \(3, 1\), expected \(2, 1\)"),
        ({"x": np.array([[3], [-4]])}, r"x\[1, 0\] = -4"),
        ({"bias": np.array([[5]])}, r"bias has shape \(1, 1\)"),
        ({"bias": np.array([2**31])}, r"bias\[0\] = 2147483648"),
        ({"bias": np.array([2**31 - 1])}, r"w\[0\] overflows: bias = 2147483647"),
        ({"w": np.zeros((1, 65536), int)}, "K = 65536"),
    ],
)
def test_bad_layer_is_named(change: dict, message: str) -> None:
    compile_layer(**GOOD, params=SMALL, dtp=False)
    with pytest.raises(PanaceaError, match=message):
        compile_layer(**GOOD | change, params=SMALL, dtp=False)


def test_largest_activation_of_the_type_decides_overflow() -> None:
    w, bias = np.array([[63, 63]]), np.array([2**31 - 1 - 126 * 252])
    layer = {"w": w, "x": np.array([[3], [4]]), "bias": bias, "params": SMALL, "dtp": False}
    compile_layer(**layer, cfg=LayerConfig(dbs_type=3))
    with pytest.raises(PanaceaError, match="activations up to 254"):
        compile_layer(**layer, cfg=LayerConfig(dbs_type=2))


def test_wrong_number_of_results_is_refused() -> None:
    program = compile_layer(**GOOD, params=SMALL, dtp=False)
    assert program.result_beats(program.commands[0]) == 2
    with pytest.raises(PanaceaError, match="beats has 64 bytes, the program produces 128"):
        assemble_result(program, bytes(64))


def test_double_tiles_need_a_second_sub_tile() -> None:
    w = np.zeros((65, 64), int)
    assert dtp_auto(w, LayerConfig(), CoreParams())
    assert not dtp_auto(w[:64], LayerConfig(), CoreParams())


@pytest.mark.parametrize("w_bits", [4, 7, 10])
def test_double_tile_must_fit_the_weight_memory(w_bits: int) -> None:
    """Dense weights: dtp_auto turns where the packed stream outgrows the memory."""
    cfg, params = LayerConfig(w_bits=w_bits), CoreParams()
    top = 2 ** (w_bits - 1) - 1
    answers = set()
    for depth in range(512, 2304, 128):
        w = np.full((128, depth), top)
        program = compile_layer(w, np.zeros((depth, 1), int), np.zeros(128, int), cfg, params, True)
        size = max(sum(stream.nbytes for stream in part.weights) for part in program.streams)
        answers.add(dtp_auto(w, cfg, params))
        assert dtp_auto(w, cfg, params) == (size <= WMEM_BYTES)
    assert answers == {True, False}
