"""Cutting a layer into commands and their streams, and putting the results together."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from models.apsq import Apsq, step_biases
from models.aqs_gemm import check_no_overflow, fold_bias
from models.compression import ExtraStore, weight_words
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
from models.parts import Part, activation_parts, weight_lists, weight_parts
from models.program import Command, CommandStreams, Program
from models.streams import (
    pack_activation_stream,
    pack_bias_stream,
    pack_commands,
    pack_weight_stream,
)

__all__ = [
    "WeightTile",
    "assemble_result",
    "compile_layer",
    "compile_parts",
    "dtp_auto",
    "weight_tiles",
]


@dataclass(frozen=True, kw_only=True)
class WeightTile:
    """Rows row0 .. row0 + sub_tiles * params.rows - 1 of the padded layer."""

    row0: int
    sub_tiles: int


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


def dtp_auto(
    w: np.ndarray, cfg: LayerConfig, params: CoreParams, dense: bool | None = False
) -> bool:
    """Whether double tile processing pays: the paper's condition.

    There is more than one sub-tile of rows, and each doubled weight tile, compressed as in the
    weight stream, fits the weight memory. The parts of 10-bit weights are held one after the
    other, as their passes come. `dense` as `compile_layer`.

    Raises:
        PanaceaError: if w is out of range.
    """
    parts = weight_parts(w, cfg, params.tile_k)
    if len(w) <= params.rows:
        return False
    lists = [weight_lists(part, params, dense) for part in parts]
    words = [weight_words(p.stored, params.tile_k, p.dense).sum(axis=-1) for p in lists]
    tiles = np.add.reduceat(words, np.arange(0, len(words[0]), 2 * params.num_pea), axis=1)
    return bool(tiles.max() * WEIGHT_BEAT_BYTES <= WMEM_BYTES)


def _padded(array: np.ndarray, length: int) -> np.ndarray:
    """`array` extended along its first axis to `length` with zeros."""
    out = np.zeros((length, *array.shape[1:]), array.dtype)
    out[: len(array)] = array
    return out


def _weight_streams(
    part: Part, tiles: list[WeightTile], params: CoreParams
) -> list[tuple[np.ndarray, ...]]:
    """The PEAs' streams of each M tile."""
    streams = []
    for tile in tiles:
        chosen = slice(tile.row0 // VECTOR, tile.row0 // VECTOR + tile.sub_tiles * params.num_pea)
        cut = (
            a[chosen].reshape(tile.sub_tiles, params.num_pea, -1)
            for a in (part.low, part.high, part.stored)
        )
        streams.append(tuple(pack_weight_stream(*cut, params.tile_k, part.dense)))
    return streams


def _activation_streams(part: Part, params: CoreParams) -> list[np.ndarray]:
    """The stream of each N tile."""
    return [
        pack_activation_stream(
            *(a[start : start + params.groups] for a in (part.low, part.high, part.stored)),
            params.tile_k,
        )
        for start in range(0, len(part.low), params.groups)
    ]


def compile_layer(
    w: np.ndarray,
    x: np.ndarray,
    bias: np.ndarray,
    cfg: LayerConfig,
    params: CoreParams,
    dtp: bool,
    extra_store: ExtraStore | None = None,
    apsq: Apsq | None = None,
    dense: bool | None = False,
) -> Program:
    """Compile y = w @ x~ + bias into commands and streams.

    Args:
        w: weights (M, K), `cfg.w_bits` signed bits.
        x: activations (K, N), `cfg.x_bits` unsigned bits.
        bias: (M), 32 bits.
        cfg: number formats.
        params: sizes of the core.
        dtp: use double tile processing (for every M tile with more than one sub-tile of rows).
        extra_store: compressible vectors stored all the same.
        apsq: quantise the partial sums step by step; None for exact sums.
        dense: lists of HO weight vectors are dense, not run-length coded; None: for each part of
            the weights the form that takes fewer words.

    Raises:
        PanaceaError: for operands out of range, mismatching shapes, a K beyond 65535, a row that
            may overflow 32 bits, or steps that are no whole K-tiles.
    """
    extra = extra_store or ExtraStore()
    w_parts = weight_parts(w, cfg, params.tile_k, extra.weights)
    w, bias = w.astype(np.int64), check_integer_array("bias", bias, 1)
    check_range("K", w.shape[1], 1, K_MAX)
    check_no_overflow(w, bias, cfg.x_max)
    x_parts = activation_parts(x, cfg, params.tile_k, extra.activations)
    check_shape("x", x, (w.shape[1], x.shape[1]))
    if apsq is None:
        folded = fold_bias(w, bias, cfg)
    else:
        apsq.check_depth(params.tile_k)
        spans = apsq.spans(w.shape[1])
        parts = step_biases(w, bias, cfg, spans)
        folded = np.stack(
            [fold_bias(w[:, s], part, cfg) for s, part in zip(spans, parts, strict=True)]
        )
    return compile_parts(w_parts, x_parts, folded, x.shape[1], cfg, params, dtp, apsq, dense)


def compile_parts(
    w_parts: Sequence[Part],
    x_parts: Sequence[Part],
    folded: np.ndarray,
    n: int,
    cfg: LayerConfig,
    params: CoreParams,
    dtp: bool,
    apsq: Apsq | None = None,
    dense: bool | None = False,
) -> Program:
    """Compile a layer given as parts; every output tile takes a pass for each pair of them.

    The passes of a tile keep its activations: each weight part meets all activation parts, and
    the last activation part, whose r completes the result, comes last. Under APSQ every step of a
    tile takes these passes.

    Args:
        w_parts: from `models.parts.weight_parts`.
        x_parts: from `models.parts.activation_parts`.
        folded: folded bias (M), any int64, taken modulo 2^32; (steps, M) under APSQ.
        n: columns of the layer.
        cfg: number formats.
        params: sizes of the core.
        dtp, apsq, dense: as `compile_layer`.
    """
    column_groups, k = x_parts[0].low.shape
    spans = apsq.spans(k) if apsq else [slice(0, k)]
    folded = folded.reshape(len(spans), -1)
    m = folded.shape[1]
    tiles = weight_tiles(m, params, dtp)
    bias = _padded(folded.T, tiles[-1].row0 + tiles[-1].sub_tiles * params.rows).T
    w_parts = [weight_lists(part, params, dense) for part in w_parts]
    weights = [[_weight_streams(p.cut(span), tiles, params) for p in w_parts] for span in spans]
    activations = [[_activation_streams(p.cut(span), params) for p in x_parts] for span in spans]
    pairs = list(product(range(len(w_parts)), range(len(x_parts))))
    commands, streams = [], []
    for (t, tile), start in product(enumerate(tiles), range(0, column_groups, params.groups)):
        output_tile = Command(
            k_len=k,
            groups=min(params.groups, column_groups - start),
            dbs=cfg.dbs_type,
            r=0,
            dtp=tile.sub_tiles == 2,
            row0=tile.row0,
            col0=VECTOR * start,
        )
        for (s, span), (i, j) in product(enumerate(spans), pairs):
            more = (i, j) != pairs[-1]
            command = replace(
                output_tile,
                k_len=span.stop - span.start,
                apsq=apsq.step(s) if apsq else None,
                r=x_parts[j].r,
                more=more,
                wgt_up=w_parts[i].up,
                act_up=x_parts[j].up,
                wgt_dense=w_parts[i].dense,
            )
            rows = slice(tile.row0, tile.row0 + (0 if more else tile.sub_tiles * params.rows))
            commands.append(command)
            streams.append(
                CommandStreams(
                    cmd=pack_commands([command]),
                    weights=weights[s][i][t],
                    activations=activations[s][j][start // params.groups],
                    bias=pack_bias_stream(bias[s, rows]),
                )
            )
    return Program(
        m=m,
        k=k,
        n=n,
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
    for c in (command for command in program.commands if command.gives):
        end = start + program.result_beats(c)
        tile = words[start:end].reshape(c.groups, -1, VECTOR, VECTOR)  # group, row group, i, c
        height, width = VECTOR * tile.shape[1], VECTOR * c.groups
        block = tile.transpose(1, 2, 0, 3).reshape(height, width)
        y[c.row0 : c.row0 + height, c.col0 : c.col0 + width] = block
        start = end
    return y[: program.m, : program.n]
