"""Activation and weight DMA in the chip's cycle model (rtl/dma)."""

from models.chip.cycles_work import (
    W_BEATS,
    W_LINE,
    X_FENCE,
    X_LINE,
    X_SEGMENTS,
    X_SEQ,
    X_STRIDE,
    X_TABLE,
)
from models.cycle_cache import block

__all__ = [
    "ACT_DMA_FIELDS",
    "AD_LEFT",
    "AD_LINE",
    "AD_SEGMENT",
    "AD_TABLE_LINE",
    "REQ_BEATS",
    "WD_HEADER",
    "WD_LEFT",
    "WD_LINE",
    "WEIGHT_DMA_FIELDS",
    "act_job_ready",
    "act_segment_request",
    "act_table_request",
    "acts_cycle",
    "weight_bank",
    "weight_bank_last",
    "weight_job_ready",
    "weight_request",
    "weights_cycle",
]

_TABLE_ENTRIES = 16  # lengths in a beat of the table
_TABLES_HELD = 2
REQ_BEATS = 32
_BLOCKS = 4
_HEADER_ENTRIES = 16

# AD_JOB, WD_JOB: the next job; AD_SEGMENT: the next segment to ask for, over all jobs.
(
    AD_JOB, AD_TABLE_LINE, AD_LINE, AD_STRIDE, AD_TABLE_LEFT, AD_LEFT, AD_TABLES, AD_HELD,
    AD_ENTRY, AD_UNDER_WAY, AD_SEGMENT, ACT_DMA_FIELDS,
) = range(12)  # fmt: skip
# WD_BLOCK: the block that arrives; WD_CHUNK its chunk, over all jobs.
(
    WD_JOB, WD_LINE, WD_LEFT, WD_UNDER_WAY, WD_BLOCK, WD_BEAT, WD_CHUNK, WD_HEADER, WD_DATA,
    WD_PEA, WD_DONE, WEIGHT_DMA_FIELDS,
) = range(12)  # fmt: skip


@block
def act_job_ready(d, act_jobs, written):
    """The next activation job would be taken."""
    if d[AD_JOB] == len(act_jobs):
        return False
    job = act_jobs[d[AD_JOB]]
    return d[AD_LEFT] == 0 and (job[X_FENCE] == 0 or job[X_SEQ] == written)


@block
def act_table_request(d):
    """The activation DMA asks for a beat of the table."""
    return d[AD_TABLE_LEFT] > 0 and d[AD_TABLES] < _TABLES_HELD


@block
def act_segment_request(d, segment_beats, used, depth):
    """Beats of the segment that it asks for if not for the table, or 0."""
    if d[AD_LEFT] == 0 or d[AD_HELD] == 0:
        return 0
    beats = segment_beats[d[AD_SEGMENT]]
    return beats if used + d[AD_UNDER_WAY] + beats <= depth else 0


@block
def acts_cycle(d, act_jobs, start, table_request, segment_request, table_beat, act_beat):
    """One cycle.

    Args:
        d: registers.
        act_jobs: of `ChipWork`.
        start: the next job is taken.
        table_request: a request for the table is taken.
        segment_request: beats of a segment, if a request for it is taken.
        table_beat, act_beat: a beat of a table, of activations arrives.
    """
    if table_request:
        d[AD_TABLE_LINE] += 1
        d[AD_TABLE_LEFT] = max(0, d[AD_TABLE_LEFT] - _TABLE_ENTRIES)
        d[AD_TABLES] += 1
    if segment_request:
        d[AD_LINE] += d[AD_STRIDE]
        if d[AD_LEFT] == 1 or d[AD_ENTRY] == _TABLE_ENTRIES - 1:
            d[AD_TABLES] -= 1
            d[AD_HELD] -= 1
        d[AD_LEFT] -= 1
        d[AD_ENTRY] = (d[AD_ENTRY] + 1) % _TABLE_ENTRIES
        d[AD_UNDER_WAY] += segment_request
        d[AD_SEGMENT] += 1
    if start:
        job = act_jobs[d[AD_JOB]]
        d[AD_JOB] += 1
        d[AD_TABLE_LINE], d[AD_LINE], d[AD_STRIDE] = job[X_TABLE], job[X_LINE], job[X_STRIDE]
        d[AD_TABLE_LEFT] = job[X_SEGMENTS]
        d[AD_LEFT] = job[X_SEGMENTS]
        d[AD_ENTRY] = 0
    d[AD_HELD] += table_beat
    d[AD_UNDER_WAY] -= act_beat


@block
def weight_job_ready(d):
    """The next weight job would be taken."""
    return d[WD_LEFT] == 0 and d[WD_JOB] - d[WD_BLOCK] < _BLOCKS


@block
def weight_request(d, used, depth):
    """Beats that the weight DMA asks for, or 0; `used`: entries of the fullest bank."""
    return min(d[WD_LEFT], REQ_BEATS) if used + d[WD_UNDER_WAY] + REQ_BEATS <= depth else 0


@block
def weight_bank(d):
    """The bank to which an arriving beat goes, or -1 for a header."""
    return d[WD_PEA] if d[WD_DATA] == 1 else -1


@block
def weight_bank_last(d, chunk_beats, chunk_last):
    """An arriving beat is the last one of the block in its bank."""
    chunk = d[WD_CHUNK]
    return chunk_last[chunk] == 1 and d[WD_DONE] + 1 == chunk_beats[chunk, d[WD_PEA]]


@block
def weights_cycle(d, weight_jobs, chunk_beats, start, request, beat):
    """One cycle.

    Args:
        d: registers.
        weight_jobs, chunk_beats: of `ChipWork`.
        start: the next job is taken.
        request: beats of a request that is taken, or 0.
        beat: a beat arrives.
    """
    d[WD_LINE] += request
    d[WD_LEFT] -= request
    d[WD_UNDER_WAY] += request
    if beat:
        d[WD_UNDER_WAY] -= 1
        d[WD_BEAT] += 1
        if d[WD_BEAT] == weight_jobs[d[WD_BLOCK], W_BEATS]:
            d[WD_BEAT] = 0
            d[WD_BLOCK] += 1
        peas = chunk_beats.shape[1]
        if d[WD_DATA] == 0:
            d[WD_HEADER] += 1
            if d[WD_HEADER] * _HEADER_ENTRIES >= peas:
                d[WD_HEADER], d[WD_DATA] = 0, 1
        else:
            d[WD_DONE] += 1
            if d[WD_DONE] == chunk_beats[d[WD_CHUNK], d[WD_PEA]]:
                d[WD_DONE] = 0
                d[WD_PEA] += 1
                if d[WD_PEA] == peas:
                    d[WD_PEA], d[WD_DATA] = 0, 0
                    d[WD_CHUNK] += 1
    if start:
        job = weight_jobs[d[WD_JOB]]
        d[WD_JOB] += 1
        d[WD_LINE], d[WD_LEFT] = job[W_LINE], job[W_BEATS]
