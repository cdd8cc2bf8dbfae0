"""The functional chip refuses whatever is illegal or corrupt, and says where."""

from dataclasses import replace

import numpy as np
import pytest

from models.chip.descriptor import Descriptor
from models.chip.executor import execute
from models.chip.program import ChipProgram
from models.chip.request import ChipLayer
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
        (3, {"more": True}, "descriptor 3: the program's last descriptor has more"),
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
        (1, {"groups": 1}, "descriptor 1: groups, dtp or the lowest three bits of apsq differ"),
        (3, {"dtp": True}, "descriptor 3: groups, dtp or the lowest three bits of apsq differ"),
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
