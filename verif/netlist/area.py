"""Area of a netlist by block, and the memories that are left out of it."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from verif.netlist.library import cell_areas
from verif.netlist.mapping import Netlist, NetlistError, plain_name
from verif.netlist.memory_library import Memory, memories

__all__ = ["REST", "Area", "block_of", "measure_area"]

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
    modules = json.loads((netlist.folder / "stat.json").read_text(encoding="utf-8"))["modules"]
    found = tuple(memories(netlist.folder))
    known = {memory.module for memory in found} | set(netlist.design.without)
    known |= {plain_name(name) for name in modules}
    blocks: dict[str, float] = {}
    cells, registers = 0, 0.0
    for name, module in modules.items():
        for cell, count in module["num_cells_by_type"].items():
            if cell in areas:
                block = block_of(name.removeprefix("\\"), netlist.design.blocks)
                blocks[block] = blocks.get(block, 0.0) + count * areas[cell]
                cells += count
                registers += count * areas[cell] if cell.startswith("DFF") else 0.0
            elif plain_name(cell) not in known:
                raise NetlistError(f"{name}: {cell} is no cell of the library")
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
