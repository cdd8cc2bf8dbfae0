"""A netlist unrolled over its first cycles, as one graph of AND gates.

Constants are carried through and equal gates are one: what is given at power-up folds away, with
all control that depends on it alone, and what is left is the arithmetic.
"""

from dataclasses import dataclass

import numpy as np
from numba import njit

from models.errors import PanaceaError
from verif.formal.netlist import ANY, Netlist

__all__ = ["Unrolled", "clauses", "unroll"]

_NODES = 1 << 21  # of a graph, at most
_SLOTS = 1 << 22  # of the table of its gates


@dataclass(frozen=True, kw_only=True)
class Unrolled:
    """Some cycles of a netlist.

    Attributes:
        gates: literals that each node reads, (nodes, 2); -1 if it is free.
        asserts: literals that are 1 when a claim fails, by name, one a cycle.
        covers: literals that are 1 when a situation occurs, likewise.
    """

    gates: np.ndarray
    asserts: dict[str, np.ndarray]
    covers: dict[str, np.ndarray]


def unroll(netlist: Netlist, cycles: int, given: dict[str, int]) -> Unrolled:
    """Unroll from power-up.

    Args:
        netlist: what to unroll.
        cycles: how many.
        given: first values of registers that otherwise begin with any.

    Raises:
        PanaceaError: `given` names no register, or the graph is too large.
    """
    first = netlist.first_values.copy()
    for name, value in given.items():
        if name not in netlist.registers:
            raise PanaceaError(f"{name}: no register of the property module")
        for place, register in enumerate(netlist.registers[name]):
            first[register] = value >> place & 1
    looked_at = np.array([*netlist.asserts.values(), *netlist.covers.values()], dtype=np.int32)
    graph = np.full((_NODES, 2), -1, dtype=np.int32)
    nodes, found = _unroll(
        netlist.gates, netlist.inputs, netlist.next_values, first, looked_at, cycles, graph
    )
    if nodes < 0:
        raise PanaceaError(f"more than {_NODES} gates in {cycles} cycles")
    columns = iter(found.T)
    return Unrolled(
        gates=graph[:nodes],
        asserts={name: next(columns) for name in netlist.asserts},
        covers={name: next(columns) for name in netlist.covers},
    )


def clauses(gates: np.ndarray, literals: list[int]) -> list[str]:
    """DIMACS clauses that say that one of the literals is 1; variable n + 1 is node n."""

    def term(literal: int) -> int:
        return -(literal // 2 + 1) if literal & 1 else literal // 2 + 1

    lines = [f"{' '.join(str(term(literal)) for literal in literals)} 0", f"{term(1)} 0"]
    seen, stack = set(), [literal >> 1 for literal in literals]
    while stack:
        node = stack.pop()
        if node in seen:
            continue
        seen.add(node)
        a, b = (int(literal) for literal in gates[node])
        if a >= 0:
            y = term(2 * node)
            lines += [f"-{y} {term(a)} 0", f"-{y} {term(b)} 0", f"{y} {-term(a)} {-term(b)} 0"]
            stack += [a >> 1, b >> 1]
    return [f"p cnf {len(gates)} {len(lines)}", *lines]


@njit(cache=True)
def _and(a, b, graph, table, nodes):
    """Literal of a gate, and how many nodes there are then."""
    if a > b:
        a, b = b, a
    if a == 0 or a ^ 1 == b:
        return 0, nodes
    if a == 1 or a == b:
        return b, nodes
    mask = len(table) - 1
    slot = (a * 0x9E3779B1 + b * 0x85EBCA77) & mask
    slot = (slot ^ (slot >> 11)) & mask
    while table[slot] != 0:
        node = table[slot]
        if graph[node, 0] == a and graph[node, 1] == b:
            return 2 * node, nodes
        slot = (slot + 1) & mask
    table[slot] = nodes
    graph[nodes, 0] = a
    graph[nodes, 1] = b
    return 2 * nodes, nodes + 1


@njit(cache=True)
def _unroll(gates, inputs, next_values, first, looked_at, cycles, graph):
    """Nodes of the graph, -1 if there are too many; literals looked at, (cycles, literals)."""
    table = np.zeros(_SLOTS, dtype=np.int32)
    base = 1 + inputs + len(first)
    value = np.zeros(base + len(gates), dtype=np.int64)
    found = np.zeros((cycles, len(looked_at)), dtype=np.int64)
    state = np.zeros(len(first), dtype=np.int64)
    nodes = 1
    for r in range(len(first)):
        if first[r] == ANY:
            state[r] = 2 * nodes
            nodes += 1
        else:
            state[r] = first[r]
    for cycle in range(cycles):
        for i in range(inputs):
            value[1 + i] = 2 * nodes
            nodes += 1
        for r in range(len(first)):
            value[1 + inputs + r] = state[r]
        for g in range(len(gates)):
            if nodes + inputs >= len(graph):
                return -1, found
            a = value[gates[g, 0] >> 1] ^ (gates[g, 0] & 1)
            b = value[gates[g, 1] >> 1] ^ (gates[g, 1] & 1)
            value[base + g], nodes = _and(a, b, graph, table, nodes)
        for r in range(len(first)):
            state[r] = value[next_values[r] >> 1] ^ (next_values[r] & 1)
        for n in range(len(looked_at)):
            found[cycle, n] = value[looked_at[n] >> 1] ^ (looked_at[n] & 1)
    return nodes, found
