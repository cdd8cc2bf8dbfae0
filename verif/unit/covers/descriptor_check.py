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
        "after_more": bool(p.k_prev_more),
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
            "after_more": _FLAG,
        },
        _look,
        crosses={
            "rule_x_dtp": ("rule", "dtp"),
            "rule_x_more": ("rule", "more"),
            "rule_x_last": ("rule", "last"),
        },
        ignored={
            "rule_x_more": {
                "a pass that is not the last has neither rows nor format": [(7, True), (8, True)],
                "only a pass that others follow can end a program too early": [(10, False)],
            },
            "rule_x_last": {"rule 10 is about the last descriptor": [(10, False)]},
        },
    ),
)
