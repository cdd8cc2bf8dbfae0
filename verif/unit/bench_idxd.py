"""IDXD against the models' decoding of run lengths: words of 3 and 12, K-tiles of 64 and 4."""

import cocotb
import numpy as np

from models.rle import decode_positions, run_indices, stored_mask
from verif.unit.harness import Block, pack, seeded, unpack

SIZES = {"entries": [3, 12], "tile_k": [64, 4]}


class Decoder:
    """One size of the decoder in the testbench."""

    def __init__(self, dut, entries: int, tile_k: int) -> None:
        self.entries, self.tile_k, self.pos_w = entries, tile_k, (tile_k - 1).bit_length()
        inputs, outputs = "valid last count index k_len", "valid pos error"
        self.block = Block(dut, "idx", inputs, outputs, out_prefix=f"idx{entries}x{tile_k}")

    async def word(self, indices: list[int], *, last: bool, kt: int) -> tuple[list, bool]:
        """Decode one word; the position of each entry, None where it is dropped, and the error."""
        noise = [15] * (12 - len(indices))  # entries beyond the count must not matter
        seen = await self.block.cycle(
            valid=1, last=last, count=len(indices), index=pack(indices + noise, 4), k_len=kt
        )
        positions = unpack(seen.pos, self.pos_w, self.entries)
        valid = unpack(seen.valid, 1, self.entries)
        assert not any(valid[len(indices) :]), "an entry beyond the count is valid"
        found = [at if ok else None for at, ok in zip(positions, valid, strict=True)]
        return found[: len(indices)], bool(seen.error)

    async def gap(self) -> None:
        """A cycle without a word, whatever the other inputs are."""
        seen = await self.block.cycle(valid=0, last=1, count=self.entries, index=2**48 - 1)
        assert seen.valid == 0 and seen.error == 0

    async def run_list(self, rng: np.random.Generator, indices: list[int], kt: int) -> tuple:
        """Decode a list cut into words, with gaps; all positions and the words' errors."""
        positions, errors = [], []
        starts = range(0, max(1, len(indices)), self.entries)
        for start in starts:
            if rng.random() < 0.2:
                await self.gap()
            word = indices[start : start + self.entries]
            found, error = await self.word(word, last=start == starts[-1], kt=kt)
            positions += found
            errors.append(error)
        return positions, errors


def draw_list(rng: np.random.Generator, tile_k: int) -> tuple[list[int], int]:
    """Indices of a legal list and the length of its K-tile."""
    kt = int(rng.integers(1, tile_k + 1)) if rng.random() < 0.6 else tile_k
    sparsity = rng.choice([0.0, 0.5, 0.9, 1.0])
    stored = stored_mask(rng.random((1, kt)) < sparsity, tile_k)
    return run_indices(stored)[2].tolist(), kt


@cocotb.test()
@cocotb.parametrize(**SIZES)
async def idxd_legal(dut, entries: int, tile_k: int):
    """Legal lists: every position, no error, a fresh start after each list."""
    rng, decoder = seeded(), Decoder(dut, entries, tile_k)
    await decoder.block.start()
    for _ in range(150):
        indices, kt = draw_list(rng, tile_k)
        positions, errors = await decoder.run_list(rng, indices, kt)
        assert positions == decode_positions(indices, len(indices), kt), f"{indices=} {kt=}"
        assert not any(errors), f"{indices=} {kt=}"


@cocotb.test()
@cocotb.parametrize(**SIZES)
async def idxd_overrun(dut, entries: int, tile_k: int):
    """What lies past the tile is dropped and reported; the next list decodes again."""
    rng, decoder = seeded(), Decoder(dut, entries, tile_k)
    await decoder.block.start()
    for _ in range(100):
        indices, kt = draw_list(rng, tile_k)
        too_many = kt + 1 - len(indices) + int(rng.integers(0, 4 * entries))
        indices += rng.integers(0, 16, too_many).tolist()
        place = np.cumsum(np.array(indices) + 1) - 1
        expected = [int(at) if at < kt else None for at in place]
        past = [any(at is None for at in expected[i : i + entries])
                for i in range(0, len(expected), entries)]  # fmt: skip
        assert await decoder.run_list(rng, indices, kt) == (expected, past), f"{indices=} {kt=}"
        indices, kt = draw_list(rng, tile_k)
        positions, errors = await decoder.run_list(rng, indices, kt)
        assert positions == decode_positions(indices, len(indices), kt) and not any(errors)


@cocotb.test()
async def idxd_bad_count(dut):
    """A count beyond the word's entries is reported."""
    decoder = Decoder(dut, 12, 64)
    await decoder.block.start()
    for count in range(16):
        seen = await decoder.block.cycle(valid=1, last=1, count=count, index=0, k_len=64)
        assert seen.error == (count > 12), f"{count=}"
