"""Packing of the core's input and output streams.

A packed stream is a uint8 array (beats, beat bytes), most significant byte of a beat first, so
that a simulator's $fread into a packed register reads it as written. Field layouts are our
choice: docs of the core describe them, and `models.stream_decode` reads them back.
"""

from collections.abc import Sequence

import numpy as np

from models.params import (
    ACTIVATION_BEAT_BYTES,
    ACTIVATION_ENTRIES,
    ACTIVATION_LO_VECTORS,
    BIAS_BEAT_BYTES,
    COMMAND_BEAT_BYTES,
    RESULT_BEAT_BYTES,
    VECTOR,
    WEIGHT_BEAT_BYTES,
    WEIGHT_ENTRIES,
    WEIGHT_LO_VECTORS,
)
from models.program import Command
from models.rle import run_indices, split_k_tiles

__all__ = [
    "pack_activation_stream",
    "pack_bias_stream",
    "pack_commands",
    "pack_result_stream",
    "pack_weight_stream",
]


def pack_commands(commands: Sequence[Command]) -> np.ndarray:
    """Command beats, uint8 (commands, 6).

    {apsq[8:0], act_up, wgt_up, more, k_len[15:0], groups[7:0], dbs[1:0], r[3:0], dtp} in the
    lowest bits, `wgt_dense` above.
    """
    words = [
        c.wgt_dense << 43 | (c.apsq.bits if c.apsq else 0) << 34 | c.act_up << 33 | c.wgt_up << 32
        | c.more << 31 | c.k_len << 15 | c.groups << 7 | c.dbs << 5 | c.r << 1 | c.dtp
        for c in commands
    ]  # fmt: skip
    wide = np.array(words, ">u8").view(np.uint8).reshape(-1, 8)
    return wide[:, 8 - COMMAND_BEAT_BYTES :]


def _lo_beats(vectors: np.ndarray, per_beat: int) -> np.ndarray:
    """Vectors (lists, tile_k) as beats, uint8 (lists, beats, 2 * per_beat), low byte first."""
    beats = split_k_tiles(vectors, per_beat)
    return np.ascontiguousarray(beats, "<u2").view(np.uint8)


