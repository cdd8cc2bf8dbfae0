"""The FIFO, in both of its sizes."""

from verif.unit.cover import Pins, UnitCover, cover

__all__ = ["COVERS"]

_LEVELS = ("empty", "one", "between", "one free", "full")


def _level(held: int, depth: int) -> str:
    if held in (0, depth):
        return "full" if held else "empty"
    return "one" if held == 1 else "one free" if held == depth - 1 else "between"


def _size(depth: int) -> UnitCover:
    def look(p: Pins, memory: dict) -> dict:
        held = memory.get("held", 0)
        push, pop = (getattr(p, f"fifo{depth}_{name}") for name in ("valid", "out_ready"))
        taken = push and getattr(p, f"fifo{depth}_ready")
        given = pop and getattr(p, f"fifo{depth}_out_valid")
        memory["held"] = held + taken - given
        return {"level": _level(held, depth), "push": bool(push), "pop": bool(pop)}

    levels = ("empty", "one", "full") if depth == 2 else _LEVELS
    flags = {"push": (False, True), "pop": (False, True)}
    crosses = {"level_x_push_x_pop": ("level", "push", "pop")}
    return cover(f"stream_fifo.depth{depth}", {"level": levels, **flags}, look, crosses=crosses)


COVERS = (_size(2), _size(5))
