"""The read arbiter."""

from verif.unit.cover import Pins, cover

__all__ = ["COVERS"]

_SOURCES = ("descriptors", "parameters", "activations", "weights")


def _look(p: Pins, memory: dict) -> dict:
    served = next((name for bit, name in enumerate(_SOURCES) if p.g_ready >> bit & 1), "nobody")
    view = {"asking": p.g_valid, "ready": bool(p.g_out_ready), "served": served}
    if served in _SOURCES[2:]:
        view["turn"] = (memory.get("before", "weights"), served)
        memory["before"] = served
    return view


COVERS = (
    cover(
        "read_arbiter",
        {
            "asking": tuple(range(16)),
            "ready": (False, True),
            "served": ("nobody", *_SOURCES),
            "turn": tuple((a, b) for a in _SOURCES[2:] for b in _SOURCES[2:]),
        },
        _look,
        crosses={"asking_x_ready": ("asking", "ready")},
    ),
)
