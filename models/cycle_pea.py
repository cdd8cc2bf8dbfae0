"""One PEA in the cycle model: weight loader, workload scheduler, WBUF banks, result drain.

Compiled by `models.cycle_engine` and `models.chip.cycles_engine`. Decisions come from the
registers, then the registers move on, in an order in which nothing is read after it has moved.
"""

from models.cycle_cache import block

__all__ = [
    "DRAIN_DEPTH",
    "DR_FIFO",
    "DR_OUT",
    "DYN_PTR",
    "EVENTS",
    "LD_FIFO",
    "LD_TAKE",
    "LOADER_DEPTH",
    "PEA_FIELDS",
    "STA",
    "TAKE_LAST",
    "TAKE_WORD",
    "TO_BUFFER",
    "WEIGHTS_WAIT",
    "clear_pea",
    "pea_cycle",
]

LOADER_DEPTH = 2  # stream FIFO of commands: weight loader
DRAIN_DEPTH = 4  # result drain
TO_BUFFER = 4  # cycles from a scheduling decision to its update of the psum buffer

# Registers, and what the loader did in this cycle: LD_TAKE.
(
    LD_STATE, LD_LEFT, LD_AT, LD_BANK, LD_FIFO, LD_TAKE,
    FULL0, FULL1, DYN_DONE0, DYN_DONE1, STA_DONE0, STA_DONE1,
    GEN, GEN_TILE, DYN_PTR,
    CUR, CUR_HH, CUR_HL, CUR_LH, CUR_ANY, CUR_TILE,
    NXT, NXT_HH, NXT_HL, NXT_LH, NXT_ANY, NXT_TILE,
    STA, STA_TILE, STA_QUAD,
    DYN_COUNT, STA_COUNT, DR_FIFO, DR_CMD, DR_GROUP, DR_TILE, DR_OUT,
    PEA_FIELDS,
) = range(38)  # fmt: skip
IDLE, WAIT, RUN = range(3)  # LD_STATE
TAKE_WORD, TAKE_LAST = 1, 2  # LD_TAKE: a word, a K-tile's last word

# Updates under way to the psum buffer, -1: none, else the tile; finished groups.
DYN_UPD, STA_UPD, DYN_FIN, STA_FIN = range(4)

# Sums over all PEAs and cycles; WEIGHTS_WAIT of this cycle only.
(
    LL_SWO, LL_DWO, STRADDLE_D, STRADDLE_L, FLUSH_WAIT, CS_BUSY, WEIGHTS_WAIT, EVENTS,
) = range(8)  # fmt: skip


@block
def clear_pea(s, delay):
    """Registers after reset."""
    s[CUR] = -1
    s[NXT] = -1
    delay[DYN_UPD] = -1
    delay[STA_UPD] = -1


