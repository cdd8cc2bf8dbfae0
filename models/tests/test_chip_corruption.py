"""The functional chip refuses whatever is illegal or corrupt, and says where."""

from dataclasses import replace

import numpy as np
import pytest

from models.chip.compiler import compile_program, read_results
from models.chip.descriptor import Descriptor
from models.chip.executor import execute
from models.chip.program import ChipProgram
from models.chip.request import ChipLayer
from models.errors import PanaceaError
from models.params import LayerConfig
from models.tests.chip_programs import SMALL, check, edited, make_layer, ppu_output

BASE = 1 << 20


@pytest.fixture(scope="module")
def single() -> ChipProgram:
    """One command, K in tiles of 16, 16 and 8; dense high slices, so lists have 16 entries."""
    rng = np.random.default_rng(1)
    layer = make_layer(rng, "layer", (16, 40, 8), LayerConfig(zp=0), dtp=False)
    layer = replace(
        layer, w=rng.integers(9, 64, (16, 40)), x=rng.integers(16, 256, (40, 8)), dtp=False
    )
    return compile_program([layer], SMALL, base=BASE)


@pytest.fixture(scope="module")
def chained() -> ChipProgram:
    """FC1 with two M tiles, quantised, into FC2; one N tile."""
    rng = np.random.default_rng(2)
    first = make_layer(rng, "fc1", (30, 40, 8), LayerConfig(zp=100), dtp=False)
    config = LayerConfig(zp=90)
    first = replace(first, output=ppu_output(first, first.x, config))
    second = make_layer(rng, "fc2", (20, 30, 8), config, source="fc1", dtp=False)
    program, _ = check([first, second], SMALL, base=BASE)
    return program


@pytest.fixture(scope="module")
def wide() -> ChipProgram:
    """10-bit weights, 12-bit activations: four passes."""
    config = LayerConfig(w_bits=10, x_bits=12, zp=3000)
    layer: ChipLayer = make_layer(np.random.default_rng(3), "layer", (16, 40, 8), config)
    program, _ = check([layer], SMALL, base=BASE)
    return program


def refused(program: ChipProgram, memory: np.ndarray, message: str) -> None:
    with pytest.raises(PanaceaError, match=message):
        execute(memory, program.prog_addr, program.prog_count, program.params, program.base)


