"""The run control: every end, and what else went on in its cycle."""

from verif.csr.names import ErrorCode
from verif.unit.cover import Pins, cover

__all__ = ["COVERS"]

_INPUTS = (
    "abort", "read_error", "write_error", "bad_desc", "chunk_error", "table_error", "w_end_error",
    "x_end_error", "w_large", "x_large", "core_err", "ppu_err",
)  # fmt: skip
_STATES = ("idle", "running", "stopping")


def _look(p: Pins, memory: dict) -> dict:
    state = memory.get("state", "idle")
    if p.r_begin:
        memory["state"] = "running"
    elif p.r_stop:
        memory["state"] = state = "stopping"
    if p.r_end:
        memory["state"] = "idle"
    active = [name for name in _INPUTS if getattr(p, f"r_{name}")]
    return {
        "state": state,
        "input": set(active),
        "inputs": min(len(active), 2),
        "start": bool(p.r_start),
        "bus_idle": bool(p.r_bus_idle),
        "progress": bool(p.r_progress),
        "code": ErrorCode(p.r_end_code).name if p.r_end else None,
        "complete": p.r_all_dealt + 2 * p.r_all_written + 4 * p.r_playing,
    }


COVERS = (
    cover(
        "run_control",
        {
            "state": _STATES,
            "input": _INPUTS,
            "inputs": (0, 1, 2),
            "start": (False, True),
            "bus_idle": (False, True),
            "progress": (False, True),
            "code": tuple(code.name for code in ErrorCode),
            "complete": tuple(range(8)),
        },
        _look,
        crosses={
            "state_x_start": ("state", "start"),
            "state_x_bus_idle": ("state", "bus_idle"),
            "state_x_input": ("state", "input"),
        },
    ),
)
