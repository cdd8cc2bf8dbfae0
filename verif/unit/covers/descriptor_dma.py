"""The descriptor DMA."""

from verif.unit.cover import FLOW, Pins, cover, flow

__all__ = ["COVERS"]


def _look(p: Pins, memory: dict) -> dict:
    if p.d_start:
        memory.update(asked=0, taken=0)
        count = p.d_count
        return {"count": "0" if count == 0 else "1" if count == 1 else "more"}
    asked, taken = memory.get("asked", 0), memory.get("taken", 0)
    memory["asked"] = asked + (p.d_req_valid and p.d_req_ready)
    memory["taken"] = taken + (p.d_out_valid and p.d_out_ready)
    return {
        "requests": flow(p, "d_req"),
        "beats": flow(p, "d_out"),
        "comes": bool(p.d_valid),
        "ahead": min(2, asked - taken // 4),
        "beat": taken % 4 if p.d_out_valid else None,
    }


COVERS = (
    cover(
        "descriptor_dma",
        {
            "count": ("0", "1", "more"),
            "requests": FLOW,
            "beats": FLOW,
            "comes": (False, True),
            "ahead": (0, 1, 2),
            "beat": (0, 1, 2, 3),
        },
        _look,
        crosses={"ahead_x_beats": ("ahead", "beats"), "comes_x_beats": ("comes", "beats")},
        ignored={
            "ahead_x_beats": {
                "a descriptor counts as ahead until its last beat is taken": [
                    (0, "moves"),
                    (0, "held up"),
                ],
            },
        },
    ),
)
