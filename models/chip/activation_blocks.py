"""Activation blocks: segments with a table of their lengths, and where they lie in memory."""

from dataclasses import dataclass

import numpy as np

from models.chip.params import BEAT_BYTES, ChipParams
from models.chip.runs import offsets, spread
from models.errors import PanaceaError
from models.params import (
    ACTIVATION_ENTRIES,
    ACTIVATION_LO_VECTORS,
    VECTOR,
    CoreParams,
    LayerConfig,
)
from models.parts import activation_parts
from models.rle import list_beats
from models.streams import pack_activation_stream

__all__ = ["ActivationBlocks", "activation_blocks", "column_groups", "output_blocks"]

LENGTH_BYTES = 2


def column_groups(columns: int, core: CoreParams) -> tuple[int, ...]:
    """Column groups of each N tile."""
    groups = -(-columns // VECTOR)
    return tuple(min(core.groups, groups - g) for g in range(0, groups, core.groups))


@dataclass(frozen=True, kw_only=True, eq=False)
class ActivationBlocks:
    """The activations of a layer: for every N tile the segments of all parts, lower part first.

    Attributes:
        rows, columns: size of the matrix.
        config: number formats.
        groups: column groups of each N tile.
        segments: segments of each part of an N tile.
        up: for each part, whether it counts 16-fold.
        beats: int64 (N tiles, parts, segments), lengths, or the largest possible ones.
        stream: uint8 (beats, 32) as they lie in memory, segment behind segment; None if the
            chip writes them.
    """

    rows: int
    columns: int
    config: LayerConfig
    groups: tuple[int, ...]
    segments: int
    up: tuple[bool, ...]
    beats: np.ndarray
    stream: np.ndarray | None

    @property
    def parts(self) -> int:
        """1, or 2 for wide activations."""
        return len(self.up)

    @property
    def stride(self) -> int:
        """Bytes from one segment to the next one."""
        return int(self.beats.max()) * BEAT_BYTES

    def segment(self, column_tile: int, part: int) -> int:
        """Bytes from the blocks' start to the first segment of a part."""
        return (column_tile * self.parts + part) * self.segments * self.stride

    def table(self, column_tile: int, part: int, together: bool) -> int:
        """Bytes from the blocks' start to the lengths of a part's segments.

        With `together` the tables of an N tile's parts are one; each begins a beat otherwise.
        """
        start = self.segment(len(self.groups), 0)
        lengths = LENGTH_BYTES * self.segments
        if together:
            whole = -(-lengths * self.parts // BEAT_BYTES) * BEAT_BYTES
            return start + column_tile * whole + part * lengths
        whole = -(-lengths // BEAT_BYTES) * BEAT_BYTES
        return start + (column_tile * self.parts + part) * whole

    def size(self, together: bool) -> int:
        """Bytes of segments and tables."""
        return self.table(len(self.groups), 0, together)

    def image(self, together: bool) -> np.ndarray:
        """Segments and tables as uint8, for activations from the host."""
        data = np.zeros(self.size(together), np.uint8)
        starts = np.arange(self.beats.size) * (self.stride // BEAT_BYTES)
        data.reshape(-1, BEAT_BYTES)[spread(starts, self.beats)] = self.stream
        for column_tile in range(len(self.groups)):
            for part in range(self.parts):
                at = self.table(column_tile, part, together)
                lengths = self.beats[column_tile, part].astype("<u2").view(np.uint8)
                data[at : at + len(lengths)] = lengths
        return data


def activation_blocks(x: np.ndarray, config: LayerConfig, params: ChipParams) -> ActivationBlocks:
    """Pack codes (K, N).

    Raises:
        PanaceaError: codes out of range, or a segment that AMEM cannot take.
    """
    core = params.core
    parts = activation_parts(x, config, core.tile_k)
    groups = column_groups(x.shape[1], core)
    per_group = np.stack(
        [
            list_beats(p.stored, core.tile_k, ACTIVATION_LO_VECTORS, ACTIVATION_ENTRIES)
            for p in parts
        ]
    )  # part, group, K-tile
    first = offsets(np.array(groups))
    beats = np.add.reduceat(per_group, first, axis=1).swapaxes(0, 1)
    stream = [
        pack_activation_stream(
            *(a[start : start + count] for a in (part.low, part.high, part.stored)), core.tile_k
        )
        for start, count in zip(first, groups, strict=True)
        for part in parts
    ]
    return ActivationBlocks(
        rows=x.shape[0],
        columns=x.shape[1],
        config=config,
        groups=groups,
        segments=beats.shape[2],
        up=tuple(part.up for part in parts),
        beats=_checked(beats, params),
        stream=np.concatenate(stream)[:, ::-1],
    )


def output_blocks(
    rows: int, columns: int, config: LayerConfig, params: ChipParams
) -> ActivationBlocks:
    """Room for quantised results (rows, columns) in the formats of `config`.

    Raises:
        PanaceaError: a segment that AMEM cannot take.
    """
    core = params.core
    groups = column_groups(columns, core)
    lengths = np.minimum(core.rows, rows - np.arange(0, rows, core.rows))
    low = -(-lengths // ACTIVATION_LO_VECTORS)
    single, double = low + 1, low + -(-lengths // ACTIVATION_ENTRIES)
    parts = {4: [single], 8: [double], 12: [single, double]}[config.x_bits]
    beats = np.array(groups)[:, None, None] * np.stack(parts)
    return ActivationBlocks(
        rows=rows,
        columns=columns,
        config=config,
        groups=groups,
        segments=len(lengths),
        up=(False, True) if len(parts) == 2 else (False,),
        beats=_checked(beats, params),
        stream=None,
    )


def _checked(beats: np.ndarray, params: ChipParams) -> np.ndarray:
    if beats.max() > params.amem_beats:
        raise PanaceaError(
            f"amem_beats = {params.amem_beats} is less than an activation segment may need, "
            f"{beats.max()}"
        )
    return beats
