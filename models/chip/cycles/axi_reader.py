"""Read arbiter, AXI reader and the memory's read side in the chip's cycle model.

The memory takes an address at once; a burst's first beat comes `latency` cycles after its address
or behind the burst before it, then a beat a cycle, and every beat is taken: whoever asked for it
has room. The reader has at most as many bursts under way as any memory model holds.
"""

from models.cycle_cache import block

__all__ = [
    "FIELDS",
    "NO_BEAT",
    "TAG_ACT",
    "TAG_ACT_LAST",
    "TAG_DESC",
    "TAG_PARAM",
    "TAG_TABLE",
    "TAG_WEIGHT",
    "WEIGHTS_NEXT",
    "beat_tag",
    "busy",
    "ends_request",
    "ready",
    "step",
]

_REQ_DEPTH = 2
_OUTSTANDING = 16
_MAX_BURST = 16
_REQ, _BURST = 3, 4  # fields of a request (line, beats, tag), of a burst (beats, tag, last, due)

TAG_DESC, TAG_PARAM, TAG_TABLE, TAG_ACT, TAG_ACT_LAST, TAG_WEIGHT = range(6)
NO_BEAT = -1

# Requests, the splitter, bursts under way; rings with counts of all that came and went.
(
    WEIGHTS_NEXT, RQ_IN, RQ_OUT, SP_LINE, SP_LEFT, SP_TAG, B_IN, B_OUT, R_BEAT, REQUESTS,
) = range(10)  # fmt: skip
BURSTS = REQUESTS + _REQ_DEPTH * _REQ
FIELDS = BURSTS + _OUTSTANDING * _BURST


@block
def _burst(r):
    return BURSTS + r[B_OUT] % _OUTSTANDING * _BURST


@block
def ready(r):
    """A request would be taken."""
    return r[RQ_IN] - r[RQ_OUT] < _REQ_DEPTH


@block
def busy(r):
    """Something is queued or under way."""
    return r[RQ_IN] != r[RQ_OUT] or r[SP_LEFT] > 0 or r[B_IN] != r[B_OUT]


@block
def beat_tag(r, cycle):
    """Tag of the beat that arrives, or NO_BEAT."""
    if r[B_IN] == r[B_OUT] or cycle < r[_burst(r) + 3]:
        return NO_BEAT
    return r[_burst(r) + 1]


@block
def ends_request(r):
    """The beat that arrives is the last one of its request."""
    return r[_burst(r) + 2] == 1 and r[R_BEAT] + 1 == r[_burst(r)]


@block
def step(r, cycle, latency, beat, line, beats, tag):
    """One cycle.

    Args:
        r: registers.
        cycle: its number.
        latency: of the memory.
        beat: one arrives.
        line, beats, tag: of a request that is taken, NO_BEAT for none.
    """
    slot = r[B_IN] - r[B_OUT] < _OUTSTANDING
    if beat:
        r[R_BEAT] += 1
        if r[R_BEAT] == r[_burst(r)]:
            r[R_BEAT] = 0
            r[B_OUT] += 1
    if r[SP_LEFT] > 0:
        if slot:
            cut = min(r[SP_LEFT], _MAX_BURST - r[SP_LINE] % _MAX_BURST)
            at = BURSTS + r[B_IN] % _OUTSTANDING * _BURST
            r[at], r[at + 1] = cut, r[SP_TAG]
            r[at + 2], r[at + 3] = 1 if cut == r[SP_LEFT] else 0, cycle + latency
            r[B_IN] += 1
            r[SP_LINE] += cut
            r[SP_LEFT] -= cut
    elif r[RQ_IN] != r[RQ_OUT]:
        at = REQUESTS + r[RQ_OUT] % _REQ_DEPTH * _REQ
        r[SP_LINE], r[SP_LEFT], r[SP_TAG] = r[at], r[at + 1], r[at + 2]
        r[RQ_OUT] += 1
    if tag != NO_BEAT:
        at = REQUESTS + r[RQ_IN] % _REQ_DEPTH * _REQ
        r[at], r[at + 1], r[at + 2] = line, beats, tag
        r[RQ_IN] += 1
        if tag == TAG_WEIGHT:
            r[WEIGHTS_NEXT] = 0
        elif tag != TAG_DESC and tag != TAG_PARAM:
            r[WEIGHTS_NEXT] = 1
