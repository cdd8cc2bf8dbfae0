"""The scheduler of pooled operators."""

from verif.unit.cover import Pins, cover, fields

__all__ = ["COVERS"]

_OPERATORS = 12
_KINDS = ("LL", "HL", "LH", "HH")


def _look(p: Pins, _: dict) -> dict:
    valid = fields(p.sched_pool_valid, 1, _OPERATORS)
    at = fields(p.sched_pool_at, 4, _OPERATORS)
    quads = {place // 4 for on, place in zip(valid, at, strict=True) if on}
    w_high = fields(p.sched_pool_w_high, 1, _OPERATORS)
    x_high = fields(p.sched_pool_x_high, 1, _OPERATORS)
    kinds = {
        ("LL", "LH", "HL", "HH")[2 * w + x]
        for on, w, x in zip(valid, w_high, x_high, strict=True)
        if on
    }
    return {
        "busy": sum(valid),
        "kinds": kinds,
        "together": {(a, b) for a in kinds for b in kinds if _KINDS.index(a) < _KINDS.index(b)},
        "last_quad": max(quads, default=None),
        "first_at": at[0] if valid[0] else None,
        "full": p.sched_bank_full,
        "straddle": bool(p.sched_pool_next and valid[0] and not p.sched_pool_next & 1),
        "flush": ("none", "sum", "output")[p.sched_pool_flush + p.sched_pool_final],
        "flush_tile": p.sched_pool_flush_tile if p.sched_pool_flush else None,
        "shift": p.sched_pool_flush_shift if p.sched_pool_flush else None,
        "wgt_up": bool(p.sched_pool_flush_wgt_up) if p.sched_pool_flush else None,
        "ring": (p.sched_wr_ptr - p.sched_pool_ptr) % 8,
    }


COVERS = (
    cover(
        "pooled_scheduler",
        {
            "busy": tuple(range(_OPERATORS + 1)),
            "kinds": _KINDS,
            "together": tuple((a, b) for i, a in enumerate(_KINDS) for b in _KINDS[i + 1 :]),
            "last_quad": (0, 1, 2, 3),
            "first_at": (0, 1, 2, 3),
            "full": tuple(range(4)),
            "straddle": (False, True),
            "flush": ("none", "sum", "output"),
            "flush_tile": (0, 1),
            "shift": tuple(range(8)),
            "wgt_up": (False, True),
            "ring": tuple(range(5)),
        },
        _look,
    ),
)
