"""APSQ: the path with its steps, and the engine."""

from models.apsq import EXPONENT_MAX, GS_MAX
from verif.unit.cover import FLOW, Pins, cover, extreme, fields, flow

__all__ = ["COVERS"]

_BLOCK = 512
_SIZES = ("lowest", "negative", "zero", "positive", "highest")


def _path(p: Pins, memory: dict) -> dict:
    view = {"blocks": flow(p, "q"), "results": flow(p, "y")}
    if p.q_valid and p.q_ready:
        bits = p.q_data >> _BLOCK + 1
        on, last = bits & 1, bits >> 3 & 1
        gs, number = ((bits >> 1 & 3) + 1 if on else 0), memory.get("number", 0)
        ends, first = bool(p.q_data >> _BLOCK & 1), memory.get("ended", True)
        view |= {"gs": gs, "single": ends and first, "after": memory.get("before")}
        if on:
            view |= {
                "exponent": bits >> 4,
                "place": number % gs,
                "round": ("first", "second", "later")[min(number // gs, 2)],
                "end": number % gs if last else None,
            }
        memory["ended"] = ends
        memory["before"] = ("exact", "kept", "gives")[on + (on and last)]
        if on and ends:
            memory["number"] = 0 if last else number + 1
    return view


def _engine(p: Pins, _: dict) -> dict:
    return {
        "used": p.e_used,
        "exponent": p.e_exponent,
        "sum": {extreme(v, -(2**31), 2**31 - 1) for v in fields(p.e_psum, 32, 2, signed=True)},
        "code": {extreme(v, -128, 127) for v in fields(p.e_code, 8, 2, signed=True)},
    }


_EXPONENTS = tuple(range(EXPONENT_MAX + 1))
_FLAG = (False, True)

COVERS = (
    cover(
        "apsq_path",
        {
            "blocks": FLOW,
            "results": FLOW,
            "gs": tuple(range(GS_MAX + 1)),
            "single": _FLAG,
            "after": ("exact", "kept", "gives"),
            "exponent": _EXPONENTS,
            "place": tuple(range(GS_MAX)),
            "round": ("first", "second", "later"),
            "end": tuple(range(GS_MAX)),
        },
        _path,
        crosses={
            "gs_x_place": ("gs", "place"),
            "gs_x_round": ("gs", "round"),
            "gs_x_end": ("gs", "end"),
            "gs_x_after": ("gs", "after"),
            "gs_x_single": ("gs", "single"),
            "blocks_x_results": ("blocks", "results"),
        },
        ignored={
            name: {
                "exact blocks have no place in a group": [(0, n) for n in range(GS_MAX)],
                "a place is below the group's size": [
                    (gs, n) for gs in range(1, GS_MAX) for n in range(gs, GS_MAX)
                ],
            }
            for name in ("gs_x_place", "gs_x_end")
        }
        | {
            "gs_x_round": {"exact blocks have no groups": [(0, None)]},
            "gs_x_after": {"the steps of a tile follow each other": [(0, "kept")]},
            "blocks_x_results": {
                "an idle input is exact, and waited for when no result is there and one would go": [
                    ("waited for", what) for what in ("moves", "held up", "quiet")
                ],
            },
        },
    ),
    cover(
        "apsq_engine",
        {
            "used": tuple(range(1 << GS_MAX)),
            "exponent": _EXPONENTS,
            "sum": _SIZES,
            "code": _SIZES,
        },
        _engine,
        crosses={"used_x_code": ("used", "code"), "exponent_x_code": ("exponent", "code")},
    ),
)
