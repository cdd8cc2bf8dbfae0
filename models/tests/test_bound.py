"""Outer-product counts against a loop over blocks, and the bound's formulas."""

import numpy as np
import pytest

from models.aqs_gemm import aqs_gemm
from models.bound import layer_bound
from models.errors import PanaceaError
from models.params import CoreParams, LayerConfig
from models.tests.layers import random_layer

PARAMS = CoreParams(num_pea=2, tile_k=16, tile_n=8)


@pytest.mark.parametrize("dtp", [False, True])
@pytest.mark.parametrize("x_bits", [4, 8, 12])
@pytest.mark.parametrize("w_bits", [4, 7, 10])
def test_counts_and_bound(w_bits: int, x_bits: int, dtp: bool) -> None:
    rng = np.random.default_rng(6)
    cfg = LayerConfig(w_bits=w_bits, x_bits=x_bits, zp=2 ** (x_bits - 1))
    m, k, n = 21, 45, 10
    w, x, bias = random_layer(rng, (m, k, n), cfg, 0.04)
    model = aqs_gemm(w, x, bias, cfg, tile_k=PARAMS.tile_k)
    bound = layer_bound(w, x, cfg, PARAMS, dtp)

    # 10-bit weights have two LO slices, 12-bit activations too; 4-bit operands only one slice.
    w_low, x_low = max(cfg.n, 1), max(cfg.k, 1)
    m_tile = [0, 0, 1] if dtp else [0, 1, 2]
    counts = np.zeros((4, max(m_tile) + 1, PARAMS.num_pea), int)
    for row_group in range(-(-m // 4)):
        sub_tile, pea = divmod(row_group, PARAMS.num_pea)
        for group in range(-(-n // 4)):
            w_on, x_on = model.w.kept[row_group], model.x.kept[group]
            products = [(w_on & x_on).sum(), w_on.sum(), x_on.sum(), k]
            counts[:, m_tile[sub_tile], pea] += np.multiply(
                products, (1, x_low, w_low, w_low * x_low)
            )
    assert np.array_equal(np.stack([bound.hh, bound.hl, bound.lh, bound.ll]), counts)

    doubled = [True, False] if dtp else [False] * 3
    assert bound.doubled.tolist() == doubled
    cycles = pooled = 0.0
    for number, double in enumerate(doubled):
        slowest = slowest_pooled = 0.0
        for pea in range(PARAMS.num_pea):
            ll = counts[3, number, pea]
            d = counts[:3, number, pea].sum()
            other = (d + ll) / 12 if double else ll / 8
            slowest = max(slowest, d / 4, other)
            slowest_pooled = max(slowest_pooled, (d + ll) / 12)
        cycles += slowest
        pooled += slowest_pooled
    assert bound.cycles == pytest.approx(cycles)
    assert bound.pooled_cycles == pytest.approx(pooled)
    assert bound.pooled_cycles <= bound.cycles


def test_sparsity_counts_compressible_vectors_only() -> None:
    """All compressible: sparsity 1; one placeholder in 16 is stored, and dropped."""
    cfg = LayerConfig(zp=136)
    bound = layer_bound(np.ones((4, 64), int), np.full((64, 4), 136), cfg, CoreParams(), False)
    assert (bound.rho_w, bound.rho_x) == (1.0, 1.0)
    assert (bound.stored_w, bound.stored_x) == (1 / 16, 1 / 16)
    assert (bound.kept_w, bound.kept_x) == (0.0, 0.0)
    assert not any(kind.any() for kind in (bound.hh, bound.hl, bound.lh))
    assert bound.cycles == 64 / 8


def test_dense_layer() -> None:
    cfg = LayerConfig()
    bound = layer_bound(np.full((8, 32), 63), np.full((32, 4), 255), cfg, PARAMS, False)
    assert (bound.rho_w, bound.rho_x, bound.stored_w, bound.stored_x) == (0.0, 0.0, 1.0, 1.0)
    assert bound.cycles == 3 * 32 / 4
    assert bound.pooled_cycles == 4 * 32 / 12


def test_bad_operand_is_named() -> None:
    with pytest.raises(PanaceaError, match=r"x has shape \(2, 1\), expected \(1, 1\)"):
        layer_bound(np.array([[1]]), np.array([[1], [2]]), LayerConfig(), PARAMS, False)
    with pytest.raises(PanaceaError, match=r"w\[0, 0\] = 64"):
        layer_bound(np.array([[64]]), np.array([[1]]), LayerConfig(), PARAMS, False)
