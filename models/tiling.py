"""Cutting a layer into commands and their streams, and putting the results together."""

from dataclasses import dataclass

import numpy as np

from models.aqs_gemm import check_no_overflow, fold_bias
from models.compression import (
    ExtraStore,
    activation_stored,
    activation_vectors,
    weight_stored,
    weight_vectors,
)
from models.errors import PanaceaError, check_integer_array, check_range, check_shape
from models.params import (
    K_MAX,
    RESULT_BEAT_BYTES,
    VECTOR,
    WEIGHT_BEAT_BYTES,
    WMEM_BYTES,
    CoreParams,
    LayerConfig,
)
from models.program import Command, CommandStreams, Program
from models.slicing import slice_activations, slice_weights
from models.streams import (
    pack_activation_stream,
    pack_bias_stream,
    pack_commands,
    pack_weight_stream,
    weight_stream_beats,
)

__all__ = [
    "WeightTile",
    "assemble_result",
    "check_core_widths",
    "compile_layer",
    "dtp_auto",
    "weight_tiles",
]


@dataclass(frozen=True, kw_only=True)
class WeightTile:
    """Rows row0 .. row0 + sub_tiles * params.rows - 1 of the padded layer."""

    row0: int
    sub_tiles: int


def check_core_widths(cfg: LayerConfig) -> None:
    """Refuse widths the core's streams cannot carry: they hold two slices at most.

    Raises:
        PanaceaError: naming the width.
    """
    if cfg.n > 1:
        raise PanaceaError(f"w_bits = {cfg.w_bits} needs more than two slices")
    if cfg.k > 1:
        raise PanaceaError(f"x_bits = {cfg.x_bits} needs more than two slices")


def weight_tiles(m: int, params: CoreParams, dtp: bool) -> list[WeightTile]:
    """Cut m output rows into M tiles.

    Under double tile processing a tile has two sub-tiles; a rest that fits one sub-tile runs
    single, because an empty second sub-tile would only cost cycles.
    """
    step = params.rows * (2 if dtp else 1)
    return [
        WeightTile(row0=row, sub_tiles=2 if dtp and m - row > params.rows else 1)
        for row in range(0, m, step)
    ]


def dtp_auto(w: np.ndarray, cfg: LayerConfig, params: CoreParams) -> bool:
    """Whether double tile processing pays: the paper's condition.

    There is more than one sub-tile of rows, and each doubled weight tile, compressed as in the
    weight stream, fits the weight memory.

    Raises:
        PanaceaError: if w is out of range or has more slices than the core takes.
    """
    check_core_widths(cfg)
    high = weight_vectors(slice_weights(w, cfg.w_bits)[-1])
    if len(w) <= params.rows:
        return False
    beats = weight_stream_beats(weight_stored(high, cfg, params.tile_k), params.tile_k)
    tiles = np.add.reduceat(beats, np.arange(0, len(beats), 2 * params.num_pea))
    return bool(tiles.max() * WEIGHT_BEAT_BYTES <= WMEM_BYTES)


def _padded(array: np.ndarray, length: int, fill: int = 0) -> np.ndarray:
    """`array` extended along its first axis to `length` with `fill`."""
    out = np.full((length, *array.shape[1:]), fill, array.dtype)
    out[: len(array)] = array
    return out


def _column_tiles(
    x: np.ndarray, cfg: LayerConfig, params: CoreParams, extra: ExtraStore
) -> list[tuple[int, int, np.ndarray]]:
    """(first column, groups, activation stream) of each N tile.

    Missing columns hold (x_H, x_L) = (r, 8), the zero point's slices, so that they compress.
    """
    x_slices = slice_activations(x, cfg)
    low = activation_vectors(x_slices[0], 8)
    if cfg.k:
        high = activation_vectors(x_slices[1], cfg.r)
    else:
        high = np.zeros_like(low)
    stored = activation_stored(high, cfg, params.tile_k, extra.activations)
    tiles = []
    for start in range(0, len(low), params.groups):
        part = slice(start, start + params.groups)
        beats = pack_activation_stream(low[part], high[part], stored[part], params.tile_k)
        tiles.append((VECTOR * start, len(low[part]), beats))
    return tiles