@block
def _psum_free(work, step, drained, drained_group):
    """An output tile's first K-tile may use a group's psums once the last tile's are out."""
    if work.first[step] == 0 or work.output[step] <= drained:
        return True
    return work.output[step] == drained + 1 and work.group[step] < drained_group


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
def _issue(free, hh, hl, lh):
    """What is left of a destination's products, and whether the compensator has work."""
    n_hh = min(free, hh)
    n_hl = min(free - n_hh, hl)
    n_lh = min(free - n_hh - n_hl, lh)
    return hh - n_hh, hl - n_hl, lh - n_lh, n_hh > 0 or n_lh > 0


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
    swo_quads, dwo_quads = sizes.num_swo // 4, sizes.num_dwo // 4
    if s[LD_STATE] == RUN and not valid:
        events[WEIGHTS_WAIT] = 1

    # Dynamic scheduler: products of the current and of the next destination.
    n_cur = min(sizes.num_dwo, s[CUR_HH] + s[CUR_HL] + s[CUR_LH])
    hh, hl, lh, cs_busy = _issue(sizes.num_dwo, s[CUR_HH], s[CUR_HL], s[CUR_LH])
    exhausted = hh + hl + lh == 0
    n_nxt = 0
    if exhausted:
        n_nxt = min(sizes.num_dwo - n_cur, s[NXT_HH] + s[NXT_HL] + s[NXT_LH])
    busy_quads = (n_cur + n_nxt + 3) // 4

    # Static scheduler: quads of the current and of the next destination.
    sta, tile = s[STA], s[STA_TILE]
    sta_ready = False
    if sta < written:
        b = work.bank_of[sta]
        sta_ready = (
            s[FULL0 + b] == 1
            and s[STA_DONE0 + b] == 0
            and _psum_free(work, sta, s[DR_CMD], s[DR_GROUP])
        )
    sta_flush, sta_end, q_cur, q_nxt, sta_tile = False, False, 0, 0, tile
    if sta_ready:
        two = work.doubled[work.output[sta]]
        free = swo_quads
        if (sizes.runs_ll >> two) & 1:
            free += dwo_quads - busy_quads
        left = work.quads[sta] - s[STA_QUAD]
        q_cur = min(free, left)
        sta_flush = free >= left
        same_group = two == 1 and tile == 0
        if sta_flush:
            nxt_ok, nxt = same_group, sta
            if not same_group and sta + 1 < written:
                nxt = sta + 1
                b = work.bank_of[nxt]
                nxt_ok = (
                    s[FULL0 + b] == 1
                    and s[STA_DONE0 + b] == 0
                    and _psum_free(work, nxt, s[DR_CMD], s[DR_GROUP])
                )
            if nxt_ok:
                q_nxt = min(free - q_cur, work.quads[nxt])
            sta_end = not same_group
            s[STA_TILE] = 1 if same_group else 0
            s[STA_QUAD] = q_nxt
        else:
            s[STA_QUAD] += q_cur
        on_swo = min(swo_quads, q_cur + q_nxt)
        events[LL_SWO] += on_swo
        events[LL_DWO] += q_cur + q_nxt - on_swo
        events[STRADDLE_L] += 1 if q_cur > 0 and q_nxt > 0 else 0

    # The dynamic flush gives way to a static one of the same tile.
    cur, cur_tile = s[CUR], s[CUR_TILE]
    flush = cur >= 0 and exhausted and s[CUR_ANY] == 1
    waits = flush and sta_flush and sta_tile == cur_tile
    if waits:
        n_nxt = 0
        events[FLUSH_WAIT] += 1
    events[STRADDLE_D] += 1 if n_cur > 0 and n_nxt > 0 else 0
    advance = exhausted and not waits
    dyn_end = cur >= 0 and advance and cur_tile == work.doubled[work.output[cur]]

    # Destinations move up; a group starts when all it needs is there.
    gen, gen_ready = s[GEN], False
    if gen < written:
        b = work.bank_of[gen]
        released = s[DYN_DONE0 + b] == 1 or (
            dyn_end and work.last_group[cur] == 1 and work.bank_of[cur] == b
        )
        gen_ready = (
            s[FULL0 + b] == 1 and not released and _psum_free(work, gen, s[DR_CMD], s[DR_GROUP])
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
        tile = s[GEN_TILE]
        total, n_hl, n_lh = work.dynamic[gen, p, tile], work.hl[gen, p, tile], work.lh[gen]
        s[NXT], s[NXT_TILE], s[NXT_ANY] = gen, tile, 1 if total > 0 else 0
        s[NXT_HH], s[NXT_HL], s[NXT_LH] = total - n_hl - n_lh, n_hl, n_lh
        if tile == work.doubled[work.output[gen]]:
            s[GEN_TILE] = 0
            s[GEN] += 1
        else:
            s[GEN_TILE] = 1

    # Result drain: updates of the psum buffer go first.
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
    delay[DYN_UPD, at] = cur_tile if flush and not waits else -1
    delay[STA_UPD, at] = sta_tile if sta_flush else -1
    delay[DYN_FIN, at] = 1 if dyn_end and work.last[cur] == 1 else 0
    delay[STA_FIN, at] = 1 if sta_end and work.last[sta] == 1 else 0

    # WBUF banks.
    loaded = _weight_loader(work, p, s, valid)
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
    if accept:
        s[LD_FIFO] += 1
        s[DR_FIFO] += 1 if accept_last else 0
