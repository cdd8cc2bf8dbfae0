"""The AQS-GEMM core in the cycle model: what the PEAs share, around `models.cycle_pea`.

Its streams may stall: a cycle is told which handshakes happen; `core_*` tell what the core would
take or has to offer.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from models.cycle_cache import block
from models.cycle_pea import clear_pea, pea_cycle
from models.cycle_registers import (
    DR_FIFO,
    DR_OUT,
    DRAIN_DEPTH,
    DYN_PTR,
    EVENTS,
    LD_FIFO,
    LOADER_DEPTH,
    PEA_FIELDS,
    STA,
    TO_BUFFER,
    WEIGHTS_WAIT,
)

__all__ = [
    "NEXT_CMD",
    "CoreSizes",
    "CoreState",
    "CoreWork",
    "core_bias_ready",
    "core_cycle",
    "core_ready",
    "core_results_left",
    "core_state",
    "core_x_ready",
    "core_y_valid",
]

_CMD_DEPTH = 2  # stream FIFOs of commands: activations, bias
_OUT_DEPTH = 4  # result merge

(
    NEXT_CMD,
    GAB_FIFO, GAB_ACTIVE, GAB_STEP, GAB_BEATS, GAB_FILL, GAB_SEND, GAB_SENT,
    GAB_FULL0, GAB_FULL1, GAB_HELD0, GAB_HELD1, WRITTEN,
    BIAS_FIFO, BIAS_CMD, BIAS_BEATS, BIAS_BANK, BIAS_FULL0, BIAS_FULL1,
    OUT_FIFO, OUT_CMD, OUT_GROUP, OUT_TILE, OUT_PEA, OUT_BANK, SELECTED, MERGED,
    SUM, QUANTISED,
    _FIELDS,
) = range(30)  # fmt: skip
_EXACT, _STEP, _GIVES = 1, 2, 3  # blocks in SELECTED, MERGED and SUM, 0 if there is none


class CoreSizes(NamedTuple):
    """Sizes of a core: operators (pooled ones if there are no SWOs), what DWOs run, groups
    buffered in a PEA."""

    num_dwo: int
    num_swo: int
    runs_ll: int
    depth: int


class CoreWork(NamedTuple):
    """A program's work: int64 arrays, by output tile, command, step and load of weights.

    As in `models.workload.Workload`, but `first`, `last` and `output` speak of output tiles.
    """

    groups: np.ndarray
    doubled: np.ndarray
    apsq: np.ndarray
    more: np.ndarray
    output: np.ndarray
    group: np.ndarray
    first: np.ndarray
    last: np.ndarray
    cmd_end: np.ndarray
    last_group: np.ndarray
    load: np.ndarray
    bank_of: np.ndarray
    quads: np.ndarray
    beats_in: np.ndarray
    beats_out: np.ndarray
    dynamic: np.ndarray
    hl: np.ndarray
    lh: np.ndarray
    w_quads: np.ndarray
    x_quads: np.ndarray
    words: np.ndarray
    last_load: np.ndarray


class CoreState(NamedTuple):
    """Registers: of the core, of every PEA, delay lines of every PEA; sums of events."""

    core: np.ndarray
    pea: np.ndarray
    delay: np.ndarray
    events: np.ndarray


@njit
def core_state(peas):
    """Registers after reset."""
    state = CoreState(
        np.zeros(_FIELDS, np.int64),
        np.zeros((peas, PEA_FIELDS), np.int64),
        np.zeros((peas, 4, TO_BUFFER), np.int64),
        np.zeros(EVENTS, np.int64),
    )
    for p in range(peas):
        clear_pea(state.pea[p], state.delay[p])
    return state


@block
def core_ready(state):
    """A command would be accepted: it goes to all FIFOs at once, if all have space."""
    c = state.core
    if c[GAB_FIFO] == _CMD_DEPTH or c[BIAS_FIFO] == _CMD_DEPTH or c[OUT_FIFO] == _OUT_DEPTH:
        return False
    for p in range(len(state.pea)):
        if state.pea[p, LD_FIFO] == LOADER_DEPTH or state.pea[p, DR_FIFO] == DRAIN_DEPTH:
            return False
    return True


@block
def core_x_ready(c):
    """An activation beat would be taken."""
    return c[GAB_ACTIVE] == 1 and c[GAB_FULL0 + c[GAB_FILL]] == 0


@block
def core_bias_ready(c):
    """A bias beat would be taken."""
    return c[BIAS_FIFO] > 0 and c[BIAS_FULL0 + c[BIAS_BANK]] == 0


@block
def core_y_valid(c):
    """A result is offered."""
    return c[QUANTISED] == 1 or (c[MERGED] == _EXACT and c[SUM] == 0)


@block
def core_results_left(work, c):
    """Results are still to come."""
    return c[OUT_CMD] < len(work.groups) or c[SELECTED] + c[MERGED] + c[SUM] + c[QUANTISED] > 0


@block
def _apsq_path(c, y_ready):
    """Exact blocks pass, others are quantised; returns whether a block is taken.

    A tile of a single block might come again before its codes are stored, but for that it must
    have waited for a result to be taken, which takes a core of one PEA, and a stream that stalls.
    """
    y_space = c[QUANTISED] == 0 or y_ready
    go = c[SUM] > 0 and (c[SUM] == _STEP or y_space)
    if c[MERGED] == _EXACT:
        ready = c[SUM] == 0 and c[QUANTISED] == 0 and y_ready
    else:
        ready = c[SUM] == 0 or go
    if y_space:
        c[QUANTISED] = 1 if go and c[SUM] == _GIVES else 0
    if go:
        c[SUM] = 0
    if c[MERGED] > _EXACT and ready:
        c[SUM] = c[MERGED]
    return ready


@block
def _result_merge(work, c, pea, y_ready):
    """Blocks in the order group, tile, PEA, through two registers; returns the PEA served or -1."""
    y_space = c[MERGED] == 0 or y_ready
    sel_ready = c[SELECTED] == 0 or y_space
    take = (
        c[OUT_FIFO] > 0
        and c[BIAS_FULL0 + c[OUT_BANK]] == 1
        and pea[c[OUT_PEA], DR_OUT] == 1
        and sel_ready
    )
    if y_space:
        c[MERGED] = c[SELECTED]
    if sel_ready:
        c[SELECTED] = _EXACT + work.apsq[c[OUT_CMD]] if take else 0
    if not take:
        return -1
    served = c[OUT_PEA]
    c[OUT_PEA] += 1
    if c[OUT_PEA] == len(pea):
        c[OUT_PEA] = 0
        if c[OUT_TILE] == work.doubled[c[OUT_CMD]]:
            c[OUT_TILE] = 0
            c[OUT_GROUP] += 1
            if c[OUT_GROUP] == work.groups[c[OUT_CMD]]:
                c[OUT_GROUP] = 0
                c[OUT_CMD] += 1
                c[OUT_FIFO] -= 1
                c[BIAS_FULL0 + c[OUT_BANK]] = 0
                c[OUT_BANK] = 1 - c[OUT_BANK]
        else:
            c[OUT_TILE] = 1
    return served


@block
def _bias(work, c, peas):
    """A bias beat, one for every tile and PEA."""
    c[BIAS_BEATS] += 1
    if c[BIAS_BEATS] == peas * (1 + work.doubled[c[BIAS_CMD]]):
        c[BIAS_BEATS] = 0
        c[BIAS_FIFO] -= 1
        c[BIAS_CMD] += 1
        c[BIAS_FULL0 + c[BIAS_BANK]] = 1
        c[BIAS_BANK] = 1 - c[BIAS_BANK]


@block
def _global_activation_buffer(work, sizes, c, pea, x_take):
    """Broadcast to all PEAs together, and filling; returns whether a group has arrived."""
    send, fill = c[GAB_SEND], c[GAB_FILL]
    ready = c[GAB_FULL0 + send] == 1
    if ready:
        for p in range(len(pea)):
            s = pea[p]
            if c[WRITTEN] - s[DYN_PTR] == sizes.depth or c[WRITTEN] - s[STA] == sizes.depth:
                ready = False
    if c[GAB_ACTIVE] == 0:
        if c[GAB_FIFO] > 0:
            c[GAB_ACTIVE] = 1
    elif x_take:
        c[GAB_BEATS] += 1
        if c[GAB_BEATS] == work.beats_in[c[GAB_STEP]]:
            c[GAB_BEATS] = 0
            c[GAB_FULL0 + fill] = 1
            c[GAB_HELD0 + fill] = c[GAB_STEP]
            c[GAB_FILL] = 1 - fill
            if work.cmd_end[c[GAB_STEP]] == 1:
                c[GAB_ACTIVE] = 0
                c[GAB_FIFO] -= 1
            c[GAB_STEP] += 1
    if ready:
        c[GAB_SENT] += 1
        if c[GAB_SENT] == work.beats_out[c[GAB_HELD0 + send]]:
            c[GAB_SENT] = 0
            c[GAB_FULL0 + send] = 0
            c[GAB_SEND] = 1 - send
            return True
    return False


@block
def core_cycle(work, sizes, state, cycle, accept, w_valid, x_take, b_take, y_ready):
    """One cycle.

    Args:
        work, sizes, state: of the core.
        cycle: its number.
        accept: the next command is accepted; only if `core_ready`.
        w_valid: int64 (PEAs), 1 where the weight stream has a word.
        x_take, b_take: an activation, a bias beat is taken; only if the core is ready for it.
        y_ready: a result beat would be taken.
    """
    c, pea, at = state.core, state.pea, cycle % TO_BUFFER
    state.events[WEIGHTS_WAIT] = 0
    served = _result_merge(work, c, pea, _apsq_path(c, y_ready))
    if b_take:
        _bias(work, c, len(pea))
    written = c[WRITTEN]
    if _global_activation_buffer(work, sizes, c, pea, x_take):
        c[WRITTEN] += 1
    accept_last = accept and work.more[c[NEXT_CMD]] == 0  # passes before the last have no results
    for p in range(len(pea)):
        pea_cycle(
            work, sizes, p, pea[p], state.delay[p], at, written, served == p, accept, accept_last,
            w_valid[p] == 1, state.events,
        )  # fmt: skip
    if accept:
        c[NEXT_CMD] += 1
        c[GAB_FIFO] += 1
    if accept_last:
        c[BIAS_FIFO] += 1
        c[OUT_FIFO] += 1
