"""The flat Verilog that Yosys writes: a head of declarations, then an instance after the other."""

import re
from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from models.errors import PanaceaError

__all__ = ["BUFFER", "MOST_LOADS", "Gates", "Instance", "place_of", "read_gates"]

MOST_LOADS = 16
"""Cells that a net may drive."""

BUFFER = "BUFX4"
OUTPUTS = ("Y", "Q")
"""Outputs of the cells that are used."""

_INSTANCE = re.compile(r"^  (\w+)(?: #\(.*?\n  \))? +(\w+) +\(\n(.*?)\n  \);\n", re.M | re.S)
_PIN = re.compile(r"^    \.(\w+) ?\((.*?) ?\),?$", re.M)
_PLACE = re.compile(r"_?g\d+$")


@dataclass(kw_only=True)
class Instance:
    """A cell, a memory or a design that is left out.

    Attributes:
        cell: what it is an instance of. Parameters are dropped: cells and memories have none, and
            the timing analyser does not read them.
        name: `PLACE_gNUMBER` of a cell.
        pins: what each is connected to, as it is written.
    """

    cell: str
    name: str
    pins: dict[str, str]

    @property
    def is_cell(self) -> bool:
        """It is of the library."""
        return self.cell.isupper()

    @property
    def output(self) -> str:
        """The net that a cell drives."""
        return next(self.pins[pin] for pin in OUTPUTS if pin in self.pins)


@dataclass(kw_only=True)
class Gates:
    """A flat netlist: head, instances, tail. Nets have one bit each, only ports may have more."""

    head: str
    instances: list[Instance]
    tail: str

    def write(self, path: Path) -> None:
        """Write it as Verilog."""
        text = "".join(
            f"  {one.cell} {one.name} (\n"
            + ",\n".join(f"    .{pin}({net})" for pin, net in one.pins.items())
            + "\n  );\n"
            for one in self.instances
        )
        path.write_text(self.head + text + self.tail, encoding="utf-8")

    def drivers(self) -> dict[str, str]:
        """The net that each cell drives, by instance: `NET` or `PORT[BIT]`."""
        return {one.name: one.output for one in self.instances if one.is_cell}

    def buffer(self, *, ideal: str) -> None:
        """Put trees of buffers behind nets with more than `MOST_LOADS` loads, but one, the clock.

        Yosys maps block by block and does not see what a net drives in other blocks. A buffer
        belongs to the block of what it drives.
        """
        loads: dict[str, list[tuple[Instance, str]]] = defaultdict(list)
        for one in filter(lambda instance: instance.is_cell, self.instances):
            for pin, net in one.pins.items():
                if pin not in OUTPUTS and net != ideal and "'" not in net:
                    loads[net].append((one, pin))
        wires = []
        for net, sinks in loads.items():
            sinks.sort(key=lambda sink: sink[0].name)
            while len(sinks) > MOST_LOADS:
                groups = [sinks[at : at + MOST_LOADS] for at in range(0, len(sinks), MOST_LOADS)]
                sinks = []
                for group in groups:
                    wire = f"_b{len(wires)}_"
                    place = place_of(group[0][0].name)
                    name = f"{place}{'_' if place else ''}g{10**6 + len(wires)}"
                    wires.append(wire)
                    for instance, pin in group:
                        instance.pins[pin] = wire
                    buffer = Instance(cell=BUFFER, name=name, pins={"A": net, "Y": wire})
                    self.instances.append(buffer)
                    sinks.append((buffer, "A"))
        self.head += "".join(f"  wire {wire};\n" for wire in wires)

    def without_memories(self) -> "Gates":
        """The cells alone: what other instances drive are ports."""
        cells = [one for one in self.instances if one.is_cell]
        driven = {one.output for one in cells}
        used = {net for one in cells for pin, net in one.pins.items() if pin not in OUTPUTS}
        wires = set(re.findall(r"^  wire (\w+) ?;", self.head, re.M))
        inputs = sorted((used - driven) & wires)
        head = re.sub(r"\);", "".join(f", {net}" for net in inputs) + ");", self.head, count=1)
        head += "".join(f"  input {net};\n" for net in inputs)
        return Gates(head=head, instances=cells, tail=self.tail)


def read_gates(path: Path) -> Gates:
    """Read a netlist that Yosys wrote.

    Raises:
        PanaceaError: a line is none that is known. A pin that is not read would hang in the air.
    """
    text = path.read_text(encoding="utf-8")
    found = list(_INSTANCE.finditer(text))
    for one, after in pairwise([*found, None]):
        if after and one.end() != after.start():
            raise PanaceaError(f"{path}: no instance follows {one[2]}")
    return Gates(
        head=text[: found[0].start()],
        instances=[Instance(cell=one[1], name=one[2], pins=_pins(one, path)) for one in found],
        tail=text[found[-1].end() :],
    )


def _pins(instance: re.Match[str], path: Path) -> dict[str, str]:
    pins = dict(_PIN.findall(instance[3]))
    if len(pins) != len(instance[3].splitlines()):
        raise PanaceaError(f"{path}: {instance[2]} has a pin that cannot be read")
    return pins


def place_of(name: str) -> str:
    """Where a cell is: its name without its number."""
    return _PLACE.sub("", name)
