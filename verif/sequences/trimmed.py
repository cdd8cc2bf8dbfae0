"""A second legal encoding: a K-tile's list ends with its last vector that must be stored.

The models' encoder also stores a placeholder every 16 vectors of a trailing run, although the
run is implied by the tile's length. A decoder must take both.
"""

from dataclasses import replace

import numpy as np

from models.compression import (
    activation_stored,
    activation_vectors,
    weight_stored,
    weight_vectors,
)
from models.params import VECTOR
from models.program import Command, CommandStreams
from models.rle import split_k_tiles
from models.slicing import slice_activations, slice_weights
from models.streams import pack_activation_stream, pack_weight_stream
from verif.sequences.layer_item import LayerItem

__all__ = ["trimmed"]


def trimmed(layer: LayerItem) -> LayerItem:
    """The same layer (7-bit weights, no needless stores) without trailing placeholders."""
    program = layer.program
    cfg, params = program.cfg, program.params
    last = program.commands[-1]
    rows = last.row0 + last.sub_tiles * params.rows
    w = np.zeros((rows, program.k), np.int64)
    w[: program.m] = layer.w
    w_low, w_high = (weight_vectors(part) for part in slice_weights(w, cfg.w_bits))
    x_low, x_high = slice_activations(layer.x, cfg)
    x_low, x_high = activation_vectors(x_low, 8), activation_vectors(x_high, cfg.r)
    w_kept = _trim(weight_stored(w_high, cfg, params.tile_k), w_high != 0, params.tile_k)
    x_wanted = x_high != cfg.r * 0x1111
    x_kept = _trim(activation_stored(x_high, cfg, params.tile_k), x_wanted, params.tile_k)

    def encode(command: Command, streams: CommandStreams) -> CommandStreams:
        row_groups = slice(
            command.row0 // VECTOR, command.row0 // VECTOR + command.sub_tiles * params.num_pea
        )
        groups = slice(command.col0 // VECTOR, command.col0 // VECTOR + command.groups)
        shape = (command.sub_tiles, params.num_pea, program.k)
        weights = (a[row_groups].reshape(shape) for a in (w_low, w_high, w_kept))
        activations = (a[groups] for a in (x_low, x_high, x_kept))
        return replace(
            streams,
            weights=tuple(pack_weight_stream(*weights, params.tile_k)),
            activations=pack_activation_stream(*activations, params.tile_k),
        )

    pairs = zip(program.commands, program.streams, strict=True)
    return replace(
        layer,
        name=f"{layer.name} trimmed",
        program=replace(program, streams=tuple(encode(*pair) for pair in pairs)),
    )


def _trim(stored: np.ndarray, wanted: np.ndarray, tile_k: int) -> np.ndarray:
    """`stored` (lists, K) up to the last `wanted` position of each k-tile."""
    tiles = split_k_tiles(wanted, tile_k)
    ahead = np.logical_or.accumulate(tiles[..., ::-1], axis=-1)[..., ::-1]
    return stored & ahead.reshape(len(stored), -1)[:, : stored.shape[1]]
