"""Cuts a layer into blocks for a dense core: the sizes that cost the fewest cycles."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from models.baselines.dense_params import (
    ACT_WORDS,
    COLUMNS_MAX,
    PSUM_WORDS,
    ROW_TILES_MAX,
    STEPS_MAX,
    TILES_MAX,
    WEIGHT_WORDS,
    WORD_K,
    Dataflow,
    DenseParams,
)
from models.errors import check_range

__all__ = ["Block", "block_of", "plan_layer"]


@dataclass(frozen=True, kw_only=True)
class Block:
    """Rows m0.., positions k0.. and columns n0.. of a layer, and what they are for a core.

    Attributes:
        m0, k0, n0, m, k, n: first row, position and column, and how many.
        first, last: first and last block of K for its outputs.
        row_tiles, tiles, steps: the core's loops: row tiles, tiles in each, steps of each.
        w_words, x_words: words of the external stream; 0 if the operand is that of the block
            before.
        apsq: group size (1..4) and exponent (0..24) of its tiles, which are steps of APSQ; None
            if its sums stay exact.
    """

    m0: int
    k0: int
    n0: int
    m: int
    k: int
    n: int
    first: bool
    last: bool
    row_tiles: int
    tiles: int
    steps: int
    w_words: int
    x_words: int
    apsq: tuple[int, int] | None = None


def block_of(
    origin: tuple[int, int, int],
    shape: tuple[int, int, int],
    params: DenseParams,
    *,
    first: bool = True,
    last: bool = True,
    load_w: bool = True,
    load_x: bool = True,
    apsq: tuple[int, int] | None = None,
) -> Block:
    """The block at `origin` (m0, k0, n0) of `shape` (m, k, n).

    Raises:
        PanaceaError: naming what it has too much of for the core.
    """
    m, k, n = shape
    row_tiles = _up(m, params.rows)
    w_steps = _up(k, WORD_K)
    if params.dataflow == Dataflow.SA_WS:
        tiles, steps = _up(k, params.depth), n
        w_steps = tiles * params.depth // WORD_K
        psums = row_tiles * n
    else:
        tiles, steps = _up(n, params.tile_columns), _up(k, params.depth)
        psums = row_tiles * tiles * params.tile_columns
    for name, value, most in (
        ("row tiles", row_tiles, ROW_TILES_MAX),
        ("tiles", tiles, TILES_MAX),
        ("steps", steps, STEPS_MAX),
        ("columns", n, COLUMNS_MAX),
        ("words of weights", row_tiles * w_steps, WEIGHT_WORDS),
        ("words of activations", tiles * steps, ACT_WORDS),
        ("words of partial sums", psums, PSUM_WORDS),
    ):
        check_range(f"a block's {name}", value, 1, most)
    return Block(
        **dict(zip(("m0", "k0", "n0", "m", "k", "n"), (*origin, *shape), strict=True)),
        first=first,
        last=last,
        row_tiles=row_tiles,
        tiles=tiles,
        steps=steps,
        w_words=row_tiles * w_steps * params.parts * load_w,
        x_words=tiles * steps * load_x,
        apsq=apsq,
    )


@lru_cache(maxsize=256)
def plan_layer(m: int, k: int, n: int, params: DenseParams) -> tuple[Block, ...]:
    """The blocks of y = w x with w (m, k) and x (k, n), in order.

    All block sizes that fill a memory are tried, with rows or columns in the outer loop. Loops
    turn back at their ends, so that every block shares an operand with the one before where it
    can.

    Raises:
        PanaceaError: for an empty layer.
    """
    for name, value in (("m", m), ("k", k), ("n", n)):
        check_range(name, value, 1, 2**31 - 1)
    best = min(_choices(m, k, n, params), key=lambda one: _cost((m, k, n), *one, params))
    return tuple(_walk((m, k, n), *best, params))


def _up(value: int, unit: int) -> int:
    return -(-value // unit)


def _even(total: int, most: int, unit: int) -> int:
    """Size of blocks of at most `most`, a multiple of `unit`, as few and as even as can be."""
    return min(total, _up(_up(total, _up(total, most)), unit) * unit)


Sizes = tuple[int, int, int]


def _choices(m: int, k: int, n: int, params: DenseParams) -> Iterator[tuple[Sizes, bool]]:
    """Block sizes (m, k, n), and whether columns are the outer loop."""
    unit = WORD_K if params.dataflow != Dataflow.SA_WS else params.depth
    columns = params.tile_columns if params.dataflow != Dataflow.SA_WS else WORD_K
    row_tiles = {_even(_up(m, params.rows), most, 1) for most in range(1, ROW_TILES_MAX + 1)}
    widths = {
        _even(n, most, columns) for most in range(columns, COLUMNS_MAX + 1 - columns, columns)
    }
    for rows, width in product(sorted(row_tiles), sorted(widths)):
        if rows * _up(width, params.tile_columns) * params.tile_columns > PSUM_WORDS:
            continue
        deepest = min(
            WEIGHT_WORDS // rows * WORD_K,
            ACT_WORDS * params.depth // _up(width, params.tile_columns),
            STEPS_MAX * params.depth if params.dataflow != Dataflow.SA_WS else TILES_MAX * unit,
        )
        if deepest // unit:
            depth = _even(k, deepest // unit * unit, unit)
            for outer in (True, False):
                yield (rows * params.rows, depth, width), outer


def _parts(total: int, size: int) -> list[tuple[int, int]]:
    """Sizes of the blocks along one dimension, each with how many there are."""
    full, rest = divmod(total, size)
    return [(size, full)] * (full > 0) + [(rest, 1)] * (rest > 0)


def _cost(shape: Sizes, sizes: Sizes, outer: bool, params: DenseParams) -> tuple[int, int, int]:
    """About the cycles of a plan behind another, its stream words, those of its first block."""
    compute = w_words = x_words = 0
    for (m, ms), (k, ks), (n, ns) in product(*map(_parts, shape, sizes)):
        one = block_of((0, 0, 0), (m, k, n), params)
        count = ms * ks * ns
        compute += count * one.row_tiles * one.tiles * max(one.steps, params.min_steps)
        w_words += count * one.w_words
        x_words += count * one.x_words
    blocks_m, blocks_k, blocks_n = map(_up, shape, sizes)
    # With all of K in one block the inner loop's other operand stays where it is.
    if blocks_k == 1 and outer:
        x_words //= blocks_m
    elif blocks_k == 1:
        w_words //= blocks_n
    first = block_of((0, 0, 0), tuple(map(min, shape, sizes)), params)
    words = w_words + x_words + 5 * blocks_m * blocks_k * blocks_n
    return max(compute, words), words, first.w_words + first.x_words


def _walk(shape: Sizes, sizes: Sizes, outer: bool, params: DenseParams) -> Iterator[Block]:
    """The blocks in order: a loop turns round whenever the loop around it goes on."""
    starts = [list(range(0, total, size)) for total, size in zip(shape, sizes, strict=True)]
    m_starts, k_starts, n_starts = starts
    before: tuple[int, int, int] | None = None
    outside, inside = (n_starts, m_starts) if outer else (m_starts, n_starts)
    for out in outside:
        for into in inside:
            m0, n0 = (into, out) if outer else (out, into)
            for step, k0 in enumerate(k_starts):
                origin = (m0, k0, n0)
                rest = (total - at for total, at in zip(shape, origin, strict=True))
                yield block_of(
                    origin,
                    tuple(map(min, rest, sizes)),
                    params,
                    first=step == 0,
                    last=step == len(k_starts) - 1,
                    load_w=before is None or before[:2] != origin[:2],
                    load_x=before is None or before[1:] != origin[1:],
                )
                before = origin
            k_starts.reverse()
        inside.reverse()
