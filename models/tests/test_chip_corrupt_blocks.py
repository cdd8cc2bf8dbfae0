"""The functional chip refuses corrupt blocks, tables and parameters, and says where."""

from dataclasses import replace

import numpy as np
import pytest

from models.chip.compiler import compile_program, read_results
from models.chip.executor import execute
from models.chip.program import ChipProgram
from models.errors import PanaceaError
from models.params import LayerConfig
from models.tests.chip_programs import (
    BASE,
    SMALL,
    check,
    edited,
    flip,
    make_layer,
    ppu_output,
    refused,
)

CHUNK = 1 + 4 * 3  # beats: header, four PEAs of 4 + 6 words; the last one 2 + 3 words


@pytest.fixture(scope="module")
def single() -> ChipProgram:
    """One command, K in tiles of 16, 16 and 8; dense high slices, so lists have 16 entries."""
    rng = np.random.default_rng(1)
    layer = make_layer(rng, "layer", (16, 40, 8), LayerConfig(zp=0), dtp=False)
    layer = replace(
        layer,
        w=rng.integers(9, 64, (16, 40)),
        x=rng.integers(16, 256, (40, 8)),
        dtp=False,
        dense=False,
    )
    return compile_program([layer], SMALL, base=BASE)


def test_blocks_that_cannot_stay() -> None:
    """Kept blocks beyond WMEM, less what the loader needs, and beyond AMEM."""
    rng = np.random.default_rng(4)
    layer = make_layer(rng, "layer", (32, 480, 16), LayerConfig(zp=100), dtp=False)
    program = compile_program([layer], SMALL, base=BASE)
    for operand in "wx":
        memory = edited(program, 0, **{f"{operand}_keep": True})
        refused(program, memory, f"descriptor 0: {operand}_keep: the block has .* can stay")


def test_lists_of_the_other_form(single: ChipProgram) -> None:
    """Chunks of 4 + 6 words read as dense lists of 4 + 4; of 4 + 4 as entries."""
    message = "weights, chunk 0, PEA 0: 4 beats left over"
    refused(single, edited(single, 0, wgt_dense=True), message)
    (layer,) = single.layers
    dense, _ = check([replace(layer, dense=None)], SMALL, base=BASE)
    assert dense.descriptors[0].wgt_dense and not single.descriptors[0].wgt_dense
    assert dense.descriptors[0].w_beats < single.descriptors[0].w_beats
    refused(dense, edited(dense, 0, wgt_dense=False), "weights, chunk 0, PEA")


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


def test_lost_results_are_seen() -> None:
    """Reading quantised results refuses a table that nobody has written."""
    rng = np.random.default_rng(6)
    layer = make_layer(rng, "layer", (16, 20, 8), LayerConfig(zp=100))
    layer = replace(layer, output=ppu_output(layer, layer.x, LayerConfig(zp=9)))
    program = compile_program([layer], SMALL)
    with pytest.raises(PanaceaError, match="table of N tile 0, part 0: entry 0 = 0 beats"):
        read_results(program, program.memory())
    with pytest.raises(PanaceaError, match="memory has shape"):
        read_results(program, program.memory()[1:])
