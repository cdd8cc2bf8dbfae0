"""Calibration's per-layer choices, and the integer layer against the real one."""

import numpy as np
import pytest

from models.calibration import (
    ActivationScale,
    LayerQuant,
    QuantOptions,
    Zpm,
    activation_sparsity,
    calibrate_input,
    calibrate_layer,
)
from models.errors import PanaceaError
from models.params import LayerConfig
from models.quant import Granularity


def skipped_share(x: np.ndarray, zp: int, low: int) -> float:
    """Sparsity by counting, column group by column group."""
    count = 0
    for row in x.tolist():
        for start in range(0, len(row), 4):
            count += all(value >> low == zp >> low for value in row[start : start + 4])
    return count / (x.shape[0] * len(range(0, x.shape[1], 4)))


def layer_of(samples: np.ndarray, name: str = "net.0.fc", **options: object) -> LayerQuant:
    rng = np.random.default_rng(11)
    return calibrate_layer(
        name=name,
        weight=rng.normal(size=(12, samples.shape[0])),
        bias=rng.normal(size=12),
        samples=samples,
        options=QuantOptions(**options),
    )


def normal_samples(sigma: float, peak: float = 127.0) -> np.ndarray:
    """Samples of deviation about `sigma` whose range is -peak..peak."""
    samples = np.random.default_rng(5).normal(size=(32, 512)) * sigma
    samples[0, :2] = [-peak, peak]
    return samples


@pytest.mark.parametrize("columns", [1, 3, 4, 10])
@pytest.mark.parametrize(("bits", "dbs_type", "low"), [(8, 1, 4), (8, 2, 5), (8, 3, 6), (12, 1, 8)])
def test_sparsity_counts_vectors(columns: int, bits: int, dbs_type: int, low: int) -> None:
    cfg = LayerConfig(x_bits=bits, zp=2 ** (bits - 1) + 8, dbs_type=dbs_type)
    spread = np.random.default_rng(columns).normal(size=(200, columns)) * 2 ** (low - 2)
    x = np.clip(np.rint(spread) + cfg.zp, 0, 2**bits - 1).astype(np.int64)
    share = activation_sparsity(x, cfg)
    assert share == pytest.approx(skipped_share(x, cfg.zp, low))
    assert 0 < share < 1
    x[:, ::4] = 0
    assert activation_sparsity(x, cfg) == 0.0


def test_4_bit_activations_have_no_sparsity() -> None:
    assert activation_sparsity(np.full((4, 4), 3), LayerConfig(x_bits=4, zp=3)) == 0.0


@pytest.mark.parametrize(("sigma", "rule"), [(3.0, 1), (7.0, 2), (20.0, 3)])
def test_rule_decides_below_the_limit(sigma: float, rule: int) -> None:
    samples = normal_samples(sigma)
    for limit in (1, 2, 3):
        layer = layer_of(samples, dbs_max=limit)
        assert layer.input.rule_type == rule
        assert layer.config.dbs_type == min(rule, limit)
        assert layer.input.sigma == pytest.approx(samples.std() * 255 / 254, rel=0.01)


def test_limit_by_name_wins_over_kind() -> None:
    samples = normal_samples(20.0)
    limits = {"fc": 2, "net.1.fc": 3}
    types = [
        layer_of(samples, name, dbs_max=limits).config.dbs_type
        for name in ("net.0.fc", "net.1.fc", "net.0.other")
    ]
    assert types == [2, 3, 1]


@pytest.mark.parametrize("bits", [4, 12])
def test_dbs_is_for_8_bits(bits: int) -> None:
    layer = layer_of(normal_samples(20.0), dbs_max=3, x_bits=bits)
    assert (layer.config.dbs_type, layer.input.rule_type) == (1, 1)


@pytest.mark.parametrize("dbs_max", [1, 3])
@pytest.mark.parametrize("zpm", Zpm)
def test_real_zero_is_exact_and_codes_on_the_grid(zpm: Zpm, dbs_max: int) -> None:
    for low_end in (0.0, -0.01, -0.3, -1.0):
        samples = np.random.default_rng(2).uniform(low_end, 1.0, size=(16, 64))
        layer = layer_of(samples, zpm=zpm, dbs_max=dbs_max)
        assert (layer.input.quantise(np.zeros((2, 2))) == layer.config.zp).all()
        assert (layer.input.quantise(samples) % 2 ** (layer.config.dbs_type - 1) == 0).all()


def test_auto_takes_the_sparser_zero_point() -> None:
    rng = np.random.default_rng(9)
    one_sided = np.maximum(rng.normal(size=(64, 64)), -0.02)
    two_sided = normal_samples(5.0, peak=121.0)
    for samples, centred in ((one_sided, False), (two_sided, True)):
        options = {zpm: layer_of(samples, zpm=zpm) for zpm in (Zpm.OFF, Zpm.ON, Zpm.AUTO)}
        auto = options[Zpm.AUTO]
        assert auto.input.sparsity == max(
            options[Zpm.OFF].input.sparsity, options[Zpm.ON].input.sparsity
        )
        assert auto.config.zp == options[Zpm.ON if centred else Zpm.OFF].config.zp
        assert options[Zpm.ON].config.zp != options[Zpm.OFF].config.zp


