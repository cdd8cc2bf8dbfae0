"""The streams of a dense core: operands of a plan's blocks in, results out."""

from collections.abc import Iterable, Sequence

import numpy as np

from models.arith import wrap32
from models.baselines.dense_params import WORD_K, Dataflow, DenseParams
from models.baselines.dense_plan import Block
from models.errors import PanaceaError, check_integer_array, check_range, check_shape

__all__ = ["COMMAND_BYTES", "assemble", "check_operands", "pack_commands", "pack_operands"]

COMMAND_BYTES = 8  # 60 bits, the others zero


def check_operands(w: np.ndarray, x: np.ndarray, bias: np.ndarray) -> None:
    """Refuse what is not a signed (M, K), an unsigned (K, N) 8-bit matrix and M biases.

    Raises:
        PanaceaError: naming the operand.
    """
    w, x = check_integer_array("w", w, 2), check_integer_array("x", x, 2)
    check_range("w", w, -128, 127)
    check_range("x", x, 0, 255)
    check_shape("x", x, (w.shape[1], x.shape[1]))
    check_shape("bias", bias, (len(w),))


def pack_commands(blocks: Sequence[Block]) -> np.ndarray:
    """The blocks as the core takes them (`block_cmd_t`), uint8 (blocks, 8), highest byte first."""
    beats = bytearray()
    for b in blocks:
        word = 0
        gs, exponent = b.apsq or (1, 0)
        for value, width in (
            (exponent, 5),
            (gs - 1, 2),
            (b.apsq is not None, 1),
            (b.first, 1),
            (b.last, 1),
            (b.row_tiles, 4),
            (b.tiles, 7),
            (b.steps, 10),
            (b.n, 8),
            (b.w_words, 11),
            (b.x_words, 10),
        ):
            word = word << width | int(value)
        beats += word.to_bytes(COMMAND_BYTES, "big")
    return np.frombuffer(bytes(beats), np.uint8).reshape(-1, COMMAND_BYTES)


def pack_operands(
    w: np.ndarray, x: np.ndarray, bias: np.ndarray, blocks: Iterable[Block], params: DenseParams
) -> np.ndarray:
    """The operand stream of a layer, uint8 (words, B), highest byte first.

    For each block: bias, weights, activations, each only if the block has it; padded with zeros.
    A word of weights holds, lowest byte first, R rows of its first position of K, then of the
    next three.
    """
    parts = []
    for b in blocks:
        if b.last:
            own = _padded(bias[b.m0 : b.m0 + b.m], b.row_tiles * params.rows)
            parts.append(wrap32(own).view(np.uint8))
        if b.w_words:
            parts.append(_weights(w[b.m0 : b.m0 + b.m, b.k0 : b.k0 + b.k], b, params))
        if b.x_words:
            parts.append(_activations(x[b.k0 : b.k0 + b.k, b.n0 : b.n0 + b.n], b, params))
    stream = np.concatenate([part.reshape(-1) for part in parts])
    return stream.reshape(-1, params.word_bytes)[:, ::-1]


def assemble(
    beats: np.ndarray, shape: tuple[int, int], blocks: Iterable[Block], params: DenseParams
) -> np.ndarray:
    """The result beats of a layer, uint8 (beats, B), highest byte first, as int32 (M, N).

    Raises:
        PanaceaError: there are not as many beats as the blocks have results.
    """
    flat = np.ascontiguousarray(beats[:, ::-1]).reshape(-1).view(np.int32)
    y, at = np.zeros(shape, np.int32), 0
    for b in blocks:
        if b.last:
            count = b.row_tiles * b.n * params.rows
            block = flat[at : at + count]
            if len(block) < count:
                raise PanaceaError(f"results: {len(flat)} elements are too few")
            rows = block.reshape(b.row_tiles, b.n, params.rows).transpose(0, 2, 1)
            y[b.m0 : b.m0 + b.m, b.n0 : b.n0 + b.n] = rows.reshape(-1, b.n)[: b.m]
            at += count
    if at != len(flat):
        raise PanaceaError(f"results: {len(flat)} elements, expected {at}")
    return y


def _padded(array: np.ndarray, *shape: int) -> np.ndarray:
    ends = [(0, most - length) for length, most in zip(array.shape, shape, strict=True)]
    return np.pad(array, ends)


def _weights(w: np.ndarray, block: Block, params: DenseParams) -> np.ndarray:
    words = block.w_words // (block.row_tiles * params.parts)
    w = _padded(w, block.row_tiles * params.rows, words * WORD_K).astype(np.int8)
    return w.reshape(block.row_tiles, params.rows, -1).transpose(0, 2, 1).copy().view(np.uint8)


def _activations(x: np.ndarray, block: Block, params: DenseParams) -> np.ndarray:
    if params.dataflow == Dataflow.SA_WS:
        x = _padded(x, block.tiles * params.depth, block.n).astype(np.uint8)
        return x.reshape(block.tiles, params.depth, block.n).transpose(0, 2, 1)
    x = _padded(x, block.steps * params.depth, block.tiles * params.tile_columns)
    return x.astype(np.uint8).reshape(-1, block.tiles, params.tile_columns).transpose(1, 0, 2)
