"""The functional chip: runs a program from memory alone.

It shares no code with the compiler: it reads descriptors, chunks, segments and parameter blocks
as docs/programs.md describes them, multiplies the decoded values exactly, post-processes with
`models.ppu`, and writes results and lengths.
"""

from dataclasses import dataclass, field

import numpy as np

from models.apsq import accumulate
from models.arith import exact_matmul, wrap32
from models.chip.block_queue import BlockQueue
from models.chip.blocks_in import load_activations, load_parameters, load_weights
from models.chip.descriptor import DESCRIPTOR_BYTES, RULES, Descriptor, legality
from models.chip.memory import Memory
from models.chip.params import ChipParams
from models.chip.segments import Activations, Weights, read_activations, read_weights
from models.compression import HoMasks
from models.errors import PanaceaError, check_range
from models.params import VECTOR
from models.ppu import PpuCommand, post_process
from models.pwl import SEGMENTS, PwlTable

__all__ = ["ExecutedCommand", "Execution", "execute"]

_NO_TABLE = PwlTable(slope=np.zeros(SEGMENTS, np.int64), offset=np.zeros(SEGMENTS, np.int64))


@dataclass(frozen=True, kw_only=True, eq=False)
class ExecutedCommand:
    """What one descriptor did.

    Attributes:
        descriptor: as read.
        pass_number: 0 for the first pass of an output tile.
        counts: int64 (4, row groups), outer products HH, HL, LH, LL of this pass; row groups of
            4 rows, sub-tile by sub-tile, padding included.
        w: the pass's HO weight vectors, (row groups, K).
        x: its HO activation vectors, (column groups, K).
        y: int32 (rows, columns) results with padding, None if more passes or steps follow.
        writes: (address, bytes) in order: segments or raw tiles, then lengths.
        bytes_read: of all that it loads, without the descriptor.
    """

    descriptor: Descriptor
    pass_number: int
    counts: np.ndarray = field(repr=False)
    w: HoMasks = field(repr=False)
    x: HoMasks = field(repr=False)
    y: np.ndarray | None = field(repr=False)
    writes: tuple[tuple[int, bytes], ...] = field(repr=False)
    bytes_read: int

    @property
    def bytes_written(self) -> int:
        """Bytes of results and lengths."""
        return sum(len(data) for _, data in self.writes)


@dataclass(frozen=True, kw_only=True, eq=False)
class Execution:
    """A program's run: its commands in order."""

    commands: tuple[ExecutedCommand, ...]

    @property
    def writes(self) -> list[tuple[int, bytes]]:
        """All writes (address, bytes) in order."""
        return [write for command in self.commands for write in command.writes]


def execute(
    memory: np.ndarray, prog_addr: int, prog_count: int, params: ChipParams, base: int = 0
) -> Execution:
    """Run a program.

    Args:
        memory: uint8, from address `base` on; results are written into it.
        prog_addr: address of the first descriptor.
        prog_count: number of descriptors.
        params: sizes of the chip.
        base: address of the memory's first byte.

    Raises:
        PanaceaError: naming descriptor and field, for whatever is illegal, corrupt or would stop
            the chip.
    """
    check_range("prog_count", prog_count, 1, 2**32 - 1)
    chip = _Chip(Memory(memory, base), params)
    descriptors = chip.memory.read("prog_addr", prog_addr, DESCRIPTOR_BYTES * prog_count)
    commands: list[ExecutedCommand] = []
    previous = None
    for number, data in enumerate(descriptors.reshape(-1, DESCRIPTOR_BYTES).copy()):
        try:
            d = Descriptor.unpack(data.tobytes())
            last = number == prog_count - 1
            broken = legality(d, previous, params, last=last)
            if broken:
                raise PanaceaError(RULES[broken])
            commands.append(chip.run(d))
            if last:
                chip.finish()
        except PanaceaError as error:
            raise PanaceaError(f"descriptor {number}: {error}") from error
        previous = d
    return Execution(commands=tuple(commands))


