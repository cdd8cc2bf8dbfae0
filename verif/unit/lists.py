"""Random vector lists and commands for the benches of the blocks that carry them."""

from dataclasses import dataclass

import numpy as np

from models.rle import stored_mask

__all__ = ["Lists", "beats_to_ints", "draw_k", "draw_lists"]

TILE_K = 64


@dataclass(frozen=True, kw_only=True)
class Lists:
    """Vectors of one command, one row per list: uint16 low and high, bool stored, (rows, K)."""

    low: np.ndarray
    high: np.ndarray
    stored: np.ndarray

    def kept(self, frequent: int = 0) -> np.ndarray:
        """Stored vectors that are not dropped because all their slices are `frequent`."""
        return self.stored & (self.high != frequent * 0x1111)


def draw_k(rng: np.random.Generator, tiles: int = 3) -> int:
    """A K of up to `tiles` K-tiles; whole tiles, one more than that and odd ends are likely."""
    whole = TILE_K * int(rng.integers(1, tiles + 1))
    return int(rng.choice((whole, whole - TILE_K + 1, rng.integers(1, whole + 1))))


def draw_lists(rng: np.random.Generator, rows: int, k_len: int, frequent: int = 0) -> Lists:
    """Lists of any density; the vectors are random bits, so that none is mistaken for another.

    Some lists end with their last vector: no placeholders describe the run behind it. None, some
    or all stored vectors hold nothing but `frequent`, and some of the others nearly so.
    """
    density = rng.choice([0.0, 0.05, 0.5, 1.0], (rows, 1))
    low, high = rng.integers(0, 2**16, (2, rows, k_len), dtype=np.uint16)
    stored = stored_mask(rng.random((rows, k_len)) > density, TILE_K)
    end = np.where(rng.random((rows, 1)) < 0.3, rng.integers(0, TILE_K, (rows, 1)), TILE_K)
    stored &= np.arange(k_len) % TILE_K < end
    spare, near, zero = rng.random((3, rows, k_len))
    high[near < 0.3] = frequent * 0x1111 ^ 1 << 4 * int(rng.integers(0, 4))
    high[zero < 0.1] = 0
    high[spare < rng.choice([0.0, 0.5, 1.0], (rows, 1))] = frequent * 0x1111
    return Lists(low=low, high=high, stored=stored)


def beats_to_ints(beats: np.ndarray) -> list[int]:
    """Packed beats, uint8 (beats, bytes), as integers."""
    return [int.from_bytes(beat.tobytes(), "big") for beat in beats]
