"""What the engine of the chip's cycle model needs to know of a program: counts and addresses."""

from typing import NamedTuple

import numpy as np

__all__ = ["ChipSizes", "ChipWork"]

# Columns of ChipWork.commands, .weight_jobs, .act_jobs, .parameters, .outputs.
(
    C_W_LOAD, C_X_LOAD, C_MORE, C_GIVES, C_W_PLAY, C_W_KEEP, C_X_PLAY, C_X_KEEP, COMMAND_FIELDS,
) = range(9)  # fmt: skip
W_LINE, W_BEATS, WEIGHT_FIELDS = range(3)
P_LINE, P_DTP, P_NEW_ROWS, P_NEW_PWL, P_GIVES, PARAMETER_FIELDS = range(6)
X_TABLE, X_LINE, X_STRIDE, X_SEGMENTS, X_FENCE, X_SEQ, ACT_FIELDS = range(7)
(
    O_GROUPS, O_DTP, O_ROWS, O_RAW, O_WIDE, O_NEW_PWL, O_FIRST_BLOCK,
    O_TWO_TILES, O_LINE, O_LINE_LOW, O_STRIDE, O_TABLE, O_TABLE_LOW, OUTPUT_FIELDS,
) = range(14)  # fmt: skip


class ChipSizes(NamedTuple):
    """Sizes of a chip, and the timing of its memory."""

    num_pea: int
    wmem_beats: int
    amem_beats: int
    omem_beats: int
    latency: int
    b_delay: int


class ChipWork(NamedTuple):
    """A program: int64 arrays; addresses in lines of 32 bytes, of table entries in 2 bytes.

    Attributes:
        commands: by descriptor.
        weight_jobs, act_jobs: by load.
        chunk_beats, chunk_last: (chunks, PEAs) and (chunks), of all weight loads in order.
        segment_beats: of all activation loads in order.
        parameters: by output tile, or step of one.
        outputs: by output tile.
        entries: HO entries that the run-length encoder stores of each result block, in order.
    """

    prog_line: int
    commands: np.ndarray
    weight_jobs: np.ndarray
    chunk_beats: np.ndarray
    chunk_last: np.ndarray
    act_jobs: np.ndarray
    segment_beats: np.ndarray
    parameters: np.ndarray
    outputs: np.ndarray
    entries: np.ndarray
