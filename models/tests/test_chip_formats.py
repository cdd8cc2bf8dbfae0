"""Memory formats written out by hand from docs/programs.md, without the compiler's decoders."""

from dataclasses import replace

import numpy as np

from models.chip.compiler import compile_program
from models.chip.params import ChipParams
from models.chip.program import ChipProgram
from models.chip.request import ChipLayer, PpuOutput
from models.params import CoreParams, LayerConfig
from models.pwl import SEGMENTS, PwlTable
from models.tests.chip_programs import SMALL, make_layer, run

TWO = ChipParams(
    core=CoreParams(num_pea=2, tile_k=8, tile_n=4), wmem_beats=64, amem_beats=64, omem_beats=64
)
LAST, COUNT = 1 << 62, 60


def tiny_layer(**fields: object) -> ChipLayer:
    """8 rows, K = 12 in tiles of 8 and 4, 4 columns; values -8..7 but for one weight of 20."""
    w = np.arange(96).reshape(8, 12) % 8
    w[4, 9] = 20
    x = np.full((12, 4), 136)
    x[3] = 136, 143, 128, 200
    layer = ChipLayer(
        name="layer", w=w, bias=np.arange(8), config=LayerConfig(zp=136), x=x, dtp=False
    )
    return replace(layer, **fields)


def beats(data: np.ndarray, address: int, count: int) -> list[int]:
    """Beats of 32 bytes as numbers, little-endian."""
    part = data[address : address + 32 * count].reshape(-1, 32)
    return [int.from_bytes(beat.tobytes(), "little") for beat in part]


def vector(values: np.ndarray) -> int:
    return sum((int(v) & 15) << 4 * i for i, v in enumerate(values))


def test_weight_block() -> None:
    layer = tiny_layer()
    program = compile_program([layer], TWO)
    (d,) = program.descriptors

    def quad(pea: int, k: int) -> int:
        rows = layer.w[4 * pea : 4 * pea + 4, k : k + 4].copy()
        rows[rows == 20] = 4  # 20 = 8 * 2 + 4
        return sum(vector(rows[:, i]) << 16 * i for i in range(4))

    def words(*values: int) -> int:
        return sum(value << 64 * i for i, value in enumerate(values))

    assert beats(program.image, d.w_addr, d.w_beats) == [
        1 | 1 << 16,
        words(quad(0, 0), quad(0, 4), LAST),
        words(quad(1, 0), quad(1, 4), LAST),
        1 << 15 | 1 | 1 << 16,
        words(quad(0, 8), LAST),
        words(quad(1, 8), LAST | 1 << COUNT | 1 << 16 | 2),
    ]


def test_doubled_weight_block() -> None:
    """Both sub-tiles of a PEA, one behind the other; more than four words take two beats."""
    w = np.repeat(np.arange(16)[:, None] % 8, 8, axis=1)
    layer = tiny_layer(w=w, x=np.full((8, 4), 136), bias=np.zeros(16, int), dtp=True)
    program = compile_program([layer], TWO)
    (d,) = program.descriptors
    low, high = (sum(vector(range(v, v + 4)) << 16 * i for i in range(4)) for v in (0, 4))
    pea = [low, low, LAST, low, low, LAST], [high, high, LAST, high, high, LAST]
    expected = [1 << 15 | 2 | 2 << 16]
    for words in pea:
        expected.append(sum(word << 64 * i for i, word in enumerate(words[:4])))
        expected.append(sum(word << 64 * i for i, word in enumerate(words[4:])))
    assert d.dtp and beats(program.image, d.w_addr, d.w_beats) == expected


def test_header_of_many_peas() -> None:
    """17 PEAs: two header beats; the first entry has the mark of the last chunk."""
    params = ChipParams(core=CoreParams(num_pea=17, tile_k=8, tile_n=4))
    w = np.zeros((68, 8), int)
    w[64:] = 9
    layer = tiny_layer(w=w, x=np.full((8, 4), 136), bias=np.zeros(68, int))
    program = compile_program([layer], params)
    (d,) = program.descriptors
    first, second, *_ = beats(program.image, d.w_addr, d.w_beats)
    assert first == 1 << 15 | sum(1 << 16 * i for i in range(16))
    assert second == 2 and d.w_beats == 2 + 16 + 2


def test_activation_block() -> None:
    layer = tiny_layer()
    program = compile_program([layer], TWO)
    (d,) = program.descriptors
    lengths = program.image[d.x_table : d.x_table + 4].view("<u2").tolist()
    assert (lengths, d.x_segments, d.x_stride) == ([2, 2], 2, 64)
    low = [0x8888] * 8
    low[3] = 0x80F8 | 8 << 12  # columns 0 to 3: 8, 15, 0, 8
    assert beats(program.image, d.x_addr, 4) == [
        sum(v << 16 * i for i, v in enumerate(low)),
        1 << 244 | 1 << 240 | 3 << 16 | 0xC888,
        sum(0x8888 << 16 * i for i in range(4)),
        1 << 244,
    ]


def test_parts_of_wide_activations() -> None:
    """x_B before x_A in memory, their lengths in one table."""
    x = np.full((12, 4), 0x123)
    layer = tiny_layer(x=x, config=LayerConfig(x_bits=12, zp=0x123))
    program = compile_program([layer], TWO)
    first, last = program.descriptors
    assert (first.x_segments, first.more, first.act_up, first.r) == (4, True, False, 0)
    assert (last.x_play, last.more, last.act_up, last.r) == (False, False, True, 1)
    lengths = program.image[first.x_table : first.x_table + 8].view("<u2").tolist()
    assert lengths == [2, 2, 2, 2]
    starts = [beats(program.image, first.x_addr + n * first.x_stride, 1)[0] for n in range(4)]
    assert [beat & 0xFFFF for beat in starts] == [0x3333, 0x3333, 0x2222, 0x2222]


