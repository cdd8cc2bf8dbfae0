"""The chip's bound: the core's cycles as `models.bound` has them, and every byte counted."""

from dataclasses import replace

import numpy as np
import pytest

from models.bound import layer_bound
from models.chip.bound import chip_bound
from models.chip.params import ChipParams
from models.params import LayerConfig
from models.tests.chip_programs import SMALL, check, expected, make_layer, ppu_output


@pytest.mark.parametrize("dtp", [False, True])
@pytest.mark.parametrize("x_bits", [4, 8, 12])
@pytest.mark.parametrize("w_bits", [4, 7, 10])
def test_compute_bound(w_bits: int, x_bits: int, dtp: bool) -> None:
    rng = np.random.default_rng(w_bits * x_bits)
    config = LayerConfig(w_bits=w_bits, x_bits=x_bits, zp=2 ** (x_bits - 1))
    for shape in ((70, 65, 21), (9, 16, 40), (16, 100, 3)):
        layer = make_layer(rng, "layer", shape, config, dtp=dtp)
        bound = chip_bound(*check([layer], SMALL))
        core = layer_bound(layer.w, layer.x, config, SMALL.core, dtp)
        assert bound.compute_cycles == bound.layers[0].compute_cycles == pytest.approx(core.cycles)


def test_padding_rows_do_not_count() -> None:
    """The slowest PEA has dense rows in one sub-tile, and in the other one rows beyond M."""
    config = LayerConfig(zp=136)
    layer = make_layer(np.random.default_rng(4), "layer", (20, 16, 8), config, dtp=True)
    w = np.zeros_like(layer.w)
    w[4:8] = 20
    layer = replace(layer, w=w)
    program, execution = check([layer], SMALL)
    core = layer_bound(w, layer.x, config, SMALL.core, True)
    assert chip_bound(program, execution).compute_cycles == core.cycles
    dynamic = execution.commands[0].counts[:3].sum(axis=0).reshape(2, 4).sum(axis=0)
    assert dynamic.max() > core.cycles * SMALL.core.num_dwo, "padding would make a difference"


def test_layers_of_a_chain() -> None:
    """What a layer gets from the one before counts as it really was."""
    rng = np.random.default_rng(1)
    config = LayerConfig(zp=90, dbs_type=2)
    first = make_layer(rng, "fc1", (80, 40, 9), LayerConfig(zp=100))
    first = replace(first, output=ppu_output(first, first.x, config))
    second = make_layer(rng, "fc2", (20, 80, 9), config, source="fc1")
    program, execution = check([first, second], SMALL)
    bound = chip_bound(program, execution)
    codes = expected([first])["fc1"]
    # Columns beyond N hold what the core computed, not the zero point: they may need more.
    least = layer_bound(second.w, codes, config, SMALL.core, program.dtp[1])
    assert bound.layers[1].compute_cycles >= least.cycles > 0
    assert bound.compute_cycles == sum(layer.compute_cycles for layer in bound.layers)
    assert bound.bytes_read == sum(layer.bytes_read for layer in bound.layers)
    assert bound.bytes_written == sum(len(data) for _, data in execution.writes)


def test_bytes_by_hand() -> None:
    """4-bit operands, K = 16: every size is known."""
    config = LayerConfig(w_bits=4, x_bits=4, zp=8)
    layer = make_layer(np.random.default_rng(2), "layer", (32, 16, 8), config, dtp=False)
    bound = chip_bound(*check([layer], SMALL))
    weights = 2 * (1 + 4 * 2)  # two M tiles: header, four PEAs of 4 + 1 words
    activations = 2 * (1 + 1)  # loaded once: two groups
    parameters, descriptors = 2 * 2, 2 * 4
    assert bound.bytes_read == 32 * (weights + activations + parameters + descriptors) + 2
    assert bound.bytes_written == 32 * 8 * 4
    assert bound.memory_cycles == (bound.bytes_read + bound.bytes_written) / 32


def test_the_larger_one_counts() -> None:
    rng = np.random.default_rng(3)
    config = LayerConfig(zp=128)
    deep = make_layer(rng, "deep", (64, 128, 64), config, spread=0.4)
    flat = make_layer(rng, "flat", (64, 128, 1), config, spread=0.4)
    program, execution = check([deep, flat], ChipParams())
    bound = chip_bound(program, execution)
    first, second = bound.layers
    assert first.cycles == first.compute_cycles > first.memory_cycles
    assert second.cycles == second.memory_cycles > second.compute_cycles
    assert bound.cycles == max(bound.compute_cycles, bound.memory_cycles)
    assert [layer.name for layer in bound.layers] == ["deep", "flat"]
