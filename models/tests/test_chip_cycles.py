"""The chip's cycle model; that it equals the RTL is tested with the simulated chip."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from models.chip.bound import chip_bound
from models.chip.cycles import IdealMemory, predict_run
from models.chip.executor import Execution
from models.chip.params import BEAT_BYTES
from models.chip.program import ChipProgram
from models.chip.request import ChipLayer
from models.compression import HoMasks
from models.cycle_cache import sources
from models.errors import PanaceaError
from models.params import LayerConfig
from models.tests.chip_programs import SMALL, check, make_layer, ppu_output

FIRST = LayerConfig(zp=100)
FORMATS = [LayerConfig(x_bits=x_bits, zp=2 ** (x_bits - 1)) for x_bits in (4, 8, 12)]


def _chain(config: LayerConfig, seed: int = 0) -> list[ChipLayer]:
    rng = np.random.default_rng(seed)
    first = make_layer(rng, "fc1", (60, 40, 9), FIRST)
    first = replace(first, output=ppu_output(first, first.x, config))
    return [first, make_layer(rng, "fc2", (20, 60, 9), config, source="fc1")]


def _run(layers: Sequence[ChipLayer]) -> tuple[ChipProgram, Execution]:
    return check(layers, SMALL)


@pytest.mark.parametrize("config", FORMATS, ids=str)
def test_all_that_moves_is_counted(config):
    program, execution = _run(_chain(config))
    bound = chip_bound(program, execution)
    got = predict_run(execution.commands, program.prog_addr, SMALL)
    counters = got.counters
    assert counters["BYTES_WRITTEN"] == bound.bytes_written
    assert 0 <= counters["BYTES_READ"] - bound.bytes_read < BEAT_BYTES * program.prog_count
    assert counters["OMEM_WRITES"] == counters["OMEM_READS"] <= bound.bytes_written / BEAT_BYTES
    assert counters["WMEM_READS"] >= counters["WMEM_WRITES"] > 0
    assert counters["AMEM_READS"] >= counters["AMEM_WRITES"] > 0
    low = got.core.ll_swo + got.core.ll_dwo
    assert low >= sum(c.counts[3].sum() for c in execution.commands)
    assert counters["CYCLES"] == got.cycles > bound.bytes_read / BEAT_BYTES
    for name in ("PPU_BUSY", "DMA_READ_BUSY", "DMA_WRITE_BUSY"):
        assert 0 < counters[name] < got.cycles


def test_a_fence_waits_for_the_memory():
    program, execution = _run(_chain(FORMATS[1]))
    assert any(c.descriptor.fence for c in execution.commands)
    free = [replace(c, descriptor=replace(c.descriptor, fence=False)) for c in execution.commands]
    fenced = predict_run(execution.commands, program.prog_addr, SMALL)
    assert predict_run(free, program.prog_addr, SMALL).cycles < fenced.cycles
    slow = IdealMemory(b_delay=104)
    assert predict_run(execution.commands, program.prog_addr, SMALL, slow).cycles > (
        fenced.cycles + 150  # once before the second layer, once at the end
    )


def test_latency_counts():
    program, execution = _run(_chain(FORMATS[1]))
    cycles = [
        predict_run(
            execution.commands, program.prog_addr, SMALL, IdealMemory(latency=latency)
        ).cycles
        for latency in (1, 20, 60, 200)
    ]
    assert cycles == sorted(set(cycles))


def test_where_a_program_begins_counts():
    """What lies across a 512-byte boundary takes one more burst of those under way at a time."""
    layers = [make_layer(np.random.default_rng(3), "layer", (80, 200, 9), FIRST)]
    cycles, memory = set(), IdealMemory(latency=200)
    for base in (0, 32):
        program, execution = check(layers, SMALL, base=base)
        cycles.add(predict_run(execution.commands, program.prog_addr, SMALL, memory).cycles)
    assert len(cycles) == 2


def test_stored_results_count():
    """More entries in the packets take longer: the model sees the compressed results."""
    rng = np.random.default_rng(1)
    layer = make_layer(rng, "fc1", (64, 16, 8), FIRST)
    flat = replace(layer, w=np.zeros_like(layer.w), bias=np.zeros_like(layer.bias))
    config = LayerConfig(zp=0x88)
    words = []
    for one in (layer, flat):
        output = ppu_output(one, one.x, config)
        program, execution = _run([replace(one, output=output)])
        got = predict_run(execution.commands, program.prog_addr, SMALL)
        words.append(got.counters["OMEM_WRITES"])
    assert words[0] > words[1]


def test_a_chip_without_room_for_a_segment_makes_no_progress():
    layer = make_layer(np.random.default_rng(2), "layer", (16, 16, 8), FIRST)
    program, execution = _run([layer])
    more = HoMasks.of(np.zeros((80, 16), np.uint16), np.zeros((80, 16), bool))
    wide = [replace(c, x=more) for c in execution.commands]
    wide = [replace(c, descriptor=replace(c.descriptor, groups=80)) for c in wide]
    with pytest.raises(PanaceaError, match="no progress"):
        predict_run(wide, program.prog_addr, SMALL)


def test_latency_is_checked():
    with pytest.raises(PanaceaError, match="latency"):
        IdealMemory(latency=0)
    with pytest.raises(PanaceaError, match="b_delay"):
        IdealMemory(b_delay=0)


def test_compiled_code_is_known_by_all_its_sources(tmp_path: Path):
    modules = []
    for name in ("one", "two"):
        module = ModuleType(name)
        module.__file__ = str(tmp_path / name)
        Path(module.__file__).write_text(name)
        modules.append(module)
    before = sources(*modules)
    assert before == sources(*modules) != sources(modules[0])
    Path(modules[1].__file__).write_text("changed")
    assert sources(*modules) != before
