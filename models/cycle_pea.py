"""One PEA in the cycle model: weight loader, WBUF banks, result drain, around its schedulers.

Decisions come from the registers, then the registers move on, in an order in which nothing is
read after it has moved.
"""

from models.cycle_cache import block
from models.cycle_pooled import pooled_scheduler
from models.cycle_registers import (
    CUR,
    CUR_TILE,
    DR_CMD,
    DR_FIFO,
    DR_GROUP,
    DR_OUT,
    DR_TILE,
    DYN_COUNT,
    DYN_DONE0,
    DYN_FIN,
    DYN_PTR,
    DYN_UPD,
    FULL0,
    IDLE,
    LD_AT,
    LD_BANK,
    LD_FIFO,
    LD_LEFT,
    LD_STATE,
    LD_TAKE,
    NXT,
    RUN,
    STA,
    STA_COUNT,
    STA_DONE0,
    STA_FIN,
    STA_TILE,
    STA_UPD,
    TAKE_LAST,
    TAKE_WORD,
    WAIT,
    WEIGHTS_WAIT,
)
from models.cycle_scheduler import dynamic_scheduler, static_scheduler

__all__ = ["clear_pea", "pea_cycle"]


@block
def clear_pea(s, delay):
    """Registers after reset."""
    s[CUR] = -1
    s[NXT] = -1
    delay[DYN_UPD] = -1
    delay[STA_UPD] = -1


@block
def _weight_loader(work, p, s, valid):
    """One cycle of the weight loader; returns the bank completed, or -1."""
    s[LD_TAKE] = 0
    if s[LD_STATE] == IDLE:
        if s[LD_FIFO] > 0:
            s[LD_STATE] = WAIT
    elif s[LD_STATE] == WAIT:
        if s[FULL0 + s[LD_BANK]] == 0:
            s[LD_STATE] = RUN
            s[LD_LEFT] = work.words[s[LD_AT], p]
    elif valid:
        s[LD_LEFT] -= 1
        s[LD_TAKE] = TAKE_WORD
        if s[LD_LEFT] == 0:
            s[LD_TAKE] = TAKE_LAST
            bank = s[LD_BANK]
            if work.last_load[s[LD_AT]]:
                s[LD_STATE] = IDLE
                s[LD_FIFO] -= 1
            else:
                s[LD_STATE] = WAIT
            s[LD_AT] += 1
            s[LD_BANK] = 1 - bank
            return bank
    return -1


@block
def _result_drain(work, s, delay, at, drained):
    """A finished block leaves the psum buffer, where updates go first."""
    read = (
        s[DR_FIFO] > 0
        and s[DYN_COUNT] > 0
        and s[STA_COUNT] > 0
        and (s[DR_OUT] == 0 or drained)
        and delay[DYN_UPD, at] < 0
        and delay[STA_UPD, at] != s[DR_TILE]
    )
    if drained:
        s[DR_OUT] = 0
    if read:
        s[DR_OUT] = 1
        if s[DR_TILE] == work.doubled[s[DR_CMD]]:
            s[DR_TILE] = 0
            s[DYN_COUNT] -= 1
            s[STA_COUNT] -= 1
            s[DR_GROUP] += 1
            if s[DR_GROUP] == work.groups[s[DR_CMD]]:
                s[DR_GROUP] = 0
                s[DR_CMD] += 1
                s[DR_FIFO] -= 1
        else:
            s[DR_TILE] = 1
    s[DYN_COUNT] += delay[DYN_FIN, at]
    s[STA_COUNT] += delay[STA_FIN, at]


@block
def _banks(work, s, cur, dyn_end, sta, sta_end, loaded):
    """WBUF banks: filled by the loader, free when both schedulers have released them."""
    if dyn_end:
        s[DYN_PTR] += 1
        if work.last_group[cur] == 1:
            s[DYN_DONE0 + work.bank_of[cur]] = 1
    if sta_end:
        s[STA] += 1
        if work.last_group[sta] == 1:
            s[STA_DONE0 + work.bank_of[sta]] = 1
    if loaded >= 0:
        s[FULL0 + loaded] = 1
    for b in range(2):
        if s[DYN_DONE0 + b] == 1 and s[STA_DONE0 + b] == 1:
            s[FULL0 + b] = 0
            s[DYN_DONE0 + b] = 0
            s[STA_DONE0 + b] = 0


@block
def pea_cycle(work, sizes, p, s, delay, at, written, drained, accept, accept_last, valid, events):
    """One cycle of PEA p.

    Args:
        work, sizes: `CoreWork`, `CoreSizes`.
        s, delay: its registers; slot `at` of the delay lines is out now, then refilled.
        written: steps that have reached the group buffers.
        drained: result merge takes its block.
        accept, accept_last: a command is accepted, one without a further pass.
        valid: its weight stream has a word.
        events: sums to add to.
    """
    if s[LD_STATE] == RUN and not valid:
        events[WEIGHTS_WAIT] = 1
    cur, cur_tile, sta, sta_tile = s[CUR], s[CUR_TILE], s[STA], s[STA_TILE]
    if sizes.num_swo == 0:
        dyn_flush, dyn_end = pooled_scheduler(work, sizes, p, s, written, events)
        sta_flush, sta_end = False, dyn_end
    else:
        sta_flush, sta_end = static_scheduler(work, sizes, s, written, events)
        dyn_flush, dyn_end = dynamic_scheduler(
            work, sizes, p, s, written, sta_flush, sta_tile, events
        )
    _result_drain(work, s, delay, at, drained)
    delay[DYN_UPD, at] = cur_tile if dyn_flush else -1
    delay[STA_UPD, at] = sta_tile if sta_flush else -1
    delay[DYN_FIN, at] = 1 if dyn_end and work.last[cur] == 1 else 0
    delay[STA_FIN, at] = 1 if sta_end and work.last[sta] == 1 else 0
    _banks(work, s, cur, dyn_end, sta, sta_end, _weight_loader(work, p, s, valid))
    if accept:
        s[LD_FIFO] += 1
        s[DR_FIFO] += 1 if accept_last else 0
