"""The loop of the core's cycle model, for streams that never stall."""

import numpy as np
from numba import njit

from models import cycle_core, cycle_pea, cycle_pooled, cycle_registers, cycle_scheduler
from models.cycle_cache import sources
from models.cycle_core import (
    NEXT_CMD,
    core_bias_ready,
    core_cycle,
    core_ready,
    core_results_left,
    core_state,
    core_x_ready,
    core_y_valid,
)

__all__ = ["run_engine"]

_QUIET = 1 << 20  # cycles without a result after which the model gives up


def _compile(version):
    @njit(cache=True)
    def run_engine(work, sizes):
        """Cycles from the first command to the last result, -1 without progress, and events."""
        _ = version
        state = core_state(work.words.shape[1])
        c = state.core
        w_valid = np.ones(work.words.shape[1], np.int64)
        first_cycle, last_result, cycle = -1, 0, 0
        while core_results_left(work, c):
            if cycle - last_result > _QUIET:
                return -1, state.events
            if core_y_valid(c):
                last_result = cycle
            accept = c[NEXT_CMD] < len(work.more) and core_ready(state)
            if accept and first_cycle < 0:
                first_cycle = cycle
            core_cycle(
                work, sizes, state, cycle, accept, w_valid, core_x_ready(c), core_bias_ready(c),
                True,
            )  # fmt: skip
            cycle += 1
        return last_result - first_cycle + 1, state.events

    return run_engine


run_engine = _compile(
    sources(cycle_core, cycle_pea, cycle_pooled, cycle_registers, cycle_scheduler)
)
