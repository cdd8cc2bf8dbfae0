"""SA-WS with APSQ: partial sums of 32 positions of K are kept as codes of 8 bits.

Sums leave a weight-stationary array after every tile of K, so every tile is a step of APSQ
(docs/apsq.md); the layer's bias is added to the result. How steps are put into blocks is our
choice.
"""

from itertools import groupby, product

from models.apsq import Apsq
from models.baselines.dense_params import (
    ACT_WORDS,
    COLUMNS_MAX,
    TILES_MAX,
    WEIGHT_WORDS,
    WORD_K,
    Dataflow,
    DenseParams,
)
from models.baselines.dense_plan import Block, block_of
from models.errors import PanaceaError

__all__ = ["plan_apsq"]


def plan_apsq(m: int, k: int, n: int, apsq: Apsq, params: DenseParams) -> tuple[Block, ...]:
    """The blocks of a layer: steps that follow each other with the same exponent, one row tile.

    Raises:
        PanaceaError: another dataflow, steps that are not a tile deep or as many as exponents.
    """
    if params.dataflow != Dataflow.SA_WS:
        raise PanaceaError(f"{params.dataflow.name} has no APSQ")
    if apsq.depth != params.depth:
        raise PanaceaError(f"depth = {apsq.depth}: a step is {params.depth} positions of K")
    apsq.spans(k)
    blocks = []
    for m0, n0 in product(range(0, m, params.rows), range(0, n, COLUMNS_MAX)):
        rows, columns = min(params.rows, m - m0), min(COLUMNS_MAX, n - n0)
        most = min(TILES_MAX, WEIGHT_WORDS * WORD_K // params.depth, ACT_WORDS // columns)
        for first, last in _runs(apsq.exponents, most):
            k0, end = first * apsq.depth, min(k, last * apsq.depth)
            blocks.append(
                block_of(
                    (m0, k0, n0),
                    (rows, end - k0, columns),
                    params,
                    first=first == 0,
                    last=end == k,
                    apsq=(apsq.gs, apsq.exponents[first]),
                )
            )
    return tuple(blocks)


def _runs(exponents: tuple[int, ...], most: int) -> list[tuple[int, int]]:
    """First step and the one behind the last of runs of equal exponents, of `most` at most."""
    runs, start = [], 0
    for _, equal in groupby(exponents):
        end = start + len(list(equal))
        runs += [(at, min(end, at + most)) for at in range(start, end, most)]
        start = end
    return runs
