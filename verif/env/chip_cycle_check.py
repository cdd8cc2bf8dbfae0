"""Holds the chip's counters against its cycle model."""

from models.chip.cycles import IdealMemory, predict_run
from models.chip.executor import Execution
from models.chip.params import ChipParams
from verif.agents.chip_items import BusConfig, RunItem
from verif.csr.names import COUNTERS

__all__ = ["cycle_errors"]


def cycle_errors(
    execution: Execution, item: RunItem, bus: BusConfig, params: ChipParams
) -> list[str]:
    """Compare a run on a memory that never paused with the prediction.

    Args:
        execution: the model's run of the same program.
        item: the monitored run.
        bus: how the memory behaved.
        params: sizes of the chip.

    Returns:
        a text for every counter that differs.
    """
    memory = IdealMemory() if bus.latency is None else IdealMemory(latency=bus.latency)
    count = predict_run(execution.commands, item.prog_addr, params, memory)
    got = {name: item.readout.get(COUNTERS[name]) for name in count.counters}
    return [
        f"counter {name} is {got[name]}, the cycle model says {value}"
        for name, value in count.counters.items()
        if got[name] != value
    ]
