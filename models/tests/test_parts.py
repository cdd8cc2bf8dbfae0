"""The parts of the operands add up to them, and only the upper one is compressed."""

import numpy as np
import pytest

from models.errors import PanaceaError
from models.params import CoreParams, LayerConfig
from models.parts import activation_parts, weight_lists, weight_parts
from models.slicing import effective_activation
from models.tests.layers import random_layer

TILE_K = 16
ZERO_POINTS = {4: 9, 8: 136, 12: 2100}


def slices(vectors: np.ndarray) -> np.ndarray:
    """Vectors (rows, K) as slices 0..15, (4 * rows, K)."""
    wide = vectors.astype(np.int64)
    return np.stack([wide >> at & 15 for at in (0, 4, 8, 12)], 1).reshape(-1, wide.shape[1])


def signed(part: np.ndarray) -> np.ndarray:
    return (part ^ 8) - 8


@pytest.mark.parametrize("w_bits", [4, 7, 10])
def test_weight_parts_add_up(w_bits: int) -> None:
    cfg = LayerConfig(w_bits=w_bits)
    w, _, _ = random_layer(np.random.default_rng(w_bits), (10, 40, 1), cfg, 0.1)
    parts = weight_parts(w, cfg, TILE_K)
    assert [part.up for part in parts] == {4: [False], 7: [False], 10: [True, False]}[w_bits]
    total = sum(
        (8 * signed(slices(part.high)) + signed(slices(part.low))) << 3 * part.up for part in parts
    )
    assert np.array_equal(total[:10], w)
    assert not total[10:].any()
    upper, *rest = parts
    assert upper.stored[upper.high != 0].all()
    assert upper.stored.any() == (w_bits > 4)
    assert not any(part.high.any() or part.stored.any() for part in rest)


@pytest.mark.parametrize("x_bits", [4, 8, 12])
@pytest.mark.parametrize("dbs_type", [1, 2, 3])
def test_activation_parts_add_up(x_bits: int, dbs_type: int) -> None:
    cfg = LayerConfig(
        x_bits=x_bits, zp=ZERO_POINTS[x_bits], dbs_type=dbs_type if x_bits == 8 else 1
    )
    _, x, _ = random_layer(np.random.default_rng(x_bits), (1, 40, 6), cfg, 0.05)
    parts = activation_parts(x, cfg, TILE_K)
    assert [part.up for part in parts] == {4: [False], 8: [False], 12: [False, True]}[x_bits]
    total = sum((16 * slices(part.high) + slices(part.low)) << 4 * part.up for part in parts)
    assert np.array_equal(total[:6].T << cfg.lsb, effective_activation(x, cfg))
    *rest, upper = parts
    assert upper.r == cfg.r
    if cfg.k:
        assert upper.stored[upper.high != 0x1111 * cfg.r].all()
        assert (slices(upper.high)[6:] == cfg.r).all()  # missing columns compress
    assert upper.stored.any() == (x_bits > 4)
    assert not any(part.r or part.high.any() or part.stored.any() for part in rest)


def test_kept_vectors_belong_to_the_upper_part() -> None:
    keep = np.zeros((1, 5), bool)
    keep[0, 3] = True
    cfg = LayerConfig(w_bits=10, x_bits=12, zp=2100)
    w_upper, w_lower = weight_parts(np.zeros((4, 5), int), cfg, TILE_K, keep)
    x_lower, x_upper = activation_parts(np.full((5, 4), 2100), cfg, TILE_K, keep)
    assert np.array_equal(w_upper.stored, keep) and np.array_equal(x_upper.stored, keep)
    assert not w_lower.stored.any() and not x_lower.stored.any()


@pytest.mark.parametrize("dense_share", [0.0, 0.7, 0.8, 1.0])
def test_form_of_the_lists_takes_fewer_words(dense_share: float) -> None:
    """A list of 60 of 80 entries takes as many words in either form; the first wins then."""
    core = CoreParams(num_pea=4)
    w = np.where(np.arange(80) < 80 * dense_share, 63, 0) * np.ones((16, 1), int)
    (part,) = weight_parts(w, LayerConfig(), core.tile_k)
    lists = weight_lists(part, core, None)
    assert lists.dense == (dense_share > 0.75)
    assert lists.stored.all() == lists.dense
    kept = np.broadcast_to(w[0] != 0, (4, 80))
    for dense in (False, True):
        assert np.array_equal(weight_lists(part, core, dense).masks.kept, kept)


def test_empty_rows_and_parts_are_not_dense() -> None:
    """Rows that fill the sub-tile up count too, and one slice has no HO vector."""
    core = CoreParams(num_pea=4)
    (few,) = weight_parts(np.full((4, 80), 63), LayerConfig(), core.tile_k)
    assert not weight_lists(few, core, None).dense
    (narrow,) = weight_parts(np.full((16, 80), 7), LayerConfig(w_bits=4), core.tile_k)
    assert not weight_lists(narrow, core, None).dense
    lists = weight_lists(few, core, True)
    assert lists.stored.shape == (4, 80) and lists.stored.all()
    assert lists.masks.kept.sum(axis=1).tolist() == [80, 0, 0, 0]


def test_bad_operand_is_named() -> None:
    with pytest.raises(PanaceaError, match=r"w\[0, 0\] = 512"):
        weight_parts(np.array([[512]]), LayerConfig(w_bits=10), TILE_K)
    with pytest.raises(PanaceaError, match=r"x\[0, 0\] = 4096"):
        activation_parts(np.array([[4096]]), LayerConfig(x_bits=12), TILE_K)
    with pytest.raises(PanaceaError, match=r"extra_store\.weights is bool \(2, 1\)"):
        weight_parts(np.array([[1]]), LayerConfig(), TILE_K, np.zeros((2, 1), bool))
