"""Area of a netlist by block, and the memories that are left out of it."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from verif.netlist.gates import place_of, read_gates
from verif.netlist.library import cell_areas
from verif.netlist.mapping import Netlist, NetlistError, plain_name
from verif.netlist.memory_library import Memory, memories

__all__ = ["REST", "Area", "block_of", "block_places", "measure_area"]

REST = "the rest"
"""What belongs to no block: FIFOs, delays, wiring."""


@dataclass(frozen=True, kw_only=True)
class Area:
    """Area of a netlist.

    Attributes:
        blocks: of cells, in square micrometres, by block; blocks without any are left out.
        cells: their number.
        registers: area of those that are flip-flops.
        memories: what is no cell.
    """

    blocks: Mapping[str, float]
    cells: int
    registers: float
    memories: tuple[Memory, ...]

    @property
    def total(self) -> float:
        """All cells, in square micrometres."""
        return sum(self.blocks.values())

    @property
    def memory_bits(self) -> int:
        """What all memories store."""
        return sum(memory.bits for memory in self.memories)

    def share(self, *blocks: str) -> float:
        """Part of all cells that blocks have."""
        return sum(self.blocks.get(block, 0.0) for block in blocks) / self.total


def measure_area(netlist: Netlist) -> Area:
    """Area of a netlist.

    Raises:
        NetlistError: it holds what is neither a cell of the library nor a memory nor left out on
            purpose.
    """
    areas = cell_areas(netlist.library)
    found = tuple(memories(netlist.folder))
    known = {memory.module for memory in found} | set(netlist.design.without)
    places = block_places(netlist)
    blocks: dict[str, float] = {}
    cells, registers = 0, 0.0
    for one in read_gates(netlist.folder / "gates.v").instances:
        if one.cell in areas:
            block = places[place_of(one.name)]
            blocks[block] = blocks.get(block, 0.0) + areas[one.cell]
            cells += 1
            registers += areas[one.cell] if one.cell.startswith("DFF") else 0.0
        elif one.cell not in known:
            raise NetlistError(f"{one.name}: {one.cell} is no cell of the library")
    order = [*netlist.design.blocks, REST]
    return Area(
        blocks={block: blocks[block] for block in order if block in blocks},
        cells=cells,
        registers=registers,
        memories=found,
    )


def block_of(name: str, blocks: Mapping[str, str]) -> str:
    """The block that a module or an instance belongs to, by its name."""
    return next((block for block, pattern in blocks.items() if re.search(pattern, name)), REST)


def block_places(netlist: Netlist) -> dict[str, str]:
    """The block of every instance of a module, by its name in the flat netlist."""
    stat = json.loads((netlist.folder / "stat.json").read_text(encoding="utf-8"))
    names = [name.removeprefix("\\") for name in stat["modules"]]
    return {
        plain_name(name.partition("$")[2].partition(".")[2]): block_of(name, netlist.design.blocks)
        for name in names
    }
