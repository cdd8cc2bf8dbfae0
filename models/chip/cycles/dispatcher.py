"""Descriptor DMA and dispatcher in the chip's cycle model (rtl/dma, rtl/top)."""

from models.chip.cycles.work import C_GIVES, C_MORE, C_W_LOAD, C_X_LOAD
from models.cycle_cache import block

__all__ = [
    "DD_LINE",
    "DESC_BEATS",
    "FIELDS",
    "LEFT",
    "OUTPUTS",
    "Q_ACT",
    "Q_CMD",
    "Q_OUT",
    "Q_PAR",
    "Q_WEIGHT",
    "request",
    "start",
    "step",
]

DESC_BEATS = 4
_OPEN_MAX = 2  # descriptors under way or held
_QUEUE = 4  # jobs that wait for each receiver

# Descriptor DMA; dispatcher: descriptors left, the next one, outputs; jobs in the queues.
(
    DD_LINE, DD_LEFT, DD_OPEN, DD_BEATS, BEAT, LEFT, NEXT, OUTPUTS,
    Q_CMD, Q_WEIGHT, Q_ACT, Q_PAR, Q_OUT, FIELDS,
) = range(14)  # fmt: skip


@block
def start(d, line, count):
    """The start of a program of `count` descriptors."""
    d[DD_LINE], d[DD_LEFT], d[LEFT] = line, count, count


@block
def request(d):
    """The descriptor DMA asks for a descriptor."""
    return d[DD_LEFT] > 0 and d[DD_OPEN] < _OPEN_MAX


@block
def step(d, commands, granted, beat):
    """One cycle. The queues lose their jobs elsewhere, after this.

    Args:
        d: registers.
        commands: of `ChipWork`.
        granted: the request is taken.
        beat: a beat of a descriptor arrives.
    """
    valid = d[DD_BEATS] > 0
    complete = valid and d[BEAT] == DESC_BEATS - 1
    space = True
    for q in range(Q_CMD, Q_OUT + 1):
        space &= d[q] < _QUEUE
    take = complete and space
    if granted:
        d[DD_LINE] += DESC_BEATS
        d[DD_LEFT] -= 1
        d[DD_OPEN] += 1
    if valid and (take or not complete):
        d[DD_BEATS] -= 1
        d[BEAT] = (d[BEAT] + 1) % DESC_BEATS
    if beat:
        d[DD_BEATS] += 1
    if take:
        c = commands[d[NEXT]]
        d[NEXT] += 1
        d[LEFT] -= 1
        d[DD_OPEN] -= 1
        d[Q_CMD] += 1
        d[Q_WEIGHT] += c[C_W_LOAD]
        d[Q_ACT] += c[C_X_LOAD]
        d[Q_PAR] += 1 - c[C_MORE]
        d[Q_OUT] += c[C_GIVES]
        d[OUTPUTS] += c[C_GIVES]
