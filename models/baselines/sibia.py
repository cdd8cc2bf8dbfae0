"""Layers on the Sibia-style core: operands, streams, commands.

Both operands are symmetric, 7 or 4 bits, in signed bit-slices. One of them, for each layer the
weights or the activations, is the *sparse* operand: its zero HO vectors (four rows at one k) are
skipped. The other one, the *dense* operand, is spread over the PEAs. The paper says what Sibia
skips; that the core exchanges the operands to skip the other one is our choice.
"""

from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np

from models.errors import PanaceaError, check_choice, check_integer_array, check_range, check_shape
from models.params import K_MAX, VECTOR, WEIGHT_LO_VECTORS, LayerConfig
from models.parts import Part, weight_parts
from models.rle import split_k_tiles
from models.streams import pack_activation_stream

__all__ = [
    "SIBIA_COMMAND_BYTES",
    "SibiaCommand",
    "SibiaParams",
    "SibiaProgram",
    "Skip",
    "assemble_sibia",
    "compile_sibia",
    "dense_and_sparse",
    "operand_part",
]

SIBIA_COMMAND_BYTES = 4  # 25 bits, the others zero


class Skip(IntEnum):
    """Whose zero HO vectors a layer skips."""

    ACTIVATIONS = 0
    WEIGHTS = 1


@dataclass(frozen=True, kw_only=True)
class SibiaParams:
    """Sizes of the core; the defaults have the 3072 multipliers of the AQS-GEMM core.

    Attributes:
        num_pea: processing-element arrays, each with 4 rows of the dense operand.
        num_ops: outer-product operators of a PEA.
        tile_k: vectors along K in one k-tile.
        tile_n: most rows of the sparse operand in one command.
    """

    num_pea: int = 16
    num_ops: int = 12
    tile_k: int = 64
    tile_n: int = 64

    def __post_init__(self) -> None:
        check_range("num_pea", self.num_pea, 1, 256)
        check_choice("num_ops", self.num_ops, (12,))
        check_choice("tile_k", self.tile_k, (32, 64))
        check_choice("tile_n", self.tile_n, (8, 16, 32, 64))

    @property
    def rows(self) -> int:
        """Rows of the dense operand in one command."""
        return VECTOR * self.num_pea

    @property
    def groups(self) -> int:
        """Groups of a full command."""
        return self.tile_n // VECTOR

    def rate(self, single: bool) -> int:
        """Items a cycle: an item is a vector of the sparse operand, with each dense slice."""
        return self.num_ops if single else self.num_ops // 2


@dataclass(frozen=True, kw_only=True)
class SibiaCommand:
    """One output tile: `k_len` 1..65535, `groups` of the sparse operand, `single`: the dense
    operand has one slice; `row0`, `col0`: first row of the dense, of the sparse operand.
    """

    k_len: int
    groups: int
    single: bool
    row0: int
    col0: int

    def beat(self) -> bytes:
        """{single, k_len[15:0], groups[7:0]}, most significant byte first."""
        word = self.single << 24 | self.k_len << 8 | self.groups
        return word.to_bytes(SIBIA_COMMAND_BYTES, "big")


@dataclass(frozen=True, kw_only=True, eq=False)
class SibiaProgram:
    """A compiled layer; streams are uint8 (beats, beat bytes), most significant byte first.

    Attributes:
        skip: whose HO vectors are skipped.
        shape: M, K, N of the layer.
        w_bits, x_bits: 7 or 4.
        commands: dense tile by dense tile.
        stored, zero: bool (sparse groups, K), HO vectors stored, placeholders included; HO vectors
            that are zero.
        cmd, dense, sparse: the input streams.
    """

    params: SibiaParams
    skip: Skip
    shape: tuple[int, int, int]
    w_bits: int
    x_bits: int
    commands: tuple[SibiaCommand, ...]
    stored: np.ndarray = field(repr=False)
    zero: np.ndarray = field(repr=False)
    cmd: np.ndarray = field(repr=False)
    dense: np.ndarray = field(repr=False)
    sparse: np.ndarray = field(repr=False)

    @property
    def dense_rows(self) -> int:
        """Rows of the dense operand: M, or N where the weights are skipped."""
        return self.shape[2] if self.skip == Skip.WEIGHTS else self.shape[0]

    @property
    def single(self) -> bool:
        """The dense operand has one slice."""
        return self.commands[0].single


def operand_part(
    values: np.ndarray, bits: int, tile_k: int, keep: np.ndarray | None = None
) -> Part:
    """The slices of an operand (rows, K) of 7 or 4 signed bits as vectors of four rows.

    Args:
        values: integers; missing rows of the last vector are zero.
        bits: 7 (two slices) or 4 (one, in the LO place; nothing is stored).
        tile_k: vectors in a k-tile.
        keep: bool (ceil(rows / 4), K), HO vectors to store although they are zero.

    Raises:
        PanaceaError: for other widths or values out of range.
    """
    check_choice("bits", bits, (4, 7))
    return weight_parts(values, LayerConfig(w_bits=bits), tile_k, keep)[0]


