"""Corner cases of the dense cores by name: each gives the layers of one stimulus."""

from collections.abc import Callable
from itertools import product

import numpy as np

from models.apsq import Apsq
from models.baselines.dense_params import Dataflow, DenseParams
from models.baselines.dense_plan import block_of
from verif.baselines.dense_items import DenseLayer, dense_layer

__all__ = ["DENSE_CORNERS"]

Shape = tuple[int, int, int]


def _operands(rng: np.random.Generator, shape: Shape) -> tuple[np.ndarray, ...]:
    """w, x, bias of any eight bits for (M, K, N)."""
    m, k, n = shape
    return (
        rng.integers(-128, 128, (m, k)),
        rng.integers(0, 256, (k, n)),
        rng.integers(-(2**24), 2**24, m),
    )


def _extremes(rng: np.random.Generator, params: DenseParams) -> list[DenseLayer]:
    """The largest operands of either sign; results at both ends of 32 bits."""
    m, k, n = params.rows + 1, 3 * params.word_bytes, params.word_bytes
    layers = []
    for w_value, x_value in ((-128, 255), (127, 255), (-128, 0), (0, 255)):
        w, x = np.full((m, k), w_value), np.full((k, n), x_value)
        end = -(2**31) if w_value < 0 else 2**31 - 1
        bias = np.full(m, end - k * w_value * x_value)
        layers.append(dense_layer(f"extreme{w_value}x{x_value}", (w, x, bias), params))
    w, x, _ = _operands(rng, (m, k, n))
    layers.append(dense_layer("no bias", (w, x, np.zeros(m, np.int64)), params))
    small = (w.clip(-1, 1), x.clip(0, 1), np.arange(m) % 3 - 1)
    layers.append(dense_layer("small", small, params))
    return layers


def _tails(rng: np.random.Generator, params: DenseParams) -> list[DenseLayer]:
    """Lengths around what the array takes at once, in each dimension."""
    unit = max(params.tile_columns, params.depth)
    near = (1, 2, unit - 1, unit, unit + 1)
    shapes = [(params.rows, k, unit) for k in near] + [(params.rows, unit, n) for n in near]
    shapes += [(m, 5, 3) for m in (1, params.rows - 1, params.rows, params.rows + 1)]
    return [dense_layer(f"{shape}", _operands(rng, shape), params) for shape in shapes]


def _blocks_of_k(rng: np.random.Generator, params: DenseParams) -> list[DenseLayer]:
    """One to three blocks of K, of every number of steps around what a tile takes at least."""
    layers = []
    for count in (1, 2, 3):
        for length in (1, params.min_steps - 1, params.min_steps, params.min_steps + 2):
            k, n = params.depth, length
            if params.dataflow != Dataflow.SA_WS:
                k, n = length * params.depth, params.tile_columns
            shape = (params.rows, count * k, n)
            blocks = [
                block_of(
                    (0, i * k, 0), (params.rows, k, n), params, first=i == 0, last=i == count - 1
                )
                for i in range(count)
            ]
            layers.append(dense_layer(f"{shape}", _operands(rng, shape), params, blocks))
    return layers


def _reuse(rng: np.random.Generator, params: DenseParams) -> list[DenseLayer]:
    """Blocks that keep the weights, or the activations, of the one before; one to three of K."""
    m, k, n = params.rows, 2 * params.word_bytes, params.word_bytes
    layers = []
    for (rows, columns), parts in product(((1, 3), (3, 1)), (1, 2, 3)):
        shape = (rows * m, parts * k, columns * n)
        blocks, depths = [], [j * k for j in range(parts)]
        for i in range(rows * columns):
            m0, n0 = (0, i * n) if rows == 1 else (i * m, 0)
            for j, k0 in enumerate(depths):
                turn = i > 0 and j == 0
                blocks.append(
                    block_of(
                        (m0, k0, n0), (m, k, n), params, first=j == 0, last=j == parts - 1,
                        load_w=not (turn and rows == 1), load_x=not (turn and columns == 1),
                    )
                )  # fmt: skip
            depths.reverse()
        layers.append(dense_layer(f"{shape}", _operands(rng, shape), params, blocks))
    return layers


def _row_tiles(rng: np.random.Generator, params: DenseParams) -> list[DenseLayer]:
    """Every number of row tiles, of three tiles where a block has room for them."""
    layers = []
    for count in range(1, 9):
        columns = min(3, 256 // (count * params.tile_columns)) * params.tile_columns
        shape = (count * params.rows, 3 * params.word_bytes, columns)
        blocks = [block_of((0, 0, 0), shape, params)]
        layers.append(dense_layer(f"{shape}", _operands(rng, shape), params, blocks))
    return layers


def _full(rng: np.random.Generator, params: DenseParams) -> list[DenseLayer]:
    """Blocks that fill each memory, and with the most of everything that a block counts."""
    columns, rows, words = params.tile_columns, params.rows, params.word_bytes
    shapes: dict[Dataflow, list[Shape]] = {
        Dataflow.SIMD: [(rows, 2048, columns), (8 * rows, 256, 8 * columns), (rows, 48, 255)],
        Dataflow.SA_OS: [(2 * rows, 768, columns), (8 * rows, 256, 2 * columns), (rows, 48, 255)],
        Dataflow.SA_WS: [(rows, 127 * words, 6), (8 * rows, 256, 32), (rows, 3 * words, 255)],
    }
    return [
        dense_layer(f"{shape}", _operands(rng, shape), params, [block_of((0, 0, 0), shape, params)])
        for shape in shapes[params.dataflow]
        for _ in range(2)
    ]


def _apsq(rng: np.random.Generator, params: DenseParams) -> list[DenseLayer]:
    """SA-WS: every group size, with a step and up to four groups; scales that clip, keep, round."""
    if params.dataflow != Dataflow.SA_WS:
        return []
    layers = []
    for gs in range(1, 5):
        for steps in (1, 2, 3, 6):
            layers.append(_apsq_layer(rng, params, gs, tuple(rng.integers(11, 14, steps).tolist())))
        for steps in (1, 2, 3, 4 * gs):
            turns = (i // gs for i in range(steps))
            exponents = tuple((21, 10, 0, 8)[turn] for turn in turns)  # both values of every bit
            layers.append(_apsq_layer(rng, params, gs, exponents))
    return layers


def _apsq_layer(
    rng: np.random.Generator, params: DenseParams, gs: int, exponents: tuple[int, ...]
) -> DenseLayer:
    """A layer of a last step that is not full, of two row tiles if it has two steps."""
    steps = len(exponents)
    shape = (params.rows + (steps == 2), steps * params.depth - 3, 3)
    apsq = Apsq(gs=gs, depth=params.depth, exponents=exponents)
    name = f"gs {gs}, exponents {exponents}"
    return dense_layer(name, _operands(rng, shape), params, apsq=apsq)


DENSE_CORNERS: dict[str, Callable[[np.random.Generator, DenseParams], list[DenseLayer]]] = {
    "extremes": _extremes,
    "tails": _tails,
    "blocks_of_k": _blocks_of_k,
    "reuse": _reuse,
    "row_tiles": _row_tiles,
    "full": _full,
    "apsq": _apsq,
}
"""Called with the test's generator and the core's sizes."""
