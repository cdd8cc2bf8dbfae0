"""The operands of a case as symbols, their streams, and what must come out."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from verif.formal.symbolic.cell import Facts
from verif.formal.symbolic.core_case import KEPT, NUM_PEA, ROWS, SKIPPED, Case, OperandPart
from verif.formal.symbolic.poly import Poly, Symbols, add, multiply, scale
from verif.formal.symbolic.word import Value, concat, from_poly, segments_of, unknown

__all__ = ["Operands"]

_LONGEST = 15  # run of skipped vectors

Expression = Poly | int
Vector = tuple[Expression, ...]


@dataclass(kw_only=True)
class Operands:
    """The symbols of one output tile of a case, and its streams.

    Attributes:
        case: what is given.
        symbols: get the symbols.
        facts: get what is assumed: kept vectors are not the frequent one.
        tag: goes into the symbols' names.
    """

    case: Case
    symbols: Symbols
    facts: Facts
    tag: str = ""
    _w: list[list[list[Vector]]] = field(init=False)
    _x: list[list[list[Vector]]] = field(init=False)
    _bias: list[Poly] = field(init=False)

    def __post_init__(self) -> None:
        case = self.case
        self._w = self._slices("w", case.weights, (case.w_bits - 4) // 3 + 1, 0, (-8, 7))
        self._x = self._slices("x", case.activations, case.x_bits // 4, case.r, (0, 15))
        self._bias = [
            self.symbols.new(f"b{self.tag}[{m}]", -(2**31), 2**31 - 1)
            for m in range(ROWS * len(case.weights))
        ]

    def _slices(
        self,
        name: str,
        lists: Sequence[Sequence[int]],
        count: int,
        frequent: int,
        bounds: tuple[int, int],
    ) -> list[list[list[Vector]]]:
        """Vectors by list, slice and k."""
        found: list[list[list[Vector]]] = []
        for row, marks in enumerate(lists):
            found.append([])
            for s in range(count):
                vectors = []
                for k, mark in enumerate(marks):
                    if s and s == count - 1 and mark != KEPT:
                        vectors.append((frequent,) * 4)
                        continue
                    label = f"{name}{self.tag}{s}"
                    vector = tuple(
                        self.symbols.new(f"{label}[{4 * row + i},{k}]", *bounds) for i in range(4)
                    )
                    vectors.append(vector)
                    if s and s == count - 1:
                        self._assume(vector, frequent)
                found[-1].append(vectors)
        return found

    def _assume(self, vector: Vector, frequent: int) -> None:
        """A kept vector is not all the frequent slice."""
        pattern = sum(frequent << 4 * i for i in range(4))
        self.facts.add((segments_of(_word(vector), 16), pattern))

    @cached_property
    def shift(self) -> int:
        """l: bits below the high-order activation slice."""
        return {4: 4, 8: 3 + self.case.dbs, 12: 8}[self.case.x_bits]

    def weight(self, m: int, k: int) -> Expression:
        """The value of a weight, from its slices."""
        total: Expression = 0
        for s, vectors in enumerate(self._w[m // 4]):
            total = add(total, scale(vectors[k][m % 4], 8**s))
        return total

    def result(self, m: int, n: int) -> Expression:
        """Equation (6): what the lists hold, less r times the weights of kept vectors."""
        case, total = self.case, self._bias[m]
        for k, mark in enumerate(case.activations[n // 4]):
            low, high = self._activation_parts(k, n)
            if mark == KEPT:
                low = add(low, add(high, -self._frequent))
            total = add(total, multiply(self.weight(m, k), low))
        return total

    def compensation(self, m: int, n: int) -> Expression:
        """What is wrong with the result if the bias has r for every k: 0, by the definition.

        The definition is bias + w x of values, where what is skipped counts as r.
        """
        right, total = self._bias[m], self.result(m, n)
        for k in range(self.case.depth):
            weight, (low, high) = self.weight(m, k), self._activation_parts(k, n)
            right = add(right, multiply(weight, add(low, high)))
            total = add(total, scale(weight, self._frequent))
        return add(total, scale(right, -1))

    @cached_property
    def _frequent(self) -> int:
        """What r is worth."""
        return self.case.r << self.shift if self.case.x_bits > 4 else 0

    def _activation_parts(self, k: int, n: int) -> tuple[Expression, Expression]:
        """The value of an activation: that of the slices that are not compressed, and the rest."""
        slices = [vectors[k][n % 4] for vectors in self._x[n // 4]]
        worth = [scale(e, 2 ** (self.case.dbs - 1 + 4 * s)) for s, e in enumerate(slices)]
        high = worth.pop() if len(worth) > 1 else 0
        low: Expression = 0
        for part in worth:
            low = add(low, part)
        return low, high

    def command(self, w: OperandPart, x: OperandPart, more: bool) -> int:
        """A command's beat."""
        case = self.case
        r = case.r if x[1] is not None else 0
        dtp = case.sub_tiles - 1
        return (
            case.dense << 43 | x[2] << 33 | w[2] << 32 | more << 31 | case.depth << 15
            | len(case.activations) << 7 | case.dbs << 5 | r << 1 | dtp
        )  # fmt: skip

    def weight_beats(self, pea: int, part: OperandPart) -> list[Value]:
        """A PEA's stream of one pass."""
        case, beats = self.case, []
        for span in case.k_tiles:
            for t in range(case.sub_tiles):
                row = NUM_PEA * t + pea
                beats += _words([self._w[row][part[0]][k] for k in span])
                high = [] if part[1] is None else [self._w[row][part[1]][k] for k in span]
                if case.dense:
                    beats += _words(high or [(0,) * ROWS for _ in span])
                else:
                    marks = [case.weights[row][k] for k in span] if high else []
                    for entries, last in _lists(marks, high, 3):
                        tail = len(entries) | last << 2
                        beats.append(concat([*_padded(entries, 60), (tail, 3), (0, 1)]))
        return beats

    def activation_beats(self, part: OperandPart) -> list[Value]:
        """The stream of one pass; bits that a beat does not use are unknown."""
        case, beats = self.case, []
        for span in case.k_tiles:
            for row, marks in enumerate(case.activations):
                low = [(_word(self._x[row][part[0]][k]), 16) for k in span]
                for at in range(0, len(low), 16):
                    vectors = low[at : at + 16]
                    rest = 256 - 16 * len(vectors)
                    beats.append(concat([*vectors, (unknown(rest), rest)]))
                high = [] if part[1] is None else [self._x[row][part[1]][k] for k in span]
                chosen = [marks[k] for k in span] if high else []
                for entries, last in _lists(chosen, high, 12):
                    tail = len(entries) | last << 4
                    beats.append(concat([*_padded(entries, 240), (tail, 5), (0, 11)]))
        return beats

    def bias_beats(self) -> list[Value]:
        """Folded bias, four rows a beat: any numbers."""
        rows = range(0, len(self._bias), ROWS)
        return [concat([(from_poly(b, 32), 32) for b in self._bias[m : m + ROWS]]) for m in rows]


