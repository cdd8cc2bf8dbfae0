"""The work of commands as the schedulers see it: counts, no values."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from itertools import product

import numpy as np

from models.apsq import Apsq, ApsqStep
from models.arith import exact_matmul
from models.compression import ExtraStore, HoMasks, weight_words
from models.params import (
    ACTIVATION_ENTRIES,
    ACTIVATION_LO_VECTORS,
    VECTOR,
    CoreParams,
    LayerConfig,
)
from models.parts import activation_parts, weight_lists, weight_parts
from models.rle import list_beats, split_k_tiles
from models.tiling import weight_tiles

__all__ = ["Workload", "command_workload", "layer_workload"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Workload:
    """Work of a sequence of commands, in the order in which every PEA meets it.

    A *step* is one column group of one K-tile; a *load* is one K-tile's weights. All int64.

    Attributes:
        groups, doubled, steps: (commands): column groups, 1 under DTP, number of steps.
        more: (commands), 0 or 1: another pass for the same outputs follows.
        apsq: (commands), 0 for exact sums, 1 for a step of APSQ, 2 for an output's last step.
        group: (steps), column group inside the command.
        first, last, last_group: (steps), 0 or 1: first and last K-tile of the command, last group
            of the K-tile.
        quads: (steps), LO quads ceil(kt / 4).
        beats_in: (steps), beats of the activation stream.
        beats_out: (steps), beats of the broadcast to the PEAs.
        dynamic: (steps, PEAs, 2), products W_H x_H, W_H x_L and W_L x_H by sub-tile.
        hl: (steps, PEAs, 2), of these W_H x_L.
        lh: (steps), of these W_L x_H, for each PEA and sub-tile.
        w_quads: (loads, PEAs, 2, quads of a full K-tile), kept HO weight vectors of four
            consecutive k as a number of four bits, the lowest k first, by sub-tile.
        x_quads: (steps, quads of a full K-tile), the same of HO activation vectors.
        words: (loads, PEAs), words of the weight stream.
        last_load: (loads), 0 or 1: the command's last K-tile.
    """

    groups: np.ndarray
    doubled: np.ndarray
    steps: np.ndarray
    more: np.ndarray
    apsq: np.ndarray
    group: np.ndarray
    first: np.ndarray
    last: np.ndarray
    last_group: np.ndarray
    quads: np.ndarray
    beats_in: np.ndarray
    beats_out: np.ndarray
    dynamic: np.ndarray
    hl: np.ndarray
    lh: np.ndarray
    w_quads: np.ndarray
    x_quads: np.ndarray
    words: np.ndarray
    last_load: np.ndarray

    @classmethod
    def joined(cls, parts: Iterable["Workload"]) -> "Workload":
        """The work of several sequences, one after the other."""
        parts = list(parts)
        return cls(
            **{f.name: np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(cls)}
        )


def _ceil_div(value: np.ndarray, by: int) -> np.ndarray:
    return -(-value // by)


def _quads(kept: np.ndarray, tile_k: int) -> np.ndarray:
    """Flags of four consecutive k as a number: bool (rows, K) to int64 (K-tiles, rows, quads)."""
    flags = split_k_tiles(kept, tile_k)
    rows, tiles, _ = flags.shape
    return (flags.reshape(rows, tiles, -1, VECTOR) @ (1 << np.arange(VECTOR))).transpose(1, 0, 2)


def command_workload(
    w: HoMasks,
    x: HoMasks,
    params: CoreParams,
    *,
    dtp: bool,
    more: bool = False,
    apsq: ApsqStep | None = None,
) -> Workload:
    """The work of one command.

    Args:
        w: HO weight vectors, (row groups, K), of all PEAs' rows, sub-tile by sub-tile.
        x: HO activation vectors, (column groups, K).
        params: sizes of the core.
        dtp: the command has two sub-tiles.
        more: another pass for the same outputs follows.
        apsq: the step that it belongs to, None for exact sums.
    """
    groups, depth = x.stored.shape
    starts = np.arange(0, depth, params.tile_k)
    lengths = np.minimum(params.tile_k, depth - starts)
    tiles = len(starts)
    w_count, x_count = (  # (row groups or groups, K-tiles)
        np.add.reduceat(flags, starts, axis=1, dtype=np.int64) for flags in (w.kept, x.kept)
    )
    both = np.stack(
        [
            exact_matmul(x.kept[:, s : s + n], w.kept[:, s : s + n].T)
            for s, n in zip(starts, lengths, strict=True)
        ]
    )
    lh = x_count.T[:, :, None]
    hl = np.broadcast_to(w_count.T[:, None, :], both.shape)  # (K-tiles, groups, row groups)
    dynamic, hl = (
        np.pad(a.reshape(tiles * groups, -1, params.num_pea), ((0, 0), (0, not dtp), (0, 0)))
        for a in (both + hl + lh, hl)
    )
    w_quads = _quads(w.kept, params.tile_k).reshape(tiles, -1, params.num_pea, params.tile_k // 4)
    w_quads = np.pad(w_quads, ((0, 0), (0, not dtp), (0, 0), (0, 0)))
    words = weight_words(w.stored, params.tile_k, w.dense)
    beats_in = list_beats(x.stored, params.tile_k, ACTIVATION_LO_VECTORS, ACTIVATION_ENTRIES)
    tile, group = np.divmod(np.arange(tiles * groups), groups)
    columns = {
        "groups": [groups],
        "doubled": [dtp],
        "steps": [tiles * groups],
        "more": [more],
        "apsq": [0 if apsq is None else 1 + apsq.last],
        "group": group,
        "first": tile == 0,
        "last": tile == tiles - 1,
        "last_group": group == groups - 1,
        "quads": _ceil_div(lengths, VECTOR)[tile],
        "beats_in": beats_in[group, tile],
        "beats_out": _ceil_div(lengths, min(params.tile_k, ACTIVATION_LO_VECTORS))[tile],
        "dynamic": dynamic.transpose(0, 2, 1),
        "hl": hl.transpose(0, 2, 1),
        "lh": lh.ravel(),
        "w_quads": w_quads.transpose(0, 2, 1, 3),
        "x_quads": _quads(x.kept, params.tile_k).reshape(tiles * groups, -1),
        "words": words.reshape(-1, params.num_pea, tiles).sum(axis=0).T,
        "last_load": np.arange(tiles) == tiles - 1,
    }
    return Workload(**{name: np.asarray(value, np.int64) for name, value in columns.items()})


def layer_workload(
    w: np.ndarray,
    x: np.ndarray,
    cfg: LayerConfig,
    params: CoreParams,
    dtp: bool,
    extra_store: ExtraStore | None = None,
    apsq: Apsq | None = None,
    dense: bool | None = False,
) -> Workload:
    """The work of y = w @ x~, tiled as `models.tiling.compile_layer` does.

    Args:
        w: weights (M, K), `cfg.w_bits` signed bits.
        x: activations (K, N), `cfg.x_bits` unsigned bits.
        cfg: number formats.
        params: sizes of the core.
        dtp: double tile processing.
        extra_store: compressible vectors stored all the same.
        apsq: how partial sums are quantised, None for exact sums.
        dense: as `compile_layer`.

    Raises:
        PanaceaError: for operands out of range.
    """
    spans = apsq.spans(w.shape[1]) if apsq else [slice(None)]
    extra = extra_store or ExtraStore()
    w_parts = weight_parts(w, cfg, params.tile_k, extra.weights)
    x_parts = activation_parts(x, cfg, params.tile_k, extra.activations)
    tiles = weight_tiles(len(w), params, dtp)
    w_masks = [weight_lists(part, params, dense).masks for part in w_parts]
    pairs = list(product(w_masks, (part.masks for part in x_parts)))
    return Workload.joined(
        command_workload(
            w_on[tile.row0 // VECTOR :, span][: tile.sub_tiles * params.num_pea],
            x_on[column : column + params.groups, span],
            params,
            dtp=tile.sub_tiles == 2,
            more=number < len(pairs),
            apsq=apsq.step(step) if apsq else None,
        )
        for tile in tiles
        for column in range(0, len(x_parts[0].stored), params.groups)
        for step, span in enumerate(spans)
        for number, (w_on, x_on) in enumerate(pairs, 1)
    )
