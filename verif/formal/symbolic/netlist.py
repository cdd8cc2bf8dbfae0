"""A flattened netlist of words, as Yosys writes it, made ready to run."""

import json
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from pathlib import Path

from verif.formal.symbolic.cell import Cell, Facts, Function, UnknownCellError
from verif.formal.symbolic.cells import KINDS
from verif.formal.symbolic.wiring import constant, wiring
from verif.formal.symbolic.word import Value, unknown

__all__ = ["Memory", "Netlist", "Node", "read_netlist"]

_CLOCK = "clk_i"

Bit = int | str
"""The number of a net, or "0", "1", "x"."""


@dataclass(frozen=True, kw_only=True)
class Node:
    """One word that is a function of others: a cell, a read port, or bits put together.

    Attributes:
        output: index of the word.
        inputs: indices of the words that it depends on.
        function: of all words.
        name: of the cell, and its source line; empty if no cell.
    """

    output: int
    inputs: tuple[int, ...]
    function: Function
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class Memory:
    """A memory: its words, and the ports that write it.

    Attributes:
        name: of the cell.
        width: bits of a word.
        words: contents; the machine's, changed in place.
        index: of the word that stands for all contents, on which read ports depend.
        writes: (address, data, enable) of each port, indices of words.
        before: ports that this port has priority over, for each port.
    """

    name: str
    width: int
    words: list[Value]
    index: int
    writes: tuple[tuple[int, int, int], ...]
    before: tuple[int, ...]


@dataclass(kw_only=True)
class Netlist:
    """All words of a design and how they depend on each other.

    Attributes:
        widths: bits of each word.
        nodes: in an order in which inputs come before outputs.
        registers: (data, output), indices of words.
        memories: with their write ports.
        constants: index and value of words that never change.
        ports: index and width of the top's ports, by name.
        inputs: names of the top's inputs.
        facts: what is assumed of data; a set that the user fills.
    """

    widths: list[int] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)
    registers: list[tuple[int, int]] = field(default_factory=list)
    memories: list[Memory] = field(default_factory=list)
    constants: list[tuple[int, Value]] = field(default_factory=list)
    ports: dict[str, tuple[int, int]] = field(default_factory=dict)
    inputs: set[str] = field(default_factory=set)
    facts: Facts = field(default_factory=set)


def read_netlist(file: Path, top: str) -> Netlist:
    """Read what `write_json` has written of a flattened design with one clock, `clk_i`.

    Raises:
        UnknownCellError: a cell's kind, or the way it is used, is not known here.
    """
    module = json.loads(file.read_text(encoding="utf-8"))["modules"][top]
    return _Reader(module).netlist


def _numbers(parameters: dict[str, str | int]) -> dict[str, int]:
    """Parameters that are numbers."""
    found = {}
    for name, value in parameters.items():
        if isinstance(value, int):
            found[name] = value
        elif value and set(value) <= {"0", "1"}:
            found[name] = int(value, 2)
    return found


