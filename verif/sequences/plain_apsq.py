"""The plain formula of a layer whose partial sums are quantised, for the final judgement.

Follows the definition in words, on int64 products of the original operands, and shares no code
with `models.apsq`.
"""

from collections.abc import Sequence

import numpy as np

__all__ = ["plain_apsq", "plain_sums"]


def plain_sums(
    w: np.ndarray, x: np.ndarray, bias: np.ndarray, zp: int, depth: int
) -> list[np.ndarray]:
    """The exact sums T_i of every step, int64 (M, N).

    A step's bias is what the zero point takes from its products; the layer's own bias, what `bias`
    has beyond that, is in the first step.

    Args:
        w: int64 (M, K).
        x: effective activations, int64 (K, N).
        bias: int64 (M,), the zero point's term folded in.
        zp: zero point.
        depth: K of a step.
    """
    sums = [w[:, k : k + depth] @ (x[k : k + depth] - zp) for k in range(0, w.shape[1], depth)]
    sums[0] = sums[0] + (bias + zp * w.sum(axis=1))[:, None]
    return sums


def plain_apsq(sums: Sequence[np.ndarray], gs: int, exponents: Sequence[int]) -> np.ndarray:
    """What the last step gives, int64; arguments as `models.apsq.accumulate`."""
    values: list[np.ndarray] = []
    since = 0  # the additive step before
    for i, exponent in enumerate(exponents):
        additive = i % gs == 0 or i == len(sums) - 1
        v = sums[i] + sum(values[since:i]) if additive else sums[i]
        scale = 2**exponent
        code = np.clip((2 * v + scale) // (2 * scale), -128, 127)
        values.append(scale * code)
        since = i if additive else since
    return values[-1]
