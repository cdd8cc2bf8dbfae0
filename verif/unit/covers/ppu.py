"""The whole PPU, as its streams show it."""

from verif.unit.cover import FLOW, Pins, cover, flow

__all__ = ["COVERS"]

_FORMATS = ("raw", "4", "8, DBS 1", "8, DBS 2", "8, DBS 3", "12")


def _format(command: int) -> str:
    raw, slices, dbs = command >> 3 & 1, command >> 4 & 3, command >> 6 & 3
    return "raw" if raw else f"8, DBS {dbs}" if slices == 2 else "4" if slices == 1 else "12"


def _look(p: Pins, _: dict) -> dict:
    view = {
        "commands": flow(p, "c"),
        "parameters": flow(p, "p"),
        "results": flow(p, "y"),
        "packets": flow(p, "o"),
        "busy": bool(p.busy),
        "error": {name for bit, name in enumerate(("last", "command")) if p.err >> bit & 1},
    }
    if p.c_valid and p.c_ready and not p.err:
        command = p.c_data
        slices, dbs = command >> 4 & 3, command >> 6 & 3
        legal = command >> 3 & 1 or (slices and dbs and (dbs == 1 or slices == 2))
        view["format"] = _format(command) if legal else None
    if p.o_valid and p.o_ready:
        view |= {"last": bool(p.o_last), "tile": p.o_tile, "part": p.o_part}
    return view


COVERS = (
    cover(
        "ppu",
        {
            "commands": FLOW,
            "parameters": FLOW,
            "results": FLOW,
            "packets": FLOW,
            "busy": (False, True),
            "error": ("last", "command"),
            "format": _FORMATS,
            "last": (False, True),
            "tile": (0, 1),
            "part": (0, 1),
        },
        _look,
        crosses={
            "results_x_packets": ("results", "packets"),
            "tile_x_part": ("tile", "part"),
        },
    ),
)
