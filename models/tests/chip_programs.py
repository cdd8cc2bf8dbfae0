"""Programs for the tests of the chip's models: random layers, what they must give, edits."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from models.aqs_gemm import gemm_exact
from models.chip.compiler import compile_program, read_results
from models.chip.descriptor import DESCRIPTOR_BYTES, Descriptor
from models.chip.executor import Execution, execute
from models.chip.params import ChipParams
from models.chip.program import ChipProgram
from models.chip.request import ChipLayer, PpuOutput
from models.errors import PanaceaError
from models.params import CoreParams, LayerConfig
from models.ppu import requantisation, requantise
from models.pwl import ACTIVATIONS, evaluate, fit, grid_codes
from models.slicing import effective_activation
from models.tests.layers import random_layer

__all__ = [
    "BASE",
    "SMALL",
    "check",
    "edited",
    "expected",
    "flip",
    "make_layer",
    "ppu_output",
    "random_config",
    "refused",
    "run",
]

BASE = 1 << 20
"""Address of the programs that are damaged."""

SMALL = ChipParams(
    core=CoreParams(num_pea=4, tile_k=16, tile_n=8), wmem_beats=64, amem_beats=64, omem_beats=64
)
"""A small chip whose results chain."""


def random_config(rng: np.random.Generator, w_bits: int, x_bits: int) -> LayerConfig:
    """Formats with any zero point and, for 8 bits, any DBS type."""
    dbs_type = int(rng.integers(1, 4)) if x_bits == 8 else 1
    zp = int(rng.integers(2**x_bits)) >> (dbs_type - 1) << (dbs_type - 1)
    return LayerConfig(w_bits=w_bits, x_bits=x_bits, zp=zp, dbs_type=dbs_type)


def make_layer(
    rng: np.random.Generator,
    name: str,
    shape: tuple[int, int, int],
    config: LayerConfig,
    *,
    spread: float = 0.1,
    **fields: object,
) -> ChipLayer:
    """A random layer (M, K, N); `fields` may bring x or a source, an output, dtp.

    The bias has the zero point's term in it, so that results lie around 0.
    """
    w, x, bias = random_layer(rng, shape, config, spread)
    bias = bias // 2**12 - config.zp * w.sum(axis=1)
    if "x" not in fields and "source" not in fields:
        fields["x"] = x
    return ChipLayer(name=name, w=w, bias=bias, config=config, **fields)


def ppu_output(
    layer: ChipLayer, x: np.ndarray, config: LayerConfig, function: str = "gelu"
) -> PpuOutput:
    """Post-processing of results for inputs x, with codes that span half of the results."""
    y = gemm_exact(layer.w, effective_activation(x, layer.config), layer.bias)
    limit = 4.0
    scales = [requantisation(2**15 / max(4, int(row))) for row in abs(y).max(axis=1)]
    multiplier, shift = (np.array(part) for part in zip(*scales, strict=True))
    table = fit(ACTIVATIONS[function], limit / 2**15, 2 * limit / 2**config.x_bits, config)
    return PpuOutput(multiplier=multiplier, shift=shift, table=table, config=config)


def expected(layers: Sequence[ChipLayer]) -> dict[str, np.ndarray]:
    """Results by plain integers and the PPU's model."""
    results: dict[str, np.ndarray] = {}
    for layer in layers:
        x = results[layer.source] if layer.x is None else layer.x
        y = gemm_exact(layer.w, effective_activation(x, layer.config), layer.bias)
        if layer.output is not None:
            out = layer.output
            v = requantise(y, out.multiplier, out.shift)
            y = grid_codes(evaluate(v, out.table), out.config)
        results[layer.name] = y
    return results


def run(program: ChipProgram) -> tuple[Execution, dict[str, np.ndarray]]:
    """Execute a program in fresh memory and read its results."""
    memory = program.memory()
    place = program.prog_addr, program.prog_count
    execution = execute(memory, *place, program.params, program.base)
    return execution, read_results(program, memory)


def check(
    layers: Sequence[ChipLayer], params: ChipParams, base: int = 0
) -> tuple[ChipProgram, Execution]:
    """Compile, run and compare all results."""
    program = compile_program(layers, params, base=base)
    execution, results = run(program)
    for name, value in expected(layers).items():
        assert results[name].shape == value.shape
        assert np.array_equal(results[name], value), name
    return program, execution


def edited(program: ChipProgram, number: int, **fields: object) -> np.ndarray:
    """Fresh memory with a descriptor changed."""
    memory = program.memory()
    start = program.prog_addr - program.base + number * DESCRIPTOR_BYTES
    part = slice(start, start + DESCRIPTOR_BYTES)
    changed = replace(Descriptor.unpack(memory[part].tobytes()), **fields)
    memory[part] = np.frombuffer(changed.pack(), np.uint8)
    return memory


def flip(memory: np.ndarray, address: int, bit: int) -> None:
    """Invert a bit of memory from `BASE` on."""
    memory[address - BASE + bit // 8] ^= 1 << bit % 8


def refused(program: ChipProgram, memory: np.ndarray, message: str) -> None:
    """The functional chip refuses to run the program in this memory."""
    with pytest.raises(PanaceaError, match=message):
        execute(memory, program.prog_addr, program.prog_count, program.params, program.base)