def _word(vector: Vector) -> Value:
    """Four slices as 16 bits."""
    return concat([(from_poly(e, 4), 4) for e in vector])


def _words(vectors: list[Vector]) -> list[Value]:
    """Dense vectors, lowest k first, four a word; zeros past the last."""
    found = []
    for at in range(0, len(vectors), 4):
        word = [(_word(vector), 16) for vector in vectors[at : at + 4]]
        found.append(concat(_padded(word, 64)))
    return found


def _padded(values: list[tuple[Value, int]], width: int) -> list[tuple[Value, int]]:
    used = sum(bits for _, bits in values)
    return [*values, (0, width - used)]


def _lists(
    marks: list[int], vectors: list[Vector], per_beat: int
) -> list[tuple[list[tuple[Value, int]], bool]]:
    """Entries of a run-length coded list by beat, at least one beat, and whether it is the last."""
    entries, run = [], 0
    for mark, vector in zip(marks, vectors, strict=True):
        if mark == SKIPPED and run < _LONGEST:  # after the longest run even this one is listed
            run += 1
            continue
        entries.append((concat([(_word(vector), 16), (run, 4)]), 20))
        run = 0
    beats = [entries[at : at + per_beat] for at in range(0, len(entries), per_beat)] or [[]]
    return [(beat, at == len(beats) - 1) for at, beat in enumerate(beats)]
