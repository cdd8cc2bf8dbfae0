"""Words put together from bits of others: what a netlist has most of."""

from collections.abc import Sequence
from itertools import groupby

from verif.formal.symbolic.cell import Function
from verif.formal.symbolic.word import (
    Segment,
    Value,
    concat,
    cut,
    join,
    parts,
    repeated,
    segments_of,
    unknown,
)

__all__ = ["constant", "wiring"]


def constant(bits: str) -> Value:
    """Constant bits, lowest first; "x" and "z" are not known."""
    return concat((int(bit) if bit in "01" else unknown(1), 1) for bit in bits)


def wiring(chunks: Sequence[tuple], widths: list[int]) -> Function:
    """A word of chunks, lowest first.

    Args:
        chunks: (index of a word, its lowest bit, width), or (None, constant bits, width).
        widths: of all words.
    """
    if len(chunks) == 1:
        index, low, width = chunks[0]
        total = widths[index]

        def bits(values: list[Value]) -> Value:
            return cut(values[index], low, width, total)

        return bits

    known = not any(index is None and set(low) - {"0", "1"} for index, low, _ in chunks)
    fixed = at = 0
    numbers = []  # word, lowest bit, mask, factor: for words that are numbers
    pieces = []  # word or None, lowest bit or value, width, times
    for (index, low, width), same in groupby(chunks):
        times = len(list(same))
        if index is None:
            value = constant(low)
            fixed |= value << at if known else 0
            pieces.append((None, value, width, times))
        else:
            factor = sum(1 << at + width * i for i in range(times))
            numbers.append((index, low, (1 << width) - 1, factor))
            pieces.append((index, low, width, times))
        at += width * times

    def together(values: list[Value]) -> Value:
        if known:
            total = fixed
            for index, low, mask, factor in numbers:
                value = values[index]
                if type(value) is not int:
                    break
                total |= (value >> low & mask) * factor
            else:
                return total
        found: list[Segment] = []
        for index, low, width, times in pieces:
            if index is None:
                found += segments_of(low, width) * times
                continue
            value = values[index]
            if type(value) is int:
                found += [(None, value >> low & ((1 << width) - 1), width)] * times
            elif width == widths[index]:
                found += value.segments * times
            else:
                found += repeated(parts(value, low, width, widths[index]), times)
        return join(found)

    return together
