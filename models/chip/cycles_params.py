"""Parameter DMA in the chip's cycle model (rtl/dma/parameter_dma.sv)."""

from models.chip.cycles_work import O_DTP, O_NEW_PWL, O_NEW_ROWS, O_PAR_LINE
from models.cycle_cache import block

__all__ = [
    "PD_FIELDS",
    "PD_LEFT",
    "PD_LINE",
    "PD_OUTPUT",
    "params_bias_valid",
    "params_command",
    "params_cycle",
    "params_request",
    "params_row_valid",
]

_HELD = 16
_REQ_BEATS = 8
_SEGMENTS, _PWL_BEATS = 64, 16
_BIAS_IN_BEAT, _ROWS_IN_BEAT, _SEGMENTS_IN_BEAT = 2, 8, 4
_ROWS_OF_PEA = 4

PD_STATE, PD_OUTPUT, PD_LINE, PD_LEFT, PD_OPEN, PD_BEATS, PD_AT, PD_FIELDS = range(8)
_IDLE, _BIAS, _ROWS, _PWL, _CMD = range(5)


@block
def params_request(d):
    """Beats that it asks for, or 0."""
    return min(d[PD_LEFT], _REQ_BEATS) if d[PD_OPEN] <= _HELD - _REQ_BEATS else 0


@block
def params_bias_valid(d):
    """A bias beat is offered to the core."""
    return d[PD_STATE] == _BIAS and d[PD_BEATS] > 0


@block
def params_row_valid(d):
    """A row's scales or a segment is offered to the PPU."""
    return (d[PD_STATE] == _ROWS or d[PD_STATE] == _PWL) and d[PD_BEATS] > 0


@block
def params_command(d):
    """A command is offered to the PPU."""
    return d[PD_STATE] == _CMD


@block
def _next_section(state, job):
    if state < _ROWS and job[O_NEW_ROWS]:
        return _ROWS
    return _PWL if state < _PWL and job[O_NEW_PWL] else _CMD


@block
def params_cycle(d, outputs, peas, job_valid, granted, beat, take, cmd_take):
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
    sub_tiles = 1 + outputs[d[PD_OUTPUT], O_DTP] if d[PD_OUTPUT] < len(outputs) else 1
    state = d[PD_STATE]
    if granted:
        beats = params_request(d)
        d[PD_LINE] += beats
        d[PD_LEFT] -= beats
        d[PD_OPEN] += beats
    if state == _IDLE and job_valid:
        job = outputs[d[PD_OUTPUT]]
        rows_beats = (peas * sub_tiles + 1) // _BIAS_IN_BEAT
        d[PD_STATE] = _BIAS
        d[PD_LINE] = job[O_PAR_LINE]
        d[PD_LEFT] = rows_beats * (1 + job[O_NEW_ROWS]) + _PWL_BEATS * job[O_NEW_PWL]
    if take:
        in_beat, size = _BIAS_IN_BEAT, peas * sub_tiles
        if state == _ROWS:
            in_beat, size = _ROWS_IN_BEAT, _ROWS_OF_PEA * peas * sub_tiles
        elif state == _PWL:
            in_beat, size = _SEGMENTS_IN_BEAT, _SEGMENTS
        d[PD_AT] += 1
        if d[PD_AT] % in_beat == 0 or d[PD_AT] == size:
            d[PD_BEATS] -= 1
            d[PD_OPEN] -= 1
        if d[PD_AT] == size:
            d[PD_AT] = 0
            d[PD_STATE] = _next_section(state, outputs[d[PD_OUTPUT]])
    if cmd_take:
        d[PD_STATE] = _IDLE
        d[PD_OUTPUT] += 1
    if beat:
        d[PD_BEATS] += 1
