"""The post-processing unit: results of the core to packets of the next layer's activations.

Integer model, bit for bit: requantisation, piecewise-linear function, rounding onto the DBS grid,
slicing, HO compression and run-length coding. What the PPU does is the paper's, number formats
and roundings are our choice.
"""

import math
from dataclasses import dataclass

import numpy as np

from models.errors import PanaceaError, check_choice, check_range, check_shape
from models.params import GROUPS_MAX, RESULT_BEAT_BYTES, VECTOR, LayerConfig
from models.pwl import V_MAX, V_MIN, PwlTable, evaluate, grid_codes
from models.rle import stored_mask
from models.slicing import slice_activations
from models.streams import pack_activation_stream, pack_result_stream

__all__ = [
    "MULT_MAX",
    "PWL_BASE",
    "SHIFT_MAX",
    "Packet",
    "PpuCommand",
    "pack_ppu_command",
    "parameter_writes",
    "post_process",
    "requantisation",
    "requantise",
]

MULT_MAX = 2**16 - 1
SHIFT_MAX = 2**6 - 1
PWL_BASE = 2**8  # parameter address of the first segment; rows lie below


@dataclass(frozen=True, kw_only=True)
class PpuCommand:
    """What the PPU does with the results of one command of the core.

    Attributes:
        groups: column groups, 1..255.
        rows: rows of the output tile that the next layer has; the rest is padding.
        dtp: two tiles of 4 x NumPea rows.
        raw: pass the 32-bit results on; the fields below then do not matter.
        x_bits: activation width of the next layer, 4, 8 or 12.
        dbs_type: its DBS type, 1..3, other than 1 for 8 bits only.
        r: its frequent high-order slice, 0..15.
        new_rows, new_pwl: start to use the multipliers and shifts, the PWL table, written last.

    Raises:
        PanaceaError: a field outside its range.
    """

    groups: int
    rows: int
    dtp: bool = False
    raw: bool = False
    x_bits: int = 8
    dbs_type: int = 1
    r: int = 0
    new_rows: bool = False
    new_pwl: bool = False

    def __post_init__(self) -> None:
        check_range("groups", self.groups, 1, GROUPS_MAX)
        check_range("rows", self.rows, 1, 255)
        check_choice("x_bits", self.x_bits, (4, 8, 12))
        check_choice("dbs_type", self.dbs_type, (1, 2, 3) if self.x_bits == 8 else (1,))
        check_range("r", self.r, 0, 15)

    @property
    def config(self) -> LayerConfig:
        """The next layer's activation format; its zero point plays no part here."""
        return LayerConfig(x_bits=self.x_bits, dbs_type=self.dbs_type)


@dataclass(frozen=True, kw_only=True)
class Packet:
    """The beats of one column group of one tile.

    Attributes:
        tile: 0, or 1 for the second tile under DTP.
        part: 0, or 1 for the lowest slices of 12-bit activations.
        beats: uint8 (beats, 32), high byte first.
    """

    tile: int
    part: int
    beats: np.ndarray


