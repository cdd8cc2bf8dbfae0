"""The descriptor check: every rule, in the last pass and in others."""

from models.chip.descriptor import RULES
from verif.unit.cover import Pins, cover

__all__ = ["COVERS"]


def _look(p: Pins, _: dict) -> dict:
    return {
        "rule": p.k_bad,
        "dtp": bool(p.k_desc >> 8 & 1),
        "more": bool(p.k_desc >> 9 & 1),
        "raw": bool(p.k_desc >> 23 & 1),
        "last": bool(p.k_last),
        "after_open": bool(p.k_prev_open),
        "gives": bool(p.k_gives),
        "gs": (p.k_desc >> 81 & 3) + 1 if p.k_desc >> 80 & 1 else 0,
    }


_FLAG = (False, True)

COVERS = (
    cover(
        "descriptor_check",
        {
            "rule": (0, *RULES),
            "dtp": _FLAG,
            "more": _FLAG,
            "raw": _FLAG,
            "last": _FLAG,
            "after_open": _FLAG,
            "gives": _FLAG,
            "gs": tuple(range(5)),
        },
        _look,
        crosses={
            "rule_x_dtp": ("rule", "dtp"),
            "rule_x_more": ("rule", "more"),
            "rule_x_gives": ("rule", "gives"),
            "rule_x_gs": ("rule", "gs"),
            "rule_x_last": ("rule", "last"),
        },
        ignored={
            "rule_x_more": {
                "a pass that is not the last has neither rows nor format": [(7, True), (8, True)],
            },
            "rule_x_gives": {
                "what gives no results has neither rows nor format": [(7, False), (8, False)],
                "only what others follow can end a program too early": [(10, True)],
            },
            "rule_x_last": {"rule 10 is about the last descriptor": [(10, False)]},
        },
    ),
)
