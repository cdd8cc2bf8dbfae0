"""Piecewise-linear functions: segments, integer evaluation, and errors over all of v."""

import math
import re
from fractions import Fraction
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from models.errors import PanaceaError
from models.params import LayerConfig
from models.pwl import (
    ACTIVATIONS,
    FRACTION_BITS,
    SEGMENTS,
    V_MAX,
    V_MIN,
    PwlTable,
    code_errors,
    evaluate,
    fit,
    grid_codes,
    segment_index,
    segments,
)

PACKAGE = Path(__file__).parents[2] / "rtl" / "ppu" / "ppu_pkg.sv"
ALL_V = np.arange(V_MIN, V_MAX + 1)


def plain(name: str, x: float) -> float:
    """The functions once more, one number at a time."""
    match name:
        case "identity":
            return x
        case "relu":
            return x if x > 0 else 0.0
        case "gelu":
            return x * math.erfc(-x / math.sqrt(2)) / 2
        case _:
            return x / (1 + math.exp(-x))


@cache
def plain_values(name: str, limit: float) -> np.ndarray:
    """The function of every v, with a scale that puts `limit` just beyond the largest."""
    return np.array([plain(name, v * limit / 2**15) for v in ALL_V.tolist()])


def output_format(name: str, covered: float, x_bits: int, dbs_type: int) -> tuple:
    """Scale and format with which codes span the function's values on -covered..covered."""
    values = [plain(name, covered * i / 500) for i in range(-500, 501)]
    low, high = min(values), max(values)
    scale = (high - low) / (2**x_bits - 1)
    step = 1 << (dbs_type - 1)
    zp = round(-low / scale) // step * step
    return scale, LayerConfig(x_bits=x_bits, dbs_type=dbs_type, zp=zp)


def test_sizes_of_the_rtl() -> None:
    constants = dict(re.findall(r"parameter int (\w+)\s*=\s*(\d+);", PACKAGE.read_text()))
    assert int(constants["Segments"]) == SEGMENTS
    assert int(constants["FracW"]) == FRACTION_BITS
    assert 2 ** (int(constants["PreW"]) - 1) - 1 == V_MAX
    assert 2 ** int(constants["LocalW"]) == segments()[1].max()


def test_segments_cut_v_without_gap() -> None:
    start, length = segments()
    index = segment_index(ALL_V)
    for number in range(SEGMENTS):
        inside = ALL_V[index == number]
        assert inside.tolist() == list(range(start[number], start[number] + length[number]))
    local = ALL_V - start[index]
    assert (local == (ALL_V & (length[index] - 1))).all()  # the RTL takes bits of v


def test_evaluation_is_the_line() -> None:
    rng = np.random.default_rng(1)
    table = PwlTable(
        slope=rng.integers(-(2**15), 2**15, SEGMENTS),
        offset=rng.integers(-(2**31), 2**31, SEGMENTS),
    )
    start = segments()[0]
    for v in rng.integers(V_MIN, V_MAX + 1, 300).tolist():
        number = int(segment_index(np.array(v)))
        expected = int(table.slope[number]) * (v - int(start[number])) + int(table.offset[number])
        assert int(evaluate(np.array(v), table)) == expected
        assert -(2**32) <= expected < 2**32


@pytest.mark.parametrize(("x_bits", "dbs_type"), [(4, 1), (8, 1), (8, 2), (8, 3), (12, 1)])
def test_grid_rounding(x_bits: int, dbs_type: int) -> None:
    rng = np.random.default_rng(2)
    cfg = LayerConfig(x_bits=x_bits, dbs_type=dbs_type)
    step, one = 2 ** (dbs_type - 1), 2**FRACTION_BITS
    halves = np.arange(-3, 2 * 2**x_bits + 9) * one * step // 2
    u = np.concatenate([halves, halves - 1, halves + 1, rng.integers(-(2**32), 2**32, 500)])
    largest = (2**x_bits - 1) // step * step
    for value, code in zip(u.tolist(), grid_codes(u, cfg).tolist(), strict=True):
        nearest = math.floor(Fraction(value, one * step) + Fraction(1, 2)) * step
        assert code == min(max(nearest, 0), largest)


def check_one_step(name: str, limit: float, covered: float, x_bits: int, dbs_type: int) -> None:
    """No code is more than one step of the grid from the function's own code."""
    x_scale, cfg = output_format(name, covered, x_bits, dbs_type)
    v_scale = limit / 2**15
    table = fit(ACTIVATIONS[name], v_scale, x_scale, cfg)
    step = 1 << cfg.lsb
    exact = step * np.round(plain_values(name, limit) / x_scale / step) + cfg.zp
    codes = grid_codes(evaluate(ALL_V, table), cfg)
    errors = codes - np.clip(exact, 0, cfg.x_max).astype(int)
    assert abs(errors).max() <= step
    assert (code_errors(ACTIVATIONS[name], table, v_scale, x_scale, cfg) * step == errors).all()


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("limit", [2.0, 6.0, 12.0, 32.0])
@pytest.mark.parametrize(("x_bits", "dbs_type"), [(4, 1), (8, 1), (8, 2), (8, 3)])
def test_one_step_at_4_and_8_bits(name: str, limit: float, x_bits: int, dbs_type: int) -> None:
    for covered in (limit, limit / 2, limit / 4):
        check_one_step(name, limit, covered, x_bits, dbs_type)


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("limit", [2.0, 4.0, 8.0, 12.0, 16.0])
def test_one_step_at_12_bits(name: str, limit: float) -> None:
    check_one_step(name, limit, limit, 12, 1)


@pytest.mark.parametrize("name", ["gelu", "silu"])
@pytest.mark.parametrize("limit", [2.0, 4.0, 8.0])
def test_one_step_at_12_bits_when_codes_cover_half(name: str, limit: float) -> None:
    check_one_step(name, limit, limit / 2, 12, 1)


@pytest.mark.parametrize("name", ["identity", "relu"])
def test_straight_functions_are_all_but_exact(name: str) -> None:
    x_scale, cfg = output_format(name, 8.0, 8, 1)
    table = fit(ACTIVATIONS[name], 8.0 / 2**15, x_scale, cfg)
    wrong = code_errors(ACTIVATIONS[name], table, 8.0 / 2**15, x_scale, cfg) != 0
    assert np.count_nonzero(wrong) <= 256  # at most at the boundary of two codes


@pytest.mark.parametrize(
    ("v_scale", "x_scale", "message"),
    [
        (0.0, 1.0, "v_scale = 0.0 is not positive"),
        (1.0, math.inf, "x_scale = inf is not positive"),
        (1.0, 1.5, "v_scale = 1.0 is too coarse for x_scale = 1.5: segment 0 has slope 0.667"),
    ],
)
def test_scales_that_cannot_work(v_scale: float, x_scale: float, message: str) -> None:
    with pytest.raises(PanaceaError, match=re.escape(message)):
        fit(ACTIVATIONS["identity"], v_scale, x_scale, LayerConfig())


def test_tables_that_do_not_fit() -> None:
    zeros = np.zeros(SEGMENTS, np.int64)
    with pytest.raises(PanaceaError, match=r"slope\[3\] = 32768 is outside"):
        PwlTable(slope=np.where(np.arange(SEGMENTS) == 3, 2**15, zeros), offset=zeros)
    with pytest.raises(PanaceaError, match=r"offset has shape \(63,\)"):
        PwlTable(slope=zeros, offset=zeros[1:])
