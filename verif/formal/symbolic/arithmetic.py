"""Sums, differences, products and shifts: as Yosys defines them, exactly on polynomials."""

import operator
from collections.abc import Callable

from verif.formal.symbolic.cell import Cell, Function, UnknownCellError
from verif.formal.symbolic.poly import Poly, add, multiply, scale
from verif.formal.symbolic.word import (
    UNKNOWN,
    Segment,
    Value,
    as_poly,
    extend,
    from_poly,
    join,
    parts,
    repeated,
    unknown,
)

__all__ = ["ARITHMETIC"]


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


ARITHMETIC: dict[str, Callable[[Cell], Function]] = {
    "$add": _arithmetic(operator.add, add),
    "$sub": _arithmetic(operator.sub, _subtract),
    "$mul": _arithmetic(operator.mul, multiply),
    "$neg": _negate,
    "$div": _divide,
    **dict.fromkeys(("$shl", "$sshl", "$shr", "$sshr", "$shift", "$shiftx"), _shift),
}
"""How a cell of each kind becomes a function."""
