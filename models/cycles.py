"""Cycle model of the AQS-GEMM core: what the RTL's state machines do, without any data.

Steps cycle by cycle through the registers that decide the timing, in the terms of the RTL
blocks: stream FIFOs, global activation buffer, weight loader, dynamic and static scheduler,
result drain, result merge. Exact for streams that never stall; all is our choice but the blocks.
"""

from dataclasses import dataclass

import numpy as np

from models.cycle_engine import run_engine
from models.errors import PanaceaError
from models.params import CoreParams
from models.workload import Workload

__all__ = ["CycleCount", "predict"]


@dataclass(frozen=True, kw_only=True)
class CycleCount:
    """Predicted cycles and events of a program.

    Attributes:
        cycles: from the first command's acceptance to the last result beat, both included.
        ll_swo, ll_dwo: LL quads issued to SWOs and to DWOs, all PEAs.
        straddle_d, straddle_l: PEA cycles in which the DWOs, the LL quads had two destinations.
        flush_wait: PEA cycles in which a DWO flush waited for a static one.
    """

    cycles: int
    ll_swo: int
    ll_dwo: int
    straddle_d: int
    straddle_l: int
    flush_wait: int


def predict(work: Workload, params: CoreParams, dwo_runs_ll: int = 0b10) -> CycleCount:
    """Predict the cycles of a program whose streams never stall.

    Args:
        work: from `models.workload`.
        params: sizes of the core.
        dwo_runs_ll: bit 0: idle DWOs run W_L x_L of single tiles, bit 1: of doubled ones.

    Raises:
        PanaceaError: if the core would make no progress.
    """
    ends = work.more == 0  # commands that complete an output tile
    starts = np.concatenate([[True], ends[:-1]])
    steps = work.steps
    output = np.repeat(np.cumsum(starts) - 1, steps)
    first = work.first * np.repeat(starts, steps)
    last = work.last * np.repeat(ends, steps)
    arrays = (
        work.groups[ends], work.doubled[ends], work.more,
        output, work.group, first, last, work.last * work.last_group, work.last_group, work.quads,
        work.beats_in, work.beats_out, work.dynamic, work.words, work.last_load,
    )  # fmt: skip
    counts = run_engine(
        params.num_dwo,
        params.num_swo,
        dwo_runs_ll,
        params.group_depth,
        # One memory layout, so that one compiled version serves all programs.
        *(np.ascontiguousarray(array, np.int64) for array in arrays),
    )
    if counts[0] < 0:
        raise PanaceaError(f"group_depth = {params.group_depth}: the core makes no progress")
    cycles, ll_swo, ll_dwo, straddle_d, straddle_l, flush_wait = (int(c) for c in counts)
    return CycleCount(
        cycles=cycles,
        ll_swo=ll_swo,
        ll_dwo=ll_dwo,
        straddle_d=straddle_d,
        straddle_l=straddle_l,
        flush_wait=flush_wait,
    )
