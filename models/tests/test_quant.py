"""The quantisation formulas against scalar code written from the definitions."""

import math
from fractions import Fraction

import numpy as np
import pytest

from models.errors import PanaceaError
from models.params import LayerConfig
from models.quant import (
    Granularity,
    activation_range,
    centre_zero_point,
    choose_dbs_type,
    column_ends,
    integer_bias,
    quantise_activations,
    quantise_weights,
    widen_scale,
)
from models.slicing import effective_activation

GRIDS = [(8, 1), (8, 2), (8, 3), (4, 1), (12, 1)]


def rows_sharing(granularity: Granularity, row: int, rows: int) -> list[int]:
    if granularity == Granularity.TENSOR:
        return list(range(rows))
    if granularity == Granularity.CHANNEL:
        return [row]
    return [other for other in range(rows) if other // 4 == row // 4]


@pytest.mark.parametrize("bits", [4, 7, 10])
@pytest.mark.parametrize("granularity", Granularity)
@pytest.mark.parametrize("rows", [1, 4, 7, 16])
def test_weights_match_scalar_definition(bits: int, granularity: Granularity, rows: int) -> None:
    rng = np.random.default_rng(bits * 100 + rows)
    weights = rng.normal(size=(rows, 9)) * rng.uniform(0.1, 10, size=(rows, 1))
    w, scale = quantise_weights(weights, bits, granularity)
    top = 2 ** (bits - 1) - 1
    for row in range(rows):
        peak = max(
            abs(float(value))
            for other in rows_sharing(granularity, row, rows)
            for value in weights[other]
        )
        assert scale[row] == peak / top
        assert w[row].tolist() == [round(float(value) / scale[row]) for value in weights[row]]
    assert np.abs(w).max() == top
    assert np.abs(weights - w * scale[:, None]).max() <= scale.max() / 2 * (1 + 1e-12)


def test_zero_weights_stay_zero() -> None:
    w, scale = quantise_weights(np.zeros((3, 2)), 7, Granularity.CHANNEL)
    assert not w.any()
    assert (scale == 1.0).all()


@pytest.mark.parametrize(
    ("weights", "bits", "message"),
    [
        (np.ones((2, 2)), 8, "w_bits = 8"),
        (np.ones(3), 7, r"weights has shape \(3,\)"),
        (np.zeros((0, 4)), 7, r"weights has shape \(0, 4\)"),
        (np.array([[1.0, np.nan]]), 7, "weights has 1 infinite or NaN"),
    ],
)
def test_bad_weights_are_refused(weights: np.ndarray, bits: int, message: str) -> None:
    with pytest.raises(PanaceaError, match=message):
        quantise_weights(weights, bits, Granularity.CHANNEL)


@pytest.mark.parametrize("bits", [4, 8, 12])
@pytest.mark.parametrize(
    ("lo", "hi"), [(-1.0, 3.0), (0.0, 2.0), (0.5, 2.0), (-7.0, -1.0), (-0.2, 0.0), (-8.0, 7.9)]
)
def test_range_is_covered_and_zero_is_exact(bits: int, lo: float, hi: float) -> None:
    scale, zp = activation_range(lo, hi, bits)
    cfg = LayerConfig(x_bits=bits, zp=zp)
    samples = np.linspace(min(lo, 0), max(hi, 0), 1001)[None]
    codes = quantise_activations(samples, scale, cfg)
    # zp is rounded, so either end may clip by half a step on top of the rounding's half.
    assert np.abs((codes - zp) * scale - samples).max() <= scale * (1 + 1e-9)
    assert quantise_activations(np.zeros((1, 1)), scale, cfg)[0, 0] == zp
    assert codes.max() - codes.min() >= 2**bits - 2


def test_empty_range_has_a_scale() -> None:
    assert activation_range(0.0, 0.0, 8) == (1.0, 0)


@pytest.mark.parametrize(
    ("lo", "hi", "bits", "message"),
    [
        (1.0, -1.0, 8, "activation range = 1.0..-1.0"),
        (-math.inf, 1.0, 8, "activation range = -inf"),
        (math.nan, 1.0, 8, "activation range = nan"),
        (0.0, 1.0, 7, "x_bits = 7"),
    ],
)
def test_bad_ranges_are_refused(lo: float, hi: float, bits: int, message: str) -> None:
    with pytest.raises(PanaceaError, match=message):
        activation_range(lo, hi, bits)


@pytest.mark.parametrize("dbs_type", [1, 2, 3])
def test_centred_zero_point_slices_to_r_and_8(dbs_type: int) -> None:
    low = 3 + dbs_type
    for zp in range(256):
        centre = centre_zero_point(LayerConfig(zp=zp, dbs_type=dbs_type))
        assert centre >> low == zp >> low
        assert centre % 2**low >> (low - 4) == 8
        assert centre == 2**low * math.floor(zp / 2**low) + 2 ** (low - 1)
        assert abs(centre - zp) <= 2 ** (low - 1)


def test_centred_zero_point_of_12_bits() -> None:
    assert centre_zero_point(LayerConfig(x_bits=12, zp=0x3FF)) == 0x380


@pytest.mark.parametrize("dbs_type", [1, 2, 3])
def test_widening_covers_the_range_and_no_more(dbs_type: int) -> None:
    rng = np.random.default_rng(dbs_type)
    for _ in range(200):
        lo, hi = -rng.uniform(0, 5), rng.uniform(0.1, 5)
        cfg = LayerConfig(zp=activation_range(lo, hi, 8)[1], dbs_type=dbs_type)
        cfg = LayerConfig(zp=centre_zero_point(cfg), dbs_type=dbs_type)
        wide = widen_scale(lo, hi, cfg.zp, cfg.x_max)
        ends = quantise_activations(np.array([[lo, hi]]), wide, cfg)
        step = 2 ** (dbs_type - 1)
        assert np.abs((ends - cfg.zp) * wide - [lo, hi]).max() <= wide * step / 2 * (1 + 1e-9)
        # One end sits on the last code exactly, so that a smaller scale would clip it.
        reach = [cfg.zp + lo / wide, cfg.x_max - cfg.zp - hi / wide]
        assert min(map(abs, reach)) < 1e-9
        assert min(reach) > -1e-9


def test_moving_the_zero_point_alone_clips() -> None:
    scale, zp = activation_range(-7.0, 248.0, 8)
    cfg = LayerConfig(zp=centre_zero_point(LayerConfig(zp=zp)))
    assert (zp, cfg.zp) == (7, 8)
    clipped = quantise_activations(np.array([[248.0]]), scale, cfg)[0, 0]
    assert (clipped - cfg.zp) * scale == 247.0
    wide = widen_scale(-7.0, 248.0, cfg.zp, 255)
    kept = quantise_activations(np.array([[248.0]]), wide, cfg)[0, 0]
    assert math.isclose((kept - cfg.zp) * wide, 248.0)


@pytest.mark.parametrize("zp", [0, 255])
def test_widening_needs_codes_on_both_sides(zp: int) -> None:
    with pytest.raises(PanaceaError, match=f"zp = {zp}"):
        widen_scale(-1.0, 1.0, zp, 255)


def test_columns_are_widened_each_for_itself() -> None:
    real = np.array([[-1.0, 0.5, 0.0, 30.0], [2.0, 0.25, 0.0, -4.0]])
    lo, hi = column_ends(real)
    assert lo.tolist() == [-1.0, 0.0, 0.0, -4.0]
    assert hi.tolist() == [2.0, 0.5, 0.0, 30.0]
    each = [float(widen_scale(*ends, 120, 255)) for ends in zip(lo, hi, strict=True)]
    assert widen_scale(lo, hi, 120, 255).tolist() == each
    assert each[0] == 2.0 / 135 and each[2] == 1.0
    codes = quantise_activations(real, np.array(each), LayerConfig(zp=120))
    assert codes.tolist() == [[52, 255, 120, 255], [255, 188, 120, 102]]


@pytest.mark.parametrize(("bits", "dbs_type"), GRIDS)
def test_codes_match_scalar_definition(bits: int, dbs_type: int) -> None:
    step = 2 ** (dbs_type - 1)
    zp = 2 ** (bits - 1)
    cfg = LayerConfig(x_bits=bits, zp=zp, dbs_type=dbs_type)
    rng = np.random.default_rng(bits + dbs_type)
    real = rng.normal(size=(16, 20)) * 2 ** (bits - 2)
    scale = 0.75
    codes = quantise_activations(real, scale, cfg)
    for value, code in zip(real.flat, codes.flat, strict=True):
        exact = Fraction(float(value)) / Fraction(scale) / step
        wanted = round(exact) * step + zp
        assert code == min(max(wanted, 0), 2**bits - step)
    assert np.array_equal(effective_activation(codes, cfg), codes)
    assert codes.min() == 0
    assert codes.max() == 2**bits - step


def test_cutting_instead_of_rounding_would_lose_more() -> None:
    cfg = LayerConfig(zp=128, dbs_type=3)
    real = np.random.default_rng(7).uniform(-100, 100, size=(1, 4000))
    rounded = quantise_activations(real, 1.0, cfg)
    cut = effective_activation(quantise_activations(real, 1.0, LayerConfig(zp=128)), cfg)
    assert not np.array_equal(effective_activation(cut + 1, cfg), cut + 1)
    assert np.abs(rounded - 128 - real).max() <= 2.0
    assert np.abs(cut - 128 - real).max() > 3.0


@pytest.mark.parametrize(("zp", "dbs_type"), [(1, 2), (2, 3), (255, 2)])
def test_zero_point_off_the_grid_is_refused(zp: int, dbs_type: int) -> None:
    with pytest.raises(PanaceaError, match=f"zp = {zp} is not a multiple"):
        quantise_activations(np.zeros((1, 1)), 1.0, LayerConfig(zp=zp, dbs_type=dbs_type))


def test_nan_activations_are_refused() -> None:
    with pytest.raises(PanaceaError, match="activations have 1 NaN"):
        quantise_activations(np.array([[0.0, np.nan]]), 1.0, LayerConfig())


@pytest.mark.parametrize("target", [0.5, 0.9, 0.99])
def test_dbs_type_holds_the_target_share(target: float) -> None:
    """The type's skip range, 2^(l-1) each side, holds `target` of a normal; a shorter does not."""
    for sigma in np.linspace(0.5, 60, 400):
        inside = [math.erf(2 ** (low - 1) / sigma / math.sqrt(2)) for low in (4, 5, 6)]
        enough = [index + 1 for index, share in enumerate(inside[:2]) if share >= target]
        assert choose_dbs_type(float(sigma), target) == (enough[0] if enough else 3)


def test_dbs_thresholds_at_90_percent() -> None:
    types = [choose_dbs_type(sigma, 0.9) for sigma in (0.0, 4.86, 4.87, 9.72, 9.73, 100.0)]
    assert types == [1, 1, 2, 2, 3, 3]


@pytest.mark.parametrize(
    ("sigma", "target", "message"),
    [(1.0, 0.0, "target = 0.0"), (1.0, 1.0, "target = 1.0"), (-1.0, 0.9, "sigma = -1.0")],
)
def test_bad_dbs_inputs_are_refused(sigma: float, target: float, message: str) -> None:
    with pytest.raises(PanaceaError, match=message):
        choose_dbs_type(sigma, target)


def test_folded_bias_matches_exact_arithmetic() -> None:
    rng = np.random.default_rng(3)
    w = rng.integers(-64, 64, size=(6, 11)).astype(np.int16)
    bias, s_w, s_x, zp = rng.normal(size=6), rng.uniform(0.01, 0.1, size=6), 0.03125, 131
    folded = integer_bias(bias, w, s_w, s_x, zp)
    for row in range(6):
        exact = Fraction(float(bias[row])) / (Fraction(float(s_w[row])) * Fraction(s_x))
        assert folded[row] == round(exact) - zp * sum(int(value) for value in w[row])


def test_folding_makes_real_zero_give_the_bias() -> None:
    w = np.array([[3, -5, 60]], dtype=np.int16)
    folded = integer_bias(np.array([2.0]), w, np.array([0.5]), 0.25, 77)
    assert (w @ np.full((3, 1), 77) + folded)[0, 0] * 0.5 * 0.25 == 2.0


@pytest.mark.parametrize("sign", [1, -1])
def test_bias_beyond_32_bits_is_refused(sign: int) -> None:
    w = np.zeros((2, 1), dtype=np.int16)
    limit = 2**31 - 1 if sign > 0 else -(2**31)
    assert integer_bias(np.array([0.0, limit]), w, np.ones(2), 1.0, 0)[1] == limit
    with pytest.raises(PanaceaError, match=rf"bias\[1\] = {limit + sign}"):
        integer_bias(np.array([0.0, limit + sign]), w, np.ones(2), 1.0, 0)