def dense_and_sparse(skip: Skip, w: np.ndarray, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The dense and the sparse operand, (rows, K) both, of weights (M, K), activations (K, N)."""
    return (x.T, w) if skip == Skip.WEIGHTS else (w, x.T)


def _dense_stream(part: Part, row: int, params: SibiaParams, single: bool) -> np.ndarray:
    """The beats of one dense tile: for each quad of k an LO word per PEA, then an HO word."""
    planes = []
    for vectors in (part.low,) if single else (part.low, part.high):
        mine = vectors[row : row + params.num_pea]
        mine = np.pad(mine, ((0, params.num_pea - len(mine)), (0, 0)))
        planes.append(split_k_tiles(mine, WEIGHT_LO_VECTORS))
    beats = np.stack(planes).transpose(2, 0, 1, 3)  # quad, slice, PEA, k
    words = np.ascontiguousarray(beats, "<u2").view(np.uint8)
    return words.reshape(-1, 8 * params.num_pea)[:, ::-1]


def compile_sibia(
    w: np.ndarray,
    x: np.ndarray,
    params: SibiaParams,
    skip: Skip,
    *,
    w_bits: int = 7,
    x_bits: int = 7,
    keep: np.ndarray | None = None,
) -> SibiaProgram:
    """Compile y = w @ x.

    Args:
        w: weights (M, K), `w_bits` signed bits.
        x: activations (K, N), `x_bits` signed bits.
        params: sizes of the core.
        skip: the sparse operand.
        w_bits, x_bits: 7 or 4.
        keep: bool (sparse groups, K), HO vectors to store although they are zero.

    Raises:
        PanaceaError: for operands out of range, mismatching shapes or a K beyond 65535.
    """
    w, x = check_integer_array("w", w, 2), check_integer_array("x", x, 2)
    check_shape("x", x, (w.shape[1], x.shape[1]))
    check_range("K", w.shape[1], 1, K_MAX)
    bits = (x_bits, w_bits) if skip == Skip.WEIGHTS else (w_bits, x_bits)
    dense, sparse = dense_and_sparse(skip, w, x)
    dense_part = operand_part(dense, bits[0], params.tile_k)
    sparse_part = operand_part(sparse, bits[1], params.tile_k, keep)
    single, groups = bits[0] == 4, len(sparse_part.low)
    starts = range(0, groups, params.groups)
    tiles = [
        pack_activation_stream(
            *(a[at : at + params.groups] for a in (sparse_part.low, sparse_part.high)),
            sparse_part.stored[at : at + params.groups],
            params.tile_k,
        )
        for at in starts
    ]
    commands, dense_beats, sparse_beats = [], [], []
    for row in range(0, len(dense_part.low), params.num_pea):
        words = _dense_stream(dense_part, row, params, single)
        for at, beats in zip(starts, tiles, strict=True):
            command = SibiaCommand(
                k_len=w.shape[1],
                groups=min(params.groups, groups - at),
                single=single,
                row0=VECTOR * row,
                col0=VECTOR * at,
            )
            commands.append(command)
            dense_beats.append(words)
            sparse_beats.append(beats)
    return SibiaProgram(
        params=params,
        skip=skip,
        shape=(w.shape[0], w.shape[1], x.shape[1]),
        w_bits=w_bits,
        x_bits=x_bits,
        commands=tuple(commands),
        stored=sparse_part.stored,
        zero=sparse_part.high == 0,
        cmd=np.frombuffer(b"".join(c.beat() for c in commands), np.uint8).reshape(
            -1, SIBIA_COMMAND_BYTES
        ),
        dense=np.concatenate(dense_beats),
        sparse=np.concatenate(sparse_beats),
    )


def assemble_sibia(program: SibiaProgram, beats: np.ndarray) -> np.ndarray:
    """The layer's result (M, N) int32 with its padding, (rows, columns) of whole tiles.

    Args:
        program: the program that produced the beats.
        beats: uint8 (beats, 64), most significant byte first: group by group, PEA by PEA.

    Returns:
        int32 (M padded, N padded); padding is what the core computes of zeros.

    Raises:
        PanaceaError: if the number of beats is not what the program produces.
    """
    params = program.params
    expected = sum(c.groups for c in program.commands) * params.num_pea
    if len(beats) != expected:
        raise PanaceaError(f"{len(beats)} result beats, the program produces {expected}")
    words = np.ascontiguousarray(beats).view(">u4").reshape(expected, -1)[:, ::-1]
    blocks = words.astype(np.uint32).view(np.int32).reshape(-1, params.num_pea, VECTOR, VECTOR)
    last = program.commands[-1]
    y = np.zeros((last.row0 + params.rows, last.col0 + VECTOR * last.groups), np.int32)
    start = 0
    for c in program.commands:
        tile = blocks[start : start + c.groups].transpose(1, 2, 0, 3)
        width = VECTOR * c.groups
        y[c.row0 : c.row0 + params.rows, c.col0 : c.col0 + width] = tile.reshape(-1, width)
        start += c.groups
    return y.T if program.skip == Skip.WEIGHTS else y
