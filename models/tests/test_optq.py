"""OPTQ against its definition, and what it is worth."""

from pathlib import Path

import numpy as np
import pytest

from models.calibrate import kept, optq
from models.calibrate.optq import clipped_scale, hessian, optq_round, optq_weights
from models.calibration import QuantOptions, calibrate_layer
from models.errors import PanaceaError
from models.quant import Granularity, Rounding, quantise_weights


def operands(rows: int, depth: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Weights (rows, depth) and correlated inputs (depth, 3 depth)."""
    rng = np.random.default_rng(seed)
    mixed = rng.normal(size=(depth, depth)) @ rng.normal(size=(depth, 3 * depth))
    return rng.standard_t(5, (rows, depth)), mixed


def by_definition(w: np.ndarray, h: np.ndarray, scale: np.ndarray, bits: int) -> np.ndarray:
    """One weight after the other; the rest moves to the least squared error left to it.

    For a step of column k of the columns F still real, the minimum of d H_FF d^T with d_k given
    is at d = d_k (H_FF^-1)_k / (H_FF^-1)_kk. No factorisation, no blocks.
    """
    rest, rounded = w / scale[:, None], np.zeros(w.shape, int)
    left = list(np.argsort(-np.diag(h), kind="stable"))
    while left:
        k, limit = left[0], 2 ** (bits - 1)
        rounded[:, k] = np.clip(np.rint(rest[:, k]), -limit, limit - 1)
        inverse = np.linalg.inv(h[np.ix_(left, left)])
        step = (rounded[:, k] - rest[:, k])[:, None] * inverse[0] / inverse[0, 0]
        rest[:, left] += step
        left.pop(0)
    return rounded


@pytest.mark.parametrize("bits", [4, 7, 10])
@pytest.mark.parametrize(("rows", "depth", "block"), [(5, 12, 128), (8, 30, 7), (3, 16, 4)])
def test_equals_the_definition(
    rows: int, depth: int, block: int, bits: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(optq, "BLOCK", block)
    w, x = operands(rows, depth, seed=rows)
    h, scale = hessian(x), quantise_weights(w, bits, Granularity.CHANNEL)[1]
    assert np.array_equal(optq_round(w, h, scale, bits), by_definition(w, h, scale, bits))


def test_uncorrelated_inputs_are_rounded_to_nearest() -> None:
    w, _ = operands(6, 20, seed=1)
    nearest, scale = quantise_weights(w, 4, Granularity.CHANNEL)
    assert np.array_equal(optq_round(w, np.eye(20), scale, 4), nearest)


def test_hessian_counts_samples_alike_and_is_damped() -> None:
    x = np.array([[3.0, 0.0, 0.0], [4.0, 1e4, 0.0]])
    wanted = np.array([[0.36, 0.48], [0.48, 1.64]])
    assert np.allclose(hessian(x), wanted + 0.01 * np.eye(2))
    assert np.array_equal(hessian(np.zeros((3, 2))), np.eye(3))


@pytest.mark.parametrize("granularity", Granularity)
@pytest.mark.parametrize("bits", [4, 7])
def test_errs_less_than_rounding_to_nearest(bits: int, granularity: Granularity) -> None:
    w, x = operands(32, 64, seed=2)

    def error(codes: np.ndarray, scale: np.ndarray) -> float:
        return float(np.linalg.norm((codes * scale[:, None] - w) @ x))

    found = optq_weights(w, bits, granularity, x)
    assert error(*found) < 0.75 * error(*quantise_weights(w, bits, granularity))
    assert found[0].dtype == np.int16 and np.abs(found[0]).max() <= 2 ** (bits - 1)


def test_clipping_keeps_shared_scales_and_never_errs_more() -> None:
    w, x = operands(10, 40, seed=3)
    importance = np.diag(hessian(x))
    for granularity, shared in ((Granularity.TENSOR, 10), (Granularity.ROW_GROUP, 4)):
        scale = clipped_scale(w, 4, granularity, importance)
        assert all(len(set(scale[row : row + shared])) == 1 for row in range(0, 10, shared))
        full = quantise_weights(w, 4, granularity)[1]
        clipped, whole = (
            np.sum(((np.clip(np.rint(w / s[:, None]), -8, 7) * s[:, None] - w) ** 2) @ importance)
            for s in (scale, full)
        )
        assert clipped < whole and (scale <= full).all()


def test_deterministic_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "KEPT", tmp_path)
    monkeypatch.setattr(optq, "KEPT_SIZE", 1)
    w, x = operands(8, 24, seed=4)
    first = optq_weights(w, 4, Granularity.CHANNEL, x)
    (file,) = tmp_path.iterdir()
    again = optq_weights(w, 4, Granularity.CHANNEL, x)
    file.unlink()
    anew = optq_weights(w, 4, Granularity.CHANNEL, x)
    for codes, scale in (again, anew):
        assert np.array_equal(codes, first[0]) and np.array_equal(scale, first[1])
        assert codes.dtype == np.int16
    optq_weights(w, 7, Granularity.CHANNEL, x)
    optq_weights(w, 4, Granularity.CHANNEL, x + 1)
    assert len(list(tmp_path.iterdir())) == 3


@pytest.mark.parametrize("offsets", [0, 1])
def test_a_layer_takes_its_rounding(offsets: int) -> None:
    """For the input that the weights multiply: without its offset."""
    w, x = operands(8, 24, seed=5)
    x += 20.0 * offsets
    options = QuantOptions(w_bits=4, rounding=Rounding.OPTQ, offsets=offsets)
    layer = calibrate_layer(name="a.b", weight=w, bias=np.zeros(8), samples=x, options=options)
    codes, scale = optq_weights(w, 4, Granularity.CHANNEL, layer.input.shifted(x))
    assert np.array_equal(layer.w, codes) and np.array_equal(layer.s_w, scale)
    real = layer.dequantise(layer.multiply(layer.input.quantise(x)), x)
    assert np.linalg.norm(real - w @ x) < 0.15 * np.linalg.norm(w @ x)


def test_bad_operands_are_refused() -> None:
    w, x = operands(4, 8, seed=6)
    with pytest.raises(PanaceaError, match=r"samples has shape \(7, 24\), K is 8"):
        optq_weights(w, 4, Granularity.CHANNEL, x[:7])
    with pytest.raises(PanaceaError, match="not positive definite"):
        optq_round(w, -np.eye(8), np.ones(4), 4)
    with pytest.raises(PanaceaError, match="w_bits = 5"):
        optq_weights(w, 5, Granularity.CHANNEL, x)
