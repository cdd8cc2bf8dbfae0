"""The memory manager: who moves and who waits at the same time."""

from verif.unit.cover import FLOW, Pins, cover, flow

__all__ = ["COVERS"]

_CONSUMERS = ("desc", "b", "par", "ppu_cmd", "x")
_MEMORIES = ("wmem", "amem", "omem")
_ERRORS = ("read_error", "write_error", "chunk_error", "table_error", "w_end_error", "x_end_error",
           "w_large", "x_large")  # fmt: skip
_WAITING = ("nobody", *_CONSUMERS, "w", "several")


def _bus(p: Pins, channel: str) -> str:
    """The flow of an AXI channel."""
    valid, ready = getattr(p, f"m_{channel}valid"), getattr(p, f"m_{channel}ready")
    return FLOW[(3, 1, 2, 0)[valid + 2 * ready]]


def _look(p: Pins, _: dict) -> dict:
    flows = {name: flow(p, f"m_{name}") for name in _CONSUMERS}
    held = [name for name, how in flows.items() if how == "held up"]
    held += ["w"] * bool(p.m_w_valid & ~p.m_w_ready)
    view = flows | {
        "waiting": "several" if len(held) > 1 else held[0] if held else "nobody",
        "results": flow(p, "m_y"),
        "ar": _bus(p, "ar"),
        "r": _bus(p, "r"),
        "aw": _bus(p, "aw"),
        "wd": _bus(p, "w"),
        "answers": _bus(p, "b"),
        "bus": ("rests", "reads", "writes", "both")[p.m_reading + 2 * p.m_writing],
        "abort": bool(p.m_abort),
        "written": {name for name in _MEMORIES if getattr(p, f"m_{name}_wr")},
        "read": {name for name in _MEMORIES if getattr(p, f"m_{name}_rd")},
    }
    if not p.m_abort:
        view["error"] = {name for name in _ERRORS if getattr(p, f"m_{name}")}
    return view


COVERS = (
    cover(
        "memory_manager",
        {
            **dict.fromkeys(_CONSUMERS, FLOW),
            "waiting": _WAITING,
            "results": FLOW,
            "ar": FLOW,
            "r": FLOW,
            "aw": FLOW,
            "wd": FLOW,
            "answers": (FLOW[0], *FLOW[2:]),  # one that comes is taken
            "bus": ("rests", "reads", "writes", "both"),
            "abort": (False, True),
            "written": _MEMORIES,
            "read": _MEMORIES,
            "error": _ERRORS,
        },
        _look,
        crosses={
            "waiting_x_r": ("waiting", "r"),
            "results_x_r": ("results", "r"),
            "abort_x_bus": ("abort", "bus"),
            "written_x_read": ("written", "read"),
        },
        ignored={
            cross: {"data waits for a place that is not there: the end": [(None, "held up")]}
            for cross in ("waiting_x_r", "results_x_r")
        },
    ),
)
