"""From captured stream beats back to operands, and to the result they must produce.

This is the scoreboard's reference: it accepts any legal stream, shares no code with the packing
side, and multiplies the decoded values themselves, with r filled in where an activation was
skipped, instead of following the hardware's route through compensation and folded bias.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from models.arith import exact_matmul, wrap32
from models.errors import PanaceaError
from models.params import CoreParams
from models.stream_lists import activation_reader, weight_reader

__all__ = ["DecodedCommand", "decode_command", "decode_program", "decode_results"]

V = 4  # rows or columns of a vector


@dataclass(frozen=True, kw_only=True)
class DecodedCommand:
    """One output tile as its streams describe it; rows and columns include padding.

    Attributes:
        k_len: K.
        groups: column groups of 4.
        dbs: slicing type 1..3.
        r: frequent high-order activation slice.
        dtp: two weight sub-tiles.
        w_low, w_high: int64 (rows, K), signed 4 bits; w_high is 0 where skipped.
        w_stored: bool (rows / 4, K).
        x_low, x_high: int64 (K, columns), unsigned 4 bits; x_high is 0 where skipped.
        x_stored: bool (groups, K).
        bias: int64 (rows), the folded bias as streamed.
    """

    k_len: int
    groups: int
    dbs: int
    r: int
    dtp: bool
    w_low: np.ndarray
    w_high: np.ndarray
    w_stored: np.ndarray
    x_low: np.ndarray
    x_high: np.ndarray
    x_stored: np.ndarray
    bias: np.ndarray

    @property
    def l(self) -> int:
        """Bits of the low-order activation slice before cutting."""
        return 3 + self.dbs

    @cached_property
    def weights(self) -> np.ndarray:
        """Weights, int64 (rows, K)."""
        return 8 * self.w_high + self.w_low

    @cached_property
    def _used(self) -> np.ndarray:
        """J_U spread over the columns, bool (K, columns)."""
        return np.repeat(self.x_stored, V, axis=0).T

    @cached_property
    def activations(self) -> np.ndarray:
        """Effective activations x~ with r where skipped, int64 (K, columns)."""
        high = np.where(self._used, self.x_high, self.r)
        return (high << self.l) + (self.x_low << (self.l - 4))

    @cached_property
    def y(self) -> np.ndarray:
        """The expected result modulo 2^32, int32 (rows, columns)."""
        offline = (self.r * self.weights.sum(axis=1)) << self.l
        true_bias = self.bias - offline
        return wrap32(exact_matmul(self.weights, self.activations) + true_bias[:, None])

    @property
    def blocks(self) -> np.ndarray:
        """The expected result as the core sends it, int32 (result beats, 4, 4)."""
        tiles = self.y.reshape(-1, V, self.groups, V)
        return np.ascontiguousarray(tiles.transpose(2, 0, 1, 3)).reshape(-1, V, V)

    def contributions(self) -> dict[str, np.ndarray]:
        """What each part of the hardware adds to y, int64 (rows, columns), not wrapped.

        Keys hh, hl, lh, ll (products, shifted), comp (compensation) and bias (folded); their
        sum modulo 2^32 is y (paper eq. 6).
        """
        high, low = self.w_high, self.w_low
        return {
            "hh": exact_matmul(high, self.x_high) << (self.l + 3),
            "hl": exact_matmul(high, self.x_low) << (self.l - 1),
            "lh": exact_matmul(low, self.x_high) << self.l,
            "ll": exact_matmul(low, self.x_low) << (self.l - 4),
            "comp": -(self.r * exact_matmul(self.weights, self._used)) << self.l,
            "bias": np.repeat(self.bias[:, None], V * self.groups, axis=1),
        }


def _as_beats(name: str, data: np.ndarray | bytes, size: int) -> np.ndarray:
    flat = np.frombuffer(data, np.uint8) if isinstance(data, bytes) else data.reshape(-1)
    if flat.size % size:
        raise PanaceaError(f"{name} has {flat.size} bytes, not whole beats of {size}")
    return flat.reshape(-1, size)


def _nibbles(vectors: np.ndarray) -> np.ndarray:
    """Vectors (vector rows, K) as slices 0..15, int64 (4 * vector rows, K)."""
    wide = vectors.astype(np.int64)
    return np.stack([wide >> s & 15 for s in (0, 4, 8, 12)], axis=1).reshape(-1, wide.shape[1])


def _signed(slices: np.ndarray) -> np.ndarray:
    return (slices ^ 8) - 8


def _check_header(number: int, k_len: int, groups: int, dbs: int, params: CoreParams) -> None:
    problem = None
    if k_len == 0:
        problem = f"k_len = {k_len}"
    elif not 1 <= groups <= params.tile_n // V:
        problem = f"groups = {groups}, the core takes 1..{params.tile_n // V}"
    elif dbs == 0:
        problem = f"dbs = {dbs}"
    if problem:
        raise PanaceaError(f"cmd, beat {number}: {problem}")


def decode_program(
    cmd: np.ndarray | bytes,
    weights: Sequence[np.ndarray | bytes],
    activations: np.ndarray | bytes,
    bias: np.ndarray | bytes,
    params: CoreParams,
) -> list[DecodedCommand]:
    """Decode the captured input streams of any number of commands.

    Args:
        cmd: command beats, 4 bytes each, most significant byte first (as all beats).
        weights: one stream of 8-byte beats per PEA.
        activations: 32-byte beats.
        bias: 16-byte beats.
        params: the core's sizes.

    Raises:
        PanaceaError: for a stream that is illegal, ends early or has beats left over, naming
            stream, k-tile and position.
    """
    if len(weights) != params.num_pea:
        raise PanaceaError(f"weights has {len(weights)} streams, the core {params.num_pea} PEAs")
    w_reader = weight_reader([_as_beats(f"weights[{p}]", b, 8) for p, b in enumerate(weights)])
    x_reader = activation_reader(_as_beats("activations", activations, 32))
    bias_words = _as_beats("bias", bias, 16).copy().view(">i4").astype(np.int64)[:, ::-1]
    tile_k, peas = params.tile_k, params.num_pea
    decoded: list[DecodedCommand] = []
    bias_used = 0
    for number, word in enumerate(_as_beats("cmd", cmd, 4).copy().view(">u4")[:, 0].tolist()):
        k_len, groups, dbs = word >> 15 & 0xFFFF, word >> 7 & 0xFF, word >> 5 & 3
        _check_header(number, k_len, groups, dbs, params)
        sub_tiles = 1 + (word & 1)
        lengths = [min(tile_k, k_len - k) for k in range(0, k_len, tile_k)]
        w = w_reader.read(lengths, sub_tiles, tile_k)
        x = x_reader.read(lengths, groups, tile_k)
        w_low, w_high, w_stored = (
            a.reshape(peas, len(lengths), sub_tiles, tile_k)
            .transpose(2, 0, 1, 3)
            .reshape(sub_tiles * peas, -1)[:, :k_len]
            for a in (w.low, w.high, w.stored)
        )
        x_low, x_high, x_stored = (
            a.reshape(len(lengths), groups, tile_k).transpose(1, 0, 2).reshape(groups, -1)
            [:, :k_len]
            for a in (x.low, x.high, x.stored)
        )  # fmt: skip
        folded = bias_words[bias_used : bias_used + sub_tiles * peas].reshape(-1)
        bias_used += sub_tiles * peas
        if bias_used > len(bias_words):
            raise PanaceaError(f"bias: truncated, command {number} needs beat {bias_used - 1}")
        decoded.append(
            DecodedCommand(
                k_len=k_len,
                groups=groups,
                dbs=dbs,
                r=word >> 1 & 15,
                dtp=sub_tiles == 2,
                w_low=_signed(_nibbles(w_low)),
                w_high=_signed(_nibbles(w_high)),
                w_stored=w_stored,
                x_low=_nibbles(x_low).T,
                x_high=_nibbles(x_high).T,
                x_stored=x_stored,
                bias=folded,
            )
        )
    w_reader.leftover()
    x_reader.leftover()
    if bias_used != len(bias_words):
        raise PanaceaError(f"bias: {len(bias_words) - bias_used} beats left over")
    return decoded


def decode_command(
    cmd: np.ndarray | bytes,
    weights: Sequence[np.ndarray | bytes],
    activations: np.ndarray | bytes,
    bias: np.ndarray | bytes,
    params: CoreParams,
) -> DecodedCommand:
    """Decode the captured input streams of exactly one command; see `decode_program`."""
    decoded = decode_program(cmd, weights, activations, bias, params)
    if len(decoded) != 1:
        raise PanaceaError(f"cmd has {len(decoded)} beats, expected one command")
    return decoded[0]


def decode_results(beats: np.ndarray | bytes) -> np.ndarray:
    """Captured result beats (64 bytes each) as int32 (beats, 4, 4): element (row, column)."""
    words = _as_beats("results", beats, 64).copy().view(">u4").astype(np.uint32)[:, ::-1]
    return np.ascontiguousarray(words).view(np.int32).reshape(-1, V, V)
