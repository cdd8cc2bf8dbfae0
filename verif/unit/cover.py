"""Functional coverage of a unit bench: looks at its top's pins in every cycle, beside the bench.

`harness.reset` starts it, so that no bench has to. What a bench covers is in `verif.unit.covers`.
"""

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import cocotb
from cocotb.task import Task
from cocotb.triggers import FallingEdge, ReadOnly

from verif.coverage.groups import CoverGroup, make_sampler, write_coverage

__all__ = ["FLOW", "Look", "Pins", "UnitCover", "cover", "extreme", "fields", "flow", "watch"]

FLOW = ("moves", "held up", "waited for", "quiet")
"""A stream in a cycle: valid and ready, valid alone, ready alone, neither."""

_running: Task | None = None


class Pins:
    """The signals of the top in one cycle, as attributes; each is read when it is first looked at.

    Raises:
        ValueError: an attribute is looked at that has unknown bits.
    """

    def __init__(self, dut: Any, handles: dict[str, Any]) -> None:
        self._dut, self._handles = dut, handles  # looking a handle up takes as long as reading it

    def __getattr__(self, name: str) -> int:
        if name not in self._handles:
            self._handles[name] = getattr(self._dut, name)
        value = int(self._handles[name].value)
        setattr(self, name, value)
        return value


Look = Callable[[Pins, dict[str, Any]], Mapping[str, Any] | None]
"""Called with the pins of a cycle out of reset, and with a memory that every reset empties; returns
by point a value, a set of values, or None for nothing; None for nothing at all."""


@dataclass(frozen=True, kw_only=True)
class UnitCover:
    """A block's coverage group, and what fills it."""

    group: CoverGroup
    look: Look


def cover(
    block: str,
    points: Mapping[str, tuple],
    look: Look,
    *,
    crosses: Mapping[str, tuple[str, ...]] | None = None,
    ignored: Mapping[str, Mapping[str, list[tuple]]] | None = None,
) -> UnitCover:
    """The coverage of a block, in scope `unit.BLOCK`; see CoverGroup."""
    group = CoverGroup(
        scope=f"unit.{block}", points=points, crosses=crosses or {}, ignored=ignored or {}
    )
    return UnitCover(group=group, look=look)


def flow(pins: Pins, name: str) -> str:
    """What the stream of this name does, see FLOW."""
    valid, ready = getattr(pins, f"{name}_valid"), getattr(pins, f"{name}_ready")
    return FLOW[(3, 1, 2, 0)[valid + 2 * ready]]


def fields(value: int, width: int, count: int, *, signed: bool = False) -> list[int]:
    """The elements of a packed value, element 0 lowest."""
    half = 1 << width - 1 if signed else 0
    return [((value >> i * width & (1 << width) - 1) ^ half) - half for i in range(count)]


def extreme(value: int, low: int, high: int) -> str:
    """Where a value lies: at an end, at zero, or between."""
    if value in (low, high):
        return "lowest" if value == low else "highest"
    return "zero" if value == 0 else "negative" if value < 0 else "positive"


def watch(dut: Any) -> None:
    """Sample the running bench until the test ends, unless that has begun already."""
    global _running
    if _running is None or _running.done():
        _running = cocotb.start_soon(_sample(dut, _covers()))


def _covers() -> Iterable[UnitCover]:
    module, _, bench = os.environ.get("COCOTB_TEST_MODULES", "").rpartition("bench_")
    return import_module(f"verif.unit.covers.{bench}").COVERS if module == "verif.unit." else ()


async def _sample(dut: Any, covers: Iterable[UnitCover]) -> None:
    if not covers:
        return
    groups = [(one.look, make_sampler(one.group), set(), {}) for one in covers]
    handles: dict[str, Any] = {}
    try:
        while True:
            await FallingEdge(dut.clk)
            await ReadOnly()
            if int(dut.rst_n.value) == 0:
                for *_, memory in groups:
                    memory.clear()
                continue
            pins = Pins(dut, handles)
            for look, sample, seen, memory in groups:
                try:
                    values = look(pins, memory)
                except ValueError:  # unknown bits: not what the block shows when it is used
                    continue
                view = {} if values is None else _view(values)
                # A situation counts once a test: sampling it again would cost most of the time.
                if view and (key := tuple(view.items())) not in seen:
                    seen.add(key)
                    sample(view)
    finally:
        write_coverage()


def _view(values: Mapping[str, Any]) -> dict[str, frozenset]:
    return {
        name: frozenset(value if isinstance(value, (set, frozenset)) else {value})
        for name, value in values.items()
        if value is not None
    }