@pytest.mark.parametrize(
    ("number", "fields", "message"),
    [
        (0, {"kind": 3}, "descriptor 0: kind is not 1"),
        (1, {"reserved": 1 << 1000}, "descriptor 1: kind is not 1, or a reserved bit"),
        (0, {"k_len": 0}, "descriptor 0: k_len is 0"),
        (1, {"groups": 3}, "descriptor 1: groups is 0 or above"),
        (0, {"dbs": 0}, "descriptor 0: dbs is 0"),
        (0, {"par_addr": BASE + 8}, "descriptor 0: an address or stride"),
        (0, {"w_load": True, "w_beats": 0}, "descriptor 0: load or keep without play"),
        (0, {"rows": 17}, "descriptor 0: rows is 0 or above"),
        (0, {"y_slices": 0}, "descriptor 0: y_slices is 0"),
        (3, {"more": True}, "descriptor 3: more is set in the program's last"),
        (0, {"groups": 1}, r"descriptor 0: x_table = .*: segment 0 has 6 beats, not 1\.\.3"),
        (0, {"act_up": True, "dbs": 2}, "descriptor 0: dbs = 2 with act_up"),
        (0, {"k_len": 39}, "descriptor 0: weights, chunk 2, PEA 0"),
        (0, {"k_len": 32}, "descriptor 1: w_play: 1 pieces of the w block before are not used"),
        (0, {"k_len": 33}, "descriptor 0: weights, chunk 2, PEA 0"),
        (0, {"k_len": 49}, "descriptor 0: k_len: the command needs 4 pieces of its w block"),
        (2, {"k_len": 16}, "descriptor 3: w_play: 1 pieces of the w block before are not used"),
        (0, {"dtp": True}, "descriptor 0: weights, chunk 0, PEA 0"),
        (0, {"w_beats": 2**24 - 1}, "descriptor 0: w_addr = .* bytes are outside the memory"),
        (0, {"w_addr": 0}, "descriptor 0: w_addr = 0x0: .* outside the memory"),
        (0, {"x_addr": 2**40 - 32}, "descriptor 0: x_addr = .* outside the memory"),
        (0, {"x_table": 2**39}, "descriptor 0: x_table = .* outside the memory"),
        (0, {"par_addr": 2**39}, "descriptor 0: par_addr = .* outside the memory"),
        (0, {"y_addr": 2**39}, "descriptor 0: y_addr = .* outside the memory"),
        (0, {"y_table": 2**39}, "descriptor 0: y_table = .* outside the memory"),
        (0, {"x_segments": 2}, "descriptor 0: k_len: the command needs 3 pieces of its x block"),
        (0, {"x_segments": 4}, "descriptor 0: x_table = .*: segment 3 has 0 beats"),
        (0, {"x_stride": 0}, "descriptor 0: activations, segment"),
        (1, {"x_play": False, "x_keep": False}, "descriptor 1: x_play = 0, but no block plays"),
        (0, {"x_keep": False}, "descriptor 1: x_play: there is no block to play"),
        (1, {"x_keep": True}, "descriptor 2: "),
        (3, {"x_keep": True}, "descriptor 3: x_keep: 1 blocks stay at the program's end"),
        (3, {"w_keep": True}, "descriptor 3: w_keep: 1 blocks stay at the program's end"),
        (0, {"w_load": False}, "descriptor 0: w_play: there is no block to play"),
        (0, {"w_load": False, "w_play": False}, "descriptor 0: w_play = 0, but no block plays"),
        (2, {"fence": False}, "descriptor 2: x_table = .* reads results without a fence"),
        (0, {"new_rows": False}, "descriptor 0: par_addr = .*: unused bits are not 0"),
        (0, {"new_rows": False, "new_pwl": False}, "descriptor 0: new_rows, new_pwl: the PPU has"),
        (0, {"new_pwl": False}, "descriptor 0: new_rows, new_pwl: the PPU has no"),
    ],
    ids=str,
)
def test_descriptors(chained: ChipProgram, number: int, fields: dict, message: str) -> None:
    refused(chained, edited(chained, number, **fields), message)


def test_prog_count_and_address(chained: ChipProgram) -> None:
    memory = chained.memory()
    for address, count, message in (
        (chained.prog_addr, 0, "prog_count = 0"),
        (chained.prog_addr, 2**31, "prog_addr = .* outside the memory"),
        (0, 1, "prog_addr = 0x0: 128 bytes are outside"),
        (chained.prog_addr, 3, "descriptor 2: x_keep: 1 blocks stay"),
    ):
        with pytest.raises(PanaceaError, match=message):
            execute(memory, address, count, SMALL, BASE)


@pytest.mark.parametrize(
    ("number", "fields", "message"),
    [
        (1, {"groups": 1}, "descriptor 1: groups or dtp differ"),
        (3, {"dtp": True}, "descriptor 3: groups or dtp differ"),
        (1, {"x_play": True}, "descriptor 1: x_play: 3 pieces of the x block before"),
        (2, {"x_play": False, "x_keep": False}, "descriptor 2: x_play = 0, but no block"),
        (0, {"x_keep": False}, "descriptor 2: x_play: there is no block to play"),
        (1, {"w_play": False, "w_keep": False}, "descriptor 1: w_play = 0, but no block"),
        (0, {"w_keep": False}, "descriptor 1: w_play: there is no block to play"),
    ],
    ids=str,
)
def test_passes(wide: ChipProgram, number: int, fields: dict, message: str) -> None:
    refused(wide, edited(wide, number, **fields), message)


