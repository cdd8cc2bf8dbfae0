"""S-ACC and the compensator."""

from verif.unit.cover import Pins, cover, extreme, fields

__all__ = ["COVERS"]

_PLACES = ("none", "current", "next", "both")
_SIZES = ("lowest", "negative", "zero", "positive", "highest")


def _accumulator(p: Pins, memory: dict) -> dict:
    length = memory.get("length", 0) + 1
    memory["length"] = 0 if p.acc_flush else length
    lowest, highest = -120 * 152, 105 * 152
    return {
        "parts": _PLACES[(p.acc_cur != 0) + 2 * (p.acc_nxt != 0)],
        "flush": bool(p.acc_flush),
        "shift": p.acc_shift if p.acc_flush else None,
        "length": ("1", "2 to 63", "64 and more")[min(length // 2, 1) + (length > 63)]
        if p.acc_flush
        else None,
        "value": {extreme(v, lowest, highest) for v in fields(p.acc_cur, 17, 16, signed=True)},
        "sum": {extreme(v, 1 << 29, 1 << 29) for v in fields(p.acc_sum, 29, 16, signed=True)},
    }


def _compensator(p: Pins, _: dict) -> dict:
    active = [cur or nxt for cur, nxt in zip(fields(p.comp_cur, 1, 4), fields(p.comp_nxt, 1, 4),
                                             strict=True)]  # fmt: skip
    kinds = zip(active, fields(p.comp_w_high, 1, 4), fields(p.comp_x_high, 1, 4), strict=True)
    return {
        "operators": sum(active),
        "kind": {("L", "H")[w] + ("L", "H")[x] for on, w, x in kinds if on},
        "parts": _PLACES[(p.comp_cur != 0) + 2 * (p.comp_nxt != 0)],
        "flush": bool(p.comp_flush),
        "up": bool(p.comp_up),
    }


COVERS = (
    cover(
        "s_acc",
        {
            "parts": _PLACES,
            "flush": (False, True),
            "shift": tuple(range(8)),
            "length": ("1", "2 to 63", "64 and more"),
            "value": _SIZES,
            "sum": ("negative", "zero", "positive"),
        },
        _accumulator,
        crosses={"flush_x_parts": ("flush", "parts")},
    ),
    cover(
        "compensator",
        {
            "operators": tuple(range(5)),
            "kind": ("LL", "LH", "HL", "HH"),
            "parts": _PLACES,
            "flush": (False, True),
            "up": (False, True),
        },
        _compensator,
        crosses={"flush_x_up": ("flush", "up"), "flush_x_parts": ("flush", "parts")},
    ),
)
