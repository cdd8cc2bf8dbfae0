"""A second legal encoding: a K-tile's list ends with its last vector that must be stored.

The models' encoder also stores a placeholder every 16 vectors of a trailing run, although the
run is implied by the tile's length. A decoder must take both.
"""

from dataclasses import replace

import numpy as np

from models.aqs_gemm import fold_bias
from models.parts import Part, activation_parts, weight_parts
from models.rle import split_k_tiles
from models.tiling import compile_parts
from verif.sequences.layer_item import LayerItem

__all__ = ["trimmed"]


def trimmed(layer: LayerItem, *, dtp: bool) -> LayerItem:
    """The same layer, run-length coded without needless stores, without
    trailing placeholders."""
    cfg, params = layer.program.cfg, layer.program.params

    def trim(part: Part) -> Part:
        return replace(part, stored=_trim(part.stored, part.masks.kept, params.tile_k))

    program = compile_parts(
        [trim(part) for part in weight_parts(layer.w, cfg, params.tile_k)],
        [trim(part) for part in activation_parts(layer.x, cfg, params.tile_k)],
        fold_bias(layer.w, layer.bias, cfg),
        layer.program.n,
        cfg,
        params,
        dtp,
    )
    return replace(layer, name=f"{layer.name} trimmed", program=program)


def _trim(stored: np.ndarray, wanted: np.ndarray, tile_k: int) -> np.ndarray:
    """`stored` (lists, K) up to the last `wanted` position of each k-tile."""
    tiles = split_k_tiles(wanted, tile_k)
    ahead = np.logical_or.accumulate(tiles[..., ::-1], axis=-1)[..., ::-1]
    return stored & ahead.reshape(len(stored), -1)[:, : stored.shape[1]]
