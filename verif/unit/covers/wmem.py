"""WMEM: a replay FIFO for every PEA."""

from verif.unit.cover import FLOW, Pins, cover, flow

__all__ = ["COVERS"]

_SHARE = ("none", "some", "all")


def _share(mask: int, count: int) -> str:
    return _SHARE[(mask > 0) + (mask == (1 << count) - 1)]


def _look(p: Pins, _: dict) -> dict:
    peas = p.num_pea
    view = {
        "plays": flow(p, "m_play"),
        "written": _share(p.m_wr, peas),
        "read": _share(p.m_rd, peas),
        "offered": _share(p.m_w_valid, peas),
        "taken": _share(p.m_w_valid & p.m_w_ready, peas),
        "held": _share(p.m_held, peas),
        "playing": bool(p.m_playing),
        "end_error": bool(p.m_end_error),
        "tile_end": _share(p.m_tile_end, peas),
        "cmd_end": _share(p.m_cmd_end, peas),
    }
    if p.m_play_valid and p.m_play_ready:
        view["keep"] = bool(p.m_play_keep)
    return view


COVERS = (
    cover(
        "wmem",
        {
            "plays": FLOW,
            "written": _SHARE[:2],
            "read": _SHARE,
            "offered": _SHARE,
            "taken": _SHARE,
            "held": _SHARE,
            "playing": (False, True),
            "end_error": (False, True),
            "tile_end": _SHARE,
            "cmd_end": _SHARE,
            "keep": (False, True),
        },
        _look,
        crosses={"playing_x_written": ("playing", "written")},
    ),
)
