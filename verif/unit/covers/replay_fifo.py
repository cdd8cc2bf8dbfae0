"""The replay FIFO, in its sizes of 4 and 16 entries."""

from verif.unit.cover import FLOW, Pins, UnitCover, cover, flow

__all__ = ["COVERS"]

_LEVELS = ("empty", "between", "full")
_PLAYS = ("idle", "playing", "waits for its block")


def _size(depth: int) -> UnitCover:
    name = f"f{depth}"

    def look(p: Pins, memory: dict) -> dict | None:
        def pin(end: str) -> int:
            return getattr(p, f"{name}_{end}")

        if not (pin("used") or pin("valid") or pin("playing") or pin("pass_valid")):
            return None  # not the size under test
        view = {
            "writes": flow(p, name),
            "passes": flow(p, f"{name}_pass"),
            "reads": flow(p, f"{name}_out"),
            "level": _LEVELS[(pin("used") > 0) + (pin("used") == depth)],
            "play": _PLAYS[2 if pin("held") else 1 if pin("playing") else 0],
            "error": bool(pin("error")),
        }
        if pin("valid") and pin("ready"):
            first = memory.get("first", True)
            memory["first"] = bool(pin("last"))
            view["written"] = (("middle", "end"), ("begin", "single"))[first][pin("last")]
        if pin("pass_valid") and pin("pass_ready"):
            view["keep"] = bool(pin("pass_keep"))
        if pin("out_valid") and pin("out_ready"):
            first = memory.get("out_first", True)
            memory["out_first"] = bool(pin("out_last"))
            view["read"] = (("middle", "end"), ("begin", "single"))[first][pin("out_last")]
        return view

    places = ("begin", "middle", "end", "single")
    points = {
        "writes": FLOW, "passes": FLOW, "reads": FLOW, "level": _LEVELS, "play": _PLAYS,
        "written": places, "read": places, "keep": (False, True), "error": (False, True),
    }  # fmt: skip
    crosses = {
        "level_x_play": ("level", "play"),
        "keep_x_level": ("keep", "level"),
        "writes_x_reads": ("writes", "reads"),
        "level_x_written": ("level", "written"),
    }
    ignored = {
        "level_x_written": {"a full memory takes nothing": [("full", None)]},
    }
    return cover(f"replay_fifo.depth{depth}", points, look, crosses=crosses, ignored=ignored)


COVERS = (_size(4), _size(16))
