"""Parameter blocks: for every M tile folded bias, row scales and, for the first one, segments.

Under APSQ every step of an M tile has its own folded bias, in a block of its own.
"""

from dataclasses import dataclass

import numpy as np

from models.apsq import step_biases
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
        offsets: bytes from the image's start to the block of each tile and step.
        image: uint8.
    """

    offsets: np.ndarray
    image: np.ndarray


def parameter_blocks(
    layer: ChipLayer, tiles: tuple[WeightTile, ...], params: ChipParams
) -> ParameterBlocks:
    """The parameter blocks of a layer, one for each M tile and step.

    A tile's block serves all its commands: those without `new_rows` or `new_pwl` read less of it.
    The last step's has the row scales and segments.

    Raises:
        PanaceaError: a step's sums might not fit 32 bits.
    """
    *before, folded = _folded(layer)
    columns = [folded & 0xFFFFFFFF]
    if layer.output is not None:
        columns.append(layer.output.multiplier | layer.output.shift.astype(np.int64) << 16)
    blocks = []
    for number, tile in enumerate(tiles):
        rows = tile.sub_tiles * params.core.rows
        for part in before:
            blocks.append(_bytes(_section(part[tile.row0 : tile.row0 + rows] & 0xFFFFFFFF, rows)))
        words = [_section(column[tile.row0 : tile.row0 + rows], rows) for column in columns]
        if number == 0 and layer.output is not None:
            words.append(_segments(layer.output.table))
        blocks.append(_bytes(np.concatenate(words)))
    starts = np.cumsum([0] + [len(block) for block in blocks])[:-1]
    offsets = starts.reshape(len(tiles), 1 + len(before))
    return ParameterBlocks(offsets=offsets, image=np.concatenate(blocks))


def _folded(layer: ChipLayer) -> list[np.ndarray]:
    """The folded bias of every step, int64 (M,); of all of K if sums are exact."""
    w, bias = layer.w.astype(np.int64), layer.bias.astype(np.int64)
    if layer.apsq is None:
        return [fold_bias(w, bias, layer.config)]
    spans = layer.apsq.spans(w.shape[1])
    parts = step_biases(w, bias, layer.config, spans)
    return [fold_bias(w[:, s], part, layer.config) for s, part in zip(spans, parts, strict=True)]


def _bytes(words: np.ndarray) -> np.ndarray:
    return words.astype("<u4").view(np.uint8)


def _section(values: np.ndarray, rows: int) -> np.ndarray:
    """A word for each row of the tile, in whole beats."""
    words = np.zeros(-(-rows // BEAT_WORDS) * BEAT_WORDS, np.int64)
    words[: len(values)] = values
    return words


def _segments(table: PwlTable) -> np.ndarray:
    """Offset and slope of each segment, a word each."""
    return np.stack([table.offset & 0xFFFFFFFF, table.slope & 0xFFFF], axis=1).ravel()
