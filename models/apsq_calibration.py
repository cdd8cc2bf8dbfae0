"""Scales of APSQ for real layers: the exponent of every step that loses least on calibration data.

Exponents are chosen one after the other, because what an additive step sums depends on the steps
before it. The candidates are the smallest exponent that saturates nothing and the two below it,
which saturate few sums and round the others less. All of it is our choice.
"""

from collections.abc import Sequence

import numpy as np

from models.apsq import CODE_MAX, EXPONENT_MAX, Apsq, quantise, step_sums
from models.calibration import LayerQuant

__all__ = ["calibrate_apsq", "fit_exponents", "fit_plain"]

BELOW = 2  # exponents below the one that saturates nothing


def calibrate_apsq(
    layer: LayerQuant, samples: np.ndarray, *, gs: int, depth: int, plain: bool = False
) -> Apsq:
    """How to quantise a layer's partial sums.

    Args:
        layer: the integer layer.
        samples: real inputs (K, T).
        gs: group size, 1..4.
        depth: K of a step.
        plain: scales for `models.apsq.plain_psq` instead, which knows no groups.
    """
    codes = layer.input.quantise(samples)
    spans = [slice(k, k + depth) for k in range(0, len(codes), depth)]
    sums = step_sums(layer.w.astype(np.int64), codes, layer.bias, layer.config, spans)
    exponents = fit_plain(sums) if plain else fit_exponents(sums, gs)
    return Apsq(gs=gs, depth=depth, exponents=exponents)


def fit_exponents(sums: Sequence[np.ndarray], gs: int) -> tuple[int, ...]:
    """Exponents of every step for the exact sums T_i, int64 of any one shape."""
    exponents: list[int] = []
    values: dict[int, np.ndarray] = {}
    for number, own in enumerate(sums):
        total = own
        if number % gs == 0 or number == len(sums) - 1:
            total = own + sum(values.values())
            values.clear()
        exponents.append(_best(total))
        values[number % gs] = quantise(total, exponents[-1]) << exponents[-1]
    return tuple(exponents)


def fit_plain(sums: Sequence[np.ndarray]) -> tuple[int, ...]:
    """Exponents for every T_i by itself."""
    return tuple(_best(own) for own in sums)


def _best(total: np.ndarray) -> int:
    """The exponent with the least squared error."""
    top = 0
    while top < EXPONENT_MAX and np.abs(quantise(total, top)).max() >= CODE_MAX:
        top += 1
    candidates = range(max(0, top - BELOW), top + 1)
    return min(candidates, key=lambda e: _error(total, e))


def _error(total: np.ndarray, exponent: int) -> float:
    return float((((quantise(total, exponent) << exponent) - total).astype(np.float64) ** 2).sum())
