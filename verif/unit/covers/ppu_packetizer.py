"""The packetizer with its run-length encoder."""

from verif.unit.cover import FLOW, Pins, cover, fields, flow

__all__ = ["COVERS"]

_META_W = 15


def _look(p: Pins, memory: dict) -> dict:
    view = {"blocks": flow(p, "k"), "beats": flow(p, "q")}
    if p.k_valid and p.k_ready:
        meta = p.k_data & (1 << _META_W) - 1
        valid = (meta >> 10 & 15).bit_count()
        view |= {
            "slices": meta & 3,
            "tile": meta >> 9 & 1,
            "rows": valid,
            "skip": p.k_data >> _META_W & 15,
            "length": memory.get("length", 0) * 4 + valid if meta >> 14 else None,
        }
        memory["length"] = 0 if meta >> 14 else memory.get("length", 0) + 1
    if p.q_valid and p.q_ready:
        view |= {"part": p.q_part, "last": bool(p.q_last), "end": bool(p.q_end)}
        number = memory.get("beat", 0)
        memory["beat"] = 0 if p.q_last else number + 1
        if p.q_last:
            count = p.q_beat >> 240 & 15
            view["entries"] = count if number and count <= 12 else None
            runs = fields(p.q_beat >> 16, 20, 12)[:count] if number else []
            view["run"] = {run & 15 for run in runs}
    return view


COVERS = (
    cover(
        "ppu_packetizer",
        {
            "blocks": FLOW,
            "beats": FLOW,
            "slices": (1, 2, 3),
            "tile": (0, 1),
            "rows": (1, 2, 3, 4),
            "skip": tuple(range(16)),
            "length": tuple(range(1, 65)),
            "part": (0, 1),
            "last": (False, True),
            "end": (False, True),
            "entries": tuple(range(13)),
            "run": tuple(range(16)),
        },
        _look,
        crosses={
            "blocks_x_beats": ("blocks", "beats"),
            "slices_x_rows": ("slices", "rows"),
            "slices_x_tile": ("slices", "tile"),
        },
        ignored={
            "blocks_x_beats": {
                "blocks are refused only while a beat waits": [
                    (blocks, beats) for blocks in ("held up", "quiet") for beats in FLOW[2:]
                ],
            },
        },
    ),
)