class _Chip:
    """The chip's state from one command to the next."""

    def __init__(self, memory: Memory, params: ChipParams) -> None:
        self.memory, self._params = memory, params
        self._wmem = BlockQueue("w", params.kept_weight_beats)
        self._amem = BlockQueue("x", params.amem_beats)
        self._pass = 0  # of the output tile under way
        self._products = np.zeros((1, 1), np.int64)  # its sums, (rows, columns)
        self._used = np.zeros((1, 1), np.int64)  # w J_U, (rows, groups)
        self._steps: list[tuple[np.ndarray, int]] = []  # sums and exponents of the steps so far
        self._multiplier: np.ndarray | None = None
        self._shift: np.ndarray | None = None
        self._table: PwlTable | None = None

    def run(self, d: Descriptor) -> ExecutedCommand:
        """Run one command."""
        if d.act_up and d.dbs != 1:
            raise PanaceaError(f"dbs = {d.dbs} with act_up: the core refuses the command")
        read, written = self.memory.bytes_read, len(self.memory.writes)
        weights, activations = self._operands(d)
        w, x = weights.masks, activations.masks(d.r)
        number = self._accumulate(d, weights, activations, x.kept)
        y = None if d.more else self._complete(d)
        if d.gives:
            self._write(d, y)
        return ExecutedCommand(
            descriptor=d,
            pass_number=number,
            counts=_counts(w.kept, x.kept),
            w=w,
            x=x,
            y=y if d.gives else None,
            writes=tuple(self.memory.writes[written:]),
            bytes_read=self.memory.bytes_read - read,
        )

    def finish(self) -> None:
        """Refuse blocks that are left."""
        self._wmem.empty()
        self._amem.empty()

    def _operands(self, d: Descriptor) -> tuple[Weights, Activations]:
        """Load and play the command's blocks."""
        core = self._params.core
        if d.w_load:
            self._wmem.load(load_weights(self.memory, d, self._params))
        if d.x_load:
            self._amem.load(load_activations(self.memory, d, self._params))
        if d.w_play:
            self._wmem.play(d.w_keep)
        if d.x_play:
            self._amem.play(d.x_keep)
        tiles = -(-d.k_len // core.tile_k)
        block, first = self._wmem.take(tiles)
        sizes = d.k_len, core.num_pea, d.sub_tiles, core.tile_k, d.wgt_dense
        weights = block.decode(first, tiles, read_weights, *sizes)
        block, first = self._amem.take(tiles)
        sizes = d.k_len, d.groups, core.tile_k
        return weights, block.decode(first, tiles, read_activations, *sizes)

    def _accumulate(
        self, d: Descriptor, weights: Weights, activations: Activations, kept: np.ndarray
    ) -> int:
        """Add a pass to the partial sums; HO slices not kept count as 0. Returns its number."""
        shift = d.dbs - 1 + 3 * d.wgt_up + 4 * d.act_up
        high = activations.high * np.repeat(kept, VECTOR, axis=0).T
        slices = 16 * high.astype(np.int64) + activations.low
        products = exact_matmul(weights.values, slices) << shift
        used = exact_matmul(weights.values, kept.T) << 3 * d.wgt_up
        number = self._pass
        self._products = self._products + products if number else products
        self._used = self._used + used if number else used
        self._pass = number + 1 if d.more else 0
        return number

    def _complete(self, d: Descriptor) -> np.ndarray:
        """Compensation and folded bias: the sums of an output or, under APSQ, of a step, int32; of
        the last step what the quantised sums of all make."""
        parameters = load_parameters(self.memory, d, self._params)
        if parameters.multiplier is not None:
            self._multiplier, self._shift = parameters.multiplier, parameters.shift
        self._table = parameters.table or self._table
        compensation = d.r * self._used << (3 + d.dbs + 4 * d.act_up)
        wide = np.repeat(compensation, VECTOR, axis=1)
        y = wrap32(self._products - wide + parameters.bias[:, None])
        if d.step is None:
            return y
        self._steps.append((y, d.step.exponent))
        if d.gives:
            sums, exponents = zip(*self._steps, strict=True)
            self._steps.clear()
            y = accumulate(sums, d.step.gs, exponents)[0].astype(np.int32)
        return y

    def _write(self, d: Descriptor, y: np.ndarray) -> None:
        """Post-process, and write segments and lengths."""
        command = PpuCommand(
            groups=d.groups,
            rows=d.rows,
            dtp=d.dtp,
            raw=d.raw,
            x_bits=8 if d.raw else 4 * d.y_slices,
            dbs_type=1 if d.raw else d.y_dbs,
            r=d.y_r,
        )
        if d.raw:
            packets = post_process(y, y[:, 0], y[:, 0], _NO_TABLE, command)
        elif self._table is None or self._multiplier is None or len(self._multiplier) < len(y):
            raise PanaceaError("new_rows, new_pwl: the PPU has no scales or segments yet")
        else:
            scales = self._multiplier[: len(y)], self._shift[: len(y)]
            packets = post_process(y, *scales, self._table, command)
        targets = {
            (0, "y_addr"): (d.y_addr, d.y_table),
            (1, "y_addr_low"): (d.y_addr_low, d.y_table_low),
        }
        lengths = []
        for (part, name), (address, table) in targets.items():
            for tile in range(d.sub_tiles):
                beats = [p.beats for p in packets if (p.tile, p.part) == (tile, part)]
                if beats:
                    data = np.concatenate(beats)[:, ::-1]
                    self.memory.write(name, address + tile * d.y_stride, data.tobytes())
                    lengths.append((name.replace("addr", "table"), table + 2 * tile, len(data)))
        if not d.raw:
            for name, address, length in lengths:
                self.memory.write(name, address, length.to_bytes(2, "little"))


def _counts(w_kept: np.ndarray, x_kept: np.ndarray) -> np.ndarray:
    """Outer products HH, HL, LH, LL of every row group, int64 (4, row groups)."""
    groups, depth = x_kept.shape
    counts = np.empty((4, len(w_kept)), np.int64)
    counts[0] = w_kept @ x_kept.sum(axis=0)
    counts[1] = w_kept.sum(axis=1) * groups
    counts[2] = x_kept.sum()
    counts[3] = depth * groups
    return counts
