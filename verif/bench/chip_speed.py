"""Speed of the chip's environment against the same Verilated chip under a bare C++ harness."""

import subprocess
import time
from dataclasses import asdict
from pathlib import Path

import numpy as np

from models.chip.compiler import ChipProgram, compile_program, read_results
from models.chip.params import ChipParams
from models.errors import PanaceaError
from models.networks.requests import Request, model_results
from verif.agents.bus_traffic import BEAT
from verif.bench.speed import ROUNDS, Speed
from verif.build_spec import Build
from verif.builder import build
from verif.chip_build import chip_build, chip_parameters
from verif.network_tasks import TaskOptions, block_of, make_tasks
from verif.runner import SimulationError, run
from verif.tests_chip.base import ChipTestConfig

__all__ = ["bare_chip_build", "measure_chip_speed", "run_bare_chip"]

FIRST, LAST = (1, 3)
"""Encoder blocks of the shorter and of the longer run."""


def bare_chip_build(params: ChipParams) -> Build:
    """The build of chip and memory with a C++ main program."""
    files = ("tb/tb_chip.vlt", "tb/stall_gen.sv", "tb/axi_memory.sv", "tb/axil_driver.sv")
    return Build(
        top="bare_chip",
        sources=(
            *(f"verif/{name}" for name in files),
            "verif/bench/bare_chip.sv",
            "verif/bench/bare_chip.cpp",
        ),
        parameters=chip_parameters(params),
    )


def run_bare_chip(program: ChipProgram, folder: Path) -> tuple[np.ndarray, int, int, float]:
    """Run a program, compiled for address 0, under the bare harness.

    Returns:
        memory after the run, uint8; cycles of the run; cycles simulated; seconds.

    Raises:
        SimulationError: the run did not end well.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lines = -(-program.memory_bytes // BEAT)
    memory = np.zeros((lines, BEAT), np.uint8)
    memory.ravel()[: program.memory_bytes] = program.memory()
    (folder / "mem.bin").write_bytes(memory[:, ::-1].tobytes())
    command = [str(build(bare_chip_build(program.params)) / "sim")]
    command += [str(lines), str(program.prog_count)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SimulationError(f"bare harness: exit code {done.returncode}: {done.stderr.strip()}")
    words = done.stdout.split()
    after = np.frombuffer((folder / "mem.out").read_bytes(), np.uint8)
    return after[: program.memory_bytes], int(words[1]), int(words[3]), float(words[5])


def _requests(options: TaskOptions) -> list[Request]:
    """All requests of a network's run, answered by the model."""
    task = make_tasks(options)[0]
    requests: list[Request] = []
    generator, results = task.network.run(task.ids), None
    while True:
        try:
            requests.append(generator.send(results))
        except StopIteration:
            return requests
        results = model_results(requests[-1])


def _environment_seconds(options: TaskOptions, params: ChipParams, workdir: Path) -> float:
    config = {"task": asdict(options), "number": 0, "stall": 0.0, "corner": None}
    start = time.perf_counter()
    run(
        chip_build(params, flat=True),
        test_module="verif.tests_chip.networks",
        env=ChipTestConfig(params=params, options=config).environment(),
        seed=1,
        workdir=workdir,
    ).check()
    return time.perf_counter() - start


def measure_chip_speed(*, params: ChipParams, tokens: int, seed: int, workdir: Path) -> Speed:
    """Measure both on the same encoder blocks of MiniLM, in turn.

    The environment's time is that of a longer run less that of a shorter one: everything it does
    for a layer counts (compiling, monitors, models, checks), starting a simulator, Python and the
    network does not.

    Raises:
        SimulationError: a simulation failed.
        PanaceaError: the bare chip's result is wrong.
    """
    short, long = (
        TaskOptions(net="minilm", tokens=tokens, layers=str(blocks), seed=seed)
        for blocks in (FIRST, LAST)
    )
    requests = [request for request in _requests(long) if block_of(request) in range(FIRST, LAST)]
    build(chip_build(params, flat=True))
    build(bare_chip_build(params))
    environment, bare = [], []
    for _ in range(ROUNDS):
        cycles, seconds, simulated = 0, 0.0, 0
        for request in requests:
            program = compile_program(request, params)
            memory, ran, steps, took = run_bare_chip(program, workdir / "bare")
            got, wanted = read_results(program, memory), model_results(request)
            if any(not np.array_equal(got[name], wanted[name]) for name in wanted):
                raise PanaceaError(f"{request[0].name}: the bare chip's result is wrong")
            cycles, seconds, simulated = cycles + ran, seconds + took, simulated + steps
        bare.append(simulated / seconds)
        took = [_environment_seconds(o, params, workdir / "environment") for o in (short, long)]
        environment.append(cycles / (took[1] - took[0]))
    return Speed(environment=float(np.median(environment)), bare=float(np.median(bare)))
