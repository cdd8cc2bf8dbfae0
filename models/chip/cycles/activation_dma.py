"""Activation DMA in the chip's cycle model (rtl/dma/activation_dma.sv)."""

from models.chip.cycles.work import X_FENCE, X_LINE, X_SEGMENTS, X_SEQ, X_STRIDE, X_TABLE
from models.cycle_cache import block

__all__ = [
    "FIELDS",
    "LEFT",
    "LINE",
    "TABLE_LINE",
    "job_ready",
    "segment_request",
    "step",
    "table_request",
]

_TABLE_ENTRIES = 16  # lengths in a beat of the table
_TABLES_HELD = 2

# JOB: the next job; SEGMENT: the next segment to ask for, over all jobs.
(
    JOB, TABLE_LINE, LINE, STRIDE, TABLE_LEFT, LEFT, TABLES, HELD, ENTRY, UNDER_WAY, SEGMENT,
    FIELDS,
) = range(12)  # fmt: skip


@block
def job_ready(d, act_jobs, written):
    """The next activation job would be taken."""
    if d[JOB] == len(act_jobs):
        return False
    job = act_jobs[d[JOB]]
    return d[LEFT] == 0 and (job[X_FENCE] == 0 or job[X_SEQ] <= written)


@block
def table_request(d):
    """The activation DMA asks for a beat of the table."""
    return d[TABLE_LEFT] > 0 and d[TABLES] < _TABLES_HELD


@block
def segment_request(d, segment_beats, used, depth):
    """Beats of the segment that it asks for if not for the table, or 0."""
    if d[LEFT] == 0 or d[HELD] == 0:
        return 0
    beats = segment_beats[d[SEGMENT]]
    return beats if used + d[UNDER_WAY] + beats <= depth else 0


@block
def step(d, act_jobs, start, table_granted, granted, table_beat, act_beat):
    """One cycle.

    Args:
        d: registers.
        act_jobs: of `ChipWork`.
        start: the next job is taken.
        table_granted: a request for the table is taken.
        granted: beats of a segment, if a request for it is taken.
        table_beat, act_beat: a beat of a table, of activations arrives.
    """
    if table_granted:
        d[TABLE_LINE] += 1
        d[TABLE_LEFT] = max(0, d[TABLE_LEFT] - _TABLE_ENTRIES)
        d[TABLES] += 1
    if granted:
        d[LINE] += d[STRIDE]
        if d[LEFT] == 1 or d[ENTRY] == _TABLE_ENTRIES - 1:
            d[TABLES] -= 1
            d[HELD] -= 1
        d[LEFT] -= 1
        d[ENTRY] = (d[ENTRY] + 1) % _TABLE_ENTRIES
        d[UNDER_WAY] += granted
        d[SEGMENT] += 1
    if start:
        job = act_jobs[d[JOB]]
        d[JOB] += 1
        d[TABLE_LINE], d[LINE], d[STRIDE] = job[X_TABLE], job[X_LINE], job[X_STRIDE]
        d[TABLE_LEFT] = job[X_SEGMENTS]
        d[LEFT] = job[X_SEGMENTS]
        d[ENTRY] = 0
    d[HELD] += table_beat
    d[UNDER_WAY] -= act_beat
