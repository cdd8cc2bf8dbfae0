"""Exact integer arithmetic the models share: a fast matrix product and 32-bit wrapping."""

import numpy as np

__all__ = ["exact_matmul", "wrap32"]

EXACT = ((np.float32, 2**24), (np.float64, 2**53))  # integers below the bound are exact


def exact_matmul(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Integer product (M, K) @ (K, N) as int64, exact.

    Runs in float32 or float64, where numpy has a fast kernel, whenever no partial sum can leave the
    range of exactly represented integers; in int64 otherwise.
    """
    largest = [max(int(v.max()), -int(v.min())) if v.size else 0 for v in (a, b)]
    for kind, limit in EXACT:
        if largest[0] * largest[1] * a.shape[1] < limit:
            return (a.astype(kind) @ b.astype(kind)).astype(np.int64)
    return a.astype(np.int64) @ b.astype(np.int64)


def wrap32(value: np.ndarray) -> np.ndarray:
    """Two's complement 32-bit value of int64 numbers, as int32 of the same shape."""
    return (value & 0xFFFFFFFF).astype(np.uint32).view(np.int32)
