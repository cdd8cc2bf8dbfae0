"""Weight blocks of a layer: chunks of every K-tile, PEA by PEA."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from models.chip.params import BEAT_BYTES, ChipParams
from models.chip.request import ChipLayer
from models.chip.runs import offsets, spread
from models.compression import weight_words
from models.params import WEIGHT_BEAT_BYTES
from models.parts import Part, weight_lists, weight_parts
from models.streams import pack_weight_stream
from models.tiling import WeightTile, weight_tiles

__all__ = ["WeightBlocks", "weight_blocks"]

BEAT_WORDS = BEAT_BYTES // WEIGHT_BEAT_BYTES
LAST_CHUNK = 1 << 15


@dataclass(frozen=True, kw_only=True, eq=False)
class WeightBlocks:
    """The weight blocks of a layer, tile by tile, each tile's parts one behind the other.

    Attributes:
        tiles: M tiles.
        up: for each part, whether it counts 8-fold.
        dense: for each part, whether its HO lists are dense.
        chunk_beats: int64 (tiles, parts, K-tiles), with headers.
        bank_beats: int64 (tiles, parts), most beats of a PEA.
        words: uint64, the blocks; no chunk is marked as the last one yet.
    """

    tiles: tuple[WeightTile, ...]
    up: tuple[bool, ...]
    dense: tuple[bool, ...]
    chunk_beats: np.ndarray
    bank_beats: np.ndarray
    words: np.ndarray

    @cached_property
    def _starts(self) -> np.ndarray:
        return offsets(self.chunk_beats)

    def place(self, tile: int, parts: tuple[int, ...]) -> tuple[int, int]:
        """(bytes from the image's start, beats) of the block of neighbouring `parts`."""
        beats = int(self.chunk_beats[tile, list(parts)].sum())
        return int(self._starts[tile, parts[0], 0]) * BEAT_BYTES, beats

    def image(self, together: bool) -> np.ndarray:
        """The blocks as uint8; with `together`, all parts of a tile are one block."""
        data = self.words.view("<u2").copy()
        last = self._starts[:, -1:, -1] if together else self._starts[:, :, -1]
        data[last * (BEAT_BYTES // 2)] |= LAST_CHUNK
        return data.view(np.uint8)


def weight_blocks(layer: ChipLayer, params: ChipParams) -> WeightBlocks:
    """Lay a layer's weights out.

    Decides on the form of HO lists and on double tile processing if the layer leaves them open.

    Raises:
        PanaceaError: weights out of range.
    """
    core = params.core
    parts = [
        weight_lists(part, core, layer.dense)
        for part in weight_parts(layer.w, layer.config, core.tile_k)
    ]
    words = np.stack(
        [weight_words(p.stored, core.tile_k, p.dense) for p in parts]
    )  # part, row group, K-tile
    dtp = _dtp_auto(words, params) if layer.dtp is None else layer.dtp
    tiles = weight_tiles(len(layer.w), core, dtp)
    doubled = sum(tile.sub_tiles == 2 for tile in tiles)
    split = doubled * 2 * core.num_pea
    counts = np.concatenate(
        [
            _pea_words(words[:, :split], 2, core.num_pea),
            _pea_words(words[:, split:], 1, core.num_pea),
        ]
    )  # tile, part, PEA, K-tile
    beats = -(-counts // BEAT_WORDS)
    chunk_beats = params.header_beats + beats.sum(axis=2)
    starts = offsets(chunk_beats)  # tile, part, K-tile
    inside = np.cumsum(beats, axis=2) - beats
    first = starts[:, :, None] + params.header_beats + inside
    image = np.zeros(int(chunk_beats.sum()) * BEAT_WORDS, "<u8")
    for number, part in enumerate(parts):
        stream = _stream(part, split, core.num_pea, core.tile_k)
        image[spread(first[:, number] * BEAT_WORDS, counts[:, number])] = stream
    header = starts[..., None] * (BEAT_BYTES // 2) + np.arange(core.num_pea)
    image.view("<u2")[header] = beats.transpose(0, 1, 3, 2)
    return WeightBlocks(
        tiles=tuple(tiles),
        up=tuple(part.up for part in parts),
        dense=tuple(part.dense for part in parts),
        chunk_beats=chunk_beats,
        bank_beats=beats.sum(axis=3).max(axis=2),
        words=image,
    )


def _dtp_auto(words: np.ndarray, params: ChipParams) -> bool:
    """The paper's condition: more than one sub-tile of rows, and WMEM holds the doubled tile.

    Args:
        words: int64 (parts, row groups, K-tiles).
    """
    peas = params.core.num_pea
    if words.shape[1] == peas:
        return False
    even = np.pad(words, [(0, 0), (0, words.shape[1] % (2 * peas)), (0, 0)])
    beats = -(-_pea_words(even, 2, peas) // BEAT_WORDS)
    return bool(beats.sum(axis=(1, 3)).max() <= params.kept_weight_beats)


def _pea_words(words: np.ndarray, sub_tiles: int, peas: int) -> np.ndarray:
    """Words of each PEA, (tiles, parts, PEAs, K-tiles), of words (parts, row groups, K-tiles)."""
    parts, _, depth = words.shape
    tiles = words.reshape(parts, -1, sub_tiles, peas, depth)
    return tiles.sum(axis=2).swapaxes(0, 1)


def _stream(part: Part, split: int, peas: int, tile_k: int) -> np.ndarray:
    """Words of all tiles, PEAs and K-tiles in this order, uint64; double tiles up to `split`."""
    words = []
    for rows, sub_tiles in ((slice(0, split), 2), (slice(split, None), 1)):
        if len(part.low[rows]) == 0:
            continue
        # All tiles at once: the PEAs of the next tile follow those of the one before.
        shape = (-1, sub_tiles, peas, part.low.shape[1])
        operands = (
            a[rows].reshape(shape).swapaxes(0, 1).reshape(sub_tiles, -1, shape[-1])
            for a in (part.low, part.high, part.stored)
        )
        words += pack_weight_stream(*operands, tile_k, part.dense)
    beats = np.concatenate(words)
    return np.ascontiguousarray(beats[:, ::-1]).view("<u8").ravel()
