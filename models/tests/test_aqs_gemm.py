"""The slice-level GEMM equals the plain integer product, whatever the number formats."""

import numpy as np
import pytest

from models.aqs_gemm import aqs_gemm, check_no_overflow, gemm_exact
from models.arith import exact_matmul, wrap32
from models.compression import ExtraStore
from models.errors import PanaceaError
from models.params import LayerConfig
from models.slicing import effective_activation
from models.tests.layers import random_layer

ZERO_POINTS = {4: (0, 9), 8: (0, 136, 255), 12: (0, 2100, 4095)}
FORMATS = [
    LayerConfig(w_bits=w_bits, x_bits=x_bits, zp=zp, dbs_type=dbs_type)
    for w_bits in (4, 7, 10)
    for x_bits in (4, 8, 12)
    for zp in ZERO_POINTS[x_bits]
    for dbs_type in ((1, 2, 3) if x_bits == 8 else (1,))
]


@pytest.mark.parametrize("cfg", FORMATS, ids=str)
def test_equals_plain_product(cfg: LayerConfig) -> None:
    rng = np.random.default_rng(cfg.zp + 10 * cfg.w_bits + cfg.x_bits)
    for spread in (0.02, 0.1, 1.0):
        shape = tuple(rng.integers(1, 40, 3))
        w, x, bias = random_layer(rng, shape, cfg, spread)
        got = aqs_gemm(w, x, bias, cfg, tile_k=16)
        expected = gemm_exact(w, effective_activation(x, cfg), bias)
        assert np.array_equal(got.y, expected)
        assert got.y.dtype == np.int32
        parts = got.hh + got.hl + got.lh + got.ll + got.compensation + got.folded_bias
        assert np.array_equal(parts, expected)
        if cfg.n == 0:
            assert not got.hh.any() and not got.hl.any() and not got.w.stored.any()
        if cfg.k == 0:
            assert not got.hh.any() and not got.lh.any() and not got.compensation.any()


@pytest.mark.parametrize("dbs_type", [1, 2, 3])
def test_every_r(dbs_type: int) -> None:
    rng = np.random.default_rng(dbs_type)
    for r in range(2 ** (5 - dbs_type)):
        cfg = LayerConfig(zp=(2 * r + 1) << (2 + dbs_type), dbs_type=dbs_type)
        w, x, bias = random_layer(rng, (9, 33, 6), cfg, 0.03)
        got = aqs_gemm(w, x, bias, cfg)
        assert cfg.r == r
        assert not got.x.stored.all()
        assert np.array_equal(got.y, gemm_exact(w, effective_activation(x, cfg), bias))


def test_needless_stores_are_dropped() -> None:
    rng = np.random.default_rng(5)
    cfg = LayerConfig(zp=136)
    w, x, bias = random_layer(rng, (10, 70, 9), cfg, 0.05)
    extra = ExtraStore(weights=rng.random((3, 70)) < 0.5, activations=rng.random((3, 70)) < 0.5)
    plain, stuffed = aqs_gemm(w, x, bias, cfg), aqs_gemm(w, x, bias, cfg, extra_store=extra)
    for one, other, kept in (
        (plain.w, stuffed.w, extra.weights),
        (plain.x, stuffed.x, extra.activations),
    ):
        assert other.stored[kept].all() and not one.stored[kept].all()
        assert np.array_equal(one.kept, other.kept) and one.kept.any()
    assert np.array_equal(plain.compensation, stuffed.compensation)
    assert np.array_equal(plain.y, stuffed.y)


def test_intermediate_sums_may_wrap() -> None:
    """The folded bias leaves 32 bits, the result does not."""
    cfg = LayerConfig(zp=255)
    w = np.full((1, 4096), 63)
    bias = np.array([2**31 - 1 - 63 * 4096 * 255])
    x = np.full((4096, 1), 255)
    got = aqs_gemm(w, x, bias, cfg)
    check_no_overflow(w, bias, cfg.x_max)
    assert got.y.item() == 2**31 - 1
    got = aqs_gemm(w, np.zeros_like(x), np.array([2**31 - 1 - 2**20]), cfg)
    assert got.folded_bias.item() > 2**31
    assert got.y.item() == 2**31 - 1 - 2**20


def test_overflow_limit_is_exact() -> None:
    w = np.array([[1, 2], [-3, 63], [0, 0]])
    top = 2**31 - 1
    check_no_overflow(w, np.array([top - 3 * 255, -(2**31) + 3 * 255, top]), 255)
    with pytest.raises(PanaceaError, match=rf"w\[0\] overflows: bias = {top - 764}"):
        check_no_overflow(w, np.array([top - 764, 0, 0]), 255)
    with pytest.raises(PanaceaError, match=r"w\[1\] overflows: bias = -2147482884"):
        check_no_overflow(w, np.array([0, -(2**31) + 764, 0]), 255)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"w": np.array([[64, 0]])}, r"w\[0, 0\] = 64"),
        ({"x": np.array([[256], [0]])}, r"x\[0, 0\] = 256"),
        ({"x": np.array([[1]])}, r"x has shape \(1, 1\), expected \(2, 1\)"),
        ({"bias": np.array([1, 2])}, r"bias has shape \(2,\), expected \(1,\)"),
        ({"bias": np.array([0.0])}, "bias is float64"),
        (
            {"extra_store": ExtraStore(activations=np.zeros((2, 2), bool))},
            r"extra_store\.activations is bool \(2, 2\), expected bool \(1, 2\)",
        ),
        (
            {"extra_store": ExtraStore(weights=np.zeros((1, 2), int))},
            r"extra_store\.weights is int64 \(1, 2\)",
        ),
    ],
)
def test_bad_operand_is_named(change: dict, message: str) -> None:
    good = {"w": np.array([[1, 2]]), "x": np.array([[3], [4]]), "bias": np.array([5])}
    with pytest.raises(PanaceaError, match=message):
        aqs_gemm(**good | change, cfg=LayerConfig())


@pytest.mark.parametrize("bias", [2**31, -(2**31) - 1])
def test_bias_must_fit_32_bits(bias: int) -> None:
    with pytest.raises(PanaceaError, match=rf"bias\[0\] = {bias}"):
        check_no_overflow(np.array([[1]]), np.array([bias]), 255)


def test_exact_matmul_beyond_float() -> None:
    a = np.array([[2**40 + 1, 3]])
    b = np.array([[2**20 + 1], [5]])
    assert exact_matmul(a, b).item() == (2**40 + 1) * (2**20 + 1) + 15


def test_wrap32() -> None:
    values = np.array([2**31, -(2**31) - 1, 2**32 + 5, -1])
    assert wrap32(values).tolist() == [-(2**31), 2**31 - 1, 5, -1]
