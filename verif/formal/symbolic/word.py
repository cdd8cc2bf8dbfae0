"""Words of a netlist: numbers, or bits of polynomials and bits that are not known.

A word is an `int` if all its bits are constant. Otherwise it is a `Word`: segments, lowest first.
A segment of a polynomial is some bits of its value in two's complement of unlimited width: so
sums and products of lowest bits need no range, and a replicated sign joins the bits below it.

*Unknown* stands for any value: what is not set, and what cannot be told. It may go anywhere; a
result that it reaches is refused.
"""

from collections.abc import Iterable
from itertools import pairwise

from verif.formal.symbolic.poly import Poly, add, scale

__all__ = [
    "UNKNOWN",
    "Segment",
    "Value",
    "Word",
    "aligned",
    "as_poly",
    "concat",
    "cut",
    "extend",
    "from_poly",
    "join",
    "merge",
    "parts",
    "repeated",
    "segments_of",
    "unknown",
]

UNKNOWN = "?"
"""In a segment's first place: bits that are not known."""

Segment = tuple[Poly | str | None, int, int]
"""(None, value, width): a constant; (polynomial, its lowest bit, width); (UNKNOWN, 0, width)."""


class Word:
    """Bits that are not all constant.

    Attributes:
        segments: lowest first, joined as far as possible.
        unknown: some bits are not known.
    """

    __slots__ = ("segments", "unknown")

    def __init__(self, segments: tuple[Segment, ...], unknown: bool) -> None:
        self.segments, self.unknown = segments, unknown

    def __eq__(self, other: object) -> bool:
        return type(other) is Word and self.segments == other.segments

    def __hash__(self) -> int:
        return hash(self.segments)


Value = int | Word


def unknown(width: int) -> Word:
    """Bits of which nothing is known."""
    return Word(((UNKNOWN, 0, width),), True)


def from_poly(a: Poly | int, width: int) -> Value:
    """The lowest bits of a value."""
    if type(a) is int:
        return a & ((1 << width) - 1)
    return Word(((a, 0, width),), False)


def join(segments: Iterable[Segment]) -> Value:
    """A word of segments, lowest first."""
    done: list[Segment] = []
    lost = False
    e0, at0, width0 = None, 0, 0
    for e, at, width in segments:
        if not width:
            continue
        if e is e0:
            if e is None:
                at0, width0 = at0 | at << width0, width0 + width
                continue
            sign = 0 if e is UNKNOWN else e.bits - 1
            if e is UNKNOWN or at == at0 + width0 or (at0 + width0 >= sign and at >= sign):
                width0 += width
                continue
        elif e is None and at == 0 and e0 is not UNKNOWN and e0.low >= 0:
            if at0 + width0 >= e0.bits - 1:  # zeros above a number that is not negative
                width0 += width
                continue
        if width0:
            done.append((e0, at0, width0))
        e0, at0, width0 = e, at, width
        lost = lost or e is UNKNOWN
    if e0 is None and not done:
        return at0
    done.append((e0, at0, width0))
    return Word(tuple(done), lost)


def segments_of(value: Value, width: int) -> tuple[Segment, ...]:
    """The segments of a value of a width."""
    return ((None, value, width),) if type(value) is int else value.segments


def _part(segment: Segment, skip: int, width: int) -> Segment:
    """Bits of a segment."""
    e, at, _ = segment
    if e is None:
        return None, at >> skip & ((1 << width) - 1), width
    if e is UNKNOWN:
        return e, 0, width
    at += skip
    if at >= e.bits - 1:  # sign bits only
        if e.low >= 0:
            return None, 0, width
        if e.high < 0:
            return None, (1 << width) - 1, width
        at = e.bits - 1
    return e, at, width


def parts(value: Value, low: int, width: int, total: int) -> list[Segment]:
    """The segments of some bits of a value of `total` bits."""
    if type(value) is int:
        return [(None, value >> low & ((1 << width) - 1), width)]
    found, end, at = [], low + width, 0
    for segment in value.segments:
        top = at + segment[2]
        if top > low:
            skip = max(low - at, 0)
            found.append(_part(segment, skip, min(top, end) - at - skip))
            if top >= end:
                break
        at = top
    return found


def cut(value: Value, low: int, width: int, total: int) -> Value:
    """Bits low .. low + width - 1 of a value of `total` bits."""
    if type(value) is int:
        return value >> low & ((1 << width) - 1)
    if width == total:
        return value
    return join(parts(value, low, width, total))


def concat(values: Iterable[tuple[Value, int]]) -> Value:
    """Values with their widths, lowest first, as one."""
    return join(segment for value, width in values for segment in segments_of(value, width))


def extend(value: Value, width: int, to: int, signed: bool) -> Value:
    """A value of `width` bits with more of them, or fewer."""
    if to <= width:
        return cut(value, 0, to, width)
    if type(value) is int:
        if signed and value >> (width - 1):
            return value | ((1 << to) - (1 << width))
        return value
    more: list[Segment] = [(None, 0, to - width)]
    if signed:
        more = repeated(parts(value, width - 1, 1, width), to - width)
    return join([*value.segments, *more])


def repeated(segments: list[Segment], times: int) -> list[Segment]:
    """Segments several times, one above the other; of a sign it is one segment."""
    if len(segments) == 1:
        e, at, width = segments[0]
        if e is not None and (e is UNKNOWN or at >= e.bits - 1):
            return [(e, at, width * times)]
    return segments * times


def as_poly(value: Value, width: int, signed: bool, to: int) -> Poly | int | None:
    """A polynomial whose lowest `to` bits are those of an extended value; None: cannot tell."""
    if type(value) is int:
        return value - (1 << width) if signed and width and value >> (width - 1) else value
    if value.unknown:
        return None
    total: Poly | int = 0
    at = 0
    for e, low, span in value.segments:
        top = at + span
        if e is None:
            if signed and top == width and low >> (span - 1):
                low -= 1 << span
            total = add(total, low << at)
        else:
            if top < to:  # what is above has to be known
                if signed and top == width:
                    fits = e.bits <= low + span
                else:
                    fits = e.low >= 0 and e.bits - 1 <= low + span
                if not fits:
                    return None
            if low:
                if any(factor & ((1 << low) - 1) for factor in e.terms.values()):
                    return None
                terms = {monomial: factor >> low for monomial, factor in e.terms.items()}
                e = Poly(terms, e.low >> low, e.high >> low)
            total = add(total, scale(e, 1 << at))
        at = top
        if at >= to:
            break
    return total


def merge(a: Value, b: Value, width: int) -> Value:
    """What is known of a word that is one of two."""
    if a is b or a == b:
        return a
    found: list[Segment] = []
    for (e, at, span), (f, low, _) in aligned(a, b, width):
        if e is None and f is None and at != low:
            found += [
                (None, at >> i & 1, 1) if (at ^ low) >> i & 1 == 0 else (UNKNOWN, 0, 1)
                for i in range(span)
            ]
        else:
            found.append((e, at, span) if e is f and at == low else (UNKNOWN, 0, span))
    return join(found)


def aligned(a: Value, b: Value, width: int) -> list[tuple[Segment, Segment]]:
    """The segments of two words of a width, lowest first, cut where either has a border."""
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
