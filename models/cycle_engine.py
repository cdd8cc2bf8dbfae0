"""The compiled engine of the cycle model: the registers of the core that decide its timing.

One function for the core, because compiled functions that share arrays cost several times the
work they do; its sections are the RTL's blocks. Per cycle: decisions from the registers, then the
next registers, in an order in which nothing is read after it has moved on.
"""

import numpy as np
from numba import njit

__all__ = ["run_engine"]

_CMD_DEPTH = 2  # stream FIFOs of commands: activations, weight loader, bias
_OUT_DEPTH = 4  # stream FIFOs of commands: result drain, result merge
_TO_BUFFER = 4  # cycles from a scheduling decision to its update of the psum buffer
_TO_RESULT = 2  # cycles from a block's choice in result merge to its beat
_QUIET = 1 << 20  # cycles without a block after which the model gives up

# Per-PEA state: field numbers of the state array.
(
    _LD_STATE, _LD_LEFT, _LD_AT, _LD_BANK, _LD_FIFO,
    _FULL0, _FULL1, _DYN_DONE0, _DYN_DONE1, _STA_DONE0, _STA_DONE1,
    _GEN, _GEN_TILE, _DYN_PTR,
    _CUR, _CUR_LEFT, _CUR_ANY, _CUR_TILE, _NXT, _NXT_LEFT, _NXT_ANY, _NXT_TILE,
    _STA, _STA_TILE, _STA_QUAD,
    _DYN_COUNT, _STA_COUNT, _DR_FIFO, _DR_CMD, _DR_GROUP, _DR_TILE, _DR_OUT,
    _FIELDS,
) = range(33)  # fmt: skip
_LD_IDLE, _LD_WAIT, _LD_RUN = range(3)


@njit(cache=True)
def _psum_free(step, output, first, group, drained, drained_group):
    """An output tile's first K-tile may use a group's psums once the last tile's are out."""
    if first[step] == 0 or output[step] <= drained:
        return True
    return output[step] == drained + 1 and group[step] < drained_group


@njit(cache=True)
def _weight_loader(s, words, last_load, p):
    """One cycle of the weight loader; returns the bank completed, or -1."""
    if s[_LD_STATE] == _LD_IDLE:
        if s[_LD_FIFO] > 0:
            s[_LD_STATE] = _LD_WAIT
    elif s[_LD_STATE] == _LD_WAIT:
        if s[_FULL0 + s[_LD_BANK]] == 0:
            s[_LD_STATE] = _LD_RUN
            s[_LD_LEFT] = words[s[_LD_AT], p]
    else:
        s[_LD_LEFT] -= 1
        if s[_LD_LEFT] == 0:
            bank = s[_LD_BANK]
            if last_load[s[_LD_AT]]:
                s[_LD_STATE] = _LD_IDLE
                s[_LD_FIFO] -= 1
            else:
                s[_LD_STATE] = _LD_WAIT
            s[_LD_AT] += 1
            s[_LD_BANK] = 1 - bank
            return bank
    return -1


