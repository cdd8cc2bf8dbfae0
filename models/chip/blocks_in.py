"""Loading blocks and parameters from memory: what the chip's DMAs do, and what they refuse."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from models.chip.block_queue import Block
from models.chip.descriptor import Descriptor
from models.chip.memory import Memory
from models.chip.params import BEAT_BYTES, ChipParams
from models.errors import PanaceaError
from models.pwl import SEGMENTS, PwlTable

__all__ = ["Parameters", "load_activations", "load_parameters", "load_weights"]

HEADER_ENTRIES = 16
COUNT_MASK, LAST_CHUNK = 0xFFF, 0x8000
WORD_BYTES = 8


@dataclass(frozen=True, kw_only=True, eq=False)
class Parameters:
    """A parameter block: int64 (rows,) each, None where the command does not bring it."""

    bias: np.ndarray
    multiplier: np.ndarray | None
    shift: np.ndarray | None
    table: PwlTable | None


def load_weights(memory: Memory, d: Descriptor, params: ChipParams) -> Block:
    """A weight block; its pieces are the words of every chunk and PEA, uint8 (words, 8).

    Raises:
        PanaceaError: headers that do not fit each other or the block.
    """
    peas = params.core.num_pea
    beats = memory.read("w_addr", d.w_addr, BEAT_BYTES * d.w_beats).reshape(-1, BEAT_BYTES)
    words = beats.reshape(-1, WORD_BYTES)[:, ::-1]
    pieces, used = [], np.zeros(peas, np.int64)
    at, last = 0, False
    while not last:
        chunk = f"w_addr = {d.w_addr:#x}, chunk {len(pieces)}, beat {at}"
        first, at = at, at + params.header_beats
        header = beats[first:at].reshape(-1).view("<u2").astype(np.int64)
        if at > len(beats):
            raise PanaceaError(f"{chunk}: behind the block, w_beats = {d.w_beats}")
        last = bool(header[0] & LAST_CHUNK)
        header[0] &= ~LAST_CHUNK
        counts = header[:peas]
        if header[peas:].any() or (counts > COUNT_MASK).any():
            raise PanaceaError(f"{chunk}: reserved bits in the header {header.tolist()}")
        if not counts.all():
            raise PanaceaError(f"{chunk}: PEA {int(counts.argmin())} has no beats")
        ends = at + np.cumsum(counts)
        if ends[-1] > len(beats):
            raise PanaceaError(f"{chunk}: ends at beat {ends[-1]}, w_beats = {d.w_beats}")
        per_beat = BEAT_BYTES // WORD_BYTES
        cuts = (np.concatenate([[at], ends]) * per_beat).tolist()
        pieces.append([words[a:b] for a, b in pairwise(cuts)])
        used += counts
        at = int(ends[-1])
    if at != len(beats):
        raise PanaceaError(
            f"w_addr = {d.w_addr:#x}: the last chunk ends at beat {at}, w_beats = {d.w_beats}"
        )
    return Block(pieces=pieces, beats=int(used.max()))


def load_activations(memory: Memory, d: Descriptor, params: ChipParams) -> Block:
    """An activation block; its pieces are the segments' beats, uint8 (beats, 32).

    Raises:
        PanaceaError: a length of 0, or beyond what a segment may have.
    """
    if d.fence:
        memory.fence()
    core = params.core
    table = memory.read("x_table", d.x_table, 2 * d.x_segments, fenced=True).view("<u2")
    most = min(params.amem_beats, d.groups * (-(-core.tile_k // 16) + -(-core.tile_k // 12)))
    pieces = []
    for number, length in enumerate(table.tolist()):
        if not 1 <= length <= most:
            raise PanaceaError(
                f"x_table = {d.x_table:#x}: segment {number} has {length} beats, not 1..{most}"
            )
        address = d.x_addr + number * d.x_stride
        data = memory.read("x_addr", address, BEAT_BYTES * length, fenced=True)
        pieces.append(data.reshape(-1, BEAT_BYTES)[:, ::-1])
    return Block(pieces=pieces, beats=int(table.sum(dtype=np.int64)))


def load_parameters(memory: Memory, d: Descriptor, params: ChipParams) -> Parameters:
    """The parameter block of an output tile, or of a step of it.

    Raises:
        PanaceaError: bits that are not 0 though nothing uses them.
    """
    rows = params.core.rows * d.sub_tiles
    section = -(-4 * rows // BEAT_BYTES) * BEAT_BYTES
    address = d.par_addr

    def words(size: int) -> np.ndarray:
        nonlocal address
        data = memory.read("par_addr", address, size).view("<u4").astype(np.int64)
        address += size
        return data

    def padded(name: str) -> np.ndarray:
        data = words(section)
        if data[rows:].any():
            raise PanaceaError(f"par_addr = {d.par_addr:#x}: padding of {name} is not 0")
        return data[:rows]

    bias = padded("the folded bias")
    scales = padded("the row scales") if d.new_rows and d.gives else None
    table = words(8 * SEGMENTS).reshape(SEGMENTS, 2) if d.new_pwl and d.gives else None
    unused = [] if scales is None else [scales >> 22]
    unused += [] if table is None else [table[:, 1] >> 16]
    if any(bits.any() for bits in unused):
        raise PanaceaError(f"par_addr = {d.par_addr:#x}: unused bits are not 0")
    return Parameters(
        bias=bias,
        multiplier=None if scales is None else scales & 0xFFFF,
        shift=None if scales is None else scales >> 16,
        table=None
        if table is None
        else PwlTable(offset=_signed(table[:, 0], 32), slope=_signed(table[:, 1], 16)),
    )


def _signed(value: np.ndarray, bits: int) -> np.ndarray:
    half = 1 << (bits - 1)
    return (value ^ half) - half
