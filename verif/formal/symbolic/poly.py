"""Integer polynomials of the second degree in symbols of known range."""

from dataclasses import dataclass, field

__all__ = ["Poly", "Symbols", "add", "multiply", "scale"]

_BITS = 20  # of a symbol's number in a monomial
_LINEAR = 1 << _BITS


class Poly:
    """An immutable polynomial that is no constant, with bounds of its values.

    Two polynomials are the same object or different: compare `terms` for equality.

    Attributes:
        terms: coefficient by monomial: 0 for 1, a symbol's number, or two numbers in one.
        low, high: no value is below, none above.
        bits: fewest bits that hold all values in two's complement.
    """

    __slots__ = ("bits", "high", "low", "terms")

    def __init__(self, terms: dict[int, int], low: int, high: int) -> None:
        self.terms, self.low, self.high = terms, low, high
        self.bits = max(high.bit_length(), (~low).bit_length() if low < 0 else 0) + 1


def _sum(terms: dict[int, int], low: int, high: int) -> Poly | int:
    """A polynomial, or its value if it is a constant."""
    if not terms:
        return 0
    if len(terms) == 1 and 0 in terms:
        return terms[0]
    return Poly(terms, low, high)


def add(a: Poly | int, b: Poly | int) -> Poly | int:
    """a + b."""
    if type(a) is int:
        if type(b) is int:
            return a + b
        a, b = b, a
    if type(b) is int:
        if not b:
            return a
        more, low, high = {0: b}, b, b
    else:
        more, low, high = b.terms, b.low, b.high
        if len(more) > len(a.terms):
            return add(b, a)
    terms = dict(a.terms)
    for monomial, factor in more.items():
        total = terms.get(monomial, 0) + factor
        if total:
            terms[monomial] = total
        else:
            del terms[monomial]
    return _sum(terms, a.low + low, a.high + high)


def scale(a: Poly | int, by: int) -> Poly | int:
    """A multiple of a."""
    if type(a) is int or by == 0:
        return a * by if by else 0
    if by == 1:
        return a
    low, high = (a.low * by, a.high * by) if by > 0 else (a.high * by, a.low * by)
    return Poly({monomial: factor * by for monomial, factor in a.terms.items()}, low, high)


def multiply(a: Poly | int, b: Poly | int) -> Poly | int | None:
    """a * b; None if its degree is above 2."""
    if type(a) is int:
        return scale(b, a)
    if type(b) is int:
        return scale(a, b)
    terms: dict[int, int] = {}
    for p, f in a.terms.items():
        for q, g in b.terms.items():
            if p >= _LINEAR or q >= _LINEAR:
                if p and q:
                    return None
                monomial = p | q
            elif p and q:
                monomial = p << _BITS | q if p < q else q << _BITS | p
            else:
                monomial = p | q
            terms[monomial] = terms.get(monomial, 0) + f * g
    corners = (a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high)
    return _sum({m: f for m, f in terms.items() if f}, min(corners), max(corners))


@dataclass(kw_only=True)
class Symbols:
    """The symbols of a run, and what they are called."""

    names: list[str] = field(default_factory=lambda: [""])

    def new(self, name: str, low: int, high: int) -> Poly:
        """A symbol that stands for any number of a range."""
        self.names.append(name)
        number = len(self.names) - 1
        return Poly({number: 1}, low, high)

    def text(self, a: Poly | int) -> str:
        """A polynomial for people, the first terms of it."""
        if type(a) is int:
            return str(a)
        shown = [
            f"{factor:+d}" + "".join(f" {name}" for name in self._factors(monomial))
            for monomial, factor in sorted(a.terms.items())
        ]
        return " ".join(shown[:8]) + (f" ... ({len(shown)} terms)" if len(shown) > 8 else "")

    def value(self, a: Poly | int, values: dict[str, int]) -> int:
        """What a polynomial is for given numbers, by name."""
        if type(a) is int:
            return a
        total = 0
        for monomial, factor in a.terms.items():
            for name in self._factors(monomial):
                factor *= values[name]
            total += factor
        return total

    def _factors(self, monomial: int) -> list[str]:
        numbers = (monomial >> _BITS, monomial & (_LINEAR - 1))
        return [self.names[number] for number in numbers if number]
