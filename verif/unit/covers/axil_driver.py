"""The testbench's own driver of the register bus."""

from verif.unit.cover import FLOW, Pins, cover

__all__ = ["COVERS"]

_CHANNELS = ("aw", "w", "b", "ar", "r")


def _look(p: Pins, _: dict) -> dict:
    view = {}
    for name in _CHANNELS:
        valid, ready = getattr(p, f"s_{name}valid"), getattr(p, f"s_{name}ready")
        view[name] = FLOW[(3, 1, 2, 0)[valid + 2 * ready]]
    if p.s_bvalid and p.s_bready:
        view["written"] = ("okay", "refused")[p.s_bresp > 0]
    if p.s_rvalid and p.s_rready:
        view["read"] = ("okay", "refused")[p.s_rresp > 0]
    return view


COVERS = (
    cover(
        "axil_driver",
        {
            # One access at a time: nothing is asked before the answer is taken.
            **dict.fromkeys(("aw", "w", "ar"), (FLOW[0], *FLOW[2:])),
            **dict.fromkeys(("b", "r"), FLOW),
            "written": ("okay", "refused"),
            "read": ("okay", "refused"),
        },
        _look,
    ),
)
