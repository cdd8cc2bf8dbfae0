"""What each kind of cell computes on words: as Yosys defines it on numbers, exactly on polynomials.

Where a value decides, it must be known, or what is decided is not: a multiplexer with an unknown
select gives what its inputs agree in. Words that hold data decide only by `Facts`.
"""

import operator
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from models.errors import PanaceaError
from verif.formal.symbolic.poly import Poly, add, multiply, scale
from verif.formal.symbolic.word import (
    UNKNOWN,
    Segment,
    Value,
    Word,
    as_poly,
    concat,
    cut,
    extend,
    from_poly,
    join,
    parts,
    repeated,
    segments_of,
    unknown,
)

__all__ = ["KINDS", "Cell", "Facts", "Function", "UnknownCellError", "merge"]

Function = Callable[[list[Value]], Value]

Facts = set[tuple[tuple[Segment, ...], int]]
"""Words, each with a number that it is not."""


class UnknownCellError(PanaceaError):
    """The netlist has what cannot be simulated; the message names cell and source line."""


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One cell of the netlist.

    Attributes:
        name: with the line of its source, for messages.
        kind: as Yosys calls it.
        parameters: as numbers.
        inputs: index of each input port's word, in the machine's values.
        widths: bits of all ports.
        facts: what is assumed of data.
    """

    name: str
    kind: str
    parameters: dict[str, int]
    inputs: dict[str, int]
    widths: dict[str, int]
    facts: Facts

    @property
    def signed(self) -> bool:
        """All operands are signed."""
        return all(self.parameters.get(f"{port}_SIGNED", 1) for port in self.inputs)


def merge(a: Value, b: Value, width: int) -> Value:
    """What is known of a word that is one of two."""
    if a is b or a == b:
        return a
    found: list[Segment] = []
    for (e, at, span), (f, low, _) in _aligned(a, b, width):
        if e is None and f is None and at != low:
            found += [
                (None, at >> i & 1, 1) if (at ^ low) >> i & 1 == 0 else (UNKNOWN, 0, 1)
                for i in range(span)
            ]
        else:
            found.append((e, at, span) if e is f and at == low else (UNKNOWN, 0, span))
    return join(found)


def _aligned(a: Value, b: Value, width: int) -> list[tuple[Segment, Segment]]:
    """The segments of two words of the same width, cut where either has a border."""
    borders = {0, width}
    for value in (a, b):
        at = 0
        for _, _, span in segments_of(value, width):
            at += span
            borders.add(at)
    return [
        (parts(a, low, high - low, width)[0], parts(b, low, high - low, width)[0])
        for low, high in pairwise(sorted(borders))
    ]


def _arithmetic(
    number: Callable[[int, int], int],
    symbolic: Callable[[Poly | int, Poly | int], Poly | int | None],
) -> Callable[[Cell], Function]:
    """Sums and products: their lowest bits are those of the operands' lowest bits."""
    product = number is operator.mul

    def compile_cell(cell: Cell) -> Function:
        ia, ib = cell.inputs["A"], cell.inputs["B"]
        wa, wb, wy = (cell.widths[port] for port in "ABY")
        signed, mask = cell.signed, (1 << wy) - 1
        half_a, half_b = (1 << wa >> 1, 1 << wb >> 1) if signed else (0, 0)

        def function(values: list[Value]) -> Value:
            a, b = values[ia], values[ib]
            if type(a) is int and type(b) is int:
                if a & half_a:
                    a -= half_a << 1
                if b & half_b:
                    b -= half_b << 1
                return number(a, b) & mask
            if product and (a == 0 or b == 0):
                return 0
            p, q = as_poly(a, wa, signed, wy), as_poly(b, wb, signed, wy)
            y = None if p is None or q is None else symbolic(p, q)
            return unknown(wy) if y is None else from_poly(y, wy)

        return function

    return compile_cell


def _subtract(a: Poly | int, b: Poly | int) -> Poly | int:
    return add(a, scale(b, -1))


def _negate(cell: Cell) -> Function:
    ia, wa, wy, signed = cell.inputs["A"], cell.widths["A"], cell.widths["Y"], cell.signed

    def function(values: list[Value]) -> Value:
        a = as_poly(values[ia], wa, signed, wy)
        return unknown(wy) if a is None else from_poly(scale(a, -1), wy)

    return function


def _divide(cell: Cell) -> Function:
    if cell.signed:
        raise UnknownCellError(f"{cell.name}: a signed division")
    ia, ib, wy = cell.inputs["A"], cell.inputs["B"], cell.widths["Y"]

    def function(values: list[Value]) -> Value:
        a, b = values[ia], values[ib]
        if type(a) is int and type(b) is int and b:
            return a // b & ((1 << wy) - 1)
        return unknown(wy)

    return function


