"""Loop orders: what stays on the chip, what is loaded how often, and which order is chosen."""

from dataclasses import replace

import numpy as np
import pytest

from models.chip.compiler import compile_program
from models.chip.executor import Execution
from models.chip.loops import LoopOrder, group_passes
from models.chip.params import ChipParams
from models.chip.planner import make_plan
from models.chip.request import ChipLayer
from models.params import LayerConfig
from models.tests.chip_programs import SMALL, check, make_layer, ppu_output

WIDE = replace(SMALL, core=replace(SMALL.core, tile_n=32), amem_beats=256)
FORMATS = [(w, x) for w in (4, 7, 10) for x in (4, 8, 12)]


def parts(layer: ChipLayer) -> tuple[int, int]:
    """Weight parts, activation parts."""
    return 1 + (layer.config.w_bits == 10), 1 + (layer.config.x_bits == 12)


def layer_for(w_bits: int, x_bits: int, shape: tuple[int, int, int]) -> ChipLayer:
    config = LayerConfig(w_bits=w_bits, x_bits=x_bits, zp=2 ** (x_bits - 1))
    return make_layer(np.random.default_rng(w_bits * x_bits), "layer", shape, config, dtp=False)


def flags(execution: Execution, name: str) -> int:
    return sum(getattr(c.descriptor, name) for c in execution.commands)


@pytest.mark.parametrize(("w_bits", "x_bits"), FORMATS)
def test_activations_stay(w_bits: int, x_bits: int) -> None:
    """Many rows, two N tiles: every N tile is loaded once, every weight part once for each."""
    layer = layer_for(w_bits, x_bits, (320, 33, 64))
    program, execution = check([layer], WIDE)
    w_parts, x_parts = parts(layer)
    assert program.orders == (LoopOrder.ACTIVATIONS,)
    assert len(execution.commands) == 20 * 2 * w_parts * x_parts
    assert (flags(execution, "x_load"), flags(execution, "x_play")) == (2, 40 * w_parts)
    assert (flags(execution, "w_load"), flags(execution, "w_play")) == (
        40 * w_parts,
        40 * w_parts * x_parts,
    )
    assert flags(execution, "x_keep") == 40 * w_parts - 2
    assert flags(execution, "w_keep") == 40 * w_parts * (x_parts - 1)


@pytest.mark.parametrize(("w_bits", "x_bits"), FORMATS)
def test_weights_stay(w_bits: int, x_bits: int) -> None:
    """Many columns, two M tiles: every M tile is loaded once, every activation part for each."""
    layer = layer_for(w_bits, x_bits, (32, 33, 160))
    program, execution = check([layer], SMALL)
    w_parts, x_parts = parts(layer)
    assert program.orders == (LoopOrder.WEIGHTS,)
    assert len(execution.commands) == 2 * 20 * w_parts * x_parts
    assert (flags(execution, "w_load"), flags(execution, "w_play")) == (2, 40 * x_parts)
    assert (flags(execution, "x_load"), flags(execution, "x_play")) == (
        40 * x_parts,
        40 * x_parts * w_parts,
    )
    assert flags(execution, "w_keep") == 40 * x_parts - 2
    assert flags(execution, "x_keep") == 40 * x_parts * (w_parts - 1)


@pytest.mark.parametrize(("w_bits", "x_bits"), FORMATS)
def test_streaming(w_bits: int, x_bits: int) -> None:
    """K too deep for either memory: every play loads its block."""
    layer = layer_for(w_bits, x_bits, (32, 900, 16))
    program, execution = check([layer], SMALL)
    for operand in "wx":
        assert flags(execution, f"{operand}_load") == flags(execution, f"{operand}_play") > 0
        assert not flags(execution, f"{operand}_keep")
    beats = max(c.descriptor.w_beats for c in execution.commands) // SMALL.core.num_pea
    assert beats > SMALL.wmem_beats, "the block is larger than WMEM"
    assert program.passes[-1].last


