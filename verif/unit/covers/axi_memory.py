"""The testbench's own memory, as its bus shows it."""

from verif.unit.cover import FLOW, Pins, cover

__all__ = ["COVERS"]

_RESPONSES = ("okay", "slverr", "decerr")
_CHANNELS = ("ar", "r", "aw", "w", "b")


def _look(p: Pins, _: dict) -> dict:
    view = {}
    for name in _CHANNELS:
        valid, ready = ("", "bus_") if name in "rb" else ("bus_", "")
        pins = getattr(p, f"{valid}{name}valid"), getattr(p, f"{ready}{name}ready")
        view[name] = FLOW[(3, 1, 2, 0)[pins[0] + 2 * pins[1]]]
    view["stalls"] = "some" if p.m_stalls else "none"
    if p.rvalid and p.bus_rready:
        view |= {"read_response": _RESPONSES[max(0, p.rresp - 1)], "last": bool(p.rlast)}
    if p.bvalid and p.bus_bready:
        view["write_response"] = _RESPONSES[max(0, p.bresp - 1)]
    return view


COVERS = (
    cover(
        "axi_memory",
        {
            **dict.fromkeys(("ar", "aw", "w"), FLOW),
            **dict.fromkeys(("r", "b"), FLOW[::2]),  # the bench's master takes all answers at once
            "stalls": ("none", "some"),
            "read_response": _RESPONSES,
            "write_response": _RESPONSES,
            "last": (False, True),
        },
        _look,
        crosses={f"stalls_x_{name}": ("stalls", name) for name in ("r", "b")},
    ),
)
