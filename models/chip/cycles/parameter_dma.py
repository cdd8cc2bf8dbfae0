"""Parameter DMA in the chip's cycle model (rtl/dma/parameter_dma.sv)."""

from models.chip.cycles.work import P_DTP, P_GIVES, P_LINE, P_NEW_PWL, P_NEW_ROWS
from models.cycle_cache import block

__all__ = [
    "FIELDS",
    "LEFT",
    "LINE",
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

STATE, JOB, LINE, LEFT, OPEN, BEATS, AT, FIELDS = range(8)
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
    if state < _ROWS and job[P_NEW_ROWS]:
        return _ROWS
    if state < _PWL and job[P_NEW_PWL]:
        return _PWL
    return _CMD if job[P_GIVES] else _IDLE


@block
def step(d, parameters, peas, job_valid, granted, beat, take, cmd_take):
    """One cycle; returns whether a job is done.

    Args:
        d: registers.
        parameters: of `ChipWork`.
        peas: of the core.
        job_valid: a job waits.
        granted: its request is taken.
        beat: a beat arrives.
        take: the core takes the bias, or the PPU the parameter.
        cmd_take: the PPU takes the command.
    """
    sub_tiles = 1 + parameters[d[JOB], P_DTP] if d[JOB] < len(parameters) else 1
    state = d[STATE]
    if granted:
        beats = request(d)
        d[LINE] += beats
        d[LEFT] -= beats
        d[OPEN] += beats
    if state == _IDLE and job_valid:
        job = parameters[d[JOB]]
        rows_beats = (peas * sub_tiles + 1) // _BIAS_IN_BEAT
        d[STATE] = _BIAS
        d[LINE] = job[P_LINE]
        d[LEFT] = rows_beats * (1 + job[P_NEW_ROWS]) + _PWL_BEATS * job[P_NEW_PWL]
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
            d[STATE] = _next_section(state, parameters[d[JOB]])
    if cmd_take:
        d[STATE] = _IDLE
    done = state != _IDLE and d[STATE] == _IDLE
    if done:
        d[JOB] += 1
    if beat:
        d[BEATS] += 1
    return done
