"""PPU in the chip's cycle model: control, pipeline, raw blocks and output (rtl/ppu/ppu.sv)."""

from models.chip.cycles import packetizer
from models.chip.cycles.packetizer import BEAT_END, BEAT_LAST, BEAT_NONE, BEAT_TILE
from models.chip.cycles.work import (
    O_DTP,
    O_FIRST_BLOCK,
    O_GROUPS,
    O_NEW_PWL,
    O_RAW,
    O_ROWS,
    O_WIDE,
)
from models.cycle_cache import block

__all__ = [
    "FIELDS",
    "beat",
    "busy",
    "command_ready",
    "parameter_ready",
    "ready",
    "step",
]

_STAGES = 6
_LOOKUP = 2  # the stage whose block reads its segments
_ROWS = 4
_OUT_DEPTH = 2

# NEXT_BLOCK: of the command, in order. A stage: valid, last, tile, wide, entries, bank.
(
    ACTIVE, COMMAND, NEXT_OUTPUT, PEA, TILE, GROUP, NEXT_BLOCK, PWL_BANK, PACKETS,
    RAW, RAW_HALF, RAW_LAST, RAW_TILE, OUT_IN, OUT_OUT, OUT, STAGES,
) = (*range(16), 15 + _OUT_DEPTH)  # fmt: skip
S_VALID, S_LAST, S_TILE, S_WIDE, S_COUNT, S_BANK, _STAGE_FIELDS = range(7)
PACKETIZER = STAGES + _STAGES * _STAGE_FIELDS
FIELDS = PACKETIZER + packetizer.FIELDS


@block
def _out_space(u):
    return u[OUT_IN] - u[OUT_OUT] < _OUT_DEPTH


@block
def _raw_space(u):
    return u[RAW] == 0 or (u[RAW_HALF] == 1 and _out_space(u))


@block
def _move(u, peas):
    """The pipeline moves: its last block, if any, is taken."""
    last = STAGES + (_STAGES - 1) * _STAGE_FIELDS
    return u[last + S_VALID] == 0 or packetizer.ready(u[PACKETIZER:], peas)


@block
def ready(u, outputs, peas):
    """A block of results would be taken."""
    if u[ACTIVE] == 0:
        return False
    if outputs[u[COMMAND], O_RAW]:
        return u[PACKETS] == 0 and _raw_space(u)
    return _move(u, peas)


@block
def _command_end(u, outputs, peas):
    """The next block is the command's last one."""
    o = outputs[u[COMMAND]]
    return u[PEA] == peas - 1 and u[TILE] == o[O_DTP] and u[GROUP] + 1 == o[O_GROUPS]


@block
def command_ready(u, outputs, peas, take):
    """A command would be taken; `take`: a block is taken."""
    return u[ACTIVE] == 0 or (take and _command_end(u, outputs, peas))


@block
def parameter_ready(u):
    """A parameter would be taken: no block may still need the bank of segments to be written."""
    for s in range(_LOOKUP + 1):
        at = STAGES + s * _STAGE_FIELDS
        if u[at + S_VALID] == 1 and u[at + S_BANK] != u[PWL_BANK]:
            return False
    return True


@block
def beat(u):
    """Flags of the output beat that is offered, or BEAT_NONE."""
    return u[OUT + u[OUT_OUT] % _OUT_DEPTH] if u[OUT_IN] != u[OUT_OUT] else BEAT_NONE


@block
def busy(u):
    """There is a command or a beat of its results."""
    return u[ACTIVE] == 1 or u[RAW] == 1 or u[PACKETS] > 0 or u[OUT_IN] != u[OUT_OUT]


@block
def _pipeline(u, outputs, entries, peas, take):
    """The stages move; the block taken, if it is not raw and has valid rows, enters."""
    for s in range(_STAGES - 1, 0, -1):
        for f in range(_STAGE_FIELDS):
            at = STAGES + s * _STAGE_FIELDS + f
            u[at] = u[at - _STAGE_FIELDS]
    o = outputs[u[COMMAND]]
    left = o[O_ROWS] - _ROWS * (u[PEA] + u[TILE] * peas)
    enters = take and o[O_RAW] == 0 and left > 0
    u[STAGES + S_VALID] = 1 if enters else 0
    if enters:
        u[STAGES + S_LAST] = 1 if u[PEA] == peas - 1 or left <= _ROWS else 0
        u[STAGES + S_TILE] = u[TILE]
        u[STAGES + S_WIDE] = o[O_WIDE]
        u[STAGES + S_COUNT] = entries[o[O_FIRST_BLOCK] + u[NEXT_BLOCK]]
        u[STAGES + S_BANK] = u[PWL_BANK]
        u[PACKETS] += u[STAGES + S_LAST]


@block
def _control(u, outputs, peas):
    """A block was taken."""
    o = outputs[u[COMMAND]]
    u[NEXT_BLOCK] += 1
    u[PEA] += 1
    if u[PEA] == peas:
        u[PEA] = 0
        u[TILE] += 1
        if u[TILE] > o[O_DTP]:
            u[TILE] = 0
            u[GROUP] += 1
            if u[GROUP] == o[O_GROUPS]:
                u[GROUP] = 0
                u[ACTIVE] = 0


@block
def step(u, outputs, entries, peas, take, start, sent):
    """One cycle.

    Args:
        u: registers.
        outputs, entries: of `ChipWork`.
        peas: of the core.
        take: a block is taken.
        start: a command is taken.
        sent: the output beat that is offered is taken.
    """
    k = u[PACKETIZER:]
    out_space = _out_space(u)
    move = _move(u, peas)
    beat = packetizer.beat(k)
    packet_sent = beat != BEAT_NONE and out_space and u[RAW] == 0
    # Output: raw beats go first.
    out = BEAT_NONE
    if packet_sent:
        out = beat
        u[PACKETS] -= 1 if beat & BEAT_END else 0
    elif u[RAW] == 1 and out_space:
        out = BEAT_TILE if u[RAW_TILE] else 0
        out |= BEAT_LAST if u[RAW_HALF] and u[RAW_LAST] else 0
        u[RAW] = 1 - u[RAW_HALF]
        u[RAW_HALF] = 1 - u[RAW_HALF]
    if sent:
        u[OUT_OUT] += 1
    if out != BEAT_NONE:
        u[OUT + u[OUT_IN] % _OUT_DEPTH] = out
        u[OUT_IN] += 1
    # Packetizer.
    s = u[STAGES + (_STAGES - 1) * _STAGE_FIELDS :]
    fire = s[S_VALID] == 1 and move
    packetizer.step(k, peas, fire, s[S_LAST], s[S_TILE], s[S_WIDE], s[S_COUNT], packet_sent)
    # Pipeline and control.
    if move:
        _pipeline(u, outputs, entries, peas, take)
    if take:
        if outputs[u[COMMAND], O_RAW]:
            u[RAW] = 1
            u[RAW_LAST] = 1 if u[PEA] == peas - 1 else 0
            u[RAW_TILE] = u[TILE]
        _control(u, outputs, peas)
    if start:
        u[ACTIVE] = 1
        u[COMMAND] = u[NEXT_OUTPUT]
        u[NEXT_OUTPUT] += 1
        u[NEXT_BLOCK] = 0
        u[PWL_BANK] ^= outputs[u[COMMAND], O_NEW_PWL]
