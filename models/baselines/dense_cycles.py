"""Cycle model of the dense cores: exact for streams that never pause.

Blocks pass three stages, each in a time that follows from its counts: loading, the array, and the
drain of outputs. A block waits for the stage before it and for the memory halves that the next
stage still uses (rtl/baselines: operand_loader, block_walker, output_drain). All is our choice.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from models.baselines.dense_params import WORD_K, Dataflow, DenseParams
from models.baselines.dense_plan import Block, plan_layer

__all__ = ["DenseCount", "count_blocks", "cycles"]


@dataclass(frozen=True, kw_only=True)
class DenseCount:
    """Cycles and events of some blocks on one core.

    Attributes:
        cycles: from the first block's acceptance to the last result, both included.
        macs: multiplications that results need, 8 bit x 8 bit.
        issued: multiplications that the array makes in the steps of its tiles, padding included.
        busy: `macs` over multipliers and cycles.
        w_reads, x_reads, w_writes, x_writes: words of the weight memory (4R bytes) and of the
            activation memory (B bytes).
        psum_reads, psum_writes: words of R partial sums, read to add to them, and written.
        result_reads: such words read when they are complete.
        load_bytes, result_bytes: bytes that cross the external interface in and out; results
            are 32-bit.
    """

    cycles: int
    macs: int
    issued: int
    busy: float
    w_reads: int
    x_reads: int
    w_writes: int
    x_writes: int
    psum_reads: int
    psum_writes: int
    result_reads: int
    load_bytes: int
    result_bytes: int


def cycles(m: int, k: int, n: int, params: DenseParams) -> DenseCount:
    """A layer of w (m, k) and x (k, n) alone on the core, cut as `plan_layer` does."""
    return count_blocks(plan_layer(m, k, n, params), params)


def count_blocks(blocks: Iterable[Block], params: DenseParams) -> DenseCount:
    """Blocks that follow each other without a gap, of one layer or of many."""
    blocks = list(blocks)
    total = _timeline(blocks, params)
    sums = [sum(column) for column in zip(*(_events(b, params) for b in blocks), strict=True)]
    names = ("macs", "issued", "w_reads", "x_reads", "w_writes", "x_writes", "psum_reads")
    names += ("psum_writes", "result_reads", "load_bytes", "result_bytes")
    counts = dict(zip(names, sums, strict=True))
    return DenseCount(cycles=total, busy=counts["macs"] / (total * params.multipliers), **counts)


def _events(block: Block, params: DenseParams) -> tuple[int, ...]:
    """Events of a block, in the order of `count_blocks`."""
    tiles, steps = block.row_tiles * block.tiles, block.steps
    if params.dataflow == Dataflow.SA_WS:
        w_reads, writes = tiles * params.depth // WORD_K, tiles * steps
        fresh = block.row_tiles * steps
    else:
        w_reads = tiles * -(-steps * params.depth // WORD_K)
        writes = fresh = tiles * params.tile_columns
    bias = block.row_tiles * params.parts * block.last
    return (
        block.m * block.k * block.n,
        tiles * steps * params.multipliers,
        w_reads,
        tiles * steps,
        block.w_words // params.parts,
        block.x_words,
        writes - fresh * block.first,
        writes,
        block.row_tiles * block.n * block.last,
        (block.w_words + block.x_words + bias) * params.word_bytes,
        block.row_tiles * params.parts * block.n * params.word_bytes * block.last,
    )


def _timeline(blocks: list[Block], params: DenseParams) -> int:
    """Cycles of the blocks; cycle 0 is that of the first acceptance."""
    accept = 0  # cycle in which the loader takes the block
    end = -1  # of the array's last step so far
    sent = -1  # first cycle in which the drain may take the next output
    freed = [-1, -1]  # cycle in which the last output but one, the last one left its half
    for block in blocks:
        bias = block.row_tiles * params.parts * block.last
        loaded = accept + 1 + sum(max(1, words) for words in (bias, block.w_words, block.x_words))
        start = max(loaded, end)
        if block.first:
            start = max(start, freed[0] + 1)
        accept = start + 1
        tile = max(block.steps, params.min_steps)
        end = start + block.row_tiles * block.tiles * tile
        if block.last:
            complete = end + params.latency
            if params.dataflow == Dataflow.SA_WS:  # others make their steps last in a tile
                complete -= tile - block.steps
            begin = max(complete + 2, sent)
            sent = begin + block.row_tiles * block.n * params.parts
            freed = [freed[1], sent]
    return sent + 2