@njit(cache=True)
def run_engine(
    num_dwo, num_swo, runs_ll, depth,
    groups, doubled, more,
    output, group, first, last, cmd_end, last_group, quads, beats_in, beats_out,
    dynamic, words, last_load,
):  # fmt: skip
    outputs, commands, steps, peas = len(groups), len(more), len(output), words.shape[1]
    swo_quads, dwo_quads = num_swo // 4, num_dwo // 4
    bank_of = np.empty(steps, np.int64)  # WBUF banks alternate from K-tile to K-tile
    k_tile = 0
    for i in range(steps):
        bank_of[i] = k_tile & 1
        k_tile += last_group[i]

    st = np.zeros((peas, _FIELDS), np.int64)
    st[:, _CUR] = -1
    st[:, _NXT] = -1
    # Updates under way to the psum buffer: -1 none, else the tile; finished groups.
    dyn_upd = np.full((peas, _TO_BUFFER), -1, np.int64)
    sta_upd = np.full((peas, _TO_BUFFER), -1, np.int64)
    dyn_fin = np.zeros((peas, _TO_BUFFER), np.int64)
    sta_fin = np.zeros((peas, _TO_BUFFER), np.int64)

    next_cmd = 0
    gab_fifo, gab_active, gab_step, gab_beats = 0, 0, 0, 0
    gab_fill, gab_send, gab_sent = 0, 0, 0
    gab_full = np.zeros(2, np.int64)
    gab_held = np.zeros(2, np.int64)
    written = 0  # steps that have reached the PEAs' group buffers
    bias_fifo, bias_cmd, bias_beats, bias_bank = 0, 0, 0, 0
    bias_full = np.zeros(2, np.int64)
    out_fifo, out_cmd, out_group, out_tile, out_pea, out_bank = 0, 0, 0, 0, 0, 0

    first_cycle, last_take, cycle, quiet = -1, 0, 0, 0
    ll_swo, ll_dwo, straddle_d, straddle_l, flush_wait = 0, 0, 0, 0, 0

    while out_cmd < outputs and quiet < _QUIET:
        quiet += 1
        at = cycle % _TO_BUFFER  # slot of the delay lines: out now, refilled for later

        # Commands go to all FIFOs at once, if all have space.
        accept = (
            next_cmd < commands
            and gab_fifo < _CMD_DEPTH
            and bias_fifo < _CMD_DEPTH
            and out_fifo < _OUT_DEPTH
        )
        for p in range(peas):
            if st[p, _LD_FIFO] >= _CMD_DEPTH or st[p, _DR_FIFO] >= _OUT_DEPTH:
                accept = False
        accept_last = accept and more[next_cmd] == 0  # passes before the last have no results

        # Result merge: blocks in the order group, tile, PEA.
        take = out_fifo > 0 and bias_full[out_bank] == 1 and st[out_pea, _DR_OUT] == 1
        taken_pea = out_pea if take else -1
        out_end = False
        merge_bank = out_bank
        if take:
            last_take, quiet = cycle, 0
            out_pea += 1
            if out_pea == peas:
                out_pea = 0
                if out_tile == doubled[out_cmd]:
                    out_tile = 0
                    out_group += 1
                    if out_group == groups[out_cmd]:
                        out_group, out_end = 0, True
                        out_cmd += 1
                        out_bank = 1 - out_bank
                else:
                    out_tile = 1

        # Bias, one beat for every tile and PEA.
        bias_end = False
        set_bias = -1
        if bias_fifo > 0 and bias_full[bias_bank] == 0:
            bias_beats += 1
            if bias_beats == peas * (1 + doubled[bias_cmd]):
                bias_beats, bias_end, set_bias = 0, True, bias_bank
                bias_bank = 1 - bias_bank
                bias_cmd += 1
        if out_end:
            bias_full[merge_bank] = 0
        if set_bias >= 0:
            bias_full[set_bias] = 1

        # Broadcast of the global activation buffer, all PEAs together.
        ready = gab_full[gab_send] == 1
        for p in range(peas):
            if written - st[p, _DYN_PTR] == depth or written - st[p, _STA] == depth:
                ready = False
        arrived = False
        sent_slot = -1
        if ready:
            gab_sent += 1
            if gab_sent == beats_out[gab_held[gab_send]]:
                gab_sent, arrived, sent_slot = 0, True, gab_send
                gab_send = 1 - gab_send
        # Its filling.
        gab_end = False
        filled_slot = -1
        if gab_active == 0:
            if gab_fifo > 0:
                gab_active = 1
        elif gab_full[gab_fill] == 0:
            gab_beats += 1
            if gab_beats == beats_in[gab_step]:
                gab_beats, filled_slot = 0, gab_fill
                gab_held[gab_fill] = gab_step
                gab_fill = 1 - gab_fill
                if cmd_end[gab_step] == 1:
                    gab_end, gab_active = True, 0
                gab_step += 1
        if sent_slot >= 0:
            gab_full[sent_slot] = 0
        if filled_slot >= 0:
            gab_full[filled_slot] = 1

        for p in range(peas):
            s = st[p]

            # Dynamic scheduler: products of the current and of the next destination.
            n_cur = min(num_dwo, s[_CUR_LEFT])
            exhausted = n_cur == s[_CUR_LEFT]
            n_nxt = min(num_dwo - n_cur, s[_NXT_LEFT]) if exhausted else 0
            busy_quads = (n_cur + n_nxt + 3) // 4

            # Static scheduler: quads of the current and of the next destination.
            sta, tile = s[_STA], s[_STA_TILE]
            sta_ready = False
            if sta < written:
                b = bank_of[sta]
                sta_ready = (
                    s[_FULL0 + b] == 1
                    and s[_STA_DONE0 + b] == 0
                    and _psum_free(sta, output, first, group, s[_DR_CMD], s[_DR_GROUP])
                )
            sta_flush, sta_end, q_cur, q_nxt, sta_tile = False, False, 0, 0, tile
            if sta_ready:
                two = doubled[output[sta]]
                free = swo_quads
                if (runs_ll >> two) & 1:
                    free += dwo_quads - busy_quads
                left = quads[sta] - s[_STA_QUAD]
                q_cur = min(free, left)
                sta_flush = free >= left
                same_group = two == 1 and tile == 0
                if sta_flush:
                    nxt_ok, nxt = same_group, sta
                    if not same_group and sta + 1 < written:
                        nxt = sta + 1
                        b = bank_of[nxt]
                        nxt_ok = (
                            s[_FULL0 + b] == 1
                            and s[_STA_DONE0 + b] == 0
                            and _psum_free(nxt, output, first, group, s[_DR_CMD], s[_DR_GROUP])
                        )
                    if nxt_ok:
                        q_nxt = min(free - q_cur, quads[nxt])
                    sta_end = not same_group
                    s[_STA_TILE] = 1 if same_group else 0
                    s[_STA_QUAD] = q_nxt
                else:
                    s[_STA_QUAD] += q_cur
                on_swo = min(swo_quads, q_cur + q_nxt)
                ll_swo += on_swo
                ll_dwo += q_cur + q_nxt - on_swo
                straddle_l += 1 if q_cur > 0 and q_nxt > 0 else 0

            # The dynamic flush gives way to a static one of the same tile.
            cur, cur_tile = s[_CUR], s[_CUR_TILE]
            flush = cur >= 0 and exhausted and s[_CUR_ANY] == 1
            waits = flush and sta_flush and sta_tile == cur_tile
            if waits:
                n_nxt = 0
                flush_wait += 1
            straddle_d += 1 if n_cur > 0 and n_nxt > 0 else 0
            advance = exhausted and not waits
            dyn_end = cur >= 0 and advance and cur_tile == doubled[output[cur]]

            # Destinations move up; a group starts when all it needs is there.
            gen, gen_ready = s[_GEN], False
            if gen < written:
                b = bank_of[gen]
                released = s[_DYN_DONE0 + b] == 1 or (
                    dyn_end and last_group[cur] == 1 and bank_of[cur] == b
                )
                gen_ready = (
                    s[_FULL0 + b] == 1
                    and not released
                    and _psum_free(gen, output, first, group, s[_DR_CMD], s[_DR_GROUP])
                )
            gen_take = gen_ready and (advance or s[_NXT] < 0)
            if advance:
                s[_CUR], s[_CUR_ANY], s[_CUR_TILE] = s[_NXT], s[_NXT_ANY], s[_NXT_TILE]
                s[_CUR_LEFT] = s[_NXT_LEFT] - n_nxt
                s[_NXT], s[_NXT_LEFT] = -1, 0
            else:
                s[_CUR_LEFT] -= n_cur
            if gen_take:
                work = dynamic[gen, p, s[_GEN_TILE]]
                s[_NXT], s[_NXT_LEFT], s[_NXT_TILE] = gen, work, s[_GEN_TILE]
                s[_NXT_ANY] = 1 if work > 0 else 0
                if s[_GEN_TILE] == doubled[output[gen]]:
                    s[_GEN_TILE] = 0
                    s[_GEN] += 1
                else:
                    s[_GEN_TILE] = 1

            # Result drain: updates of the psum buffer go first.
            read = (
                s[_DR_FIFO] > 0
                and s[_DYN_COUNT] > 0
                and s[_STA_COUNT] > 0
                and (s[_DR_OUT] == 0 or taken_pea == p)
                and dyn_upd[p, at] < 0
                and sta_upd[p, at] != s[_DR_TILE]
            )
            if taken_pea == p:
                s[_DR_OUT] = 0
            if read:
                s[_DR_OUT] = 1
                if s[_DR_TILE] == doubled[s[_DR_CMD]]:
                    s[_DR_TILE] = 0
                    s[_DYN_COUNT] -= 1
                    s[_STA_COUNT] -= 1
                    s[_DR_GROUP] += 1
                    if s[_DR_GROUP] == groups[s[_DR_CMD]]:
                        s[_DR_GROUP] = 0
                        s[_DR_CMD] += 1
                        s[_DR_FIFO] -= 1
                else:
                    s[_DR_TILE] = 1
            s[_DYN_COUNT] += dyn_fin[p, at]
            s[_STA_COUNT] += sta_fin[p, at]
            dyn_upd[p, at] = cur_tile if flush and not waits else -1
            sta_upd[p, at] = sta_tile if sta_flush else -1
            dyn_fin[p, at] = 1 if dyn_end and last[cur] == 1 else 0
            sta_fin[p, at] = 1 if sta_end and last[sta] == 1 else 0

            # WBUF banks.
            loaded = _weight_loader(s, words, last_load, p)
            if dyn_end:
                s[_DYN_PTR] += 1
                if last_group[cur] == 1:
                    s[_DYN_DONE0 + bank_of[cur]] = 1
            if sta_end:
                s[_STA] += 1
                if last_group[sta] == 1:
                    s[_STA_DONE0 + bank_of[sta]] = 1
            if loaded >= 0:
                s[_FULL0 + loaded] = 1
            for b in range(2):
                if s[_DYN_DONE0 + b] == 1 and s[_STA_DONE0 + b] == 1:
                    s[_FULL0 + b] = 0
                    s[_DYN_DONE0 + b] = 0
                    s[_STA_DONE0 + b] = 0

            if accept:
                s[_LD_FIFO] += 1
                s[_DR_FIFO] += 1 if accept_last else 0

        # Shared registers.
        written += 1 if arrived else 0
        gab_fifo += (1 if accept else 0) - (1 if gab_end else 0)
        bias_fifo += (1 if accept_last else 0) - (1 if bias_end else 0)
        out_fifo += (1 if accept_last else 0) - (1 if out_end else 0)
        if accept:
            if next_cmd == 0:
                first_cycle = cycle
            next_cmd += 1
        cycle += 1

    cycles = last_take + _TO_RESULT - first_cycle + 1 if out_cmd == outputs else -1
    return cycles, ll_swo, ll_dwo, straddle_d, straddle_l, flush_wait
