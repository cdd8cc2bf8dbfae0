"""Holds the core's cycles and counters against the cycle model."""

from collections.abc import Sequence

from models.cycles import predict
from models.decoded import DecodedCommand
from models.params import CoreParams
from models.workload import Workload, command_workload
from verif.agents.items import CommandItem

__all__ = ["cycle_errors"]

_COUNTERS = ("ll_swo", "ll_dwo", "straddle_d", "straddle_l", "flush_wait")


def cycle_errors(
    items: Sequence[CommandItem], decoded: Sequence[DecodedCommand], params: CoreParams
) -> list[str]:
    """Compare commands that ran on an idle core, without any pause, with the prediction.

    Args:
        items: the monitored commands.
        decoded: what their streams mean.
        params: sizes of the core.

    Returns:
        a text for everything that differs.
    """
    count = predict(
        Workload.joined(
            command_workload(
                one.w_masks, one.x_masks, params, dtp=one.dtp, more=one.more, apsq=one.apsq
            )
            for part in decoded
            for one in part.passes
        ),
        params,
    )
    expected = {name: getattr(count, name) for name in _COUNTERS}
    got = {name: sum(item.counters[name] for item in items) for name in expected}
    expected["cycles"] = count.cycles
    got["cycles"] = items[-1].last - items[0].accepted + 1
    return [
        f"commands {items[0].number} to {items[-1].number}: {name} is {got[name]}, "
        f"the cycle model says {value}"
        for name, value in expected.items()
        if got[name] != value
    ]
