"""How often every gate of a netlist changes, counted in the waves of a simulation."""

import re
from collections.abc import Iterable
from pathlib import Path

from verif.netlist.mapping import NetlistError

__all__ = ["changes_per_cycle"]

SCOPE = "i_netlist"

Bit = tuple[str, int]
"""A bit of the waves: code of its variable, place in it."""

_VARIABLE = re.compile(r"\$var \w+ (\d+) (\S+) (\w+)")


def changes_per_cycle(
    waves: Path, *, first: str, last: str, clock: str = "clk_i"
) -> tuple[dict[str, float], int]:
    """Changes of each net of the netlist per cycle, and the number of cycles.

    They are counted from the first 1 of `first` to the last change of `last`. The simulation has no
    delays, so that a net changes once a cycle at most; what real gates do before they settle is not
    in it. The clock itself changes twice.

    Args:
        waves: a VCD file in which the netlist is the scope `i_netlist`.
        first, last: ports of the netlist, one bit each.
        clock: its clock.

    Raises:
        NetlistError: the waves lack the scope or a port, or nothing happens in them.
    """
    with waves.open(encoding="utf-8") as stream:
        nets, widths = _declared(stream)
        missing = [name for name in (first, last, clock) if name not in nets]
        if missing:
            raise NetlistError(f"{waves}: no {', '.join(missing)} in a scope {SCOPE}")
        before, after = _count(stream, widths, nets[first][0], nets[last][0])
    changes = {name: after.get(at, 0) - before.get(at, 0) for name, at in nets.items()}
    cycles = changes[clock] // 2
    if not after or not cycles:
        raise NetlistError(f"{waves}: nothing happens between {first} and {last}")
    return {name: number / cycles for name, number in changes.items()}, cycles


def _declared(stream: Iterable[str]) -> tuple[dict[str, Bit], dict[str, int]]:
    """Where the waves have each net of the scope; width of each variable by its code."""
    nets: dict[str, Bit] = {}
    widths: dict[str, int] = {}
    scope: list[str] = []
    for line in stream:
        if line.startswith("$scope"):
            scope.append(line.split()[2])
        elif line.startswith("$upscope"):
            scope.pop()
        elif line.startswith("$enddefinitions"):
            break
        elif scope and scope[-1] == SCOPE and (found := _VARIABLE.match(line.strip())):
            width, code, name = int(found[1]), found[2], found[3]
            widths[code] = width
            bits = [name] if width == 1 else [f"{name}[{bit}]" for bit in range(width)]
            nets |= {bit_name: (code, bit) for bit, bit_name in enumerate(bits)}
    return nets, widths


def _count(
    stream: Iterable[str], widths: dict[str, int], first: str, last: str
) -> tuple[dict[Bit, int], dict[Bit, int]]:
    """Changes between 0 and 1 of each bit, as they stand at both ends."""
    values: dict[str, str] = {}
    counts: dict[Bit, int] = {}
    before: dict[Bit, int] | None = None
    after: dict[Bit, int] = {}
    for line in stream:
        kind = line[0]
        if kind == "b":
            value, code = line[1:].split()
        elif kind in "01xz":
            value, code = kind, line[1:].rstrip()
        else:
            continue
        if code not in widths:
            continue
        value = value.rjust(widths[code], value[0] if value[0] in "xz" else "0")
        old = values.get(code)
        values[code] = value
        if old is not None and old != value:
            for bit, (was, now) in enumerate(zip(reversed(old), reversed(value), strict=True)):
                if was != now and was in "01" and now in "01":
                    counts[code, bit] = counts.get((code, bit), 0) + 1
        if code == first and value == "1" and before is None:
            before = dict(counts)
        if code == last and old is not None and before is not None:
            after = dict(counts)
    return before or {}, after
