"""The models of the Sibia-style core: streams that mean the operands, counts that add up."""

import time
from itertools import product

import numpy as np
import pytest

from models.baselines.sibia import SibiaParams, Skip, assemble_sibia, compile_sibia
from models.baselines.sibia_layer import best_skip, count_layer, count_sibia
from models.baselines.sibia_quant import quantise_symmetric
from models.calibration import ActivationScale
from models.errors import PanaceaError
from models.rle import stored_mask

SMALL = SibiaParams(num_pea=2, tile_k=32, tile_n=8)


def operands(m: int, k: int, n: int, w_bits: int = 7, x_bits: int = 7) -> tuple:
    """Random weights (m, k) and activations (k, n), most of them small."""
    rng = np.random.default_rng(m + k + n)
    shapes = (((m, k), w_bits), ((k, n), x_bits))
    return tuple(
        np.clip(np.rint(rng.normal(0, 5, shape)), -(1 << b - 1), (1 << b - 1) - 1).astype(int)
        for shape, b in shapes
    )


def test_dense_stream_by_hand() -> None:
    """Vectors of a PEA lie by k, LO word before HO word, PEA 0 lowest."""
    w = np.zeros((8, 5), int)
    w[0, 0], w[1, 1], w[4, 4] = 20, -3, -64  # 20 = 8 * 2 + 4, -64 = 8 * -7 - 8
    program = compile_sibia(w, np.ones((5, 4), int), SMALL, Skip.ACTIVATIONS)
    words = [beat.tobytes().hex() for beat in program.dense]
    assert words == [
        "0000000000000000" "0000000000d00004",
        "0000000000000000" "0000000000000002",
        "0000000000000008" "0000000000000000",
        "0000000000000009" "0000000000000000",
    ]  # fmt: skip
    assert program.cmd.tobytes().hex() == "00000501"


@pytest.mark.parametrize(("skip", "w_bits"), list(product(Skip, (4, 7))))
def test_commands_cover_the_layer(skip: Skip, w_bits: int) -> None:
    """Results in stream order come back as a matrix, whichever operand is dense."""
    w, x = operands(19, 40, 13, w_bits)
    program = compile_sibia(w, x, SMALL, skip, w_bits=w_bits)
    y = np.zeros((24, 24), np.int64)
    y[:19, :13] = w @ x
    tiles = y.T if skip == Skip.WEIGHTS else y
    blocks = [
        tiles[c.row0 + 4 * p : c.row0 + 4 * p + 4, c.col0 + 4 * g : c.col0 + 4 * g + 4].ravel()
        for c in program.commands
        for g in range(c.groups)
        for p in range(SMALL.num_pea)
    ]
    beats = np.array(blocks, np.int64)[:, ::-1].astype(">i4").view(np.uint8).reshape(-1, 64)
    got = assemble_sibia(program, beats)
    assert (got[:19, :13] == w @ x).all()
    with pytest.raises(PanaceaError, match="result beats"):
        assemble_sibia(program, beats[1:])


@pytest.mark.parametrize(("skip", "w_bits"), list(product(Skip, (4, 7))))
def test_products_by_kind(skip: Skip, w_bits: int) -> None:
    """Kinds are named weight first; what is skipped follows the mask of the skipped operand."""
    w, x = operands(64, 70, 64, w_bits)
    count = count_layer(w, x, skip, SibiaParams(), w_bits=w_bits)
    kinds = count.outer_products
    blocks = 16 * 16 * 70
    assert kinds["LL"] == blocks
    skipped, other = ("HL", "LH") if skip == Skip.WEIGHTS else ("LH", "HL")
    has_high = w_bits == 7
    if skip == Skip.WEIGHTS:
        assert kinds[other] == blocks and kinds["HH"] == kinds[skipped]
        assert kinds[skipped] < blocks and (kinds[skipped] > 0) == has_high
    else:
        assert kinds[other] == blocks * has_high and kinds["HH"] == kinds[skipped] * has_high
        assert 0 < kinds[skipped] < blocks
    assert count.multiplications == 16 * sum(kinds.values())
    assert count.bound_cycles == pytest.approx(sum(kinds.values()) / 16 / 12)
    assert count.results == 64 * 64


def test_close_to_the_bound() -> None:
    """A layer of many tiles loses only its beginning and its end."""
    w, x = operands(256, 768, 128)
    for skip in Skip:
        count = count_layer(w, x, skip, SibiaParams())
        assert 0.99 < count.bound_cycles / count.cycles < 1.0


def test_better_operand_is_chosen() -> None:
    w, x = operands(64, 128, 64)
    assert best_skip(w, 0 * x, SibiaParams()).skip == Skip.ACTIVATIONS
    assert best_skip(0 * w, x, SibiaParams()).skip == Skip.WEIGHTS


def test_billions_of_multiplications_take_seconds() -> None:
    """An FC layer of OPT-2.7B at 2048 tokens, by its mask alone."""
    rng = np.random.default_rng(0)
    stored = stored_mask(rng.random((512, 2560)) < 0.5, 64)
    began = time.process_time()
    count = count_sibia(stored, 10240, 2048, Skip.ACTIVATIONS, SibiaParams())
    assert time.process_time() - began < 10.0
    assert 0.999 < count.bound_cycles / count.cycles < 1.001


def test_traffic_follows_the_memories() -> None:
    """What fits the memories is fetched once, what does not once for each tile of the other."""
    w, x = operands(128, 256, 64)
    once = count_layer(w, x, Skip.ACTIVATIONS, SibiaParams())
    assert once.dram_dense_bytes == 128 * 256  # two slices of four bits
    wide = np.zeros((512, 4096), bool)
    wide[:] = stored_mask(wide, 64)
    many = count_sibia(wide, 128, 2048, Skip.ACTIVATIONS, SibiaParams())
    assert many.dram_dense_bytes + many.dram_sparse_bytes > 2 * (128 + 2048) * 4096


def test_symmetric_activations() -> None:
    real = np.array([[1.0, -4.0], [-0.5, 2.0]])
    codes, scale = quantise_symmetric(real, ActivationScale.COLUMN)
    assert codes.tolist() == [[63, -63], [-32, 32]]
    assert scale == pytest.approx([1 / 63, 4 / 63])
    assert quantise_symmetric(real, ActivationScale.TENSOR)[0].tolist() == [[16, -63], [-8, 32]]


@pytest.mark.parametrize(
    ("sizes", "name"), [({"num_ops": 8}, "num_ops"), ({"tile_k": 16}, "tile_k")]
)
def test_impossible_sizes_are_refused(sizes: dict, name: str) -> None:
    with pytest.raises(PanaceaError, match=name):
        SibiaParams(**sizes)


def test_wrong_operands_are_refused() -> None:
    w, x = operands(4, 5, 6)
    for bad in ((w + 64, x), (w, x[1:]), (w, x * 1.0)):
        with pytest.raises(PanaceaError):
            compile_sibia(*bad, SMALL, Skip.ACTIVATIONS)
