"""Workload scheduler of a PEA in the cycle model: dynamic and static scheduler."""

from models.cycle_cache import block
from models.cycle_registers import (
    CS_BUSY,
    CUR,
    CUR_ANY,
    CUR_HH,
    CUR_HL,
    CUR_LH,
    CUR_TILE,
    DR_CMD,
    DR_GROUP,
    DYN_DONE0,
    FLUSH_WAIT,
    FULL0,
    GEN,
    GEN_TILE,
    LL_DWO,
    LL_SWO,
    NXT,
    NXT_ANY,
    NXT_HH,
    NXT_HL,
    NXT_LH,
    NXT_TILE,
    QUAD,
    STA,
    STA_DONE0,
    STA_QUAD,
    STA_TILE,
    STRADDLE_D,
    STRADDLE_L,
)

__all__ = ["dynamic_scheduler", "psum_free", "static_scheduler"]


@block
def psum_free(work, step, drained, drained_group):
    """An output tile's first K-tile may use a group's psums once the last tile's are out."""
    if work.first[step] == 0 or work.output[step] <= drained:
        return True
    return work.output[step] == drained + 1 and work.group[step] < drained_group


@block
def _work_of_dwos(sizes, s):
    """Products of the current and of the next destination that the DWOs run."""
    left = s[CUR_HH] + s[CUR_HL] + s[CUR_LH]
    n_cur = min(sizes.num_dwo, left)
    n_nxt = 0
    if n_cur == left:
        n_nxt = min(sizes.num_dwo - n_cur, s[NXT_HH] + s[NXT_HL] + s[NXT_LH])
    return n_cur, n_nxt


@block
def _static_ready(work, s, step, written):
    """A group is there, its weights too, and its psums are free."""
    if step >= written:
        return False
    b = work.bank_of[step]
    return (
        s[FULL0 + b] == 1
        and s[STA_DONE0 + b] == 0
        and psum_free(work, step, s[DR_CMD], s[DR_GROUP])
    )


@block
def static_scheduler(work, sizes, s, written, events):
    """Quads of the current and of the next destination; before the dynamic scheduler.

    Returns:
        whether a destination and whether a group ends.
    """
    sta = s[STA]
    if not _static_ready(work, s, sta, written):
        return False, False
    swo_quads, dwo_quads = sizes.num_swo // 4, sizes.num_dwo // 4
    two = work.doubled[work.output[sta]]
    free = swo_quads
    if (sizes.runs_ll >> two) & 1:
        n_cur, n_nxt = _work_of_dwos(sizes, s)
        free += dwo_quads - (n_cur + n_nxt + 3) // 4
    left = work.quads[sta] - s[STA_QUAD]
    flush, same_group = free >= left, two == 1 and s[STA_TILE] == 0
    q_cur, q_nxt = min(free, left), 0
    if flush:
        nxt = sta if same_group else sta + 1
        if same_group or _static_ready(work, s, nxt, written):
            q_nxt = min(free - q_cur, work.quads[nxt])
        s[STA_TILE] = 1 if same_group else 0
        s[STA_QUAD] = q_nxt
    else:
        s[STA_QUAD] += q_cur
    on_swo = min(swo_quads, q_cur + q_nxt)
    events[LL_SWO] += QUAD * on_swo
    events[LL_DWO] += QUAD * (q_cur + q_nxt - on_swo)
    events[STRADDLE_L] += 1 if q_cur > 0 and q_nxt > 0 else 0
    return flush, flush and not same_group


@block
def _issue(free, hh, hl, lh):
    """What is left of a destination's products, and whether the compensator has work."""
    n_hh = min(free, hh)
    n_hl = min(free - n_hh, hl)
    n_lh = min(free - n_hh - n_hl, lh)
    return hh - n_hh, hl - n_hl, lh - n_lh, n_hh > 0 or n_lh > 0


@block
def _start(work, p, s):
    """The next destination is one of the group looked at."""
    gen, tile = s[GEN], s[GEN_TILE]
    total, n_hl, n_lh = work.dynamic[gen, p, tile], work.hl[gen, p, tile], work.lh[gen]
    s[NXT], s[NXT_TILE], s[NXT_ANY] = gen, tile, 1 if total > 0 else 0
    s[NXT_HH], s[NXT_HL], s[NXT_LH] = total - n_hl - n_lh, n_hl, n_lh
    if tile == work.doubled[work.output[gen]]:
        s[GEN_TILE] = 0
        s[GEN] += 1
    else:
        s[GEN_TILE] = 1


@block
def dynamic_scheduler(work, sizes, p, s, written, sta_flush, sta_tile, events):
    """Products of the current and of the next destination.

    Args:
        sta_flush, sta_tile: the static scheduler ends a destination of this tile.

    Returns:
        whether the current destination ends with a sum, and whether its group ends.
    """
    n_cur, n_nxt = _work_of_dwos(sizes, s)
    hh, hl, lh, cs_busy = _issue(n_cur, s[CUR_HH], s[CUR_HL], s[CUR_LH])
    exhausted = hh + hl + lh == 0
    # The dynamic flush gives way to a static one of the same tile.
    cur, cur_tile = s[CUR], s[CUR_TILE]
    flush = cur >= 0 and exhausted and s[CUR_ANY] == 1
    waits = flush and sta_flush and sta_tile == cur_tile
    if waits:
        n_nxt = 0
        events[FLUSH_WAIT] += 1
    events[STRADDLE_D] += 1 if n_cur > 0 and n_nxt > 0 else 0
    advance = exhausted and not waits
    group_end = cur >= 0 and advance and cur_tile == work.doubled[work.output[cur]]

    # Destinations move up; a group starts when all it needs is there.
    gen, gen_ready = s[GEN], False
    if gen < written:
        b = work.bank_of[gen]
        released = s[DYN_DONE0 + b] == 1 or (
            group_end and work.last_group[cur] == 1 and work.bank_of[cur] == b
        )
        gen_ready = (
            s[FULL0 + b] == 1 and not released and psum_free(work, gen, s[DR_CMD], s[DR_GROUP])
        )
    gen_take = gen_ready and (advance or s[NXT] < 0)
    if advance:
        s[CUR], s[CUR_ANY], s[CUR_TILE] = s[NXT], s[NXT_ANY], s[NXT_TILE]
        s[CUR_HH], s[CUR_HL], s[CUR_LH], nxt_cs = _issue(n_nxt, s[NXT_HH], s[NXT_HL], s[NXT_LH])
        cs_busy |= nxt_cs
        s[NXT], s[NXT_HH], s[NXT_HL], s[NXT_LH] = -1, 0, 0, 0
    else:
        s[CUR_HH], s[CUR_HL], s[CUR_LH] = hh, hl, lh
    events[CS_BUSY] += 1 if cs_busy else 0
    if gen_take:
        _start(work, p, s)
    return flush and not waits, group_end
