"""Cycle model of the whole chip: what its state machines do around the core's, without any data.

Steps cycle by cycle through the registers that decide the timing, in the terms of the RTL blocks:
dispatcher, DMAs, read arbiter, AXI masters, memories, core, PPU. Exact under an ideal memory.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from models.chip.cycles.build import chip_work
from models.chip.cycles.engine import COUNTER_NAMES, run_chip
from models.chip.cycles.work import ChipSizes
from models.chip.executor import ExecutedCommand
from models.chip.params import ChipParams
from models.cycle_core import CoreSizes
from models.cycles import DWO_RUNS_LL, CycleCount, core_work
from models.errors import PanaceaError, check_range

__all__ = ["ChipCycles", "IdealMemory", "predict_run"]

_DYNAMIC = 3  # rows of a command's counts: HH, HL, LH, before LL


@dataclass(frozen=True, kw_only=True)
class IdealMemory:
    """A memory that never pauses, and holds as many bursts as the chip has under way.

    Attributes:
        latency: cycles from a read address to its first beat, if the data channel is free.
        b_delay: cycles from a write burst's last beat to its answer.
    """

    latency: int = 20
    b_delay: int = 4

    def __post_init__(self) -> None:
        check_range("latency", self.latency, 1, 2**16 - 1)
        check_range("b_delay", self.b_delay, 1, 2**16 - 1)


@dataclass(frozen=True, kw_only=True)
class ChipCycles:
    """A predicted run.

    Attributes:
        cycles: as the counter CYCLES has them: from the accepted start to the run's end.
        counters: the CSR's counters by name, CYCLES among them.
        core: the core's events; its cycles are those of the run.
    """

    cycles: int
    counters: dict[str, int]
    core: CycleCount


def predict_run(
    commands: Sequence[ExecutedCommand],
    prog_addr: int,
    params: ChipParams,
    memory: IdealMemory | None = None,
) -> ChipCycles:
    """Predict a run that ends without an error.

    Args:
        commands: of the run's `Execution`.
        prog_addr: address of the first descriptor.
        params: sizes of the chip.
        memory: that of the testbench if None.

    Raises:
        PanaceaError: if the chip would make no progress.
    """
    memory = memory or IdealMemory()
    core = params.core
    work, load = chip_work(commands, prog_addr, params)
    sizes = ChipSizes(
        num_pea=core.num_pea,
        wmem_beats=params.wmem_beats,
        amem_beats=params.amem_beats,
        omem_beats=params.omem_beats,
        latency=memory.latency,
        b_delay=memory.b_delay,
    )
    core_sizes = CoreSizes(core.num_dwo, core.num_swo, DWO_RUNS_LL, core.group_depth)
    counts, events = run_chip(work, sizes, core_work(load), core_sizes)
    if counts[0] < 0:
        raise PanaceaError(f"{len(commands)} descriptors: the chip makes no progress")
    counters = dict(zip(COUNTER_NAMES, counts.tolist(), strict=True))
    count = CycleCount.of(counters["CYCLES"], events)
    products = sum(int(c.counts[:_DYNAMIC].sum()) for c in commands)
    counters |= {
        "DWO_BUSY": products + count.ll_dwo,
        "SWO_BUSY": count.ll_swo,
        "CS_BUSY": count.cs_busy,
    }
    return ChipCycles(cycles=count.cycles, counters=counters, core=count)
