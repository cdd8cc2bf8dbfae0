"""The post-processing unit against formulas with exact fractions, one element at a time."""

import math
import re
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from models.errors import PanaceaError
from models.params import LayerConfig
from models.ppu import (
    MULT_MAX,
    PWL_BASE,
    SHIFT_MAX,
    PpuCommand,
    pack_ppu_command,
    parameter_writes,
    post_process,
    requantisation,
    requantise,
)
from models.pwl import ACTIVATIONS, SEGMENTS, PwlTable, fit, segments
from models.quant import (
    Granularity,
    activation_range,
    quantise_activations,
    quantise_weights,
)
from models.stream_decode import decode_results
from models.stream_lists import activation_reader

PACKAGE = Path(__file__).parents[2] / "rtl" / "ppu" / "ppu_pkg.sv"
FORMATS = [(4, 1), (8, 1), (8, 2), (8, 3), (12, 1)]


def slow_requantise(y: int, mult: int, shift: int) -> int:
    """Round half up and saturate, exactly."""
    nearest = math.floor(Fraction(y * mult, 2**shift) + Fraction(1, 2))
    return min(max(nearest, -(2**15)), 2**15 - 1)


def slow_code(v: int, table: PwlTable, cfg: LayerConfig) -> int:
    """The output code of one pre-activation."""
    for j, (start, length) in enumerate(zip(*segments(), strict=True)):
        if start <= v < start + length:
            u = Fraction(int(table.slope[j]) * int(v - start) + int(table.offset[j]), 2**16)
    step = 2 ** (cfg.dbs_type - 1)
    nearest = step * math.floor(u / step + Fraction(1, 2))
    return min(max(nearest, 0), (2**cfg.x_bits - 1) // step * step)


def test_requantise_exactly() -> None:
    rng = np.random.default_rng(3)
    y = np.concatenate(
        [rng.integers(-(2**31), 2**31, 200), [-(2**31), 2**31 - 1, -1, 0, 1], np.arange(-40, 40)]
    )
    for shift in range(SHIFT_MAX + 1):
        for mult in (0, 1, 2, 3, 2**15, MULT_MAX, int(rng.integers(0, 2**16))):
            got = requantise(y[None], np.array([mult]), np.array([shift]))[0].tolist()
            assert got == [slow_requantise(value, mult, shift) for value in y.tolist()]


def test_half_rounds_up() -> None:
    y = np.array([[-3, -1, 1, 3]])
    assert requantise(y, np.array([1]), np.array([1])).tolist() == [[-1, 0, 1, 2]]


@pytest.mark.parametrize("ratio", [1e-3, 0.3, 1.0, 1 - 2**-20, 7.77e-6, 65535, 2.0**-40, 0.5])
def test_requantisation_approximates(ratio: float) -> None:
    mult, shift = requantisation(ratio)
    assert 0 <= mult <= MULT_MAX and 0 <= shift <= SHIFT_MAX
    assert abs(mult / 2**shift / ratio - 1) <= 2**-16


@pytest.mark.parametrize("ratio", [0.0, -1.0, math.inf, math.nan, 65536.0])
def test_requantisation_refuses(ratio: float) -> None:
    with pytest.raises(PanaceaError, match="ratio = "):
        requantisation(ratio)


def draw(rng: np.random.Generator, cmd: PpuCommand, num_pea: int) -> tuple:
    """Results, scales and table for a command, with many vectors that are skipped."""
    rows = 4 * num_pea * (2 if cmd.dtp else 1)
    y = rng.integers(-(2**31), 2**31, (rows, 4 * cmd.groups))
    y = np.where(rng.random((rows, 1)) < 0.6, rng.integers(-9, 9, y.shape), y)
    mult, shift = rng.integers(0, 2**16, rows), rng.integers(29, 36, rows)
    step = 1 << (cmd.dbs_type - 1)
    zp = (cmd.r << cmd.config.l if cmd.x_bits > 4 else 3) % 2**cmd.x_bits // step * step
    cfg = LayerConfig(x_bits=cmd.x_bits, dbs_type=cmd.dbs_type, zp=zp)
    return y, mult, shift, fit(ACTIVATIONS["silu"], 8 / 2**15, 8 / 2**cmd.x_bits, cfg)


def decode(packet, kt: int, tile_k: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Low slices, high slices (kt, 4) and stored mask of a packet."""
    reader = activation_reader(packet.beats)
    lists = reader.read([kt], 1, tile_k)
    reader.leftover()
    shifts = 4 * np.arange(4)
    low, high = (array[0, :kt, None] >> shifts & 15 for array in (lists.low, lists.high))
    return low, high, lists.stored[0, :kt]


@pytest.mark.parametrize(("x_bits", "dbs_type"), FORMATS)
@pytest.mark.parametrize("num_pea", [16, 3])
@pytest.mark.parametrize("dtp", [False, True])
def test_packets_give_the_codes_back(x_bits: int, dbs_type: int, num_pea: int, dtp: bool) -> None:
    rng, tile = np.random.default_rng(4), 4 * num_pea
    for r in range(16):
        rows = int(rng.integers(1, tile * (1 + dtp) + 1)) if r % 3 else tile * (1 + dtp)
        cmd = PpuCommand(
            groups=2, rows=rows, dtp=dtp, x_bits=x_bits, dbs_type=dbs_type,
            r=r >> (dbs_type - 1),
        )  # fmt: skip
        y, mult, shift, table = draw(rng, cmd, num_pea)
        packets = iter(post_process(y, mult, shift, table, cmd))
        for g in range(cmd.groups):
            for t in range(1 + dtp):
                kt = min(max(rows - t * tile, 0), tile)
                if kt == 0:
                    continue
                block = [
                    [
                        slow_code(
                            slow_requantise(int(y[m, n]), int(mult[m]), int(shift[m])),
                            table,
                            cmd.config,
                        )
                        for n in range(4 * g, 4 * g + 4)
                    ]
                    for m in range(t * tile, t * tile + kt)
                ]
                check_packets(packets, np.array(block), cmd, t, tile)
        assert next(packets, None) is None


def check_packets(packets, codes: np.ndarray, cmd: PpuCommand, t: int, tile: int) -> None:
    """The next one or two packets decode to these codes (kt, 4); skipping is as it should be."""
    kt = len(codes)
    packet = next(packets)
    assert (packet.tile, packet.part) == (t, 0)
    low, high, stored = decode(packet, kt, tile)
    high = np.where(stored[:, None], high, cmd.r)
    if cmd.x_bits == 4:
        assert not stored.any() and (low == codes).all()
    elif cmd.x_bits == 8:
        l = 3 + cmd.dbs_type
        assert ((high << l) + (low << (l - 4)) == codes).all()
    else:
        second = next(packets)
        assert (second.tile, second.part) == (t, 1)
        lowest, _, none = decode(second, kt, tile)
        assert not none.any()
        assert ((high << 8) + (low << 4) + lowest == codes).all()
    if cmd.x_bits > 4:
        run = 0
        for position in range(kt):
            skipped = (high[position] == cmd.r).all() and run < 15
            assert stored[position] == (not skipped)
            run = run + 1 if skipped else 0


@pytest.mark.parametrize(("x_bits", "dbs_type"), FORMATS)
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_layer_to_layer(name: str, x_bits: int, dbs_type: int) -> None:
    """From a layer's integers to the next one's codes: one step from quantising real numbers."""
    rng = np.random.default_rng(7)
    weights, inputs = rng.normal(0, 0.2, (64, 96)), rng.normal(0, 1, (96, 32))
    w, w_scale = quantise_weights(weights, 7, Granularity.CHANNEL)
    x_scale, zp = activation_range(inputs.min(), inputs.max(), 8)
    x = quantise_activations(inputs, x_scale, LayerConfig(zp=zp))
    y = w.astype(np.int64) @ (x - zp)
    real = y * (w_scale * x_scale)[:, None]
    v_scale = abs(real).max() / 2**15
    scales = np.array([requantisation(s * x_scale / v_scale) for s in w_scale])
    output = ACTIVATIONS[name](real)
    out_scale, out_zp = activation_range(output.min(), output.max(), x_bits)
    step = 1 << (dbs_type - 1)
    cfg = LayerConfig(x_bits=x_bits, dbs_type=dbs_type, zp=out_zp // step * step)
    table = fit(ACTIVATIONS[name], v_scale, out_scale, cfg)
    cmd = PpuCommand(groups=8, rows=64, x_bits=x_bits, dbs_type=dbs_type, r=cfg.r)
    packets = iter(post_process(y, scales[:, 0], scales[:, 1], table, cmd))
    exact = quantise_activations(output, out_scale, cfg)
    for g in range(8):
        low, high, stored = decode(next(packets), 64, 64)
        high = np.where(stored[:, None], high, cfg.r)
        codes = (high << 4) + low << cfg.lsb if cfg.k else low
        if cfg.k == 2:
            codes = (codes << 4) + decode(next(packets), 64, 64)[0]
        assert abs(codes - exact[:, 4 * g : 4 * g + 4]).max() <= step


def test_raw_packets() -> None:
    rng = np.random.default_rng(5)
    cmd = PpuCommand(groups=3, rows=9, dtp=True, raw=True)
    y, mult, shift, table = draw(rng, cmd, 2)
    packets = post_process(y, mult, shift, table, cmd)
    assert [packet.tile for packet in packets] == [0, 1] * 3
    for number, packet in enumerate(packets):
        assert packet.beats.shape == (4, 32)
        words = packet.beats[:, ::-1].copy().view("<i4").reshape(2, 4, 4)
        g, t = divmod(number, 2)
        assert (words.reshape(8, 4) == y[8 * t : 8 * t + 8, 4 * g : 4 * g + 4]).all()
        whole = packet.beats.reshape(2, 2, 32)[:, ::-1].reshape(2, 64)
        assert (decode_results(whole) == words).all()


def test_command_layout() -> None:
    names = re.findall(r"logic[\s\[\d:\]]*\s(\w+);", PACKAGE.read_text().split("ppu_cmd_t;")[0])
    assert names == ["rows", "groups", "r", "dbs", "slices", "raw", "dtp", "new_pwl", "new_rows"]
    cmd = PpuCommand(groups=0x5A, rows=0xC3, r=9, dbs_type=3, dtp=True, new_rows=True)
    assert f"{pack_ppu_command(cmd):028b}" == "1100001101011010100111100101"


def test_parameter_layout() -> None:
    table = PwlTable(slope=np.arange(SEGMENTS) - 5, offset=2 - np.arange(SEGMENTS))
    writes = parameter_writes(mult=np.array([7, 8]), shift=np.array([1, 63]), table=table)
    assert writes[:2] == [(0, 1 << 16 | 7), (1, 63 << 16 | 8)]
    assert writes[2] == (PWL_BASE, 0xFFFB_00000002)
    assert writes[-1] == (PWL_BASE + 63, 58 << 32 | (2**32 - 61))


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"groups": 0}, "groups = 0"),
        ({"rows": 0}, "rows = 0"),
        ({"x_bits": 6}, "x_bits = 6"),
        ({"x_bits": 12, "dbs_type": 2}, "dbs_type = 2"),
        ({"r": 16}, "r = 16"),
    ],
)
def test_commands_refused(fields: dict, message: str) -> None:
    with pytest.raises(PanaceaError, match=message):
        PpuCommand(**{"groups": 1, "rows": 1, **fields})


def test_results_refused() -> None:
    cmd = PpuCommand(groups=1, rows=9)
    y, mult, shift, table = draw(np.random.default_rng(6), cmd, 2)
    with pytest.raises(PanaceaError, match=r"rows = 9 is outside 1\.\.8"):
        post_process(y, mult, shift, table, cmd)
    with pytest.raises(PanaceaError, match=re.escape("y has shape (8, 4), command has 2 groups")):
        post_process(y, mult, shift, table, PpuCommand(groups=2, rows=8))
    with pytest.raises(PanaceaError, match=re.escape("mult[1] = 65536")):
        requantise(y[:2], np.array([1, 2**16]), shift[:2])
