"""A flat netlist of Yosys, of AND gates, inverters and registers, as arrays to compute with.

A literal is twice the number of a node, plus 1 if it is inverted; node 0 is constant 0.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from models.errors import PanaceaError

__all__ = ["ANY", "Netlist", "read_netlist"]

_GATES = {
    "$_BUF_": lambda both, a: a,
    "$_NOT_": lambda both, a: a ^ 1,
    "$_AND_": lambda both, a, b: both(a, b),
    "$_OR_": lambda both, a, b: both(a ^ 1, b ^ 1) ^ 1,
    "$_XOR_": lambda both, a, b: both(both(a, b) ^ 1, both(a ^ 1, b ^ 1) ^ 1),
    "$_MUX_": lambda both, a, b, s: both(both(a, s ^ 1) ^ 1, both(b, s) ^ 1) ^ 1,
}
"""What each kind of gate is, of AND gates and inverted literals."""

ANY = -1
"""First value of a register that has none."""


@dataclass(frozen=True, kw_only=True)
class Netlist:
    """What a property module became.

    Attributes:
        gates: literals that each AND gate reads, (gates, 2); gates follow those that they read.
        inputs: how many nodes take any value in every cycle: nodes 1, 2, ...
        next_values: literal of each register's next value; registers are the nodes after the
            inputs, gates those after the registers.
        first_values: of each register: 0, 1 or `ANY`.
        asserts: literal that is 1 when the claim of this name fails.
        covers: literal that is 1 when the situation of this name occurs.
        registers: places of the registers' bits by name, lowest bit first.
    """

    gates: np.ndarray
    inputs: int
    next_values: np.ndarray
    first_values: np.ndarray
    asserts: dict[str, int] = field(hash=False)
    covers: dict[str, int] = field(hash=False)
    registers: dict[str, tuple[int, ...]] = field(hash=False)


def read_netlist(path: Path, top: str) -> Netlist:
    """Read what Yosys' write_json wrote of a module.

    Raises:
        PanaceaError: a cell is none of those that it should consist of.
    """
    module = json.loads(path.read_text(encoding="utf-8"))["modules"][top]
    ports = [p["bits"] for p in module["ports"].values() if p["direction"] == "input"]
    inputs = [bit for bits in ports for bit in bits]
    drivers: dict[int, tuple] = {}
    registers, claims = [], []
    for name, cell in module["cells"].items():
        kind, pins = cell["type"], cell["connections"]
        match kind:
            case "$_FF_" | "$ff" | "$anyinit":
                registers += zip(pins["Q"], pins["D"], strict=True)
            case "$assert" | "$cover":
                claims.append((kind, name, pins["EN"][0], pins["A"][0]))
            case "$anyseq":
                inputs += pins["Y"]
            case _ if kind in _GATES:
                drivers[pins["Y"][0]] = (kind, [pins[pin][0] for pin in "ABS" if pin in pins])
            case _:
                raise PanaceaError(f"{path}: cell {name} is of kind {kind}")

    # Only what the claims depend on, in this cycle or before.
    ends = [bit for _, _, *bits in claims for bit in bits]
    reached = _reached(drivers, dict(registers), ends)
    inputs = [bit for bit in inputs if bit in reached]
    registers = [(q, d) for q, d in registers if q in reached]

    sources = [*inputs, *(q for q, _ in registers)]
    literals = {"0": 0, "1": 1, "x": 0} | {bit: 2 * n for n, bit in enumerate(sources, 1)}
    gates = _Gates(len(sources) + 1)
    for bit in _ordered(drivers, literals, [*ends, *(d for _, d in registers)]):
        kind, read = drivers[bit]
        literals[bit] = _GATES[kind](gates.both, *(literals[b] for b in read))

    first, places = {}, {q: place for place, (q, _) in enumerate(registers)}
    named = {}
    for name, net in module["netnames"].items():
        values = reversed(net["attributes"].get("init", ""))
        first |= {b: int(v) for b, v in zip(net["bits"], values, strict=False) if v in "01"}
        if all(bit in places for bit in net["bits"]):
            named[name] = tuple(places[bit] for bit in net["bits"])
    met: dict[str, dict[str, int]] = {"$assert": {}, "$cover": {}}
    for kind, name, enable, value in claims:
        met[kind][name] = gates.both(literals[enable], literals[value] ^ (kind == "$assert"))
    return Netlist(
        gates=np.array(gates.pairs, dtype=np.int32).reshape(-1, 2),
        inputs=len(inputs),
        next_values=np.array([literals[d] for _, d in registers], dtype=np.int32),
        first_values=np.array([first.get(q, ANY) for q, _ in registers], dtype=np.int32),
        asserts=met["$assert"],
        covers=met["$cover"],
        registers=named,
    )


class _Gates:
    """AND gates, numbered from a node on."""

    def __init__(self, first: int) -> None:
        self._first, self.pairs = first, []

    def both(self, a: int, b: int) -> int:
        """Literal of a new gate."""
        self.pairs.append((a, b))
        return 2 * (self._first + len(self.pairs) - 1)


def _reached(drivers: dict, registers: dict, ends: list) -> set:
    """Bits that `ends` depend on, through registers too."""
    reached, stack = set(), list(ends)
    while stack:
        bit = stack.pop()
        if bit not in reached:
            reached.add(bit)
            stack += drivers[bit][1] if bit in drivers else []
            stack += [registers[bit]] if bit in registers else []
    return reached


def _ordered(drivers: dict, literals: dict, ends: list) -> Iterator[int]:
    """Bits that `ends` depend on, each after those that drive it; `literals` grows meanwhile."""
    for end in ends:
        stack = [end]
        while stack:
            bit = stack[-1]
            missing = [] if bit in literals else [b for b in drivers[bit][1] if b not in literals]
            stack += missing
            if not missing:
                stack.pop()
                if bit not in literals:
                    yield bit