def test_widening_is_an_option() -> None:
    samples = np.random.default_rng(4).uniform(-0.3, 1.0, size=(16, 64))
    plain = layer_of(samples, zpm=Zpm.OFF)
    wide, narrow = (layer_of(samples, zpm=Zpm.ON, widen=widen) for widen in (True, False))
    assert wide.config.zp == narrow.config.zp
    assert narrow.input.s_x == plain.input.s_x < wide.input.s_x

    def worst(layer: LayerQuant) -> float:
        codes = layer.input.quantise(samples) - layer.config.zp
        return np.abs(codes * layer.input.s_x - samples).max() / layer.input.s_x

    assert worst(wide) <= 0.5 + 1e-9
    assert worst(narrow) > 1.0


@pytest.mark.parametrize("granularity", Granularity)
@pytest.mark.parametrize(
    ("w_bits", "x_bits", "error"), [(7, 8, 0.04), (10, 12, 0.005), (4, 4, 0.4), (4, 12, 0.3)]
)
def test_integer_layer_approximates_the_real_one(
    granularity: Granularity, w_bits: int, x_bits: int, error: float
) -> None:
    rng = np.random.default_rng(w_bits)
    weight, bias = rng.normal(size=(24, 96)) / 10, rng.normal(size=24)
    samples = rng.normal(size=(96, 40)) + 0.4
    layer = calibrate_layer(
        name="fc",
        weight=weight,
        bias=bias,
        samples=samples,
        options=QuantOptions(granularity=granularity, w_bits=w_bits, x_bits=x_bits),
    )
    y = layer.multiply(layer.input.quantise(samples))
    got = layer.dequantise(y, samples)
    wanted = weight @ samples + bias[:, None]
    assert np.linalg.norm(got - wanted) < error * np.linalg.norm(wanted)
    broken = layer.dequantise(y - layer.bias[:, None], samples)
    assert np.linalg.norm(broken - wanted) > error * np.linalg.norm(wanted)


@pytest.mark.parametrize("zpm", Zpm)
@pytest.mark.parametrize(("bits", "dbs_max"), [(8, 1), (8, 3), (12, 1)])
def test_column_scales_cover_every_column(zpm: Zpm, bits: int, dbs_max: int) -> None:
    """Columns of any size keep their relative precision, and real zero its code."""
    samples = normal_samples(20.0) * 10.0 ** np.linspace(-3, 3, 512)
    samples[:, 7] = 0.0
    options = QuantOptions(scale=ActivationScale.COLUMN, zpm=zpm, x_bits=bits, dbs_max=dbs_max)
    found = calibrate_input("fc", samples, options)
    assert found.s_x is None
    codes = found.quantise(samples)
    step = 2 ** (found.config.dbs_type - 1)
    assert found.config.dbs_type == dbs_max
    assert (codes % step == 0).all() and codes.min() >= 0 and codes.max() <= found.config.x_max
    assert (codes[:, 7] == found.config.zp).all()
    error = np.abs((codes - found.config.zp) * found.scale(samples) - samples)
    assert (error <= found.scale(samples) * step * 0.5001).all()
    assert found.scale(samples).max() > 1e4 * found.scale(samples).min()
    assert np.allclose(found.rounded(samples), (codes - found.config.zp) * found.scale(samples))


def test_column_layer_approximates_every_column() -> None:
    rng = np.random.default_rng(8)
    weight = rng.normal(size=(24, 96))
    samples = rng.normal(size=(96, 40)) * 10.0 ** np.linspace(-4, 4, 40)
    options = QuantOptions(scale=ActivationScale.COLUMN)
    layer = calibrate_layer(
        name="fc", weight=weight, bias=np.zeros(24), samples=samples, options=options
    )
    y = layer.multiply(layer.input.quantise(samples))
    wanted = weight @ samples
    error = np.linalg.norm(layer.dequantise(y, samples) - wanted, axis=0)
    assert (error < 0.04 * np.linalg.norm(wanted, axis=0)).all()


def test_a_floor_bounds_ordinary_columns() -> None:
    """Twice the median: all but the outlier share it, with half as many codes."""
    samples = normal_samples(20.0)
    samples[:, 7] *= 100.0
    plain = calibrate_input("fc", samples, QuantOptions(scale=ActivationScale.COLUMN))
    options = QuantOptions(scale=ActivationScale.COLUMN, floor=2.0)
    found = calibrate_input("fc", samples, options)
    scales = found.scale(samples)
    own = QuantOptions(scale=ActivationScale.COLUMN, zpm=Zpm.OFF)
    bare = calibrate_input("fc", samples, own).scale(samples)
    assert found.floor == pytest.approx(2 * np.median(bare), rel=0.07)  # zp moves by ZPM
    assert scales[7] > 10 * found.floor
    ordinary = np.delete(np.arange(512), 7)
    assert (scales[ordinary] >= found.floor).all()
    assert (scales[ordinary] == found.floor).mean() > 0.95
    assert found.sparsity > 1.5 * plain.sparsity
    codes = found.quantise(samples)
    error = np.abs(found.rounded(samples) - samples)
    assert (error <= scales * 0.501).all() and np.ptp(codes[:, 7]) > 240
    assert np.array_equal(codes, found.quantise(samples[:, :]))


