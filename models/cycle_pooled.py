"""Workload scheduler of a PEA with pooled operators in the cycle model: the sliding window."""

import numpy as np

from models.cycle_cache import block
from models.cycle_registers import (
    CS_BUSY,
    CUR,
    CUR_TILE,
    DR_CMD,
    DR_GROUP,
    FULL0,
    GEN,
    GEN_TILE,
    LL_DWO,
    QUAD,
    STRADDLE_D,
    TAKEN,
    WINDOW,
)
from models.cycle_scheduler import psum_free

__all__ = ["pooled_scheduler"]


def _products() -> tuple[np.ndarray, np.ndarray]:
    """Products of a quad, by 16 * stored weights + stored activations.

    Returns:
        int64 (256), how many; int64 (256), which of them compensate, a bit for each in order.
    """
    count, compensates = np.zeros(256, np.int64), np.zeros(256, np.int64)
    for pair in range(256):
        for k in range(QUAD):
            w, x = pair >> (4 + k) & 1, pair >> k & 1
            for high in (False, *[False] * w, *[True] * x, *[True] * (w & x)):  # LL, HL, LH, HH
                compensates[pair] |= high << count[pair]
                count[pair] += 1
    return count, compensates


_COUNT, _COMPENSATES = _products()


@block
def _other_half(work, step, drained):
    """Outputs of single tiles take turns in the two halves of the psums."""
    output = work.output[step]
    return output == drained + 1 and work.doubled[output] == 0 and work.doubled[drained] == 0


@block
def _gen_ready(work, s, written):
    """The next destination's group is there, its weights too, and its psums are free."""
    gen = s[GEN]
    return (
        gen < written
        and s[FULL0 + work.bank_of[gen]] == 1
        and (psum_free(work, gen, s[DR_CMD], s[DR_GROUP]) or _other_half(work, gen, s[DR_CMD]))
    )


@block
def _move_on(work, s, gen_ready):
    """The next destination, if it is there, becomes the current one."""
    if not gen_ready:
        s[CUR] = -1
        return
    s[CUR], s[CUR_TILE] = s[GEN], s[GEN_TILE]
    if s[GEN_TILE] == work.doubled[work.output[s[GEN]]]:
        s[GEN_TILE] = 0
        s[GEN] += 1
    else:
        s[GEN_TILE] = 1


@block
def pooled_scheduler(work, sizes, p, s, written, events):
    """Products of the window, in order.

    Returns:
        whether the current destination ends, and whether its group does.
    """
    cur, cur_tile, gen, gen_tile = s[CUR], s[CUR_TILE], s[GEN], s[GEN_TILE]
    gen_ready = _gen_ready(work, s, written)
    left = work.quads[cur] - s[WINDOW] if cur >= 0 else 0
    first, end = s[TAKEN], s[TAKEN] + sizes.num_dwo  # products of the window that are handed out
    done, ahead, taken, on_cur, on_gen, cs_busy = 0, 0, 0, 0, 0, False
    for q in range(sizes.num_dwo // QUAD + 1):
        if q < left:
            step, tile, at = cur, cur_tile, s[WINDOW] + q
        elif gen_ready and q - left < work.quads[gen]:
            step, tile, at = gen, gen_tile, q - left
        else:
            break
        pair = 16 * work.w_quads[work.load[step], p, tile, at] + work.x_quads[step, at]
        low, high = max(first - ahead, 0), min(end - ahead, _COUNT[pair])
        cs_busy |= (_COMPENSATES[pair] & ((1 << high) - 1)) >> low != 0
        if q < left:
            on_cur += high - low
        else:
            on_gen += high - low
        if high < _COUNT[pair]:
            taken = high
            break
        done += 1
        ahead += high
    events[LL_DWO] += QUAD * done
    events[STRADDLE_D] += 1 if on_cur > 0 and on_gen > 0 else 0
    events[CS_BUSY] += 1 if cs_busy else 0

    exhausted = done >= left
    flush = cur >= 0 and exhausted
    group_end = flush and cur_tile == work.doubled[work.output[cur]]
    s[TAKEN] = taken
    if exhausted:
        s[WINDOW] = done - left
        _move_on(work, s, gen_ready)
    else:
        s[WINDOW] += done
    return flush, group_end
