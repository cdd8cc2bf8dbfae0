"""What a program takes at least: cycles of the core, and bytes over the bus."""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from models.bound import tile_cycles
from models.chip.descriptor import DESCRIPTOR_BYTES
from models.chip.executor import ExecutedCommand, Execution
from models.chip.loops import Pass
from models.chip.params import BEAT_BYTES
from models.chip.program import ChipProgram

__all__ = ["ChipBound", "LayerChipBound", "chip_bound"]


@dataclass(frozen=True, kw_only=True)
class LayerChipBound:
    """The bound of one layer in a program.

    Attributes:
        name: the layer's.
        compute_cycles: the core's bound, summed over M tiles, each with all N tiles and passes, as
            `models.bound.layer_bound` has it.
        bytes_read: descriptors, weights, lengths, activations, parameters as the program loads
            them.
        bytes_written: results and lengths.
    """

    name: str
    compute_cycles: float
    bytes_read: int
    bytes_written: int

    @property
    def memory_cycles(self) -> float:
        """Bytes moved / 32: one beat a cycle in one direction."""
        return (self.bytes_read + self.bytes_written) / BEAT_BYTES

    @property
    def cycles(self) -> float:
        """The larger of both."""
        return max(self.compute_cycles, self.memory_cycles)


@dataclass(frozen=True, kw_only=True)
class ChipBound(LayerChipBound):
    """The bound of a program: the sums over its layers, and the larger of both sums.

    Attributes:
        layers: in order.
    """

    layers: tuple[LayerChipBound, ...]


def chip_bound(program: ChipProgram, execution: Execution) -> ChipBound:
    """The bound of a program that the functional chip has run.

    It takes a run because what a layer gets from an earlier one is not known before.
    """
    counts: dict[tuple[int, int], np.ndarray] = defaultdict(lambda: np.int64(0))
    read, written = np.zeros((2, len(program.layers)), np.int64)
    for one, command in zip(program.passes, execution.commands, strict=True):
        key = one.layer, one.tile
        counts[key] = counts[key] + _pea_counts(program, one, command)
        read[one.layer] += command.bytes_read + DESCRIPTOR_BYTES
        written[one.layer] += command.bytes_written
    doubled = np.array([program.tile(*key).sub_tiles == 2 for key in counts])
    per_tile, _ = tile_cycles(np.stack(list(counts.values()), 1), doubled, program.params.core)
    compute = np.bincount([key[0] for key in counts], per_tile)
    layers = tuple(
        LayerChipBound(
            name=layer.name,
            compute_cycles=float(compute[number]),
            bytes_read=int(read[number]),
            bytes_written=int(written[number]),
        )
        for number, layer in enumerate(program.layers)
    )
    return ChipBound(
        name="program",
        compute_cycles=float(compute.sum()),
        bytes_read=int(read.sum()),
        bytes_written=int(written.sum()),
        layers=layers,
    )


def _pea_counts(program: ChipProgram, one: Pass, command: ExecutedCommand) -> np.ndarray:
    """Outer products of each PEA, int64 (4, PEAs); row groups beyond M do not count."""
    row0 = program.tile(one.layer, one.tile).row0
    groups = -(-(len(program.layers[one.layer].w) - row0) // 4)
    counts = command.counts.copy()
    counts[:, groups:] = 0
    return counts.reshape(4, -1, program.params.core.num_pea).sum(axis=1)
