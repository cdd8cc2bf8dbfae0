"""From an executed program to what the chip's cycle model steps through."""

from collections.abc import Sequence

import numpy as np

from models.chip.cycles.work import (
    ACT_FIELDS,
    COMMAND_FIELDS,
    OUTPUT_FIELDS,
    PARAMETER_FIELDS,
    WEIGHT_FIELDS,
    ChipWork,
)
from models.chip.descriptor import Descriptor
from models.chip.executor import ExecutedCommand
from models.chip.params import BEAT_BYTES, ChipParams
from models.chip.segments import read_activations
from models.params import VECTOR
from models.workload import Workload, command_workload

__all__ = ["chip_work"]

_WORDS = 4  # weight words in a beat
_ENTRY_BYTES = 2  # a segment's length
_WIDE = 3  # slices whose lowest one has a packet of its own


def chip_work(
    commands: Sequence[ExecutedCommand], prog_addr: int, params: ChipParams
) -> tuple[ChipWork, Workload]:
    """The chip's part and the core's part of a run's work.

    Args:
        commands: of the run's `Execution`.
        prog_addr: address of the first descriptor.
        params: sizes of the chip.
    """
    descriptors = [c.descriptor for c in commands]
    loads = [
        command_workload(
            c.w,
            c.x,
            params.core,
            dtp=c.descriptor.dtp,
            more=c.descriptor.more,
            apsq=c.descriptor.step,
        )
        for c in commands
    ]
    chunks = _blocks([-(-load.words // _WORDS) for load in loads], descriptors, "w")
    segments = _blocks([_segments(load) for load in loads], descriptors, "x")
    entries = [_entries(c, params) for c in commands if c.descriptor.gives]
    first = np.cumsum([0, *(len(e) for e in entries)])
    outputs = [
        _output(d, at, params)
        for d, at in zip((d for d in descriptors if d.gives), first[:-1].tolist(), strict=True)
    ]
    work = ChipWork(
        prog_line=prog_addr // BEAT_BYTES,
        commands=_table([_command(d) for d in descriptors], COMMAND_FIELDS),
        weight_jobs=_table(
            [(d.w_addr // BEAT_BYTES, d.w_beats) for d in descriptors if d.w_load], WEIGHT_FIELDS
        ),
        chunk_beats=_table(np.concatenate(chunks), params.core.num_pea),
        chunk_last=np.concatenate([np.arange(len(c)) == len(c) - 1 for c in chunks]).astype(int),
        act_jobs=_table(_act_jobs(descriptors), ACT_FIELDS),
        segment_beats=np.concatenate(segments).astype(np.int64),
        parameters=_table([_parameters(d) for d in descriptors if not d.more], PARAMETER_FIELDS),
        outputs=_table(outputs, OUTPUT_FIELDS),
        entries=np.concatenate(entries).astype(np.int64),
    )
    return work, Workload.joined(loads)


def _table(rows: Sequence[Sequence[int]] | np.ndarray, columns: int) -> np.ndarray:
    return np.ascontiguousarray(rows, np.int64).reshape(-1, columns)


def _segments(load: Workload) -> np.ndarray:
    """Beats of the activation segment of each K-tile."""
    starts = np.flatnonzero(load.group == 0)
    return np.add.reduceat(load.beats_in, starts)


def _blocks(
    pieces: Sequence[np.ndarray], descriptors: Sequence[Descriptor], operand: str
) -> list[np.ndarray]:
    """The blocks in the order of their loads.

    Args:
        pieces: what each command plays: chunks or segments.
        descriptors: of the commands.
        operand: w or x.
    """
    blocks: list[list[np.ndarray]] = []
    kept, first = False, True
    for piece, d in zip(pieces, descriptors, strict=True):
        if getattr(d, f"{operand}_play"):
            first, kept = not kept, getattr(d, f"{operand}_keep")
            if first:
                blocks.append([])
        if first:
            blocks[-1].append(piece)
    return [np.concatenate(block) for block in blocks]


def _command(d: Descriptor) -> tuple[int, ...]:
    return d.w_load, d.x_load, d.more, d.gives, d.w_play, d.w_keep, d.x_play, d.x_keep


def _parameters(d: Descriptor) -> tuple[int, ...]:
    news = d.new_rows and d.gives, d.new_pwl and d.gives
    return d.par_addr // BEAT_BYTES, d.dtp, *news, d.gives


def _act_jobs(descriptors: Sequence[Descriptor]) -> list[tuple[int, ...]]:
    jobs, outputs = [], 0
    for d in descriptors:
        if d.x_load:
            lines = (a // BEAT_BYTES for a in (d.x_table, d.x_addr, d.x_stride))
            jobs.append((*lines, d.x_segments, d.fence, outputs))
        outputs += d.gives
    return jobs


def _output(d: Descriptor, first_block: int, params: ChipParams) -> tuple[int, ...]:
    second = d.rows > VECTOR * params.core.num_pea
    return (
        d.groups,
        d.dtp,
        d.rows,
        d.raw,
        not d.raw and d.y_slices == _WIDE,
        d.new_pwl,
        first_block,
        d.dtp and (d.raw or second),
        d.y_addr // BEAT_BYTES,
        d.y_addr_low // BEAT_BYTES,
        d.y_stride // BEAT_BYTES,
        d.y_table // _ENTRY_BYTES,
        d.y_table_low // _ENTRY_BYTES,
    )


def _entries(command: ExecutedCommand, params: ChipParams) -> np.ndarray:
    """HO entries of every result block, in the order group, tile, PEA."""
    d, peas = command.descriptor, params.core.num_pea
    entries = np.zeros((d.groups, d.sub_tiles, peas), np.int64)
    if not d.raw and d.y_slices > 1:
        # The segments of the compressed part come first, tile by tile.
        for tile in range(-(-d.rows // (VECTOR * peas))):
            rows = min(d.rows - VECTOR * peas * tile, VECTOR * peas)
            beats = np.frombuffer(command.writes[tile][1], np.uint8).reshape(-1, BEAT_BYTES)
            stored = read_activations([beats[:, ::-1]], rows, d.groups, params.core.tile_k).stored
            padded = np.pad(stored, ((0, 0), (0, VECTOR * peas - rows)))
            entries[:, tile] = padded.reshape(d.groups, peas, VECTOR).sum(axis=2)
    return entries.reshape(-1)
