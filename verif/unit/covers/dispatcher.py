"""The dispatcher."""

from models.chip.descriptor import RULES
from verif.unit.cover import FLOW, Pins, cover, flow

__all__ = ["COVERS"]

_RECEIVERS = ("cmd", "weight", "act", "param", "output")
_HELD = ("nobody", *_RECEIVERS, "several")


def _look(p: Pins, _: dict) -> dict:
    flows = {name: flow(p, f"d_{name}") for name in _RECEIVERS}
    held = [name for name, what in flows.items() if what == FLOW[1]]
    return flows | {
        "beats": flow(p, "d"),
        "held": "several" if len(held) > 1 else held[0] if held else "nobody",
        "bad": p.d_bad,
        "gives": bool(p.d_param >> 28 & 1) if flows["param"] == FLOW[0] else None,
        "done": bool(p.d_done),
        "count": ("0", "1 to 9", "more")[(p.d_count > 0) + (p.d_count > 9)] if p.d_start else None,
    }


COVERS = (
    cover(
        "dispatcher",
        {
            **dict.fromkeys(_RECEIVERS, FLOW),
            "beats": FLOW,
            "held": _HELD,
            "bad": (0, *RULES),
            "gives": (False, True),
            "done": (False, True),
            "count": ("0", "1 to 9", "more"),
        },
        _look,
        crosses={"held_x_beats": ("held", "beats")},
    ),
)