def test_single_tiles_are_loaded_once() -> None:
    """With one N tile both orders load everything once; a single M tile keeps its weights."""
    for shape in ((160, 33, 8), (16, 33, 80), (16, 33, 8)):
        _, execution = check([layer_for(7, 8, shape)], SMALL)
        assert flags(execution, "w_load") == -(-shape[0] // 16)
        assert flags(execution, "x_load") == -(-shape[2] // 8)


@pytest.mark.parametrize(("w_bits", "x_bits"), FORMATS)
def test_the_order_chosen_reads_less(w_bits: int, x_bits: int) -> None:
    rng = np.random.default_rng(w_bits + x_bits)
    chosen = set()
    for _ in range(12):
        shape = tuple(int(size) for size in rng.integers((1, 1, 1), (120, 300, 60)))
        layer = layer_for(w_bits, x_bits, shape)
        plan = make_plan([layer], SMALL)
        beats = {o: plan.catalogue.loaded_beats(group_passes(plan.layers, o)) for o in LoopOrder}
        assert beats[plan.orders[0]] == min(beats.values())
        chosen.add(plan.orders[0])
        _, execution = check([layer], SMALL)
        loaded = sum(
            c.descriptor.w_beats * 32 for c in execution.commands if c.descriptor.w_load
        ) + sum(
            c.bytes_read
            - 32 * c.descriptor.w_beats
            - 2 * c.descriptor.x_segments
            - (0 if c.descriptor.more else 4 * 16)
            for c in execution.commands
        )  # fmt: skip
        assert loaded == 32 * beats[plan.orders[0]]
    assert chosen == set(LoopOrder)


def test_a_kept_weight_block_leaves_room_for_the_loader() -> None:
    """4-bit weights: a K-tile of 16 takes 4 + 1 words, two beats, in a bank of 64."""
    for k_tiles, keeps in ((16, True), (17, False)):
        layer = layer_for(4, 8, (16, 16 * k_tiles, 24))
        _, execution = check([layer], SMALL)
        assert bool(flags(execution, "w_keep")) == keeps


def test_a_kept_activation_block_fits_amem() -> None:
    """4-bit activations: a K-tile of 16 takes 1 + 1 beats for each of two groups, of 64."""
    for k_tiles, keeps in ((16, True), (17, False)):
        layer = layer_for(7, 4, (48, 16 * k_tiles, 8))
        _, execution = check([layer], SMALL)
        assert bool(flags(execution, "x_keep")) == keeps


@pytest.mark.parametrize("dense", [False, True])
def test_one_beat_decides(dense: bool) -> None:
    """32 K-tiles of one group take two beats each, a dense one three: 64 or 65 of 64."""
    layer = layer_for(7, 8, (32, 512, 4))
    x = np.full_like(layer.x, layer.config.zp)
    x[:16] = 255 if dense else layer.config.zp
    _, execution = check([replace(layer, x=x)], SMALL)
    assert bool(flags(execution, "x_keep")) != dense


def test_row_scales_follow_the_tiles_and_segments_the_layers() -> None:
    first = layer_for(7, 8, (48, 33, 16))
    first = replace(first, output=ppu_output(first, first.x, LayerConfig(zp=128)))
    second = replace(first, name="second", x=first.x)
    other = replace(
        first, name="third", output=ppu_output(first, first.x, LayerConfig(zp=128), "relu")
    )
    program = compile_program([first, second, other], SMALL)
    rows, table = None, None
    for one, descriptor in zip(program.passes, program.descriptors, strict=True):
        assert descriptor.new_rows == (rows != (one.layer, one.tile))
        assert descriptor.new_pwl == (program.layers[one.layer].output.table is not table)
        rows, table = (one.layer, one.tile), program.layers[one.layer].output.table
    check([first, second, other], SMALL)


def test_large_chip_keeps_what_the_small_one_cannot() -> None:
    layer = layer_for(7, 8, (32, 900, 16))
    _, execution = check([layer], ChipParams(core=SMALL.core, wmem_beats=1024, amem_beats=1024))
    assert flags(execution, "w_keep") or flags(execution, "x_keep")
