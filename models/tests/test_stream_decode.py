"""Layers survive compilation, streaming and decoding; damaged streams are refused."""

from dataclasses import replace

import numpy as np
import pytest

from models.aqs_gemm import aqs_gemm, gemm_exact
from models.arith import wrap32
from models.compression import ExtraStore
from models.decoded import DecodedCommand
from models.errors import PanaceaError
from models.params import CoreParams, LayerConfig
from models.program import CommandStreams, Program
from models.slicing import effective_activation
from models.stream_decode import decode_command, decode_program
from models.streams import pack_commands, pack_result_stream
from models.tests.layers import random_layer
from models.tiling import assemble_result, compile_layer

SMALL = CoreParams(num_pea=2, tile_k=16, tile_n=8)
SHAPES = [(1, 1, 1), (5, 17, 3), (8, 16, 8), (9, 33, 9), (17, 50, 21), (24, 64, 4)]
SPREADS = (0.02, 0.3)


def decode(streams: CommandStreams, params: CoreParams) -> list[DecodedCommand]:
    return decode_program(streams.cmd, streams.weights, streams.activations, streams.bias, params)


def run(program: Program) -> np.ndarray:
    """The layer's result as decoded from its streams."""
    decoded = decode(program.joined(), program.params)
    for command in decoded:
        parts = command.contributions()
        assert np.array_equal(wrap32(sum(parts.values())), command.y)
    return assemble_result(program, np.concatenate([pack_result_stream(d.y) for d in decoded]))


