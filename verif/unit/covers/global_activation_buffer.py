"""The global activation buffer."""

from verif.unit.cover import FLOW, Pins, cover, flow

__all__ = ["COVERS"]

_STORED = _DROPPED = ("none", "some", "all")


def _look(p: Pins, _: dict) -> dict:
    view = {
        "commands": flow(p, "gc"),
        "beats": flow(p, "x"),
        "groups": flow(p, "a"),
        "error": bool(p.gab_error),
    }
    if p.gc_valid:
        view |= {
            "dtp": bool(p.gc_data & 1),
            "passes": ("first", "last")[1 - (p.gc_data >> 31 & 1)],
            "act_up": bool(p.gc_data >> 33 & 1),
            "wgt_up": bool(p.gc_data >> 32 & 1),
            "r": p.gc_data >> 1 & 15,
        }
    if p.gab_listed:
        kept = p.gab_kept
        view["dropped"] = _DROPPED[0 if kept == p.gab_listed else 2 if kept == 0 else 1]
    if p.a_valid and p.a_ready:
        view |= {
            "last": bool(p.a_last),
            "stored": _STORED[(p.a_stored > 0) + (p.a_stored == 0xFFFF)],
        }
    return view


COVERS = (
    cover(
        "global_activation_buffer",
        {
            "commands": (*FLOW[:2], FLOW[3]),  # taken when it is done
            "beats": FLOW,
            "groups": FLOW,
            "error": (False, True),
            "dtp": (False, True),
            "passes": ("first", "last"),
            "act_up": (False, True),
            "wgt_up": (False, True),
            "last": (False, True),
            "stored": _STORED,
            "r": tuple(range(16)),
            "dropped": _DROPPED,
        },
        _look,
        crosses={
            "beats_x_groups": ("beats", "groups"),
            "last_x_stored": ("last", "stored"),
            "dropped_x_r": ("dropped", "r"),
            "dropped_x_dtp": ("dropped", "dtp"),
        },
    ),
)
