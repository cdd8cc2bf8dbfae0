"""From captured stream beats back to operands.

With `models.decoded`, the scoreboard's reference: it accepts any legal stream and shares no code
with the packing side.
"""

from collections.abc import Sequence

import numpy as np

from models.apsq import EXPONENT_MAX, ApsqStep
from models.decoded import DecodedCommand, DecodedPass
from models.errors import PanaceaError
from models.params import COMMAND_BEAT_BYTES, CoreParams
from models.stream_lists import ListReader, activation_reader, weight_reader

__all__ = ["decode_command", "decode_program", "decode_results"]

V = 4  # rows or columns of a vector


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


def _check_header(number: int, header: dict[str, int], params: CoreParams) -> None:
    """Refuse a command that the core refuses by itself."""
    groups, most = header["groups"], params.tile_n // V
    problem = None
    if header["k_len"] == 0:
        problem = "k_len = 0"
    elif not 1 <= groups <= most:
        problem = f"groups = {groups}, the core takes 1..{most}"
    elif header["dbs"] == 0:
        problem = "dbs = 0"
    elif header["act_up"] and header["dbs"] != 1:
        problem = f"dbs = {header['dbs']} with act_up"
    elif header["apsq"] and not header["apsq"] & 1:
        problem = f"apsq = {header['apsq']:#x} without its bit 0"
    elif header["apsq"] >> 4 > EXPONENT_MAX:
        problem = f"exponent = {header['apsq'] >> 4}"
    elif header["reserved"]:
        problem = f"reserved bits {header['reserved']:#x}"
    if problem:
        raise PanaceaError(f"cmd, beat {number}: {problem}")


def _check_passes(number: int, passes: list[DecodedPass]) -> None:
    """Refuse passes and steps that do not fit together; `number` is the last one's."""
    last = passes[-1]
    for beat, one in reversed(list(enumerate(passes, number + 1 - len(passes)))):
        for name in ("groups", "dtp", "gs"):
            value, wanted = getattr(one, name), getattr(passes[0], name)
            if value != wanted:
                raise PanaceaError(f"cmd, beat {beat}: {name} = {value}, first pass {wanted}")
        if not one.more:
            last = one
        if one.x_stored.any() and (one.r, one.l) != (last.r, last.l):
            raise PanaceaError(
                f"cmd, beat {beat}: r = {one.r}, l = {one.l} with stored vectors, last pass "
                f"{last.r}, {last.l}"
            )


def _header(word: int) -> dict[str, int]:
    """The fields of a command."""
    fields = ("dtp", 1), ("r", 4), ("dbs", 2), ("groups", 8), ("k_len", 16), ("more", 1)
    header = {}
    for name, width in (*fields, ("wgt_up", 1), ("act_up", 1), ("apsq", 9), ("wgt_dense", 1)):
        header[name] = word % (1 << width)
        word >>= width
    return header | {"reserved": word}


def _decode_pass(
    header: dict[str, int], w_reader: ListReader, x_reader: ListReader, params: CoreParams
) -> DecodedPass:
    """Read one command's lists."""
    k_len, groups, sub_tiles = header["k_len"], header["groups"], 1 + header["dtp"]
    tile_k, peas = params.tile_k, params.num_pea
    lengths = [min(tile_k, k_len - k) for k in range(0, k_len, tile_k)]
    w = w_reader.read(lengths, sub_tiles, tile_k, dense=bool(header["wgt_dense"]))
    x = x_reader.read(lengths, groups, tile_k)
    w_low, w_high, w_stored = (
        a.reshape(peas, len(lengths), sub_tiles, tile_k)
        .transpose(2, 0, 1, 3)
        .reshape(sub_tiles * peas, -1)[:, :k_len]
        for a in (w.low, w.high, w.stored)
    )
    x_low, x_high, x_stored = (
        a.reshape(len(lengths), groups, tile_k).transpose(1, 0, 2).reshape(groups, -1)[:, :k_len]
        for a in (x.low, x.high, x.stored)
    )
    return DecodedPass(
        **{name: header[name] for name in ("k_len", "groups", "dbs", "r")},
        **{name: bool(header[name]) for name in ("dtp", "more", "wgt_up", "act_up", "wgt_dense")},
        apsq=ApsqStep.of(header["apsq"]),
        w_low=_signed(_nibbles(w_low)),
        w_high=_signed(_nibbles(w_high)),
        w_stored=w_stored,
        x_low=_nibbles(x_low).T,
        x_high=_nibbles(x_high).T,
        x_stored=x_stored,
    )


def decode_program(
    cmd: np.ndarray | bytes,
    weights: Sequence[np.ndarray | bytes],
    activations: np.ndarray | bytes,
    bias: np.ndarray | bytes,
    params: CoreParams,
) -> list[DecodedCommand]:
    """Decode the captured input streams of any number of output tiles, each in one command or more.

    Args:
        cmd: command beats, 6 bytes each, most significant byte first (as all beats).
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
    decoded: list[DecodedCommand] = []
    passes: list[DecodedPass] = []
    steps: list[np.ndarray] = []  # their bias
    bias_used = 0
    for number, beat in enumerate(_as_beats("cmd", cmd, COMMAND_BEAT_BYTES)):
        header = _header(int.from_bytes(beat.tobytes(), "big"))
        _check_header(number, header, params)
        passes.append(_decode_pass(header, w_reader, x_reader, params))
        if passes[-1].more:
            continue
        beats = (2 if passes[-1].dtp else 1) * params.num_pea
        folded = bias_words[bias_used : bias_used + beats].reshape(-1)
        bias_used += beats
        if bias_used > len(bias_words):
            raise PanaceaError(f"bias: truncated, command {number} needs beat {bias_used - 1}")
        steps.append(folded)
        if passes[-1].gives:
            _check_passes(number, passes)
            decoded.append(DecodedCommand(passes=tuple(passes), bias=np.stack(steps)))
            passes, steps = [], []
    if passes:
        raise PanaceaError(f"cmd: {len(passes)} passes without a last one")
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
    """Decode the captured input streams of exactly one output tile; see `decode_program`."""
    decoded = decode_program(cmd, weights, activations, bias, params)
    if len(decoded) != 1:
        raise PanaceaError(f"cmd has {len(decoded)} output tiles, expected one")
    return decoded[0]


def decode_results(beats: np.ndarray | bytes) -> np.ndarray:
    """Captured result beats (64 bytes each) as int32 (beats, 4, 4): element (row, column)."""
    words = _as_beats("results", beats, 64).copy().view(">u4").astype(np.uint32)[:, ::-1]
    return np.ascontiguousarray(words).view(np.int32).reshape(-1, V, V)
