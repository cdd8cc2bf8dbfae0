"""Logic, bit by bit and of whole words, and comparisons.

A comparison is decided by bits that are known, or by `Facts`; of data it is not known otherwise.
"""

import operator
from collections.abc import Callable

from verif.formal.symbolic.cell import Cell, Facts, Function
from verif.formal.symbolic.poly import add, scale
from verif.formal.symbolic.word import (
    UNKNOWN,
    Segment,
    Value,
    Word,
    aligned,
    as_poly,
    extend,
    join,
    parts,
)

__all__ = ["LOGIC"]


def _complement(segment: Segment) -> Segment:
    """All bits inverted: -a - 1."""
    e, at, width = segment
    if e is None:
        return None, ~at & ((1 << width) - 1), width
    if e is UNKNOWN:
        return segment
    inverse = add(scale(e, -1), -1)
    return inverse, at, width


def _bitwise(kind: str) -> Callable[[Segment, Segment], list[Segment]]:
    """What two segments of one width make, bit by bit."""
    number = {"$and": operator.and_, "$or": operator.or_, "$xor": operator.xor}[kind]

    def combine(a: Segment, b: Segment) -> list[Segment]:
        if a[0] is None and b[0] is None:
            return [(None, number(a[1], b[1]), a[2])]
        if b[0] is not None:
            a, b = b, a
        if b[0] is not None:
            return [(UNKNOWN, 0, a[2])]
        _, mask, width = b
        found = []
        for bit in range(width):
            (e, at, _), one = parts(Word((a,), False), bit, 1, width)[0], mask >> bit & 1
            if kind == "$xor":
                found.append(_complement((e, at, 1)) if one else (e, at, 1))
            else:
                found.append((e, at, 1) if one == (kind == "$and") else (None, one, 1))
        return found

    return combine


def _bits(cell: Cell) -> Function:
    ia, ib = cell.inputs["A"], cell.inputs["B"]
    wa, wb, wy = (cell.widths[port] for port in "ABY")
    signed, combine = cell.signed, _bitwise(cell.kind)

    def function(values: list[Value]) -> Value:
        a, b = extend(values[ia], wa, wy, signed), extend(values[ib], wb, wy, signed)
        return join(s for p, q in aligned(a, b, wy) for s in combine(p, q))

    return function


def _not(cell: Cell) -> Function:
    ia, wa, wy, signed = cell.inputs["A"], cell.widths["A"], cell.widths["Y"], cell.signed

    def function(values: list[Value]) -> Value:
        a = extend(values[ia], wa, wy, signed)
        if type(a) is int:
            return ~a & ((1 << wy) - 1)
        return join(_complement(segment) for segment in a.segments)

    return function


def _equal(a: Value, b: Value, width: int, facts: Facts) -> bool | None:
    """Whether two words of a width are equal; None: cannot tell."""
    if type(a) is int and type(b) is int:
        return a == b
    pairs = aligned(a, b, width)
    if any(e is None and f is None and at != low for (e, at, _), (f, low, _) in pairs):
        return False
    if all(e is f and e is not UNKNOWN and at == low for (e, at, _), (f, low, _) in pairs):
        return True
    if type(a) is int:
        a, b = b, a
    return False if type(b) is int and (a.segments, b) in facts else None


def _truth(a: Value, width: int, facts: Facts) -> bool | None:
    """Whether a word is not 0; None: cannot tell."""
    if type(a) is int:
        return a != 0
    equal = _equal(a, 0, width, facts)
    return None if equal is None else not equal


def _one(truth: bool | None, width: int) -> Value:
    """A truth as a word."""
    return join([(UNKNOWN, 0, 1), (None, 0, width - 1)]) if truth is None else int(truth)


def _equality(cell: Cell) -> Function:
    ia, ib = cell.inputs["A"], cell.inputs["B"]
    wa, wb, wy = (cell.widths[port] for port in "ABY")
    width, signed, facts, wanted = max(wa, wb), cell.signed, cell.facts, cell.kind == "$eq"

    def function(values: list[Value]) -> Value:
        a, b = extend(values[ia], wa, width, signed), extend(values[ib], wb, width, signed)
        equal = _equal(a, b, width, facts)
        return _one(None if equal is None else equal == wanted, wy)

    return function


def _order(number: Callable[[int, int], bool]) -> Callable[[Cell], Function]:
    """Comparisons, of numbers only."""

    def compile_cell(cell: Cell) -> Function:
        ia, ib = cell.inputs["A"], cell.inputs["B"]
        wa, wb, wy = (cell.widths[port] for port in "ABY")
        signed = cell.signed

        def function(values: list[Value]) -> Value:
            a, b = values[ia], values[ib]
            if type(a) is not int or type(b) is not int:
                return _one(None, wy)
            if signed:
                a, b = as_poly(a, wa, True, wa), as_poly(b, wb, True, wb)
            return int(number(a, b))

        return function

    return compile_cell


def _logic(cell: Cell) -> Function:
    """And, or: decided by one side if that is enough."""
    ia, ib = cell.inputs["A"], cell.inputs["B"]
    wa, wb, wy = (cell.widths[port] for port in "ABY")
    facts, decides = cell.facts, cell.kind == "$logic_or"

    def function(values: list[Value]) -> Value:
        a, b = _truth(values[ia], wa, facts), _truth(values[ib], wb, facts)
        if a is decides or b is decides:
            return int(decides)
        return _one(None if a is None or b is None else not decides, wy)

    return function


def _test(cell: Cell) -> Function:
    """Is it not 0; is it 0."""
    ia, wa, wy = cell.inputs["A"], cell.widths["A"], cell.widths["Y"]
    facts, wanted = cell.facts, cell.kind != "$logic_not"

    def function(values: list[Value]) -> Value:
        truth = _truth(values[ia], wa, facts)
        return _one(None if truth is None else truth == wanted, wy)

    return function


def _all_ones(cell: Cell) -> Function:
    ia, wa, wy = cell.inputs["A"], cell.widths["A"], cell.widths["Y"]
    facts, ones = cell.facts, (1 << cell.widths["A"]) - 1

    def function(values: list[Value]) -> Value:
        return _one(_equal(values[ia], ones, wa, facts), wy)

    return function


LOGIC: dict[str, Callable[[Cell], Function]] = {
    **dict.fromkeys(("$and", "$or", "$xor"), _bits),
    "$not": _not,
    **dict.fromkeys(("$eq", "$ne"), _equality),
    "$lt": _order(operator.lt),
    "$le": _order(operator.le),
    "$gt": _order(operator.gt),
    "$ge": _order(operator.ge),
    **dict.fromkeys(("$logic_and", "$logic_or"), _logic),
    **dict.fromkeys(("$logic_not", "$reduce_or", "$reduce_bool"), _test),
    "$reduce_and": _all_ones,
}
"""How a cell of each kind becomes a function."""
