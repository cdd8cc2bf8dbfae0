"""The work of a compiled layer as the schedulers see it: counts, no values."""

from dataclasses import dataclass

import numpy as np

from models.arith import exact_matmul
from models.compression import (
    ExtraStore,
    activation_stored,
    activation_vectors,
    weight_stored,
    weight_vectors,
)
from models.params import (
    ACTIVATION_ENTRIES,
    ACTIVATION_LO_VECTORS,
    VECTOR,
    WEIGHT_ENTRIES,
    CoreParams,
    LayerConfig,
)
from models.slicing import slice_activations, slice_weights
from models.tiling import weight_tiles

__all__ = ["Workload", "layer_workload"]


@dataclass(frozen=True, kw_only=True)
class Workload:
    """Work of a sequence of commands, in the order in which every PEA meets it.

    A *step* is one column group of one K-tile; a *load* is one K-tile's weights.

    Attributes:
        groups, doubled: int64 (commands): column groups, 1 under DTP.
        command: int64 (steps), the command of each step.
        group: int64 (steps), column group inside the command.
        first, last, last_group: int64 (steps), 0 or 1: first and last K-tile of the command,
            last group of the K-tile.
        quads: int64 (steps), LO quads ceil(kt / 4).
        beats_in: int64 (steps), beats of the activation stream.
        beats_out: int64 (steps), beats of the broadcast to the PEAs.
        dynamic: int64 (steps, PEAs, 2), products W_H x_H, W_H x_L and W_L x_H by sub-tile.
        words: int64 (loads, PEAs), words of the weight stream.
        last_load: int64 (loads), 0 or 1: the command's last K-tile.
    """

    groups: np.ndarray
    doubled: np.ndarray
    command: np.ndarray
    group: np.ndarray
    first: np.ndarray
    last: np.ndarray
    last_group: np.ndarray
    quads: np.ndarray
    beats_in: np.ndarray
    beats_out: np.ndarray
    dynamic: np.ndarray
    words: np.ndarray
    last_load: np.ndarray


def _ceil_div(value: np.ndarray, by: int) -> np.ndarray:
    return -(-value // by)


def layer_workload(
    w: np.ndarray,
    x: np.ndarray,
    cfg: LayerConfig,
    params: CoreParams,
    dtp: bool,
    extra_store: ExtraStore | None = None,
) -> Workload:
    """Count the work of y = w @ x~, tiled as `models.tiling.compile_layer` does.

    Args:
        w: weights (M, K), `cfg.w_bits` (4 or 7) signed bits.
        x: activations (K, N), `cfg.x_bits` (4 or 8) unsigned bits.
        cfg: number formats.
        params: sizes of the core.
        dtp: double tile processing.
        extra_store: compressible vectors stored all the same.

    Raises:
        PanaceaError: for operands out of range.
    """
    extra = extra_store or ExtraStore()
    w_high = weight_vectors(slice_weights(w, cfg.w_bits)[-1])
    x_high = activation_vectors(slice_activations(x, cfg)[-1], cfg.r)
    w_stored = weight_stored(w_high, cfg, params.tile_k, extra.weights)
    x_stored = activation_stored(x_high, cfg, params.tile_k, extra.activations)

    depth = w.shape[1]
    starts = np.arange(0, depth, params.tile_k)
    lengths = np.minimum(params.tile_k, depth - starts)
    tiles = weight_tiles(len(w), params, dtp)
    row_groups = (tiles[-1].row0 // params.rows + tiles[-1].sub_tiles) * params.num_pea
    w_stored = np.concatenate([w_stored, np.zeros((row_groups - len(w_stored), depth), bool)])
    w_count = np.add.reduceat(w_stored, starts, axis=1, dtype=np.int64)  # (row groups, K-tiles)
    x_count = np.add.reduceat(x_stored, starts, axis=1, dtype=np.int64)  # (groups, K-tiles)
    both = np.stack(
        [
            exact_matmul(w_stored[:, s : s + n], x_stored[:, s : s + n].T)
            for s, n in zip(starts, lengths, strict=True)
        ]
    )  # (K-tiles, row groups, groups)
    dynamic = both + w_count.T[:, :, None] + x_count.T[:, None, :]
    words = _ceil_div(lengths, 4) + np.maximum(1, _ceil_div(w_count, WEIGHT_ENTRIES))
    beats_in = _ceil_div(lengths, ACTIVATION_LO_VECTORS) + np.maximum(
        1, _ceil_div(x_count, ACTIVATION_ENTRIES)
    )

    commands: list[tuple[int, int]] = []
    steps: list[np.ndarray] = []
    work: list[np.ndarray] = []
    load_words: list[np.ndarray] = []
    k_tiles = len(starts)
    beat = min(params.tile_k, ACTIVATION_LO_VECTORS)
    for tile in tiles:
        row = tile.row0 // VECTOR
        shape = (tile.sub_tiles, params.num_pea)
        rows = slice(row, row + tile.sub_tiles * params.num_pea)
        tile_words = words[rows].reshape(*shape, k_tiles).sum(axis=0).T
        for col in range(0, len(x_stored), params.groups):
            groups = min(params.groups, len(x_stored) - col)
            number = len(commands)
            commands.append((groups, tile.sub_tiles - 1))
            part = dynamic[:, rows, col : col + groups].reshape(k_tiles, *shape, groups)
            part = part.transpose(0, 3, 2, 1).reshape(k_tiles * groups, params.num_pea, -1)
            if tile.sub_tiles == 1:
                part = np.concatenate([part, np.zeros_like(part)], axis=2)
            work.append(part)
            load_words.append(tile_words)
            t, g = np.divmod(np.arange(k_tiles * groups), groups)
            steps.append(
                np.stack(
                    [
                        np.full(len(t), number),
                        g,
                        t == 0,
                        t == k_tiles - 1,
                        g == groups - 1,
                        _ceil_div(lengths, 4)[t],
                        beats_in[col + g, t],
                        _ceil_div(lengths, beat)[t],
                    ]
                ).astype(np.int64)
            )
    head = np.array(commands, np.int64).T
    command, group, first, last, last_group, quads, taken, sent = np.concatenate(steps, axis=1)
    last_load = np.zeros(len(commands) * k_tiles, np.int64)
    last_load[k_tiles - 1 :: k_tiles] = 1
    return Workload(
        groups=head[0],
        doubled=head[1],
        command=command,
        group=group,
        first=first,
        last=last,
        last_group=last_group,
        quads=quads,
        beats_in=taken,
        beats_out=sent,
        dynamic=np.concatenate(work),
        words=np.concatenate(load_words),
        last_load=last_load,
    )