@pytest.mark.parametrize("floor", [-0.5, float("inf"), float("nan")])
def test_floors_that_are_no_factor_are_refused(floor: float) -> None:
    with pytest.raises(PanaceaError, match=f"floor = {floor}"):
        QuantOptions(scale=ActivationScale.COLUMN, floor=floor)


def test_a_floor_needs_scales_of_columns() -> None:
    with pytest.raises(PanaceaError, match=r"floor = 1\.5, but one scale"):
        QuantOptions(floor=1.5)


def outlier_samples() -> np.ndarray:
    """Columns around a constant one, every 16th around another that is 50 times as large."""
    rng = np.random.default_rng(12)
    samples = rng.normal(size=(96, 64)) + 4 * rng.normal(size=(96, 1))
    samples[:, ::16] = 200 * rng.normal(size=(96, 1)) + rng.normal(size=(96, 4))
    return samples


def test_each_column_takes_the_offset_that_is_nearest() -> None:
    samples = outlier_samples()
    found = calibrate_input("fc", samples, QuantOptions(offsets=2))
    assert found.offsets.shape == (96, 2)
    assert np.array_equal(found.offsets[:, 0], np.median(samples, axis=1))
    assert np.array_equal(found.offsets[:, 1], np.median(samples[:, ::16], axis=1))
    taken = found.nearest(samples)
    assert np.array_equal(taken, np.arange(64) % 16 == 0)
    wanted = samples - found.offsets[:, taken]
    assert np.array_equal(found.shifted(samples), wanted)
    assert np.abs(wanted).max() < 6
    assert np.abs(found.rounded(samples) - wanted).max() <= 0.501 * found.s_x
    other = samples[:, [16, 3]] + 0.1
    assert np.array_equal(found.nearest(other), [1, 0])


@pytest.mark.parametrize("scale", ActivationScale)
def test_layers_add_what_they_make_of_offsets(scale: ActivationScale) -> None:
    rng = np.random.default_rng(13)
    weight = rng.normal(size=(24, 96))
    bias = rng.normal(size=24) * (scale == ActivationScale.TENSOR)
    samples = outlier_samples()
    wanted = weight @ samples + bias[:, None]
    errors = []
    for offsets in (0, 1, 2):
        options = QuantOptions(scale=scale, offsets=offsets, w_bits=10)
        layer = calibrate_layer(
            name="fc", weight=weight, bias=bias, samples=samples, options=options
        )
        assert layer.added.shape == (24, offsets)
        y = layer.multiply(layer.input.quantise(samples))
        error = np.linalg.norm(layer.dequantise(y, samples) - wanted, axis=0)
        errors.append((error / np.linalg.norm(wanted, axis=0)).max())
    assert errors[2] < 0.01 and 1.5 * errors[2] < min(errors[:2])


def test_equal_columns_have_one_offset() -> None:
    samples = np.tile(np.arange(6.0)[:, None], 8)
    found = calibrate_input("fc", samples, QuantOptions(offsets=2))
    assert np.array_equal(found.offsets, np.arange(6.0)[:, None])
    assert not found.shifted(samples).any()


def test_too_many_offsets_are_refused() -> None:
    with pytest.raises(PanaceaError, match="offsets = 9"):
        QuantOptions(offsets=9)


def test_column_scales_refuse_a_bias() -> None:
    with pytest.raises(PanaceaError, match=r"bias of net\.0\.fc is not 0"):
        layer_of(normal_samples(5.0), scale=ActivationScale.COLUMN)


def test_multiply_is_exact_integer_arithmetic() -> None:
    layer = layer_of(normal_samples(10.0))
    x = np.random.default_rng(1).integers(0, 256, size=(32, 5))
    y = layer.multiply(x)
    for row in range(12):
        for column in range(5):
            terms = (int(a) * int(b) for a, b in zip(layer.w[row], x[:, column], strict=True))
            assert y[row, column] == sum(terms) + int(layer.bias[row])


@pytest.mark.parametrize(
    ("samples", "message"),
    [
        (np.zeros((5, 8)), r"samples of fc has shape \(5, 8\), K is 6"),
        (np.zeros((6, 0)), r"samples of fc has shape \(6, 0\)"),
        (np.full((6, 2), np.nan), "activation range = nan"),
    ],
)
def test_bad_samples_are_refused(samples: np.ndarray, message: str) -> None:
    with pytest.raises(PanaceaError, match=message):
        calibrate_layer(
            name="fc",
            weight=np.ones((4, 6)),
            bias=np.zeros(4),
            samples=samples,
            options=QuantOptions(),
        )


def test_dbs_limit_outside_the_types_is_refused() -> None:
    with pytest.raises(PanaceaError, match="dbs_type = 0"):
        layer_of(normal_samples(5.0), dbs_max=0)
