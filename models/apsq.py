"""APSQ, additive partial sum quantisation: the integer model.

A product over n_p K-tiles ("steps") keeps its partial sums as 8-bit codes with a power-of-two scale
for every step: Q_i(v) = clip(round(v / 2^e_i), -128, 127). Step i is additive if i mod gs = 0 or if
it is the last one: it quantises the sum of its own partial sum T_i and of all values stored since,
and with, the additive step before. Every other step stores Q_i(T_i) alone. The result is what the
last code stands for. gs is the group size; gs = 1 makes every step additive.

Source: the APSQ abstract (codes of 8 bits, additive quantisation, groups); the rules of a group are
derived from it. Ours are rounding half up, scales that are powers of two, and that the layer's own
bias belongs to T_0.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from models.aqs_gemm import check_no_overflow
from models.arith import exact_matmul
from models.errors import PanaceaError, check_range, check_shape
from models.params import LayerConfig

__all__ = [
    "CODE_MAX",
    "CODE_MIN",
    "EXPONENT_MAX",
    "GS_MAX",
    "Apsq",
    "ApsqStep",
    "accumulate",
    "plain_psq",
    "quantise",
    "step_biases",
    "step_sums",
]

CODE_MIN, CODE_MAX = -128, 127
EXPONENT_MAX = 24  # the largest scale whose codes stand for values of 32 bits
GS_MAX = 4


@dataclass(frozen=True, kw_only=True)
class ApsqStep:
    """What a command says of APSQ; its bits are {exponent[4:0], last, gs[1:0], 1}.

    Attributes:
        gs: group size, 1..4.
        exponent: of this step's scale, 0..24.
        last: the output tile's last step, which gives the results.
    """

    gs: int
    exponent: int
    last: bool

    def __post_init__(self) -> None:
        check_range("gs", self.gs, 1, GS_MAX)
        check_range("exponent", self.exponent, 0, EXPONENT_MAX)

    @property
    def bits(self) -> int:
        """The field of the command, 9 bits."""
        return self.exponent << 4 | self.last << 3 | (self.gs - 1) << 1 | 1

    @classmethod
    def of(cls, bits: int) -> "ApsqStep | None":
        """The step that the 9 bits name, None if the command is exact.

        Raises:
            PanaceaError: bits that the core refuses.
        """
        if bits & 1:
            return cls(gs=(bits >> 1 & 3) + 1, last=bool(bits >> 3 & 1), exponent=bits >> 4)
        if bits:
            raise PanaceaError(f"apsq = {bits:#x} without its bit 0")
        return None


@dataclass(frozen=True, kw_only=True)
class Apsq:
    """How a layer is accumulated.

    Attributes:
        gs: group size, 1..4.
        depth: K of a step, but for the last one; a multiple of the core's tile_k.
        exponents: of every step's scale, 0..24; as many as there are steps.

    Raises:
        PanaceaError: a value out of range.
    """

    gs: int
    depth: int
    exponents: tuple[int, ...]

    def __post_init__(self) -> None:
        check_range("gs", self.gs, 1, GS_MAX)
        check_range("depth", self.depth, 1, 2**16 - 1)
        for exponent in self.exponents:
            check_range("exponent", exponent, 0, EXPONENT_MAX)

    def spans(self, k: int) -> list[slice]:
        """The positions of K that each step takes.

        Raises:
            PanaceaError: another number of steps than of exponents.
        """
        edges = [*range(0, k, self.depth), k]
        if len(edges) - 1 != len(self.exponents):
            raise PanaceaError(
                f"exponents has {len(self.exponents)} entries, K = {k} makes {len(edges) - 1} steps"
            )
        return [slice(a, b) for a, b in pairwise(edges)]

    def check_depth(self, tile_k: int) -> None:
        """Refuse steps that are no whole K-tiles.

        Raises:
            PanaceaError: naming both.
        """
        if self.depth % tile_k:
            raise PanaceaError(f"depth = {self.depth} is no multiple of tile_k = {tile_k}")

    def step(self, number: int) -> ApsqStep:
        """What the commands of a step say."""
        last = number == len(self.exponents) - 1
        return ApsqStep(gs=self.gs, exponent=self.exponents[number], last=last)


def quantise(value: np.ndarray, exponent: int) -> np.ndarray:
    """Q(v) = clip(floor(v / 2^e + 1/2), -128, 127), int64; v of up to 35 bits."""
    return np.clip(((value << 1 >> exponent) + 1) >> 1, CODE_MIN, CODE_MAX)


def accumulate(
    sums: Sequence[np.ndarray], gs: int, exponents: Sequence[int]
) -> tuple[np.ndarray, list[np.ndarray]]:
    """The result of an output tile, as the engine comes to it: with gs banks of codes.

    Args:
        sums: T_i of every step, integers of 32 bits, any shape.
        gs: group size.
        exponents: of every step's scale.

    Returns:
        (2^e q of the last step, int64 within 32 bits; the codes q of every step, 8 bits).
    """
    banks: dict[int, np.ndarray] = {}  # by number: what the codes in it stand for, 32 bits
    codes = []
    for number, (own, exponent) in enumerate(zip(sums, exponents, strict=True)):
        bank, last = number % gs, number == len(sums) - 1
        total = own.astype(np.int64)  # 32 bits, 35 with four values added
        if bank == 0 or last:
            total = total + sum(banks.values())
            banks.clear()
        codes.append(quantise(total, exponent))
        banks[bank] = codes[-1] << exponent
    return banks[bank], codes


def plain_psq(sums: Sequence[np.ndarray], exponents: Sequence[int]) -> np.ndarray:
    """Plain partial sum quantisation, to compare with: every T_i is a code, their values add up.

    Arguments as `accumulate`; int64.
    """
    return sum(quantise(own, e) << e for own, e in zip(sums, exponents, strict=True))


def step_sums(
    w: np.ndarray, x: np.ndarray, bias: np.ndarray, cfg: LayerConfig, spans: Sequence[slice]
) -> list[np.ndarray]:
    """The exact sums T_i of every step, int64 (M, N).

    Args:
        w: weights, int64 (M, K).
        x: effective activations, int64 (K, N).
        bias, cfg, spans: as `step_biases`.

    Raises:
        PanaceaError: as `step_biases`.
    """
    parts = step_biases(w, bias, cfg, spans)
    return [
        exact_matmul(w[:, span], x[span]) + part[:, None]
        for span, part in zip(spans, parts, strict=True)
    ]


def step_biases(
    w: np.ndarray, bias: np.ndarray, cfg: LayerConfig, spans: Sequence[slice]
) -> np.ndarray:
    """The layer's bias in the parts that belong to the steps, int64 (steps, M).

    A step's part is -zp w 1 over its own K, so that its partial sum is that of the activations'
    real values, whose mean is small; what is left, the layer's own bias, belongs to step 0. The sum
    over the steps is `bias`.

    Args:
        w: weights, int64 (M, K).
        bias: int64 (M,), the zero point's term folded in.
        cfg: number formats.
        spans: of the steps.

    Raises:
        PanaceaError: a step's sums might not fit 32 bits.
    """
    check_shape("bias", bias, w.shape[:1])
    parts = np.stack([-cfg.zp * w[:, span].sum(axis=1) for span in spans])
    parts[0] += bias - parts.sum(axis=0)
    for span, part in zip(spans, parts, strict=True):
        check_no_overflow(w[:, span], part, cfg.x_max)
    return parts
