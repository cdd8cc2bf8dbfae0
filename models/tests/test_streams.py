"""Bit positions of the streams, written out by hand."""

from dataclasses import replace

import numpy as np
import pytest

from models.apsq import ApsqStep
from models.compression import weight_words
from models.errors import PanaceaError
from models.params import COMMAND_BEAT_BYTES
from models.program import Command
from models.stream_decode import decode_results
from models.streams import (
    pack_activation_stream,
    pack_bias_stream,
    pack_commands,
    pack_result_stream,
    pack_weight_stream,
)


def beats(stream: np.ndarray) -> list[int]:
    """Each beat as one unsigned number."""
    return [int.from_bytes(row.tobytes(), "big") for row in stream]


def test_command_fields() -> None:
    command = Command(k_len=0x1234, groups=0x56, dbs=2, r=9, dtp=True)
    fields = 0x1234 << 15 | 0x56 << 7 | 2 << 5 | 9 << 1 | 1
    flagged = [replace(command, **{name: True}) for name in ("more", "wgt_up", "wgt_dense")]
    upper = replace(command, dbs=1, act_up=True)
    step = replace(command, apsq=ApsqStep(gs=3, exponent=19, last=True))
    stream = pack_commands([command, *flagged, upper, step])
    assert stream.shape == (6, COMMAND_BEAT_BYTES)
    assert beats(stream) == [
        fields,
        fields | 1 << 31,
        fields | 1 << 32,
        fields | 1 << 43,
        fields - (1 << 5) | 1 << 33,
        fields | (19 << 4 | 1 << 3 | 2 << 1 | 1) << 34,
    ]


def test_upper_activations_have_one_slicing_type() -> None:
    with pytest.raises(PanaceaError, match="dbs = 2"):
        Command(k_len=1, groups=1, dbs=2, r=0, dtp=False, act_up=True)


def test_weight_beats() -> None:
    """K = 6 in tiles of 4, two sub-tiles, one PEA; the list of the first has 4 entries."""
    low = np.array([[[1, 2, 3, 4, 5, 6]], [[7, 8, 9, 10, 11, 12]]], np.uint16)
    high = low + 0x100
    stored = np.array([[[1, 1, 1, 1, 0, 1]], [[0, 0, 1, 0, 0, 0]]], bool)
    (stream,) = pack_weight_stream(low, high, stored, 4)

    def entry(slot: int, index: int, vector: int) -> int:
        return (index << 16 | vector) << 20 * slot

    def word(*vectors: int) -> int:
        return sum(v << 16 * i for i, v in enumerate(vectors))

    last = 1 << 62
    assert beats(stream) == [
        word(1, 2, 3, 4),
        entry(0, 0, 0x101) | entry(1, 0, 0x102) | entry(2, 0, 0x103) | 3 << 60,
        entry(0, 0, 0x104) | 1 << 60 | last,
        word(7, 8, 9, 10),
        entry(0, 2, 0x109) | 1 << 60 | last,
        word(5, 6),
        entry(0, 1, 0x106) | 1 << 60 | last,
        word(11, 12),
        last,
    ]
    assert weight_words(stored, 4, False).tolist() == [[[3, 2]], [[2, 2]]]


def test_dense_weight_beats() -> None:
    """The same K: HO words are like LO words, k past the tile zero, nothing left out."""
    low = np.array([[[1, 2, 3, 4, 5, 6]], [[7, 8, 9, 10, 11, 12]]], np.uint16)
    high = np.where(low == 8, 0, low + 0x100).astype(np.uint16)
    stored = np.ones(low.shape, bool)
    (stream,) = pack_weight_stream(low, high, stored, 4, dense=True)

    def word(*vectors: int) -> int:
        return sum(v << 16 * i for i, v in enumerate(vectors))

    assert beats(stream) == [
        word(1, 2, 3, 4),
        word(0x101, 0x102, 0x103, 0x104),
        word(7, 8, 9, 10),
        word(0x107, 0, 0x109, 0x10A),
        word(5, 6),
        word(0x105, 0x106),
        word(11, 12),
        word(0x10B, 0x10C),
    ]
    assert weight_words(stored, 4, True).tolist() == [[[2, 2]], [[2, 2]]]


def test_full_last_beat_needs_no_empty_one() -> None:
    low = np.zeros((1, 1, 4), np.uint16)
    stored = np.array([[[1, 1, 1, 0]]], bool)
    (stream,) = pack_weight_stream(low, low, stored, 4)
    assert beats(stream) == [0, 3 << 60 | 1 << 62]


def test_activation_beats() -> None:
    """Two groups, K = 18 in one tile: two low-order beats; group 0 stores 13 vectors."""
    low = np.arange(36, dtype=np.uint16).reshape(2, 18) + 0x2000
    high = low + 0x3000
    stored = np.zeros((2, 18), bool)
    stored[0, 5:] = True
    stream = beats(pack_activation_stream(low, high, stored, 64))
    assert stream[0] == sum(int(v) << 16 * i for i, v in enumerate(low[0, :16]))
    assert stream[1] == int(low[0, 16]) | int(low[0, 17]) << 16
    expected = sum(((5 if i == 0 else 0) << 16 | int(high[0, 5 + i])) << 20 * i for i in range(12))
    assert stream[2] == expected | 12 << 240
    assert stream[3] == int(high[0, 17]) | 1 << 240 | 1 << 244
    assert stream[6] == 1 << 244
    assert len(stream) == 7


def test_k_tiles_are_outside_groups() -> None:
    low = np.arange(10, dtype=np.uint16).reshape(2, 5)
    stream = beats(pack_activation_stream(low, low, np.zeros((2, 5), bool), 4))
    assert [beat & 0xFFFF for beat in stream[0::2]] == [0, 5, 4, 9]


def test_bias_beat() -> None:
    (word,) = beats(pack_bias_stream(np.array([1, -2, 2**32 + 3, -(2**31)])))
    assert word == 1 | 0xFFFFFFFE << 32 | 3 << 64 | 0x80000000 << 96


def test_result_beats() -> None:
    """Group-major, then row group; element (i, c) at 32 * (4i + c)."""
    y = np.arange(8 * 8).reshape(8, 8) - 5
    stream = pack_result_stream(y)
    words = beats(stream)
    for number, (row, column) in enumerate([(0, 0), (4, 0), (0, 4), (4, 4)]):
        for i in range(4):
            for c in range(4):
                value = words[number] >> 32 * (4 * i + c) & 0xFFFFFFFF
                assert value == int(y[row + i, column + c]) & 0xFFFFFFFF
        assert np.array_equal(decode_results(stream)[number], y[row : row + 4, column : column + 4])
