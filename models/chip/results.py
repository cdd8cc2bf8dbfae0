"""Results of a program, read from memory."""

import numpy as np

from models.chip.params import BEAT_BYTES
from models.chip.program import ChipProgram, CodesPlace, RawPlace
from models.chip.segments import read_activations
from models.errors import PanaceaError, check_shape
from models.params import VECTOR

__all__ = ["read_results"]


def read_results(program: ChipProgram, memory: np.ndarray) -> dict[str, np.ndarray]:
    """The results of all layers.

    Args:
        program: what was run.
        memory: uint8, from `program.base` on, as the chip left it.

    Returns:
        for each layer's name int32 (M, N) results, or codes of a quantised layer.

    Raises:
        PanaceaError: memory of another size, or segments that cannot be read.
    """
    check_shape("memory", memory, (program.memory_bytes,))
    results = {}
    for layer, columns, place in zip(program.layers, program.columns, program.outputs, strict=True):
        if isinstance(place, RawPlace):
            full = _raw(place, memory, program.base)
        else:
            full = _codes(place, memory, program.base, program.params.core.tile_k)
        results[layer.name] = full[: len(layer.w), :columns]
    return results


def _raw(place: RawPlace, memory: np.ndarray, base: int) -> np.ndarray:
    rows = []
    for number, tile in enumerate(place.tiles):
        columns = []
        for j, groups in enumerate(place.groups):
            start = place.block(number, j) - base
            size = tile.sub_tiles * place.stride(j)
            words = memory[start : start + size].view("<i4")
            blocks = words.reshape(tile.sub_tiles, groups, place.num_pea, VECTOR, VECTOR)
            columns.append(blocks.transpose(0, 2, 3, 1, 4).reshape(-1, VECTOR * groups))
        rows.append(np.concatenate(columns, axis=1))
    return np.concatenate(rows)


def _codes(place: CodesPlace, memory: np.ndarray, base: int, tile_k: int) -> np.ndarray:
    blocks, config = place.blocks, place.blocks.config
    columns = []
    for j, groups in enumerate(blocks.groups):
        values = np.zeros((blocks.rows, VECTOR * groups), np.int32)
        for part, up in enumerate(blocks.up):
            start = place.table(j, part) - base
            lengths = memory[start : start + 2 * blocks.segments].view("<u2").tolist()
            first = place.segment(j, part) - base
            segments = []
            for number, length in enumerate(lengths):
                if not 0 < length * BEAT_BYTES <= blocks.stride:
                    raise PanaceaError(
                        f"table of N tile {j}, part {part}: entry {number} = {length} beats"
                    )
                at = first + number * blocks.stride
                beats = memory[at : at + length * BEAT_BYTES].reshape(-1, BEAT_BYTES)
                segments.append(beats[:, ::-1])
            read = read_activations(segments, blocks.rows, groups, tile_k)
            compressed = config.k > 0 and part == blocks.parts - 1
            used = np.repeat(read.stored, VECTOR, axis=0).T
            high = np.where(used, read.high, config.r if compressed else 0)
            value = high.astype(np.int32) * 16 + read.low << (config.lsb + 4 * up)
            values += value
        columns.append(values)
    return np.concatenate(columns, axis=1)
