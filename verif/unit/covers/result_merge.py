"""The result merge."""

from verif.unit.cover import FLOW, Pins, cover, extreme, fields, flow

__all__ = ["COVERS"]

_SIZES = ("lowest", "negative", "zero", "positive", "highest")


def _look(p: Pins, _: dict) -> dict:
    blocks = [p.p0_valid, p.p1_valid, p.p2_valid]
    view = {
        "commands": flow(p, "mc"),
        "bias": flow(p, "b"),
        "results": flow(p, "y"),
        "peas": sum(blocks),
        "served": next(
            (n for n, ready in enumerate((p.p0_ready, p.p1_ready, p.p2_ready)) if ready), "none"
        ),
    }
    if p.mc_valid:
        command = p.mc_data
        view |= {
            "dtp": bool(command & 1),
            "act_up": bool(command >> 33 & 1),
        }
    if p.b_valid and p.b_ready:
        low, high = -(2**31), 2**31 - 1
        view["b"] = {extreme(v, low, high) for v in fields(p.b_data, 32, 4, signed=True)}
    if p.y_valid and p.y_ready:
        view |= {
            "last": bool(p.y_last),
            "apsq": bool(p.y_apsq & 1),
            "y": {extreme(v, 2**32, 2**32) for v in fields(p.y_block, 32, 16, signed=True)},
        }
    return view


COVERS = (
    cover(
        "result_merge",
        {
            "commands": FLOW,
            "bias": FLOW,
            "results": FLOW,
            "peas": tuple(range(4)),
            "served": ("none", 0, 1, 2),
            "dtp": (False, True),
            "act_up": (False, True),
            "b": _SIZES,
            "y": ("negative", "zero", "positive"),
            "last": (False, True),
            "apsq": (False, True),
        },
        _look,
        crosses={"results_x_peas": ("results", "peas"), "results_x_bias": ("results", "bias")},
    ),
)