def _shift(cell: Cell) -> Function:
    """Shifts; right ones by B, also to the left if it is signed and negative, fill with bits."""
    kind = cell.kind
    ia, ib = cell.inputs["A"], cell.inputs["B"]
    wa, wb, wy = (cell.widths[port] for port in "ABY")
    left = kind in ("$shl", "$sshl")
    signed = bool(cell.parameters["A_SIGNED"])
    by_signed = bool(cell.parameters["B_SIGNED"]) and kind in ("$shift", "$shiftx")
    wide = max(wa, wy)

    def function(values: list[Value]) -> Value:
        a, by = values[ia], values[ib]
        if type(by) is not int:
            return unknown(wy)
        if by_signed and by >> (wb - 1):
            by -= 1 << wb
        fill: Segment = (UNKNOWN, 0, 1) if kind == "$shiftx" else (None, 0, 1)
        word = a if kind == "$shiftx" else extend(a, wa, wide, signed)
        total = wa if kind == "$shiftx" else wide
        low = -by if left else by
        below = min(max(-low, 0), wy)  # bits below A
        inside = max(min(wy - below, total - max(low, 0)), 0)
        middle = parts(word, max(low, 0), inside, total) if inside else []
        top = parts(word, wide - 1, 1, wide)[0] if kind == "$sshr" and signed else fill
        above = repeated([top], wy - below - inside)
        return join([*repeated([fill], below), *middle, *above])

    return function


def _mux(cell: Cell) -> Function:
    ia, ib, iselect, width = *(cell.inputs[port] for port in "ABS"), cell.widths["Y"]

    def function(values: list[Value]) -> Value:
        select = values[iselect]
        if type(select) is int:
            return values[ib] if select else values[ia]
        return merge(values[ia], values[ib], width)

    return function


def _pmux(cell: Cell) -> Function:
    """One of the parts of B for each bit of S; A if there is none, not known if there are two."""
    ia, ib, iselect = (cell.inputs[port] for port in "ABS")
    width, count = cell.widths["Y"], cell.widths["S"]

    def function(values: list[Value]) -> Value:
        select = values[iselect]
        if type(select) is not int:
            known = [parts(select, i, 1, count)[0] for i in range(count)]
            chosen = [i for i, (e, at, _) in enumerate(known) if e is not None or at]
            result = values[ia]
            for i in chosen:
                result = merge(result, cut(values[ib], i * width, width, count * width), width)
            return result if chosen else unknown(width)
        if not select:
            return values[ia]
        if select & (select - 1):
            return unknown(width)
        return cut(values[ib], (select.bit_length() - 1) * width, width, count * width)

    return function


def _bmux(cell: Cell) -> Function:
    ia, iselect, width, total = *(cell.inputs[p] for p in "AS"), cell.widths["Y"], cell.widths["A"]

    def function(values: list[Value]) -> Value:
        select = values[iselect]
        if type(select) is int:
            return cut(values[ia], select * width, width, total)
        result = cut(values[ia], 0, width, total)
        for low in range(width, total, width):
            result = merge(result, cut(values[ia], low, width, total), width)
        return result

    return function


def _demux(cell: Cell) -> Function:
    ia, iselect, width, total = *(cell.inputs[p] for p in "AS"), cell.widths["A"], cell.widths["Y"]

    def function(values: list[Value]) -> Value:
        a, select = values[ia], values[iselect]
        if type(select) is int:
            low = select * width
            return concat([(0, low), (a, width), (0, total - low - width)])
        return concat([(merge(0, a, width), width)] * (total // width))

    return function


def _bwmux(cell: Cell) -> Function:
    ia, ib, iselect, width = *(cell.inputs[port] for port in "ABS"), cell.widths["Y"]

    def function(values: list[Value]) -> Value:
        a, b, found = values[ia], values[ib], []
        for bit in range(width):
            select = cut(values[iselect], bit, 1, width)
            p, q = cut(a, bit, 1, width), cut(b, bit, 1, width)
            one = merge(p, q, 1) if type(select) is not int else q if select else p
            found.append((one, 1))
        return concat(found)

    return function


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
        return join(s for p, q in _aligned(a, b, wy) for s in combine(p, q))

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
    pairs = _aligned(a, b, width)
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


KINDS: dict[str, Callable[[Cell], Function]] = {
    "$add": _arithmetic(operator.add, add),
    "$sub": _arithmetic(operator.sub, _subtract),
    "$mul": _arithmetic(operator.mul, multiply),
    "$neg": _negate,
    "$div": _divide,
    **dict.fromkeys(("$shl", "$sshl", "$shr", "$sshr", "$shift", "$shiftx"), _shift),
    "$mux": _mux,
    "$pmux": _pmux,
    "$bmux": _bmux,
    "$demux": _demux,
    "$bwmux": _bwmux,
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
"""How a cell of each kind becomes a function of all words."""
