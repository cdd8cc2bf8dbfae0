"""Cycle model of the AQS-GEMM core: what the RTL's state machines do, without any data.

Steps cycle by cycle through the registers that decide the timing, in the terms of the RTL
blocks: stream FIFOs, global activation buffer, weight loader, dynamic and static scheduler,
result drain, result merge. Exact for streams that never stall; all is our choice but the blocks.
"""

from dataclasses import dataclass, fields

import numpy as np

from models.cycle_core import CoreSizes, CoreWork
from models.cycle_engine import run_engine
from models.errors import PanaceaError
from models.params import CoreParams
from models.workload import Workload

__all__ = ["DWO_RUNS_LL", "CycleCount", "core_work", "predict"]

DWO_RUNS_LL = 0b10
"""What idle DWOs do in the RTL unless a core is built otherwise: see `predict`."""


@dataclass(frozen=True, kw_only=True)
class CycleCount:
    """Predicted cycles and events of a program.

    Attributes:
        cycles: from the first command's acceptance to the last result beat, both included.
        ll_swo, ll_dwo: LL products issued to SWOs and to DWOs, all PEAs; every K-tile is rounded up
            to whole quads. Pooled operators count as DWOs.
        straddle_d, straddle_l: PEA cycles in which the DWOs, the LL quads had two destinations.
        flush_wait: PEA cycles in which a DWO flush waited for a static one.
        cs_busy: PEA cycles in which the compensator had work.
    """

    cycles: int
    ll_swo: int
    ll_dwo: int
    straddle_d: int
    straddle_l: int
    flush_wait: int
    cs_busy: int

    @classmethod
    def of(cls, cycles: int, events: np.ndarray) -> "CycleCount":
        """Cycles, and events in the order of `models.cycle_registers`."""
        names = (f.name for f in fields(cls))
        return cls(**dict(zip(names, (int(cycles), *events.tolist()), strict=False)))


def predict(work: Workload, params: CoreParams, dwo_runs_ll: int = DWO_RUNS_LL) -> CycleCount:
    """Predict the cycles of a program whose streams never stall.

    Args:
        work: from `models.workload`.
        params: sizes of the core.
        dwo_runs_ll: bit 0: idle DWOs run W_L x_L of single tiles, bit 1: of doubled ones.

    Raises:
        PanaceaError: if the core would make no progress.
    """
    sizes = CoreSizes(params.num_dwo, params.num_swo, dwo_runs_ll, params.group_depth)
    cycles, events = run_engine(core_work(work), sizes)
    if cycles < 0:
        raise PanaceaError(f"group_depth = {params.group_depth}: the core makes no progress")
    return CycleCount.of(cycles, events)


def core_work(work: Workload) -> CoreWork:
    """A workload as the engine takes it."""
    ends = work.more == 0  # commands that complete an output tile, or a step of it
    starts = np.concatenate([[True], ends[:-1]])
    k_tile = np.cumsum(work.last_group) - work.last_group
    arrays = {f.name: getattr(work, f.name) for f in fields(work) if f.name in CoreWork._fields}
    arrays |= {
        "groups": work.groups[ends],
        "doubled": work.doubled[ends],
        "apsq": work.apsq[ends],
        "output": np.repeat(np.cumsum(starts) - 1, work.steps),
        "first": work.first * np.repeat(starts, work.steps),
        "last": work.last * np.repeat(ends, work.steps),
        "cmd_end": work.last * work.last_group,
        "load": k_tile,
        "bank_of": k_tile % 2,  # WBUF banks alternate from K-tile to K-tile
    }
    # One memory layout, so that one compiled version serves all programs.
    return CoreWork(**{n: np.ascontiguousarray(a, np.int64) for n, a in arrays.items()})
