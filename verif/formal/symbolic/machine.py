"""Runs a netlist cycle by cycle on words; only what changes is computed again."""

from verif.formal.symbolic.netlist import Memory, Netlist
from verif.formal.symbolic.word import Value, Word, concat, cut, merge, unknown

__all__ = ["Machine"]

_SWEEPS = 100


class Machine:
    """A netlist with the values of all its words.

    Attributes:
        values: of all words, by index; to be looked at only.
        cycle: clock edges so far.
        lost: where known data became unknown, with the cycle: cells that could not tell.
    """

    def __init__(self, netlist: Netlist) -> None:
        self._netlist = netlist
        self.values: list[Value] = [unknown(width) for width in netlist.widths]
        for memory in netlist.memories:
            memory.words[:] = [unknown(memory.width)] * len(memory.words)
        for index, value in netlist.constants:
            self.values[index] = value
        self._steps = [(node.output, node.function, node.inputs) for node in netlist.nodes]
        self._readers: list[list[int]] = [[] for _ in netlist.widths]
        for at, node in enumerate(netlist.nodes):
            for index in set(node.inputs):
                self._readers[index].append(at)
        self._dirty = bytearray(b"\x01" * len(netlist.nodes))
        self.cycle = 0
        self.lost: dict[int, int] = {}

    def set(self, port: str, value: Value) -> None:
        """Drive an input."""
        self._put(self._netlist.ports[port][0], value)

    def get(self, port: str) -> Value:
        """What a port has, once settled."""
        return self.values[self._netlist.ports[port][0]]

    def settle(self) -> None:
        """Compute all words from inputs, registers and memories."""
        dirty, values, readers, steps = self._dirty, self.values, self._readers, self._steps
        for _ in range(_SWEEPS):
            at = dirty.find(1)
            if at < 0:
                return
            while at >= 0:
                dirty[at] = 0
                output, function, inputs = steps[at]
                new, old = function(values), values[output]
                if new is not old and new != old:
                    values[output] = new
                    for reader in readers[output]:
                        dirty[reader] = 1
                    if type(new) is Word and new.unknown and at not in self.lost:
                        self._note(at, inputs)
                at = dirty.find(1, at + 1)
        raise RecursionError("the netlist does not settle")

    def clock(self) -> None:
        """One clock edge: registers and memories take what they are given."""
        values = self.values
        taken = [(output, values[data]) for data, output in self._netlist.registers]
        for memory in self._netlist.memories:
            self._write(memory)
        for output, value in taken:
            self._put(output, value)
        self.cycle += 1

    def save(self) -> tuple:
        """The state, for `load`."""
        contents = [list(memory.words) for memory in self._netlist.memories]
        return list(self.values), contents, bytes(self._dirty), self.cycle

    def load(self, state: tuple) -> None:
        """Go back to a state."""
        values, contents, dirty, self.cycle = state
        self.values[:], self._dirty[:] = values, dirty
        for memory, words in zip(self._netlist.memories, contents, strict=True):
            memory.words[:] = words
        self.lost = {}

    def losses(self) -> list[str]:
        """Cells that could not tell, one for each place in the sources, with the first cycle."""
        found: dict[str, str] = {}
        for at, cycle in sorted(self.lost.items(), key=lambda item: item[1]):
            name = self._netlist.nodes[at].name
            found.setdefault(name.rsplit(" ", 1)[-1], f"cycle {cycle}: {name}")
        return list(found.values())

    def _put(self, index: int, new: Value) -> None:
        old = self.values[index]
        if new is not old and new != old:
            self.values[index] = new
            for reader in self._readers[index]:
                self._dirty[reader] = 1

    def _note(self, at: int, inputs: tuple[int, ...]) -> None:
        """Remember a node that makes unknown of what is known."""
        found = [self.values[index] for index in inputs]
        if not any(type(value) is Word and value.unknown for value in found):
            self.lost[at] = self.cycle

    def _write(self, memory: Memory) -> None:
        """Ports in order; without priority, two writes of a word leave it unknown."""
        values, width, words = self.values, memory.width, memory.words
        full = (1 << width) - 1
        written: dict[int, int] = {}
        changed = False
        for port, (address, data, enable) in enumerate(memory.writes):
            on = values[enable]
            if on == 0:
                continue
            changed = True
            at, new = values[address], values[data]
            places = range(len(words)) if type(at) is not int else (at,)
            for place in places:
                if place >= len(words):
                    continue
                if on == full and type(at) is int:
                    value = new
                else:
                    value = _masked(words[place], new, on, width)
                    if type(at) is not int:
                        value = merge(words[place], value, width)
                if written.get(place, 0) & ~memory.before[port]:
                    value = unknown(width)
                words[place] = value
                written[place] = written.get(place, 0) | 1 << port
        if changed:
            for reader in self._readers[memory.index]:
                self._dirty[reader] = 1


def _masked(old: Value, new: Value, on: Value, width: int) -> Value:
    """A word of which some bits are written."""
    found = []
    for bit in range(width):
        enable = cut(on, bit, 1, width)
        p, q = cut(old, bit, 1, width), cut(new, bit, 1, width)
        found.append((merge(p, q, 1) if type(enable) is not int else q if enable else p, 1))
    return concat(found)
