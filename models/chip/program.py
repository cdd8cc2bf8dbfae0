"""A compiled program: its memory image, and where its results will be."""

from dataclasses import dataclass, field

import numpy as np

from models.chip.activation_blocks import ActivationBlocks
from models.chip.descriptor import Descriptor
from models.chip.loops import LoopOrder, Pass
from models.chip.params import ChipParams
from models.chip.request import ChipLayer
from models.tiling import WeightTile

__all__ = ["ChipProgram", "CodesPlace", "RawPlace"]


@dataclass(frozen=True, kw_only=True, eq=False)
class RawPlace:
    """Where a layer's 32-bit results lie: M tile by M tile, in it N tile by N tile.

    Attributes:
        address: of the first one.
        tiles: M tiles.
        groups: column groups of each N tile.
        num_pea: PEAs of the core.
    """

    address: int
    tiles: tuple[WeightTile, ...]
    groups: tuple[int, ...]
    num_pea: int

    def stride(self, column_tile: int) -> int:
        """Bytes of one sub-tile of an N tile."""
        return 64 * self.num_pea * self.groups[column_tile]

    def block(self, tile: int, column_tile: int) -> int:
        """Address of an output tile."""
        before = sum(t.sub_tiles for t in self.tiles[:tile]) * 64 * self.num_pea * sum(self.groups)
        inside = sum(self.stride(j) for j in range(column_tile)) * self.tiles[tile].sub_tiles
        return self.address + before + inside

    @property
    def size(self) -> int:
        """Bytes of all results."""
        return self.block(len(self.tiles) - 1, len(self.groups)) - self.address


@dataclass(frozen=True, kw_only=True, eq=False)
class CodesPlace:
    """Where a layer's quantised results lie.

    Attributes:
        address: of the first segment of the first N tile.
        blocks: sizes and formats.
        together: the lengths of both parts are one table.
    """

    address: int
    blocks: ActivationBlocks
    together: bool

    def segment(self, column_tile: int, part: int) -> int:
        """Address of the first segment of a part."""
        return self.address + self.blocks.segment(column_tile, part)

    def table(self, column_tile: int, part: int) -> int:
        """Address of the segments' lengths."""
        return self.address + self.blocks.table(column_tile, part, self.together)

    @property
    def size(self) -> int:
        """Bytes of segments and tables."""
        return self.blocks.size(self.together)


@dataclass(frozen=True, kw_only=True, eq=False)
class ChipProgram:
    """A program for the chip. Addresses are absolute, `base` included.

    Attributes:
        params: the chip it is for.
        base: where the image goes.
        image: uint8, descriptors, weights, parameters, activations.
        prog_addr, prog_count: address and number of the descriptors.
        memory_bytes: what image and outputs take, from `base` on.
        descriptors: in order.
        passes: what each of them does, in terms of layers, tiles and parts.
        layers: as asked for.
        columns: N of each layer.
        outputs: where their results will be.
        tiles: M tiles of each layer.
        dtp: double tile processing, chosen for each layer.
        orders: loop order of each layer.
    """

    params: ChipParams
    base: int
    image: np.ndarray = field(repr=False)
    prog_addr: int
    prog_count: int
    memory_bytes: int
    descriptors: tuple[Descriptor, ...] = field(repr=False)
    passes: tuple[Pass, ...] = field(repr=False)
    layers: tuple[ChipLayer, ...]
    columns: tuple[int, ...]
    outputs: tuple[RawPlace | CodesPlace, ...] = field(repr=False)
    tiles: tuple[tuple[WeightTile, ...], ...] = field(repr=False)
    dtp: tuple[bool, ...]
    orders: tuple[LoopOrder, ...]

    def tile(self, layer: int, tile: int) -> WeightTile:
        """An M tile of a layer."""
        return self.tiles[layer][tile]

    def memory(self) -> np.ndarray:
        """Fresh memory from `base` on, uint8, with the image in it."""
        memory = np.zeros(self.memory_bytes, np.uint8)
        memory[: len(self.image)] = self.image
        return memory