class _Reader:
    """Gives every output of a cell an index, then connects the inputs."""

    def __init__(self, module: dict) -> None:
        self.netlist = Netlist()
        self._drivers: dict[Bit, tuple[int, int]] = {}  # of a net: word, bit
        self._wires: dict[tuple, int] = {}
        self._clock = module["ports"][_CLOCK]["bits"]
        cells = list(module["cells"].items())
        outputs = {name: self._outputs(name, cell) for name, cell in cells}
        for name, port in module["ports"].items():
            if port["direction"] == "input":
                self.netlist.inputs.add(name)
                self.netlist.ports[name] = self._new(port["bits"]), len(port["bits"])
        for name, cell in cells:
            self._connect(name, cell, outputs[name])
        for name, port in module["ports"].items():
            if port["direction"] == "output":
                self.netlist.ports[name] = self._word(port["bits"]), len(port["bits"])
        self._sort()

    def _new(self, bits: list[Bit]) -> int:
        """A word that drives nets."""
        index = len(self.netlist.widths)
        self.netlist.widths.append(len(bits))
        for at, bit in enumerate(bits):
            if bit in self._drivers:
                raise UnknownCellError(f"net {bit} has two drivers")
            self._drivers[bit] = index, at
        return index

    def _outputs(self, name: str, cell: dict) -> list[int]:
        """The words that a cell drives."""
        kind, nets = cell["type"], cell["connections"]
        if kind == "$mem_v2":
            width = _numbers(cell["parameters"])["WIDTH"]
            data = nets["RD_DATA"]
            return [self._new(data[at : at + width]) for at in range(0, len(data), width)]
        if kind == "$dff":
            return [self._new(nets["Q"])]
        if kind not in KINDS:
            raise UnknownCellError(f"{self._where(name, cell)}: kind {kind}")
        return [self._new(nets["Y"])]

    def _word(self, bits: list[Bit]) -> int:
        """The index of some nets as one word."""
        chunks: list[list] = []  # [word or None for a constant, lowest bit or bits, width]
        for bit in bits:
            if isinstance(bit, str):
                if chunks and chunks[-1][0] is None:
                    chunks[-1][1] += bit
                    chunks[-1][2] += 1
                else:
                    chunks.append([None, bit, 1])
                continue
            if bit not in self._drivers:
                raise UnknownCellError(f"net {bit} has no driver")
            index, at = self._drivers[bit]
            if chunks and chunks[-1][0] == index and chunks[-1][1] + chunks[-1][2] == at:
                chunks[-1][2] += 1
            else:
                chunks.append([index, at, 1])
        if len(chunks) == 1 and chunks[0][0] is not None:
            index, at, width = chunks[0]
            if width == self.netlist.widths[index]:
                return index
        key = tuple(map(tuple, chunks))
        if key not in self._wires:
            self._wires[key] = self._wire(key)
        return self._wires[key]

    def _wire(self, chunks: tuple[tuple, ...]) -> int:
        """A word of bits of other words and constants."""
        widths, output = self.netlist.widths, len(self.netlist.widths)
        widths.append(sum(width for *_, width in chunks))
        inputs = tuple(index for index, *_ in chunks if index is not None)
        if inputs:
            function = wiring(chunks, widths)
            self.netlist.nodes.append(Node(output=output, inputs=inputs, function=function))
        else:
            self.netlist.constants.append((output, constant(chunks[0][1])))
        return output

    def _connect(self, name: str, cell: dict, outputs: list[int]) -> None:
        """Make the nodes of a cell."""
        kind, nets, parameters = cell["type"], cell["connections"], _numbers(cell["parameters"])
        if kind == "$dff":
            if nets["CLK"] != self._clock or not parameters["CLK_POLARITY"]:
                raise UnknownCellError(f"{self._where(name, cell)}: another clock")
            self.netlist.registers.append((self._word(nets["D"]), outputs[0]))
        elif kind == "$mem_v2":
            self._memory(name, cell, parameters, outputs)
        else:
            inputs = {p: self._word(n) for p, n in nets.items() if p != "Y"}
            made = Cell(
                name=self._where(name, cell),
                kind=kind,
                parameters=parameters,
                inputs=inputs,
                widths={port: len(n) for port, n in nets.items()},
                facts=self.netlist.facts,
            )
            node = Node(
                output=outputs[0],
                inputs=tuple(inputs.values()),
                function=KINDS[kind](made),
                name=made.name,
            )
            self.netlist.nodes.append(node)

    def _memory(
        self, name: str, cell: dict, parameters: dict[str, int], outputs: list[int]
    ) -> None:
        """A memory that is read at once and written at the clock."""
        nets, count = cell["connections"], parameters["WR_PORTS"]
        simple = (
            not parameters["RD_CLK_ENABLE"]
            and parameters["WR_CLK_ENABLE"] == parameters["WR_CLK_POLARITY"] == (1 << count) - 1
            and nets["WR_CLK"] == self._clock * count
            and not parameters["WR_WIDE_CONTINUATION"]
            and not parameters["RD_WIDE_CONTINUATION"]
            and not parameters["OFFSET"]
            and set(cell["parameters"]["INIT"]) == {"x"}
        )
        if not simple:
            raise UnknownCellError(f"{self._where(name, cell)}: a memory of another kind")
        width, bits = parameters["WIDTH"], parameters["ABITS"]
        index = len(self.netlist.widths)
        self.netlist.widths.append(1)
        words: list[Value] = [unknown(width)] * parameters["SIZE"]

        def ports(port: str, of: int, number: int) -> list[int]:
            return [self._word(nets[port][of * i : of * (i + 1)]) for i in range(number)]

        for address, output in zip(ports("RD_ADDR", bits, len(outputs)), outputs, strict=True):
            self.netlist.nodes.append(
                Node(
                    output=output,
                    inputs=(address, index),
                    function=_reading(words, address, width),
                    name=self._where(name, cell),
                )
            )
        writes = zip(
            ports("WR_ADDR", bits, count),
            ports("WR_DATA", width, count),
            ports("WR_EN", width, count),
            strict=True,
        )
        mask = parameters["WR_PRIORITY_MASK"]
        self.netlist.memories.append(
            Memory(
                name=self._where(name, cell),
                width=width,
                words=words,
                index=index,
                writes=tuple(writes),
                before=tuple(mask >> (count * i) & ((1 << count) - 1) for i in range(count)),
            )
        )

    def _where(self, name: str, cell: dict) -> str:
        return f"{name} ({cell['type']}, {cell.get('attributes', {}).get('src', '?')})"

    def _sort(self) -> None:
        """Inputs before outputs, as far as words allow it: bits of a word may come in turns."""
        nodes = self.netlist.nodes
        by_output = {node.output: at for at, node in enumerate(nodes)}
        before = {
            at: [by_output[i] for i in node.inputs if i in by_output]
            for at, node in enumerate(nodes)
        }
        self.netlist.nodes = [nodes[at] for at in TopologicalSorter(before).static_order()]


def _reading(words: list[Value], address: int, width: int) -> Function:
    """A read port; what is read at an unknown address is not known."""

    def read(values: list[Value]) -> Value:
        at = values[address]
        return words[at] if type(at) is int and at < len(words) else unknown(width)

    return read