@pytest.mark.parametrize("dtp", [False, True])
@pytest.mark.parametrize("params", [SMALL, CoreParams(), CoreParams(num_pea=1, tile_k=4)], ids=str)
@pytest.mark.parametrize("x_bits", [4, 8, 12])
@pytest.mark.parametrize("w_bits", [4, 7, 10])
def test_round_trip(w_bits: int, x_bits: int, params: CoreParams, dtp: bool) -> None:
    rng = np.random.default_rng(w_bits * x_bits)
    for number, shape in enumerate([*SHAPES, (130, 70, 66)]):
        spread = SPREADS[(number + dtp) % 2]  # each shape has both
        zp = int(rng.integers(2**x_bits))
        dbs_type = int(rng.integers(1, 4)) if x_bits == 8 else 1
        cfg = LayerConfig(w_bits=w_bits, x_bits=x_bits, zp=zp, dbs_type=dbs_type)
        w, x, bias = random_layer(rng, shape, cfg, spread)
        extra = ExtraStore(
            weights=rng.random((-(-shape[0] // 4), shape[1])) < 0.1,
            activations=rng.random((-(-shape[2] // 4), shape[1])) < 0.1,
        )
        expected = gemm_exact(w, effective_activation(x, cfg), bias)
        for extra_store, dense in ((None, False), (extra, False), (None, True), (extra, None)):
            program = compile_layer(w, x, bias, cfg, params, dtp, extra_store, dense=dense)
            assert np.array_equal(run(program), expected)


def test_double_tiles_and_single_rest() -> None:
    cfg = LayerConfig(zp=136)
    layer = random_layer(np.random.default_rng(1), (21, 5, 9), cfg, 0.1)
    program = compile_layer(*layer, cfg, SMALL, True)
    placed = [(c.row0, c.col0, c.sub_tiles, c.groups) for c in program.commands]
    assert placed == [(0, 0, 2, 2), (0, 8, 2, 1), (16, 0, 1, 2), (16, 8, 1, 1)]
    for m, doubled in ((8, [False]), (9, [True]), (16, [True]), (24, [True, False])):
        layer = random_layer(np.random.default_rng(m), (m, 5, 4), cfg, 0.1)
        assert [c.dtp for c in compile_layer(*layer, cfg, SMALL, True).commands] == doubled


def test_decoded_operands_and_contributions() -> None:
    cfg = LayerConfig(zp=100, dbs_type=2)
    w, x, bias = random_layer(np.random.default_rng(2), (8, 40, 8), cfg, 0.1)
    program = compile_layer(w, x, bias, cfg, SMALL, False)
    model = aqs_gemm(w, x, bias, cfg, tile_k=SMALL.tile_k)
    (command,) = decode(program.joined(), SMALL)
    (one,) = command.passes
    assert (one.k_len, one.dbs, one.r, one.dtp) == (40, 2, cfg.r, False)
    assert np.array_equal(one.weights, w)
    assert np.array_equal(one.activations, effective_activation(x, cfg))
    assert np.array_equal(one.w_stored, model.w.stored)
    assert np.array_equal(one.x_stored, model.x.stored)
    assert 0 < model.x.stored.sum() < model.x.stored.size
    parts = command.contributions()
    assert all(part.any() for part in parts.values())
    for kind in ("hh", "hl", "lh", "ll"):
        assert np.array_equal(parts[kind], getattr(model, kind))
    assert np.array_equal(parts["comp"], model.compensation)
    assert np.array_equal(parts["bias"], model.folded_bias)
    assert np.array_equal(sum(parts.values()), command.y)
    blocks = command.blocks.reshape(2, 2, 4, 4)
    assert np.array_equal(blocks[1, 0], command.y[:4, 4:8])


def test_passes_of_wide_operands() -> None:
    """Four passes, activations kept; each part counts what it should, each product once."""
    cfg = LayerConfig(w_bits=10, x_bits=12, zp=2100)
    w, x, bias = random_layer(np.random.default_rng(5), (8, 40, 8), cfg, 0.1)
    program = compile_layer(w, x, bias, cfg, SMALL, False)
    flags = [(c.wgt_up, c.act_up, c.more, c.r) for c in program.commands]
    assert flags == [
        (True, False, True, 0),
        (True, True, True, 8),
        (False, False, True, 0),
        (False, True, False, 8),
    ]
    assert [len(streams.bias) for streams in program.streams] == [0, 0, 0, 2]
    assert [program.result_beats(command) for command in program.commands] == [0, 0, 0, 4]
    (command,) = decode(program.joined(), SMALL)
    shifts = [one.shift for one in command.passes]
    assert shifts == [3, 7, 0, 4]
    assert np.array_equal(command.passes[0].weights + command.passes[2].weights, w)
    assert np.array_equal(command.passes[0].activations + command.passes[1].activations, x)
    model = aqs_gemm(w, x, bias, cfg, tile_k=SMALL.tile_k)
    parts = command.contributions()
    for kind in ("hh", "hl", "lh", "ll"):
        got = sum(part for name, part in parts.items() if name.endswith(f" {kind}"))
        assert np.array_equal(got, getattr(model, kind))
    assert np.array_equal(parts["comp"], model.compensation)
    assert np.array_equal(parts["bias"], model.folded_bias)


BAD_PASSES = {
    "groups": ({"groups": 1}, "cmd, beat 1: groups = 1, first pass 2"),
    "dtp": ({"dtp": True}, "cmd, beat 1: dtp = True, first pass False"),
    "r": ({"r": 3}, "cmd, beat 1: r = 3, l = 8 with stored vectors, last pass 8, 8"),
    "l": ({"act_up": False}, "cmd, beat 1: r = 8, l = 4 with stored vectors, last pass 8, 8"),
    "no end": ({}, "cmd: 4 passes without a last one"),
}


@pytest.mark.parametrize("name", BAD_PASSES)
def test_passes_that_do_not_fit_are_refused(name: str) -> None:
    cfg = LayerConfig(w_bits=10, x_bits=12, zp=2100)
    layer = random_layer(np.random.default_rng(5), (16, 8, 8), cfg, 1.0)
    single = compile_layer(*layer, cfg, SMALL, False)
    program = single if name != "dtp" else compile_layer(*layer, cfg, SMALL, True)
    change, message = BAD_PASSES[name]
    commands, parts = list(single.commands[:4]), list(single.streams[:4])
    commands[1] = replace(commands[1], **change)
    if name == "dtp":
        parts[1] = program.streams[1]
    if name == "groups":
        narrow = (layer[0], layer[1][:, :4], layer[2])
        parts[1] = compile_layer(*narrow, cfg, SMALL, False).streams[1]
    if name == "no end":
        commands[3] = replace(commands[3], more=True)
    streams = replace(CommandStreams.joined(parts), cmd=pack_commands(commands))
    with pytest.raises(PanaceaError, match=message):
        decode(streams, SMALL)


def test_padding_compresses() -> None:
    """Missing columns and rows store placeholders only."""
    cfg = LayerConfig(zp=136)
    w, x = np.full((1, 16), 3), np.full((16, 1), 136)
    program = compile_layer(w, x, np.array([7]), cfg, SMALL, False)
    (command,) = decode(program.joined(), SMALL)
    (one,) = command.passes
    assert np.flatnonzero(one.x_stored).tolist() == [15]
    assert np.flatnonzero(one.w_stored[0]).tolist() == [15]
    assert np.array_equal(one.activations[:, 1:], np.full((16, 3), 136))


@pytest.fixture
def streams() -> CommandStreams:
    """One command, K = 40 in three k-tiles, dense high slices: 16, 16 and 8 entries a list."""
    cfg = LayerConfig(zp=0)
    rng = np.random.default_rng(3)
    w = rng.integers(9, 64, (8, 40))
    x = rng.integers(16, 256, (40, 8))
    return compile_layer(w, x, np.zeros(8, int), cfg, SMALL, False).joined()


def flip(beats: np.ndarray, beat: int, bit: int) -> np.ndarray:
    """The stream with one bit of one beat inverted."""
    damaged = beats.copy()
    damaged[beat, -1 - bit // 8] ^= 1 << bit % 8
    return damaged


# A PEA's list: 4 low-order beats, then 6 of high-order entries (3 + 3 + 3 + 3 + 3 + 1).
@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda s: {"cmd": flip(s.cmd, 0, 7)}, "cmd, beat 0: groups = 3"),
        (lambda s: {"cmd": flip(s.cmd, 0, 5)}, "cmd, beat 0: dbs = 0"),
        (lambda s: {"cmd": s.cmd & np.uint8([0, 0, 0, 0, 127, 255])}, "cmd, beat 0: k_len = 0"),
        (lambda s: {"cmd": flip(s.cmd, 0, 31)}, "cmd: 1 passes without a last one"),
        (
            lambda s: {"cmd": flip(flip(flip(s.cmd, 0, 33), 0, 5), 0, 6)},
            "cmd, beat 0: dbs = 2 with act_up",
        ),
        (lambda s: {"cmd": flip(s.cmd, 0, 44)}, "cmd, beat 0: reserved bits 0x1"),
        (lambda s: {"cmd": flip(s.cmd, 0, 43)}, r"weights\[0\]: 5 beats left over"),
        (lambda s: {"cmd": flip(s.cmd, 0, 35)}, "cmd, beat 0: apsq = 0x2 without its bit 0"),
        (
            lambda s: {"cmd": flip(flip(flip(flip(s.cmd, 0, 34), 0, 42), 0, 41), 0, 38)},
            "cmd, beat 0: exponent = 25",
        ),
        (lambda s: {"cmd": flip(s.cmd, 0, 34)}, "cmd: 1 passes without a last one"),
        (lambda s: {"cmd": s.cmd[:, :3]}, "cmd has 3 bytes"),
        (
            lambda s: {"weights": (s.weights[0], flip(s.weights[1], 4, 19))},
            r"weights\[1\], k-tile 0, sub-tile 0: overrun, entry at position 16 of 16",
        ),
        (
            lambda s: {"weights": (flip(s.weights[0], 14, 60), s.weights[1])},
            r"weights\[0\], k-tile 1, sub-tile 0: beat 0 of the list has count 2 of 3",
        ),
        (
            lambda s: {"weights": (flip(s.weights[0], 4, 63), s.weights[1])},
            r"weights\[0\], k-tile 0, sub-tile 0: .*reserved bits 1",
        ),
        (
            lambda s: {"weights": (s.weights[0], s.weights[1][:-1])},
            r"weights\[1\], k-tile 2, sub-tile 0: truncated",
        ),
        (
            lambda s: {"weights": (s.weights[0], s.weights[1][:0])},
            r"weights\[1\], k-tile 0, sub-tile 0: truncated, ends at beat 0",
        ),
        (
            lambda s: {"weights": (flip(s.weights[0], 9, 62), s.weights[1])},
            r"weights\[0\], k-tile",
        ),
        (
            lambda s: {"weights": (np.concatenate([s.weights[0], s.weights[0][:1]]), s.weights[1])},
            r"weights\[0\]: 1 beats left over",
        ),
        (lambda s: {"weights": s.weights[:1]}, "weights has 1 streams, the core 2 PEAs"),
        (lambda s: {"weights": (s.weights[0], s.weights[1][:, :7])}, r"weights\[1\] has"),
        (
            lambda s: {"activations": flip(s.activations, 2, 244)},
            "activations, k-tile",
        ),
        (
            lambda s: {"activations": flip(s.activations, 1, 241)},
            "activations, k-tile 0, group 0: beat 0 of the list has count 14 of 12",
        ),
        (
            lambda s: {"activations": flip(flip(s.activations, 2, 243), 2, 240)},
            "activations, k-tile 0, group 0: beat 1 of the list has count 13 of 12",
        ),
        (
            lambda s: {"activations": flip(s.activations, 1, 250)},
            "activations, k-tile 0, group 0: .*reserved bits 1",
        ),
        (
            lambda s: {"activations": flip(s.activations, 4, 16)},
            "activations, k-tile 0, group 1: overrun, entry at position 16 of 16",
        ),
        (
            lambda s: {"activations": s.activations[:-1]},
            "activations, k-tile 2, group 1: truncated",
        ),
        (
            lambda s: {"activations": np.concatenate([s.activations, s.activations[-1:]])},
            "activations: 1 beats left over",
        ),
        (lambda s: {"bias": s.bias[:-1]}, "bias: truncated, command 0 needs beat 1"),
        (lambda s: {"bias": np.concatenate([s.bias, s.bias])}, "bias: 2 beats left over"),
    ],
)
def test_illegal_stream_is_refused(streams: CommandStreams, change, message: str) -> None:
    decode(streams, SMALL)
    with pytest.raises(PanaceaError, match=message):
        decode(replace(streams, **change(streams)), SMALL)


def test_nonzero_weight_padding_is_refused() -> None:
    cfg = LayerConfig()
    layer = random_layer(np.random.default_rng(4), (8, 21, 4), cfg, 0.1)
    streams = compile_layer(*layer, cfg, SMALL, False).joined()
    low_beat = len(streams.weights[0]) - 3  # two low-order beats (5 vectors), one high-order
    damaged = (flip(streams.weights[0], low_beat + 1, 20), streams.weights[1])
    with pytest.raises(PanaceaError, match=r"weights\[0\], k-tile 1.*padding at position 5"):
        decode(replace(streams, weights=damaged), SMALL)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda beats: flip(beats, -1, 20), "k-tile 1, sub-tile 0: padding at position 5"),
        (lambda beats: beats[:-1], "k-tile 1, sub-tile 0: truncated, ends at beat 3"),
        (lambda beats: np.concatenate([beats, beats[-1:]]), "1 beats left over"),
    ],
)
def test_illegal_dense_list_is_refused(change, message: str) -> None:
    """K-tiles of 16 and 5: 4 + 4 beats, then 2 + 2."""
    cfg = LayerConfig()
    layer = random_layer(np.random.default_rng(4), (8, 21, 4), cfg, 0.1)
    streams = compile_layer(*layer, cfg, SMALL, False, dense=True).joined()
    assert [len(beats) for beats in streams.weights] == [12, 12]
    (one,) = decode(streams, SMALL)[0].passes
    assert one.wgt_dense and one.w_masks.dense and one.w_stored.all()
    assert 0 < one.w_masks.kept.sum() < one.w_stored.size
    damaged = (change(streams.weights[0]), streams.weights[1])
    with pytest.raises(PanaceaError, match=rf"weights\[0\].*{message}"):
        decode(replace(streams, weights=damaged), SMALL)


@pytest.mark.parametrize("stream", ["weights", "activations", "bias"])
def test_damaged_value_changes_the_result(streams: CommandStreams, stream: str) -> None:
    good = decode(streams, SMALL)[0].y
    if stream == "weights":
        change = {"weights": (flip(streams.weights[0], 0, 3), streams.weights[1])}
    else:
        change = {stream: flip(getattr(streams, stream), 0, 3)}
    assert not np.array_equal(decode(replace(streams, **change), SMALL)[0].y, good)


def test_streams_may_be_bytes(streams: CommandStreams) -> None:
    command = decode_command(
        streams.cmd.tobytes(),
        [w.tobytes() for w in streams.weights],
        streams.activations.tobytes(),
        streams.bias.tobytes(),
        SMALL,
    )
    assert np.array_equal(command.y, decode(streams, SMALL)[0].y)
    with pytest.raises(PanaceaError, match="cmd has 0 output tiles"):
        decode_command(b"", [b"", b""], b"", b"", SMALL)
