"""The functional coverage of the dense cores: the same points for each, in a scope of its own.

Every point is sampled once for outputs that are complete, with the values that their blocks showed.
"""

from models.baselines.dense_params import Dataflow
from verif.baselines.dense_items import COUNTERS, EVENTS
from verif.coverage.groups import CoverGroup

__all__ = ["DENSE_GROUPS", "FEW", "LOADS", "MAGNITUDES", "STEPS", "STREAMS", "group_of"]

FEW = ("one", "two", "more")
STEPS = ("one", "fewer than a tile takes", "as many", "more")
LOADS = ("weights", "activations", "both")
STREAMS = COUNTERS[len(EVENTS) :]
MAGNITUDES = ("0", *(f"{sign} {size}" for sign in ("+", "-") for size in ("8", "16", "24", "31")))
"""Sign and the power of two that the magnitude stays below."""
_FLAG = (False, True)

_POINTS: dict[str, tuple] = {
    "row_tiles": tuple(range(1, 9)),
    "tiles": FEW,
    "steps": STEPS,
    "blocks_of_k": FEW,
    "loads": LOADS,
    "columns": ("one", "some", "255"),
    "column_tail": _FLAG,
    "psum": MAGNITUDES,
    "stalled": STREAMS,
    "flowing": STREAMS,
    "overlapped": _FLAG,
    "reset": ("in flight", "idle"),
}
_APSQ_POINTS: dict[str, tuple] = {"apsq": _FLAG, "gs": (1, 2, 3, 4), "apsq_steps": FEW}
_CROSSES = {
    "steps_x_blocks_of_k": ("steps", "blocks_of_k"),
    "loads_x_blocks_of_k": ("loads", "blocks_of_k"),
    "stalled_x_tiles": ("stalled", "tiles"),
    "stalled_x_overlapped": ("stalled", "overlapped"),
}


def group_of(dataflow: Dataflow) -> CoverGroup:
    """The group of a dataflow, `simd`, `sa_os` or `sa_ws`."""
    points, crosses = dict(_POINTS), dict(_CROSSES)
    if dataflow == Dataflow.SA_WS:  # a tile is a single column wide
        del points["column_tail"]
        points |= _APSQ_POINTS
        crosses |= {"gs_x_apsq_steps": ("gs", "apsq_steps")}
    return CoverGroup(scope=dataflow.name.lower(), points=points, crosses=crosses)


DENSE_GROUPS = tuple(map(group_of, Dataflow))
