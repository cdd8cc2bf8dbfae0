"""The workload scheduler, dynamic and static, with either number of operators."""

from verif.unit.cover import Pins, cover, fields

__all__ = ["COVERS"]

_BUSY = ("idle", "some", "all")


def _share(mask: int, count: int) -> str:
    return _BUSY[(mask > 0) + (mask == (1 << count) - 1)]


def _look(p: Pins, _: dict) -> dict:
    eight = p.sched_dyn_k.bit_length() > 24 or p.sched_dyn_valid > 15
    valid = fields(p.sched_dyn_valid, 1, 8)
    w_high, x_high = fields(p.sched_dyn_w_high, 1, 8), fields(p.sched_dyn_x_high, 1, 8)
    kinds = {("L", "H")[w] + ("L", "H")[x]
             for on, w, x in zip(valid, w_high, x_high, strict=True) if on}  # fmt: skip
    flushes = p.sched_dyn_flush + 2 * p.sched_sta_flush
    straddles = p.sched_dyn_valid & p.sched_dyn_next
    return {
        "dwo": _share(p.sched_dyn_valid, 8 if eight else 4),
        "quads": _share(p.sched_sta_valid, 3),
        "kinds": kinds,
        "together": {(a, b) for a in kinds for b in kinds if a < b},
        "full": p.sched_bank_full,
        "flush": ("none", "dynamic", "static", "both")[flushes],
        "final": ("none", "dynamic", "static", "both")[p.sched_dyn_final + 2 * p.sched_sta_final],
        "shift": p.sched_dyn_flush_shift if p.sched_dyn_flush else None,
        "wgt_up": bool(p.sched_dyn_flush_wgt_up) if p.sched_dyn_flush else None,
        "straddle": {
            *({"dynamic"} if straddles else ()),
            *({"static"} if p.sched_sta_valid & p.sched_sta_next else ()),
        },
        "tile": {
            tile for on, tile in zip(valid, fields(p.sched_dyn_tile, 1, 8), strict=True) if on
        },
        "bank": {
            bank for on, bank in zip(valid, fields(p.sched_dyn_bank, 1, 8), strict=True) if on
        },
        "ring": (p.sched_wr_ptr - p.sched_dyn_ptr) % 8,
    }


_SIDES = ("none", "dynamic", "static", "both")

COVERS = (
    cover(
        "workload_scheduler",
        {
            "dwo": _BUSY,
            "quads": _BUSY,
            "kinds": ("HH", "HL", "LH"),
            "together": (("HH", "HL"), ("HH", "LH"), ("HL", "LH")),
            "full": tuple(range(4)),
            "flush": _SIDES,
            "final": _SIDES,
            "shift": tuple(range(8)),
            "wgt_up": (False, True),
            "straddle": ("dynamic", "static"),
            "tile": (0, 1),
            "bank": (0, 1),
            "ring": tuple(range(5)),
        },
        _look,
        crosses={"dwo_x_quads": ("dwo", "quads")},
        ignored={
            "dwo_x_quads": {"all quads take all DWOs": [("some", "all"), ("all", "all")]},
        },
    ),
)