def test_parts_of_wide_weights() -> None:
    """w_A = (w - w_B) / 8 before w_B in memory; only w_A counts eightfold."""
    w = np.full((8, 8), 64 * 3 + 8 * 2 + 1)
    layer = tiny_layer(w=w, x=np.full((8, 4), 136), config=LayerConfig(w_bits=10, zp=136))
    program = compile_program([layer], TWO)
    first, last = program.descriptors
    assert (first.wgt_up, first.more, last.wgt_up, last.more) == (True, True, False, False)
    assert last.w_addr == first.w_addr + 32 * first.w_beats
    for d, low in ((first, 0x2222), (last, 0x1111)):
        assert beats(program.image, d.w_addr, 2)[1] & 0xFFFF == low


def test_parameter_block() -> None:
    w = np.full((20, 12), 2)
    output = PpuOutput(
        multiplier=np.arange(20) + 65516,
        shift=np.arange(20) + 44,
        table=PwlTable(slope=-np.arange(SEGMENTS), offset=np.arange(SEGMENTS) - 32),
        config=LayerConfig(x_bits=8, dbs_type=2, zp=96),
    )
    layer = tiny_layer(w=w, bias=np.arange(20), output=output)
    program = compile_program([layer], TWO)
    first, _, last = program.descriptors
    assert (first.new_rows, first.new_pwl, last.new_rows, last.new_pwl) == (True, True, True, False)
    assert (first.y_slices, first.y_dbs, first.y_r) == (2, 2, 3)
    assert (first.rows, last.rows) == (8, 4)
    folded = 8 * 16 * 24  # r 2^l sum of w
    words = program.image[first.par_addr :][: 4 * (16 + 2 * SEGMENTS)].view("<u4").tolist()
    assert words[:8] == [m + folded for m in range(8)]
    assert words[8:16] == [(m + 44) << 16 | (m + 65516) for m in range(8)]
    assert words[16::2] == [(j - 32) % 2**32 for j in range(SEGMENTS)]
    assert words[17::2] == [-j % 2**16 for j in range(SEGMENTS)]
    words = program.image[last.par_addr :][:64].view("<u4").tolist()
    assert words[:8] == [16 + folded, 17 + folded, 18 + folded, 19 + folded, 0, 0, 0, 0]
    assert words[12:] == [0, 0, 0, 0]


def test_odd_parameter_block() -> None:
    """Three PEAs: 12 rows take two beats."""
    params = ChipParams(core=CoreParams(num_pea=3, tile_k=8, tile_n=4))
    layer = tiny_layer(w=np.ones((13, 12), int), bias=np.arange(13))
    program = compile_program([layer], params)
    starts = [d.par_addr for d in program.descriptors]
    assert starts[1] - starts[0] == 64


def result_words(program: ChipProgram, number: int) -> list[np.ndarray]:
    execution, _ = run(program)
    return [np.frombuffer(data, "<i4") for _, data in execution.commands[number].writes]


def test_raw_results() -> None:
    """Column groups, PEAs, rows: a 4 x 4 block is two beats; padding is written."""
    layer = make_layer(np.random.default_rng(1), "layer", (13, 9, 7), LayerConfig(zp=3), dtp=True)
    program = compile_program([layer], replace(TWO, core=CoreParams(num_pea=2, tile_k=8, tile_n=8)))
    execution, results = run(program)
    (command,) = execution.commands
    d = command.descriptor
    assert (d.raw, d.rows, d.y_stride) == (True, 13, 2 * 2 * 64)
    assert [address for address, _ in command.writes] == [d.y_addr, d.y_addr + d.y_stride]
    words = [np.frombuffer(data, "<i4") for _, data in command.writes]
    for (m, n), value in np.ndenumerate(results["layer"]):
        pea, group = m % 8 // 4, n // 4
        assert words[m // 8][32 * group + 16 * pea + 4 * (m % 4) + n % 4] == value
    assert [len(part) for part in words] == [64, 64]
    assert command.y.shape == (16, 8)


def test_quantised_results() -> None:
    """Segments first, then their lengths; a sub-tile without rows writes nothing."""
    config = LayerConfig(x_bits=12, zp=0x800)
    table = PwlTable(slope=np.zeros(SEGMENTS, int), offset=np.full(SEGMENTS, 0x8AB << 16))
    for rows, tiles in ((32, 2), (20, 2), (16, 1)):
        output = PpuOutput(
            multiplier=np.ones(rows, int), shift=np.zeros(rows, int), table=table, config=config
        )
        layer = make_layer(np.random.default_rng(2), "layer", (rows, 9, 4), LayerConfig(zp=3))
        layer = replace(layer, output=output, dtp=True)
        program = compile_program([layer], SMALL)
        execution, results = run(program)
        (command,) = execution.commands
        d = command.descriptor
        assert (results["layer"] == 0x8AB).all()
        writes = dict(command.writes)
        assert list(writes) == [
            *(d.y_addr + t * d.y_stride for t in range(tiles)),
            *(d.y_addr_low + t * d.y_stride for t in range(tiles)),
            *(d.y_table + 2 * t for t in range(tiles)),
            *(d.y_table_low + 2 * t for t in range(tiles)),
        ]
        upper = int.from_bytes(writes[d.y_addr], "little")
        lower = int.from_bytes(writes[d.y_addr_low], "little")
        assert (upper & 0xFFFF, lower & 0xFFFF) == (0xAAAA, 0xBBBB)
        assert int.from_bytes(writes[d.y_table], "little") * 32 == len(writes[d.y_addr])
        assert d.y_addr > d.y_addr_low and d.y_table > d.y_table_low
