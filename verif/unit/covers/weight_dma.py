"""The weight DMA, for all numbers of PEAs."""

from verif.unit.cover import FLOW, Pins, cover, flow

__all__ = ["COVERS"]


def _look(p: Pins, _: dict) -> dict:
    banks = p.l_bank_valid
    view = {
        "jobs": flow(p, "l_job"),
        "requests": flow(p, "l_req"),
        "data": flow(p, "l"),
        "bank": "none" if not banks else "taken" if banks & p.l_bank_ready else "refused",
        "last": bool(p.l_bank_last) if banks else None,
        "held": "some" if p.l_held else "none",
        "error": bool(p.l_error),
        "too_large": bool(p.l_too_large),
    }
    if p.l_req_valid and p.l_req_ready:
        beats = p.l_req >> 35 & 0xFFFF
        view["request"] = ("below 32", "32")[beats == 32]
    return view


COVERS = (
    cover(
        "weight_dma",
        {
            "jobs": FLOW,
            "requests": FLOW,
            "data": FLOW[:3],  # one that does not come is waited for
            "bank": ("none", "taken", "refused"),
            "last": (False, True),
            "held": ("none", "some"),
            "error": (False, True),
            "too_large": (False, True),
            "request": ("below 32", "32"),
        },
        _look,
        crosses={"held_x_requests": ("held", "requests")},
    ),
)