def test_blocks_that_cannot_stay(single: ChipProgram) -> None:
    """Kept blocks beyond WMEM, less what the loader needs, and beyond AMEM."""
    rng = np.random.default_rng(4)
    layer = make_layer(rng, "layer", (32, 480, 16), LayerConfig(zp=100), dtp=False)
    program = compile_program([layer], SMALL, base=BASE)
    for operand in "wx":
        memory = edited(program, 0, **{f"{operand}_keep": True})
        refused(program, memory, f"descriptor 0: {operand}_keep: the block has .* can stay")


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (-1, "descriptor 0: w_addr = .*, chunk 2, beat 26: ends at beat 35, w_beats = 34"),
        (-9, "descriptor 0: w_addr = .*, chunk 2, beat 26: behind the block, w_beats = 26"),
        (1, "descriptor 0: w_addr = .*: the last chunk ends at beat 35, w_beats = 36"),
    ],
)
def test_weight_beats(single: ChipProgram, more: int, message: str) -> None:
    beats = single.descriptors[0].w_beats
    refused(single, edited(single, 0, w_beats=beats + more), message)


CHUNK = 1 + 4 * 3  # beats: header, four PEAs of 4 + 6 words; the last one 2 + 3 words


def flip(memory: np.ndarray, address: int, bit: int) -> None:
    memory[address - BASE + bit // 8] ^= 1 << bit % 8


@pytest.mark.parametrize(
    ("where", "beat", "bits", "message"),
    [
        ("w_addr", 0, [0, 1], "chunk 0, beat 0: PEA 0 has no beats"),
        ("w_addr", 0, [17], "chunk 0, beat 0|chunk 1|weights, chunk 0, PEA 1"),
        ("w_addr", 0, [27], r"chunk 0, beat 0: ends at beat 2061, w_beats = 35"),
        ("w_addr", 0, [12], "chunk 0, beat 0: reserved bits in the header"),
        ("w_addr", 0, [31], "chunk 0, beat 0: reserved bits in the header"),
        ("w_addr", 0, [64], "chunk 0, beat 0: reserved bits in the header"),
        ("w_addr", 0, [15], "the last chunk ends at beat 13, w_beats = 35"),
        ("w_addr", 2 * CHUNK, [15], "chunk 3, beat 35: behind the block, w_beats = 35"),
        ("w_addr", 2, [16], "weights, chunk 0, PEA 0, .* overrun, entry at position 16 of 16"),
        ("w_addr", 2, [60], "weights, chunk 0, PEA 0, .* count 2 of 3"),
        ("w_addr", 2, [63], "weights, chunk 0, PEA 0, .* reserved bits 1"),
        ("w_addr", 2, [62], "weights, chunk 0, PEA 0: 7 beats left over"),
        ("w_addr", 3, [126], "weights, chunk 0, PEA 0, .* truncated"),
        ("w_addr", 3, [128], "weights, chunk 0, PEA 0: 2 beats left over"),
        ("x_addr", 1, [16], "activations, segment 0, .* overrun, entry at position 16 of 16"),
        ("x_addr", 1, [241], "activations, segment 0, .* count 14 of 12"),
        ("x_addr", 1, [250], "activations, segment 0, .* reserved bits 1"),
        ("x_addr", 5, [244], "activations, segment 0, .* truncated"),
        ("x_table", 0, [1, 2], "x_table = .*: segment 0 has 0 beats, not 1..6"),
        ("x_table", 0, [15], "x_table = .*: segment 0 has 32774 beats, not 1..6"),
        ("x_table", 0, [33], "activations, segment 2: 2 beats left over"),
        ("x_table", 0, [1], "activations, segment 0, .* truncated"),
    ],
    ids=str,
)
def test_blocks(single: ChipProgram, where: str, beat: int, bits: list[int], message: str) -> None:
    (d,) = single.descriptors
    assert (d.w_beats, d.x_segments) == (2 * CHUNK + 9, 3)
    memory = single.memory()
    for bit in bits:
        flip(memory, getattr(d, where) + 32 * beat, bit)
    refused(single, memory, message)


@pytest.mark.parametrize(
    ("byte", "message"),
    [(16 * 4 + 3, "unused bits are not 0"), (2 * 16 * 4 + 6, "unused bits are not 0")],
)
def test_parameters(chained: ChipProgram, byte: int, message: str) -> None:
    memory = chained.memory()
    flip(memory, chained.descriptors[0].par_addr + byte, 7)
    refused(chained, memory, f"descriptor 0: par_addr = .*: {message}")


def test_results_are_no_weights(chained: ChipProgram) -> None:
    """Nothing makes the chip wait for them, not even a fence."""
    address = chained.descriptors[0].y_addr
    refused(
        chained, edited(chained, 3, w_addr=address), "descriptor 3: w_addr = .* without a fence"
    )


def test_scales_of_a_single_tile_do_not_serve_two() -> None:
    rng, config = np.random.default_rng(8), LayerConfig(zp=100)
    single = make_layer(rng, "single", (16, 20, 8), config, dtp=False)
    single = replace(single, output=ppu_output(single, single.x, config))
    double = make_layer(rng, "double", (32, 20, 8), config, dtp=True)
    double = replace(double, output=ppu_output(double, double.x, config))
    program, _ = check([single, double], SMALL, base=BASE)
    memory = edited(program, 1, new_rows=False, new_pwl=False)
    refused(program, memory, "descriptor 1: new_rows, new_pwl: the PPU has no scales")


def test_padding_of_odd_parameters() -> None:
    params = replace(SMALL, core=replace(SMALL.core, num_pea=3))
    layer = make_layer(np.random.default_rng(5), "layer", (12, 20, 8), LayerConfig(zp=100))
    program = compile_program([layer], params, base=BASE)
    memory = program.memory()
    flip(memory, program.descriptors[0].par_addr + 4 * 12, 0)
    refused(program, memory, "descriptor 0: par_addr = .*: padding of the folded bias is not 0")


@pytest.mark.parametrize("where", ["w_addr", "x_addr", "par_addr"])
def test_a_changed_value_changes_the_result(single: ChipProgram, where: str) -> None:
    (d,) = single.descriptors
    memory = single.memory()
    flip(memory, getattr(d, where) + (32 if where == "w_addr" else 0), 2)
    execute(memory, single.prog_addr, 1, SMALL, BASE)
    good = single.memory()
    execute(good, single.prog_addr, 1, SMALL, BASE)
    names = (read_results(single, m)["layer"] for m in (memory, good))
    assert not np.array_equal(*names)


def test_lost_results_are_seen(chained: ChipProgram) -> None:
    """Reading quantised results refuses a table that nobody has written."""
    rng = np.random.default_rng(6)
    layer = make_layer(rng, "layer", (16, 20, 8), LayerConfig(zp=100))
    layer = replace(layer, output=ppu_output(layer, layer.x, LayerConfig(zp=9)))
    program = compile_program([layer], SMALL)
    with pytest.raises(PanaceaError, match="table of N tile 0, part 0: entry 0 = 0 beats"):
        read_results(program, program.memory())
    with pytest.raises(PanaceaError, match="memory has shape"):
        read_results(program, program.memory()[1:])


@pytest.mark.parametrize("damage", ["bits", "bytes", "descriptor"])
def test_random_damage_never_does_more(
    chained: ChipProgram, wide: ChipProgram, damage: str
) -> None:
    """A damaged program runs to its end or is refused: no other exception, no endless loop."""
    rng = np.random.default_rng(7)
    outcomes: dict[bool, int] = {True: 0, False: 0}
    for _ in range(150):
        for program in (chained, wide):
            memory = program.memory()
            size = len(program.image)
            if damage == "bits":
                memory[rng.integers(0, size)] ^= 1 << rng.integers(0, 8)
            elif damage == "bytes":
                memory[rng.integers(0, size, 3)] = rng.integers(0, 256, 3)
            else:
                at = 128 * int(rng.integers(0, program.prog_count))
                memory[at + rng.integers(0, 96, 2)] = rng.integers(0, 256, 2)
                assert Descriptor.unpack(memory[at : at + 128].tobytes()).kind >= 0
            try:
                execute(memory, program.prog_addr, program.prog_count, SMALL, BASE)
                outcomes[True] += 1
            except PanaceaError as error:
                assert str(error).startswith("descriptor ")
                outcomes[False] += 1
    assert min(outcomes.values()) > 5
