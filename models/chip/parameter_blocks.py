"""Parameter blocks: for every M tile folded bias, row scales and, for the first one, segments."""

from dataclasses import dataclass

import numpy as np

from models.aqs_gemm import fold_bias
from models.chip.params import BEAT_BYTES, ChipParams
from models.chip.request import ChipLayer
from models.pwl import PwlTable
from models.tiling import WeightTile

__all__ = ["ParameterBlocks", "parameter_blocks"]

BEAT_WORDS = BEAT_BYTES // 4


@dataclass(frozen=True, kw_only=True, eq=False)
class ParameterBlocks:
    """The parameter blocks of a layer.

    Attributes:
        offsets: bytes from the image's start to each tile's block.
        image: uint8.
    """

    offsets: tuple[int, ...]
    image: np.ndarray


def parameter_blocks(
    layer: ChipLayer, tiles: tuple[WeightTile, ...], params: ChipParams
) -> ParameterBlocks:
    """The parameter blocks of a layer, one for each M tile.

    A tile's block serves all its commands: those without `new_rows` or `new_pwl` read less of it.
    """
    folded = fold_bias(layer.w.astype(np.int64), layer.bias.astype(np.int64), layer.config)
    columns = [folded & 0xFFFFFFFF]
    if layer.output is not None:
        columns.append(layer.output.multiplier | layer.output.shift.astype(np.int64) << 16)
    blocks = []
    for number, tile in enumerate(tiles):
        rows = tile.sub_tiles * params.core.rows
        words = [_section(column[tile.row0 : tile.row0 + rows], rows) for column in columns]
        if number == 0 and layer.output is not None:
            words.append(_segments(layer.output.table))
        blocks.append(np.concatenate(words).astype("<u4").view(np.uint8))
    sizes = np.cumsum([0] + [len(block) for block in blocks])
    return ParameterBlocks(offsets=tuple(sizes[:-1].tolist()), image=np.concatenate(blocks))


def _section(values: np.ndarray, rows: int) -> np.ndarray:
    """A word for each row of the tile, in whole beats."""
    words = np.zeros(-(-rows // BEAT_WORDS) * BEAT_WORDS, np.int64)
    words[: len(values)] = values
    return words


def _segments(table: PwlTable) -> np.ndarray:
    """Offset and slope of each segment, a word each."""
    return np.stack([table.offset & 0xFFFFFFFF, table.slope & 0xFFFF], axis=1).ravel()
