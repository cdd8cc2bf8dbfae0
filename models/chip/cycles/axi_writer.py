"""AXI writer and the memory's write side in the chip's cycle model (rtl/axi/axi_writer.sv).

The memory takes addresses and data at once and answers a burst `b_delay` cycles after its last
beat.
"""

from models.cycle_cache import block

__all__ = [
    "FIELDS",
    "busy",
    "done",
    "ready",
    "step",
    "takes",
]

_REQ_DEPTH, _OUTSTANDING, _MAX_BURST = 2, 8, 16
_REQ, _BURST = 2, 3  # fields of a request (line, beats), of a burst (beats, last, due)

# Requests, the splitter, bursts started, filled, answered; rings with counts of all that came and
# went.
RQ_IN, RQ_OUT, SP_LINE, SP_LEFT, STARTED, FILLED, ANSWERED, BEAT, REQUESTS = range(9)
BURSTS = REQUESTS + _REQ_DEPTH * _REQ
FIELDS = BURSTS + _OUTSTANDING * _BURST


@block
def _burst(number):
    return BURSTS + number % _OUTSTANDING * _BURST


@block
def ready(w):
    """A request would be taken."""
    return w[RQ_IN] - w[RQ_OUT] < _REQ_DEPTH


@block
def takes(w):
    """A beat would be taken."""
    return w[STARTED] != w[FILLED]


@block
def busy(w):
    """Something is queued or under way."""
    return w[RQ_IN] != w[RQ_OUT] or w[SP_LEFT] > 0 or w[STARTED] != w[ANSWERED]


@block
def _answered(w, cycle):
    return w[ANSWERED] != w[FILLED] and cycle >= w[_burst(w[ANSWERED]) + 2]


@block
def done(w, cycle):
    """The last burst of a request is answered."""
    return _answered(w, cycle) and w[_burst(w[ANSWERED]) + 1] == 1


@block
def step(w, cycle, b_delay, take, granted, line, beats):
    """One cycle.

    Args:
        w: registers.
        cycle: its number.
        b_delay: of the memory.
        take: a beat is taken.
        granted, line, beats: a request is taken.
    """
    slot = w[STARTED] - w[ANSWERED] < _OUTSTANDING
    if _answered(w, cycle):
        w[ANSWERED] += 1
    if take:
        w[BEAT] += 1
        if w[BEAT] == w[_burst(w[FILLED])]:
            w[BEAT] = 0
            w[_burst(w[FILLED]) + 2] = cycle + 1 + b_delay  # on the bus in the next cycle
            w[FILLED] += 1
    if w[SP_LEFT] > 0:
        if slot:
            cut = min(w[SP_LEFT], _MAX_BURST - w[SP_LINE] % _MAX_BURST)
            w[_burst(w[STARTED])] = cut
            w[_burst(w[STARTED]) + 1] = 1 if cut == w[SP_LEFT] else 0
            w[STARTED] += 1
            w[SP_LINE] += cut
            w[SP_LEFT] -= cut
    elif w[RQ_IN] != w[RQ_OUT]:
        at = REQUESTS + w[RQ_OUT] % _REQ_DEPTH * _REQ
        w[SP_LINE], w[SP_LEFT] = w[at], w[at + 1]
        w[RQ_OUT] += 1
    if granted:
        at = REQUESTS + w[RQ_IN] % _REQ_DEPTH * _REQ
        w[at], w[at + 1] = line, beats
        w[RQ_IN] += 1
