"""The group buffer: a ring of four groups, released by two sides."""

from verif.unit.cover import FLOW, Pins, cover, flow

__all__ = ["COVERS"]

_DEPTH = 4
_STORED = ("none", "some", "all")


def _look(p: Pins, _: dict) -> dict:
    dynamic, static = ((p.group_wr_ptr - pointer) % (2 * _DEPTH)
                       for pointer in (p.group_dyn_ptr, p.group_sta_ptr))  # fmt: skip
    view = {
        "beats": flow(p, "g"),
        "dynamic": dynamic,
        "static": static,
        "slot": p.group_gen_slot,
        "leads": "dynamic" if dynamic < static else "static" if static < dynamic else "nobody",
    }
    if p.g_valid and p.g_ready:
        stored = p.g_data >> 512 & 0xFFFF
        view |= {
            "last": bool(p.group_last),
            "stored": _STORED[(stored > 0) + (stored == 0xFFFF)],
        }
    return view


COVERS = (
    cover(
        "group_buffer",
        {
            "beats": FLOW,
            "dynamic": tuple(range(_DEPTH + 1)),
            "static": tuple(range(_DEPTH + 1)),
            "slot": tuple(range(_DEPTH)),
            "leads": ("dynamic", "static", "nobody"),
            "last": (False, True),
            "stored": _STORED,
        },
        _look,
        crosses={
            "levels": ("dynamic", "static"),
            "last_x_stored": ("last", "stored"),
        },
    ),
)