def _ho_entries(
    vectors: np.ndarray, stored: np.ndarray, per_beat: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """High-order lists cut into beats.

    Returns:
        (entries uint64 (lists, beats, per_beat), valid entries per beat int64 (lists, beats),
        beats per list int64 (lists)); beats beyond a list's end are zero.
    """
    lists, position, index = run_indices(stored)
    count = np.bincount(lists, minlength=len(stored))
    beats = np.maximum(1, -(-count // per_beat))
    entries = np.zeros((len(stored), int(beats.max()) * per_beat), np.uint64)
    rank = np.arange(len(lists)) - np.repeat(np.cumsum(count) - count, count)
    entries[lists, rank] = index << 16 | vectors[lists, position].astype(np.int64)
    valid = np.clip(count[:, None] - per_beat * np.arange(beats.max()), 0, per_beat)
    return entries.reshape(len(stored), -1, per_beat), valid, beats


def _interleave(
    lo: np.ndarray, ho: np.ndarray, lo_beats: np.ndarray, ho_beats: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Low-order then high-order beats of each list, in list order.

    Args:
        lo, ho: uint8 (lists, most beats, beat bytes), low byte first.
        lo_beats, ho_beats: beats really used, (lists).

    Returns:
        (uint8 (beats, beat bytes) high byte first, beats per list).
    """
    used = np.concatenate(
        [
            np.arange(lo.shape[1]) < lo_beats[:, None],
            np.arange(ho.shape[1]) < ho_beats[:, None],
        ],
        axis=1,
    )
    return np.concatenate([lo, ho], axis=1)[used][:, ::-1], lo_beats + ho_beats


def _tile_lengths(depth: int, tile_k: int) -> np.ndarray:
    """Vectors in each k-tile, (k-tiles)."""
    return np.minimum(tile_k, depth - np.arange(0, depth, tile_k))


def _weight_ho_beats(vectors: np.ndarray, stored: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Run-length coded lists, uint8 (lists, most beats, 8), low byte first, and beats of each."""
    entries, valid, beats = _ho_entries(vectors, stored, WEIGHT_ENTRIES)
    last = np.arange(entries.shape[1]) == beats[:, None] - 1
    words = entries[..., 0] | entries[..., 1] << 20 | entries[..., 2] << 40
    words |= (valid << 60 | last.astype(np.int64) << 62).astype(np.uint64)
    return words.astype("<u8").view(np.uint8).reshape(*words.shape, WEIGHT_BEAT_BYTES), beats


def pack_weight_stream(
    low: np.ndarray, high: np.ndarray, stored: np.ndarray, tile_k: int, dense: bool = False
) -> list[np.ndarray]:
    """Weight streams of one command, one per PEA.

    Per k-tile and sub-tile: ceil(kt / 4) low-order beats of 4 vectors, then high-order beats of
    3 entries {index[3:0], vector[15:0]}, bits 61:60 = valid entries, bit 62 = last of the list;
    or, if they are dense, as many as low-order ones and like these.

    Args:
        low: uint16 (sub-tiles, PEAs, K), low-order vectors.
        high: uint16 (sub-tiles, PEAs, K), high-order vectors.
        stored: bool (sub-tiles, PEAs, K), high-order vectors to store.
        tile_k: vectors in a k-tile.
        dense: the high-order lists are dense; `stored` does not matter then.

    Returns:
        one uint8 array (beats, 8) per PEA.
    """
    sub_tiles, peas, depth = low.shape
    # Stream order: PEA, then k-tile, then sub-tile.
    low, high, stored = (
        split_k_tiles(a, tile_k).transpose(1, 2, 0, 3).reshape(-1, tile_k)
        for a in (low, high, stored)
    )
    length = np.tile(np.repeat(_tile_lengths(depth, tile_k), sub_tiles), peas)
    lo, lo_beats = _lo_beats(low, WEIGHT_LO_VECTORS), -(-length // WEIGHT_LO_VECTORS)
    if dense:
        ho, ho_beats = _lo_beats(high, WEIGHT_LO_VECTORS), lo_beats
    else:
        ho, ho_beats = _weight_ho_beats(high, stored)
    beats, per_list = _interleave(lo, ho, lo_beats, ho_beats)
    ends = np.cumsum(per_list.reshape(peas, -1).sum(axis=1))
    return np.split(beats, ends[:-1])


def pack_activation_stream(
    low: np.ndarray, high: np.ndarray, stored: np.ndarray, tile_k: int
) -> np.ndarray:
    """Activation stream of one command.

    Per k-tile and column group: ceil(kt / 16) low-order beats of 16 vectors, then high-order
    beats of 12 entries {index[3:0], vector[15:0]}, bits 243:240 = valid entries, bit 244 = last.

    Args:
        low: uint16 (groups, K), low-order vectors.
        high: uint16 (groups, K), high-order vectors.
        stored: bool (groups, K), high-order vectors to store.
        tile_k: vectors in a k-tile.

    Returns:
        uint8 (beats, 32).
    """
    groups, depth = low.shape
    low, high, stored = (
        split_k_tiles(a, tile_k).transpose(1, 0, 2).reshape(-1, tile_k) for a in (low, high, stored)
    )
    length = np.repeat(_tile_lengths(depth, tile_k), groups)
    entries, valid, ho_beats = _ho_entries(high, stored, ACTIVATION_ENTRIES)
    last = np.arange(entries.shape[1]) == ho_beats[:, None] - 1
    # Two entries make five whole bytes.
    pairs = (entries[..., 0::2] | entries[..., 1::2] << 20).astype("<u8")
    payload = pairs.view(np.uint8).reshape(*pairs.shape, 8)[..., :5]
    ho = np.zeros((*valid.shape, ACTIVATION_BEAT_BYTES), np.uint8)
    ho[..., :30] = payload.reshape(*valid.shape, 30)
    ho[..., 30] = valid | last << 4
    lo = _lo_beats(low, ACTIVATION_LO_VECTORS)
    return _interleave(lo, ho, -(-length // ACTIVATION_LO_VECTORS), ho_beats)[0]


def _pack_words(words: np.ndarray, beat_bytes: int) -> np.ndarray:
    """Rows of 32-bit values, element 0 in the lowest bits, as beats high byte first."""
    reversed_words = np.ascontiguousarray(words[:, ::-1]) & 0xFFFFFFFF
    return reversed_words.astype(">u4").view(np.uint8).reshape(-1, beat_bytes)


def pack_bias_stream(bias: np.ndarray) -> np.ndarray:
    """Folded biases (rows of an M tile, any int64, taken modulo 2^32) as beats (rows / 4, 16)."""
    return _pack_words(bias.reshape(-1, VECTOR), BIAS_BEAT_BYTES)


def pack_result_stream(y: np.ndarray) -> np.ndarray:
    """The result beats of one command, uint8 (beats, 64).

    Column groups outermost, then sub-tile, then PEA; a beat is a 4x4 block with element
    (row i, column c) at bits 32 * (4i + c).

    Args:
        y: integers (rows of the M tile, columns of the command), taken modulo 2^32.
    """
    rows, columns = y.shape
    blocks = y.astype(np.int64).reshape(rows // VECTOR, VECTOR, columns // VECTOR, VECTOR)
    return _pack_words(blocks.transpose(2, 0, 1, 3).reshape(-1, VECTOR * VECTOR), RESULT_BEAT_BYTES)
