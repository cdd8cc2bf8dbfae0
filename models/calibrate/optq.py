"""OPTQ (GPTQ) rounding of weights: each rounding error is made up for by the weights still real.

Frantar et al., OPTQ (the paper's reference for 4-bit weights): with H = X X^T, weights are rounded
column by column; the error of column k, over U[k, k], times row k of U is taken from the columns
that follow, U being the upper Cholesky factor of H^-1. Our choices: samples count alike (their
columns have length 1, so that no outlier token decides), columns go by falling diag(H), and the
scale of 4-bit weights is the best of some clipped ones for rounding to nearest, weighted by
diag(H); wider weights lose by clipping.
"""

from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

from models.calibrate.kept import digest_of, kept_arrays
from models.errors import PanaceaError
from models.quant import Granularity, quantise_weights, shared_rows

__all__ = [
    "clipped_scale",
    "damped",
    "hessian",
    "optq_codes",
    "optq_round",
    "optq_weights",
    "sample_lengths",
]

DAMPING = 0.01  # of the mean of diag(H), added to it
BLOCK = 32  # columns whose errors are spread over the others at once
CLIPPED_BITS = 4
KEPT_SIZE = 2**16  # larger results are kept on disk
CLIPS = tuple(1 - 0.04 * step for step in range(13))


def sample_lengths(samples: np.ndarray) -> np.ndarray:
    """Lengths of the columns of samples (K, T), 1 for columns of zeros."""
    length = np.linalg.norm(samples.astype(np.float64), axis=0)
    return np.where(length > 0, length, 1.0)


def damped(h: np.ndarray) -> tuple[np.ndarray, float]:
    """H (K, K) with its diagonal raised, and by how much."""
    extra = DAMPING * float(np.trace(h)) / len(h) or 1.0
    return h + extra * np.eye(len(h)), extra


def hessian(samples: np.ndarray) -> np.ndarray:
    """Damped `X X^T` (K, K) float64 of samples (K, T), their columns scaled to length 1."""
    x = samples / sample_lengths(samples)
    return damped(x @ x.T)[0]


def clipped_scale(
    weights: np.ndarray, bits: int, granularity: Granularity, importance: np.ndarray
) -> np.ndarray:
    """Real units per step (M,) float64: of `CLIPS` times the full range what errs least.

    Args:
        weights: real (M, K).
        bits: 4, 7 or 10.
        granularity: rows that share a scale.
        importance: (K,), weight of a column's squared error.
    """
    _, full = quantise_weights(weights, bits, granularity)
    starts = shared_rows(len(full), granularity)
    sizes = np.diff([*starts, len(full)])
    errors = []
    for clip in CLIPS:
        w = _nearest(weights, full * clip, bits)
        error = ((weights - w * (full * clip)[:, None]) ** 2) @ importance
        errors.append(np.add.reduceat(error, starts))
    best = np.array(CLIPS)[np.argmin(errors, axis=0)]
    return full * np.repeat(best, sizes)


def optq_round(weights: np.ndarray, h: np.ndarray, scale: np.ndarray, bits: int) -> np.ndarray:
    """Integers (M, K) int16 for real weights (M, K), H (K, K) and a scale for each row (M,).

    Raises:
        PanaceaError: for an H that is not positive definite.
    """
    order = np.argsort(-np.diag(h), kind="stable")
    rest = (weights.astype(np.float64) / scale[:, None]).T[order]
    try:
        upper = np.linalg.cholesky(np.linalg.inv(h[np.ix_(order, order)])).T
    except np.linalg.LinAlgError as error:
        raise PanaceaError(f"H {h.shape} is not positive definite: {error}") from error
    limit = 2 ** (bits - 1)
    rounded = np.empty(rest.shape, np.int16)
    for start in range(0, len(rest), BLOCK):
        stop = min(start + BLOCK, len(rest))
        errors = np.empty((stop - start, rest.shape[1]))
        for k in range(start, stop):
            w = np.clip(np.rint(rest[k]), -limit, limit - 1)
            rounded[order[k]] = w
            errors[k - start] = (rest[k] - w) / upper[k, k]
            rest[k + 1 : stop] -= np.outer(upper[k, k + 1 : stop], errors[k - start])
        rest[stop:] -= upper[start:stop, stop:].T @ errors
    return np.ascontiguousarray(rounded.T)


def optq_codes(
    weights: np.ndarray, h: np.ndarray, bits: int, granularity: Granularity
) -> tuple[np.ndarray, np.ndarray]:
    """Integers (M, K) int16 and their scales (M,) for real weights (M, K) and H (K, K)."""
    _, scale = quantise_weights(weights, bits, granularity)
    if bits == CLIPPED_BITS:
        scale = clipped_scale(weights, bits, granularity, np.diag(h))
    return optq_round(weights, h, scale, bits), scale


def optq_weights(
    weights: np.ndarray, bits: int, granularity: Granularity, samples: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Like `quantise_weights`, with samples (K, T) of the real input: `w` (M, K), `s_w` (M,).

    Raises:
        PanaceaError: as `quantise_weights`, and for samples of another depth.
    """
    if samples.shape[0] != weights.shape[1]:
        raise PanaceaError(f"samples has shape {samples.shape}, K is {weights.shape[1]}")

    def compute() -> dict[str, np.ndarray]:
        w, scale = optq_codes(weights, hessian(samples), bits, granularity)
        return {"w": w, "scale": scale}

    if weights.size < KEPT_SIZE:
        found = compute()
    else:
        digest = digest_of((weights, samples, bits, granularity), (Path(__file__),))
        found = kept_arrays("optq", digest, compute)
    return found["w"], found["scale"]


def _nearest(weights: np.ndarray, scale: ArrayLike, bits: int) -> np.ndarray:
    limit = 2 ** (bits - 1)
    return np.clip(np.rint(weights / np.asarray(scale)[:, None]), -limit, limit - 1)
