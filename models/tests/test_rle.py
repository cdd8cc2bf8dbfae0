"""Run-length coding: the encoder against a slow form of the rule, and back by the decoder."""

import numpy as np
import pytest

from models.errors import PanaceaError
from models.rle import decode_positions, run_indices, split_k_tiles, stored_mask


def slow_positions(compressible: np.ndarray, keep: np.ndarray) -> list[int]:
    """The rule, one vector at a time."""
    positions, skipped = [], 0
    for at, skip in enumerate(compressible & ~keep):
        if skip and skipped < 15:
            skipped += 1
        else:
            positions.append(at)
            skipped = 0
    return positions


def check_round_trip(compressible: np.ndarray, keep: np.ndarray, tile_k: int) -> None:
    stored = stored_mask(compressible[None], tile_k, keep[None])
    assert stored.shape == (1, len(compressible))
    tiles = split_k_tiles(stored[0], tile_k)
    lists, position, index = run_indices(tiles)
    assert index.size == 0 or (index.min() >= 0 and index.max() <= 15)
    for number in range(len(tiles)):
        part = slice(number * tile_k, min((number + 1) * tile_k, len(compressible)))
        kt = part.stop - part.start
        mine = lists == number
        expected = slow_positions(compressible[part], keep[part])
        assert position[mine].tolist() == expected
        assert decode_positions(index[mine], int(mine.sum()), kt) == expected


@pytest.mark.parametrize("density", [0.0, 0.02, 0.1, 0.5, 0.95, 1.0])
@pytest.mark.parametrize("tile_k", [4, 16, 64, 128])
def test_round_trip(density: float, tile_k: int) -> None:
    rng = np.random.default_rng(int(1000 * density) + tile_k)
    for depth in (1, 3, 15, 16, 17, 63, 64, 65, 130, 300):
        compressible = rng.random(depth) >= density
        check_round_trip(compressible, np.zeros(depth, bool), tile_k)
        check_round_trip(compressible, rng.random(depth) < 0.2, tile_k)


def test_every_run_length() -> None:
    """A stored vector, a run of skipped ones, a stored vector, a trailing run."""
    for run in range(50):
        for trail in (0, 1, 15, 16, 40):
            compressible = np.array([False] + [True] * run + [False] + [True] * trail)
            check_round_trip(compressible, np.zeros(len(compressible), bool), 128)


def test_all_skipped_stores_placeholders_only() -> None:
    stored = stored_mask(np.ones((1, 64), bool), 64)
    assert np.flatnonzero(stored).tolist() == [15, 31, 47, 63]


def test_each_tile_starts_afresh() -> None:
    stored = stored_mask(np.ones((1, 40), bool), 16)
    assert np.flatnonzero(stored).tolist() == [15, 31]


@pytest.mark.parametrize(
    ("indices", "count", "kt", "message"),
    [
        ([3, 4], 2, 8, r"indices\[1\] leads to position 8, tile has kt = 8"),
        ([0, 0], 2, 1, r"indices\[1\] leads to position 1"),
        ([0], 2, 8, "count = 2"),
        ([16], 1, 64, r"indices\[0\] = 16"),
        ([-1], 1, 64, r"indices\[0\] = -1"),
    ],
)
def test_decoder_refuses(indices: list[int], count: int, kt: int, message: str) -> None:
    with pytest.raises(PanaceaError, match=message):
        decode_positions(indices, count, kt)