def compile_layer(
    w: np.ndarray,
    x: np.ndarray,
    bias: np.ndarray,
    cfg: LayerConfig,
    params: CoreParams,
    dtp: bool,
    extra_store: ExtraStore | None = None,
) -> Program:
    """Compile y = w @ x~ + bias into commands and streams.

    Args:
        w: weights (M, K), `cfg.w_bits` (4 or 7) signed bits.
        x: activations (K, N), `cfg.x_bits` (4 or 8) unsigned bits.
        bias: (M), 32 bits.
        cfg: number formats.
        params: sizes of the core.
        dtp: use double tile processing (for every M tile with more than one sub-tile of rows).
        extra_store: compressible vectors stored all the same.

    Raises:
        PanaceaError: for operands out of range, mismatching shapes, widths the streams do not
            carry, a K beyond 65535, or a row that may overflow 32 bits.
    """
    check_core_widths(cfg)
    extra = extra_store or ExtraStore()
    w_slices = slice_weights(w, cfg.w_bits)
    w, bias = w.astype(np.int64), check_integer_array("bias", bias, 1)
    check_range("K", w.shape[1], 1, K_MAX)
    check_no_overflow(w, bias, cfg.x_max)
    columns = _column_tiles(x, cfg, params, extra)
    check_shape("x", x, (w.shape[1], x.shape[1]))

    tiles = weight_tiles(len(w), params, dtp)
    groups = (tiles[-1].row0 // params.rows + tiles[-1].sub_tiles) * params.num_pea
    low = weight_vectors(w_slices[0])
    high = weight_vectors(w_slices[1]) if cfg.n else np.zeros_like(low)
    stored = weight_stored(high, cfg, params.tile_k, extra.weights)
    low, high, stored = (_padded(a, groups) for a in (low, high, stored))
    folded = _padded(fold_bias(w, bias, cfg), VECTOR * groups)

    commands, streams = [], []
    for tile in tiles:
        shape = (tile.sub_tiles, params.num_pea, w.shape[1])
        first = tile.row0 // VECTOR
        part = slice(first, first + tile.sub_tiles * params.num_pea)
        packed = pack_weight_stream(
            low[part].reshape(shape),
            high[part].reshape(shape),
            stored[part].reshape(shape),
            params.tile_k,
        )
        rows = slice(tile.row0, tile.row0 + tile.sub_tiles * params.rows)
        tile_bias = pack_bias_stream(folded[rows])
        for col0, tile_groups, activations in columns:
            command = Command(
                k_len=w.shape[1],
                groups=tile_groups,
                dbs=cfg.dbs_type,
                r=cfg.r,
                dtp=tile.sub_tiles == 2,
                row0=tile.row0,
                col0=col0,
            )
            commands.append(command)
            streams.append(
                CommandStreams(
                    cmd=pack_commands([command]),
                    weights=tuple(packed),
                    activations=activations,
                    bias=tile_bias,
                )
            )
    return Program(
        m=len(w),
        k=w.shape[1],
        n=x.shape[1],
        cfg=cfg,
        params=params,
        commands=tuple(commands),
        streams=tuple(streams),
    )


def assemble_result(program: Program, beats: np.ndarray | bytes) -> np.ndarray:
    """The layer's result from all result beats in stream order.

    Args:
        program: the program that produced them.
        beats: bytes or a uint8 array, 64 bytes a beat, most significant byte first.

    Returns:
        int32 (M, N); padding rows and columns are dropped.

    Raises:
        PanaceaError: if the number of bytes is not what the program produces.
    """
    data = np.frombuffer(beats, np.uint8) if isinstance(beats, bytes) else beats.reshape(-1)
    expected = sum(program.result_beats(c) for c in program.commands) * RESULT_BEAT_BYTES
    if data.size != expected:
        raise PanaceaError(f"beats has {data.size} bytes, the program produces {expected}")
    words = np.ascontiguousarray(data).view(">u4").reshape(-1, VECTOR * VECTOR)[:, ::-1]
    words = words.astype(np.uint32).view(np.int32).reshape(-1, VECTOR, VECTOR)
    last = program.commands[-1]
    rows = last.row0 + last.sub_tiles * program.params.rows
    y = np.zeros((rows, last.col0 + VECTOR * last.groups), np.int32)
    start = 0
    for c in program.commands:
        end = start + program.result_beats(c)
        tile = words[start:end].reshape(c.groups, -1, VECTOR, VECTOR)  # group, row group, i, c
        height, width = VECTOR * tile.shape[1], VECTOR * c.groups
        block = tile.transpose(1, 2, 0, 3).reshape(height, width)
        y[c.row0 : c.row0 + height, c.col0 : c.col0 + width] = block
        start = end
    return y[: program.m, : program.n]
