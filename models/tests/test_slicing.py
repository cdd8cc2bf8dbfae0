"""Slicing is exact over every value, and refuses what does not fit."""

import numpy as np
import pytest

from models.errors import PanaceaError
from models.params import LayerConfig
from models.slicing import (
    effective_activation,
    sbr_slices,
    slice_activations,
    slice_weights,
    unslice_activations,
    unslice_weights,
)


@pytest.mark.parametrize("n", range(4))
def test_sbr_of_every_value(n: int) -> None:
    half = 2 ** (3 * n + 3)
    w = np.arange(-half, half)
    slices = sbr_slices(w, n)
    assert len(slices) == n + 1
    assert all(part.min() >= -8 and part.max() <= 7 for part in slices)
    assert np.array_equal(sum(part * 8**i for i, part in enumerate(slices)), w)
    if n:
        assert np.array_equal(slices[-1] == 0, (-(8**n) <= w) & (w <= 8**n - 1))


@pytest.mark.parametrize("w_bits", [4, 7, 10])
def test_weights_round_trip(w_bits: int) -> None:
    w = np.arange(-(2 ** (w_bits - 1)), 2 ** (w_bits - 1)).reshape(2, -1)
    assert np.array_equal(unslice_weights(slice_weights(w, w_bits)), w)


@pytest.mark.parametrize("dbs_type", [1, 2, 3])
def test_every_8_bit_activation(dbs_type: int) -> None:
    cfg = LayerConfig(dbs_type=dbs_type)
    x = np.arange(256).reshape(16, 16)
    low, high = slice_activations(x, cfg)
    cut = 2 ** (cfg.l - 4)
    assert cfg.l == 3 + dbs_type
    assert np.array_equal(high, x // 2**cfg.l)
    assert np.array_equal(low, x % 2**cfg.l // cut)
    assert low.max() <= 15 and high.max() <= 15
    expected = 2**cfg.l * high + cut * low
    assert np.array_equal(effective_activation(x, cfg), expected)
    assert np.array_equal(unslice_activations([low, high], cfg), expected)
    assert np.array_equal(expected, x // cut * cut)
    assert cfg.x_max == expected.max()


@pytest.mark.parametrize("x_bits", [4, 12])
def test_other_activation_widths(x_bits: int) -> None:
    cfg = LayerConfig(x_bits=x_bits, zp=2**x_bits - 1)
    x = np.arange(2**x_bits).reshape(4, -1)
    slices = slice_activations(x, cfg)
    assert len(slices) == x_bits // 4
    assert np.array_equal(sum(part * 16**j for j, part in enumerate(slices)), x)
    assert np.array_equal(effective_activation(x, cfg), x)
    assert cfg.r == (15 if x_bits == 12 else 0)


@pytest.mark.parametrize("dbs_type", [1, 2, 3])
def test_manipulated_zero_point_is_exact(dbs_type: int) -> None:
    """zp' is the middle of a skip range: slices (r, 8)."""
    cfg = LayerConfig(zp=3 << (2 + dbs_type), dbs_type=dbs_type)
    low, high = slice_activations(np.array([[cfg.zp]]), cfg)
    assert (high.item(), low.item()) == (1, 8)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: slice_weights(np.array([[0, 64]]), 7), r"w\[0, 1\] = 64 is outside -64\.\.63"),
        (lambda: slice_weights(np.array([[-9]]), 4), r"w\[0, 0\] = -9"),
        (lambda: slice_weights(np.array([[0]]), 8), "w_bits = 8"),
        (lambda: slice_weights(np.array([[0.5]]), 7), "w is float64"),
        (lambda: slice_weights(np.array([1]), 7), r"w has shape \(1,\)"),
        (lambda: slice_weights([[1]], 7), "w is list"),
        (lambda: slice_activations(np.array([[256]]), LayerConfig()), r"x\[0, 0\] = 256"),
        (lambda: effective_activation(np.array([[-1]]), LayerConfig()), r"x\[0, 0\] = -1"),
        (lambda: unslice_weights([]), r"slices = \[\]"),
        (lambda: unslice_weights([np.array([8])]), r"slices\[0\]\[0\] = 8"),
        (lambda: unslice_activations([np.array([0])], LayerConfig()), "slices has 1 elements"),
        (
            lambda: unslice_activations([np.array([0]), np.array([16])], LayerConfig()),
            r"slices\[1\]\[0\] = 16",
        ),
    ],
)
def test_bad_input_is_named(call, message: str) -> None:
    with pytest.raises(PanaceaError, match=message):
        call()
