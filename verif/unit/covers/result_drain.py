"""The result drain."""

from verif.unit.cover import FLOW, Pins, cover, flow

__all__ = ["COVERS"]


def _look(p: Pins, memory: dict) -> dict:
    lead = memory.get("lead", 0)
    memory["lead"] = lead + p.drain_dyn_final - p.drain_sta_final
    return {
        "commands": flow(p, "drain_cmd"),
        "reads": flow(p, "drain_rd"),
        "blocks": flow(p, "drain"),
        "finals": ("none", "dynamic", "static", "both")[p.drain_dyn_final + 2 * p.drain_sta_final],
        "leads": "dynamic" if lead > 0 else "static" if lead else "nobody",
        "groups": ("1", "2 to 15", "16")[(p.drain_groups > 1) + (p.drain_groups == 16)]
        if p.drain_cmd_valid
        else None,
        "dtp": bool(p.drain_dtp) if p.drain_cmd_valid else None,
    }


COVERS = (
    cover(
        "result_drain",
        {
            "commands": (*FLOW[:2], FLOW[3]),  # taken when it is done
            "reads": FLOW,
            "blocks": FLOW,
            "finals": ("none", "dynamic", "static", "both"),
            "leads": ("dynamic", "static", "nobody"),
            "groups": ("1", "2 to 15", "16"),
            "dtp": (False, True),
        },
        _look,
        crosses={"reads_x_blocks": ("reads", "blocks"), "groups_x_dtp": ("groups", "dtp")},
        ignored={
            "reads_x_blocks": {
                "while a block is held up, none is read": [
                    ("moves", "held up"),
                    ("held up", "held up"),
                ],
            },
        },
    ),
)