def requantisation(ratio: float) -> tuple[int, int]:
    """Multiplier and shift that scale by `ratio` = s_w s_x / s_v, relative error at most 2^-16.

    The multiplier has its highest bit set unless that needs a shift beyond 63.

    Raises:
        PanaceaError: the ratio is not positive, or larger than 65535.
    """
    if not (math.isfinite(ratio) and 0 < ratio <= MULT_MAX):
        raise PanaceaError(f"ratio = {ratio} is not within 0..{MULT_MAX}, 0 excluded")
    shift = min(16 - math.frexp(ratio)[1], SHIFT_MAX)
    mult = round(math.ldexp(ratio, shift))
    return (mult, shift) if mult <= MULT_MAX else (mult // 2, shift - 1)


def requantise(y: np.ndarray, mult: np.ndarray, shift: np.ndarray) -> np.ndarray:
    """Pre-activations v = saturate_int16(floor(y mult / 2^shift + 1/2)), int64.

    The product has 48 bits and is exact; rounding is half up.

    Args:
        y: int32 results, (rows, columns).
        mult, shift: 0..65535 and 0..63, one for each row.

    Raises:
        PanaceaError: a multiplier or shift outside its range or of another shape.
    """
    for name, values, limit in (("mult", mult, MULT_MAX), ("shift", shift, SHIFT_MAX)):
        check_shape(name, values, (len(y),))
        check_range(name, values, 0, limit)
    product = y.astype(np.int64) * mult.astype(np.int64)[:, None]
    rounded = ((2 * product >> shift.astype(np.int64)[:, None]) + 1) >> 1
    return np.clip(rounded, V_MIN, V_MAX)


def _vectors(slices: np.ndarray) -> np.ndarray:
    """Slices (rows, columns) as vectors of four columns, uint16 (columns / 4, rows)."""
    four = slices.T.reshape(-1, VECTOR, len(slices))
    return sum(four[:, c] << 4 * c for c in range(VECTOR)).astype(np.uint16)


def _parts(codes: np.ndarray, cmd: PpuCommand, tile_k: int) -> list[tuple[np.ndarray, ...]]:
    """Low vectors, high vectors and stored mask (columns / 4, rows) of each part."""
    slices = [_vectors(part) for part in slice_activations(codes, cmd.config)]
    nothing = np.zeros_like(slices[0])
    if cmd.x_bits == 4:
        return [(slices[0], nothing, nothing.astype(bool))]
    stored = stored_mask(slices[-1] == cmd.r * 0x1111, tile_k)
    parts = [(slices[-2], slices[-1], stored)]
    if cmd.x_bits == 12:
        parts.append((slices[0], nothing, nothing.astype(bool)))
    return parts


def post_process(
    y: np.ndarray, mult: np.ndarray, shift: np.ndarray, table: PwlTable, cmd: PpuCommand
) -> list[Packet]:
    """The packets of one command, in order: column group, tile, part.

    A tile without valid rows gives no packets. Raw packets hold all rows, padding included.

    Args:
        y: int32 results (rows of the command, 4 x groups), in one or, under DTP, two tiles.
        mult, shift: one for each row.
        table: the activation function.
        cmd: the command.

    Raises:
        PanaceaError: y has another number of columns, an odd number of tiles under DTP, or fewer
            rows than `cmd.rows`.
    """
    tiles = 2 if cmd.dtp else 1
    if y.shape[1] != VECTOR * cmd.groups or y.shape[0] % (tiles * VECTOR):
        raise PanaceaError(f"y has shape {y.shape}, command has {cmd.groups} groups, {tiles} tiles")
    check_range("rows", cmd.rows, 1, len(y))
    tile_rows = len(y) // tiles
    if cmd.raw:
        beats = pack_result_stream(y).reshape(cmd.groups, tiles, -1, 2, RESULT_BEAT_BYTES // 2)
        return [
            Packet(tile=t, part=0, beats=beats[g, t, :, ::-1].reshape(-1, RESULT_BEAT_BYTES // 2))
            for g in range(cmd.groups)
            for t in range(tiles)
        ]
    codes = grid_codes(evaluate(requantise(y, mult, shift), table), cmd.config)[: cmd.rows]
    used = [t for t in range(tiles) if t * tile_rows < cmd.rows]
    parts = {t: _parts(codes[t * tile_rows :][:tile_rows], cmd, tile_rows) for t in used}
    packets = []
    for g in range(cmd.groups):
        for t in used:
            for number, (low, high, stored) in enumerate(parts[t]):
                one = slice(g, g + 1)
                beats = pack_activation_stream(low[one], high[one], stored[one], tile_rows)
                packets.append(Packet(tile=t, part=number, beats=beats))
    return packets


def pack_ppu_command(cmd: PpuCommand) -> int:
    """The command's 28 bits: {rows, groups, r, dbs, slices, raw, dtp, new_pwl, new_rows}."""
    flags = int(cmd.raw) << 3 | int(cmd.dtp) << 2 | int(cmd.new_pwl) << 1 | int(cmd.new_rows)
    word = cmd.rows << 8 | cmd.groups
    return word << 12 | cmd.r << 8 | cmd.dbs_type << 6 | cmd.x_bits // 4 << 4 | flags


def parameter_writes(
    mult: np.ndarray | None = None,
    shift: np.ndarray | None = None,
    table: PwlTable | None = None,
) -> list[tuple[int, int]]:
    """Writes (9-bit address, 48-bit data) of the rows' scales and of a table, each if given.

    Row m (of the command) is at address m: {shift[5:0], mult[15:0]}. Segment j is at 256 + j:
    {slope[15:0], offset[31:0]}.
    """
    writes = []
    if mult is not None and shift is not None:
        rows = zip(mult, shift, strict=True)
        writes += [(m, int(right) << 16 | int(factor)) for m, (factor, right) in enumerate(rows)]
    if table is not None:
        for j, (slope, offset) in enumerate(zip(table.slope, table.offset, strict=True)):
            data = (int(slope) & 0xFFFF) << 32 | int(offset) & 0xFFFFFFFF
            writes.append((PWL_BASE + j, data))
    return writes
