"""The activation DMA."""

from verif.unit.cover import FLOW, Pins, cover, flow

__all__ = ["COVERS"]

_LEVELS = ("empty", "between", "full")


def _look(p: Pins, _: dict) -> dict:
    depth = p.amem_depth
    view = {
        "jobs": flow(p, "a_job"),
        "requests": flow(p, "a_req"),
        "table": bool(p.a_table_valid),
        "data": flow(p, "a_act"),
        "level": _LEVELS[(p.a_used > 0) + (p.a_used >= depth)],
        "held": bool(p.a_held),
        "error": bool(p.a_error),
        "too_large": bool(p.a_too_large),
    }
    if p.a_req_valid and p.a_req_ready:
        beats = p.a_req >> 35 & 0xFFFF
        view["request"] = "1 beat" if beats == 1 else "more"
    return view


COVERS = (
    cover(
        "activation_dma",
        {
            "jobs": FLOW,
            "requests": FLOW,
            "table": (False, True),
            "data": FLOW,
            "level": _LEVELS,
            "held": (False, True),
            "error": (False, True),
            "too_large": (False, True),
            "request": ("1 beat", "more"),
        },
        _look,
        crosses={"held_x_level": ("held", "level")},
    ),
)
