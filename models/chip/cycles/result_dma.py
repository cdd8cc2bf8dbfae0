"""Result DMA with OMEM in the chip's cycle model (rtl/dma/result_dma.sv)."""

from models.chip.cycles import replay_fifo
from models.chip.cycles.packetizer import BEAT_LAST, BEAT_NONE, BEAT_PART, BEAT_TILE
from models.chip.cycles.replay_fifo import PASSES, VALID
from models.chip.cycles.work import (
    O_GROUPS,
    O_LINE,
    O_LINE_LOW,
    O_RAW,
    O_STRIDE,
    O_TABLE,
    O_TABLE_LOW,
    O_TWO_TILES,
    O_WIDE,
)
from models.cycle_cache import block

__all__ = [
    "FIELDS",
    "WRITTEN",
    "clear",
    "data_valid",
    "length_valid",
    "ready",
    "request",
    "step",
    "target",
]

_MAX_PACKETS, _MAX_OPEN = 64, 16
_PACKET = 2  # fields: beats, flags
_TABLE_ENTRIES = 16  # lengths in a line

# Beats of the packet that arrives; the state; packets and open requests are rings with counts of
# all that came and went.
(
    COUNT, STATE, BEAT, PACKET, ENTRY, LENGTH, OUTPUT, WRITTEN,
    P_IN, P_OUT, OPEN_IN, OPEN_OUT, OMEM,
) = (*range(6), *range(9, 16))  # fmt: skip
PACKETS = OMEM + replay_fifo.FIELDS
OPEN = PACKETS + _MAX_PACKETS * _PACKET
FIELDS = OPEN + _MAX_OPEN
_SEGMENTS = 4
_ST_REQUEST, _ST_DATA, _ST_TABLE, _ST_LENGTH = range(4)


@block
def clear(d):
    """Registers at the start of a run: OMEM plays one pass without an end."""
    d[OMEM + PASSES] = 1


@block
def ready(d, depth):
    """A beat of the PPU would be taken."""
    return replay_fifo.used(d[OMEM:]) < depth and d[P_IN] - d[P_OUT] < _MAX_PACKETS


@block
def request(d):
    """Something is to be written, if there is a job."""
    waits = d[STATE] == _ST_REQUEST and d[P_IN] != d[P_OUT]
    return (waits or d[STATE] == _ST_TABLE) and d[OPEN_IN] - d[OPEN_OUT] < _MAX_OPEN


@block
def data_valid(d):
    """A beat of results is offered to the writer."""
    return d[STATE] == _ST_DATA and d[OMEM + VALID] == 1


@block
def length_valid(d):
    """A segment's length is offered to the writer."""
    return d[STATE] == _ST_LENGTH


@block
def _last_entry(job):
    return job[O_TWO_TILES] + 2 * job[O_WIDE]


@block
def _packets(job):
    return job[O_GROUPS] << (job[O_TWO_TILES] + job[O_WIDE])


@block
def _segment(flags):
    return (1 if flags & BEAT_TILE else 0) + (2 if flags & BEAT_PART else 0)


@block
def target(d, outputs):
    """Line and beats of the request."""
    job = outputs[d[OUTPUT]]
    if d[STATE] == _ST_TABLE:
        table = job[O_TABLE_LOW] if d[ENTRY] & 2 else job[O_TABLE]
        return (table + (d[ENTRY] & 1)) // _TABLE_ENTRIES, 1
    at = PACKETS + d[P_OUT] % _MAX_PACKETS * _PACKET
    segment = _segment(d[at + 1])
    base = job[O_LINE_LOW] if segment & 2 else job[O_LINE]
    return base + (segment & 1) * job[O_STRIDE] + d[LENGTH + segment], d[at]


@block
def _request(d, job):
    """The request is taken."""
    if d[STATE] == _ST_TABLE:
        final = d[ENTRY] == _last_entry(job)
        d[STATE] = _ST_LENGTH
    else:
        at = PACKETS + d[P_OUT] % _MAX_PACKETS * _PACKET
        d[P_OUT] += 1
        d[PACKET] += 1
        d[LENGTH + _segment(d[at + 1])] += d[at]
        d[BEAT] = d[at]
        final = job[O_RAW] == 1 and d[PACKET] == _packets(job)
        d[STATE] = _ST_DATA
    d[OPEN + d[OPEN_IN] % _MAX_OPEN] = 1 if final else 0
    d[OPEN_IN] += 1


@block
def _sent(d, job):
    """A beat is taken by the writer; returns whether the job ends with it."""
    if d[STATE] == _ST_DATA:
        d[BEAT] -= 1
        if d[BEAT] > 0:
            return False
        all_sent = d[PACKET] == _packets(job)
        d[STATE] = _ST_TABLE if all_sent and job[O_RAW] == 0 else _ST_REQUEST
        return all_sent and job[O_RAW] == 1
    if d[ENTRY] == _last_entry(job):
        return True
    # Entries: tile 0 and perhaps 1, then the same of part 1.
    d[ENTRY] = d[ENTRY] | 1 if job[O_TWO_TILES] and d[ENTRY] & 1 == 0 else 2
    d[STATE] = _ST_TABLE
    return False


@block
def step(d, outputs, beat, request, take, done):
    """One cycle; returns whether a job ends.

    Args:
        d: registers.
        outputs: of `ChipWork`.
        beat: flags of the PPU's beat that is taken, or BEAT_NONE.
        request: the request is taken.
        take: the beat or length that is offered is taken.
        done: a request is answered to its end.
    """
    omem_take = take and d[STATE] == _ST_DATA
    job_end = take and _sent(d, outputs[d[OUTPUT]])
    if request:
        _request(d, outputs[d[OUTPUT]])
    if job_end:
        d[STATE], d[PACKET], d[ENTRY] = _ST_REQUEST, 0, 0
        for s in range(_SEGMENTS):
            d[LENGTH + s] = 0
        d[OUTPUT] += 1
    if done:
        d[WRITTEN] += d[OPEN + d[OPEN_OUT] % _MAX_OPEN]
        d[OPEN_OUT] += 1
    push = beat != BEAT_NONE
    if push:
        d[COUNT] += 1
        if beat & BEAT_LAST:
            at = PACKETS + d[P_IN] % _MAX_PACKETS * _PACKET
            d[at], d[at + 1] = d[COUNT], beat
            d[P_IN] += 1
            d[COUNT] = 0
    replay_fifo.step(d[OMEM:], push, False, False, 0, omem_take)
    return job_end
