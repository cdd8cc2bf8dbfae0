"""Weight DMA in the chip's cycle model (rtl/dma/weight_dma.sv)."""

from models.chip.cycles.work import W_BEATS, W_LINE
from models.cycle_cache import block

__all__ = ["FIELDS", "LINE", "bank", "bank_last", "job_ready", "request", "step"]

_REQ_BEATS = 32
_BLOCKS = 4
_HEADER_ENTRIES = 16

# JOB: the next job; BLOCK: the block that arrives; CHUNK: its chunk, over all jobs.
JOB, LINE, LEFT, UNDER_WAY, BLOCK, BEAT, CHUNK, HEADER, DATA, PEA, DONE, FIELDS = range(12)


@block
def job_ready(d):
    """The next weight job would be taken."""
    return d[LEFT] == 0 and d[JOB] - d[BLOCK] < _BLOCKS


@block
def request(d, used, depth):
    """Beats that the weight DMA asks for, or 0; `used`: entries of the fullest bank."""
    return min(d[LEFT], _REQ_BEATS) if used + d[UNDER_WAY] + _REQ_BEATS <= depth else 0


@block
def bank(d):
    """The bank to which an arriving beat goes, or -1 for a header."""
    return d[PEA] if d[DATA] == 1 else -1


@block
def bank_last(d, chunk_beats, chunk_last):
    """An arriving beat is the last one of the block in its bank."""
    chunk = d[CHUNK]
    return d[DATA] == 1 and chunk_last[chunk] == 1 and d[DONE] + 1 == chunk_beats[chunk, d[PEA]]


@block
def step(d, weight_jobs, chunk_beats, start, granted, beat):
    """One cycle.

    Args:
        d: registers.
        weight_jobs, chunk_beats: of `ChipWork`.
        start: the next job is taken.
        granted: beats of a request that is taken, or 0.
        beat: a beat arrives.
    """
    d[LINE] += granted
    d[LEFT] -= granted
    d[UNDER_WAY] += granted
    if beat:
        d[UNDER_WAY] -= 1
        d[BEAT] += 1
        if d[BEAT] == weight_jobs[d[BLOCK], W_BEATS]:
            d[BEAT] = 0
            d[BLOCK] += 1
        peas = chunk_beats.shape[1]
        if d[DATA] == 0:
            d[HEADER] += 1
            if d[HEADER] * _HEADER_ENTRIES >= peas:
                d[HEADER], d[DATA] = 0, 1
        else:
            d[DONE] += 1
            if d[DONE] == chunk_beats[d[CHUNK], d[PEA]]:
                d[DONE] = 0
                d[PEA] += 1
                if d[PEA] == peas:
                    d[PEA], d[DATA] = 0, 0
                    d[CHUNK] += 1
    if start:
        job = weight_jobs[d[JOB]]
        d[JOB] += 1
        d[LINE], d[LEFT] = job[W_LINE], job[W_BEATS]
