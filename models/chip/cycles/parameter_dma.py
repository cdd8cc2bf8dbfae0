"""Parameter DMA in the chip's cycle model (rtl/dma/parameter_dma.sv)."""

from models.chip.cycles.work import O_DTP, O_NEW_PWL, O_NEW_ROWS, O_PAR_LINE
from models.cycle_cache import block

__all__ = [
    "FIELDS",
    "LEFT",
    "LINE",
    "OUTPUT",
    "bias_valid",
    "command_valid",
    "request",
    "row_valid",
    "step",
]

_HELD = 16
_REQ_BEATS = 8
_SEGMENTS, _PWL_BEATS = 64, 16
_BIAS_IN_BEAT, _ROWS_IN_BEAT, _SEGMENTS_IN_BEAT = 2, 8, 4
_ROWS_OF_PEA = 4

STATE, OUTPUT, LINE, LEFT, OPEN, BEATS, AT, FIELDS = range(8)
_IDLE, _BIAS, _ROWS, _PWL, _CMD = range(5)


@block
def request(d):
    """Beats that it asks for, or 0."""
    return min(d[LEFT], _REQ_BEATS) if d[OPEN] <= _HELD - _REQ_BEATS else 0


@block
def bias_valid(d):
    """A bias beat is offered to the core."""
    return d[STATE] == _BIAS and d[BEATS] > 0


@block
def row_valid(d):
    """A row's scales or a segment is offered to the PPU."""
    return (d[STATE] == _ROWS or d[STATE] == _PWL) and d[BEATS] > 0


@block
def command_valid(d):
    """A command is offered to the PPU."""
    return d[STATE] == _CMD


@block
def _next_section(state, job):
    if state < _ROWS and job[O_NEW_ROWS]:
        return _ROWS
    return _PWL if state < _PWL and job[O_NEW_PWL] else _CMD


@block
def step(d, outputs, peas, job_valid, granted, beat, take, cmd_take):
    """One cycle.

    Args:
        d: registers.
        outputs: of `ChipWork`.
        peas: of the core.
        job_valid: a job waits.
        granted: its request is taken.
        beat: a beat arrives.
        take: the core takes the bias, or the PPU the parameter.
        cmd_take: the PPU takes the command.
    """
    sub_tiles = 1 + outputs[d[OUTPUT], O_DTP] if d[OUTPUT] < len(outputs) else 1
    state = d[STATE]
    if granted:
        beats = request(d)
        d[LINE] += beats
        d[LEFT] -= beats
        d[OPEN] += beats
    if state == _IDLE and job_valid:
        job = outputs[d[OUTPUT]]
        rows_beats = (peas * sub_tiles + 1) // _BIAS_IN_BEAT
        d[STATE] = _BIAS
        d[LINE] = job[O_PAR_LINE]
        d[LEFT] = rows_beats * (1 + job[O_NEW_ROWS]) + _PWL_BEATS * job[O_NEW_PWL]
    if take:
        in_beat, size = _BIAS_IN_BEAT, peas * sub_tiles
        if state == _ROWS:
            in_beat, size = _ROWS_IN_BEAT, _ROWS_OF_PEA * peas * sub_tiles
        elif state == _PWL:
            in_beat, size = _SEGMENTS_IN_BEAT, _SEGMENTS
        d[AT] += 1
        if d[AT] % in_beat == 0 or d[AT] == size:
            d[BEATS] -= 1
            d[OPEN] -= 1
        if d[AT] == size:
            d[AT] = 0
            d[STATE] = _next_section(state, outputs[d[OUTPUT]])
    if cmd_take:
        d[STATE] = _IDLE
        d[OUTPUT] += 1
    if beat:
        d[BEATS] += 1
