"""Multiplexers. With an unknown select they give what the words that may be selected agree in."""

from collections.abc import Callable

from verif.formal.symbolic.cell import Cell, Function
from verif.formal.symbolic.word import Value, concat, cut, merge, parts, unknown

__all__ = ["SELECTION"]


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


SELECTION: dict[str, Callable[[Cell], Function]] = {
    "$mux": _mux,
    "$pmux": _pmux,
    "$bmux": _bmux,
    "$demux": _demux,
    "$bwmux": _bwmux,
}
"""How a cell of each kind becomes a function."""
