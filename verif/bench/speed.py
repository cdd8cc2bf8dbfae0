"""Speed of the environment against the same Verilated core under a bare C++ harness."""

import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.errors import PanaceaError
from models.params import CoreParams
from models.program import CommandStreams, Program
from models.tiling import assemble_result, compile_layer
from verif.build_spec import Build
from verif.builder import build
from verif.core_build import core_build
from verif.layer_files import Case
from verif.runner import SimulationError
from verif.simulate import simulate_layers

__all__ = ["Speed", "bare_build", "measure_speed", "run_bare"]

ROUNDS = 3  # measurements of each kind, in turn; the median counts


@dataclass(frozen=True, kw_only=True)
class Speed:
    """Simulated core cycles per second of wall-clock time, medians."""

    environment: float
    bare: float

    @property
    def ratio(self) -> float:
        """Share of the bare harness's speed that the environment keeps."""
        return self.environment / self.bare


def bare_build(params: CoreParams) -> Build:
    """The build of the core alone with a C++ main program."""
    return Build(
        top="aqs_gemm_core",
        sources=("verif/bench/bare.cpp",),
        parameters={
            "NumPea": params.num_pea,
            "NumDwo": params.num_dwo,
            "NumSwo": params.num_swo,
            "TileK": params.tile_k,
            "TileN": params.tile_n,
            "GroupDepth": params.group_depth,
        },
        blocks=("pea",),
    )


def _write(streams: CommandStreams, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    named = {"c": streams.cmd, "b": streams.bias, "x": streams.activations}
    named |= {f"w{p}": words for p, words in enumerate(streams.weights)}
    for name, beats in named.items():
        (folder / f"{name}.bin").write_bytes(beats.tobytes())


def run_bare(program: Program, folder: Path) -> tuple[np.ndarray, int, int, float]:
    """Run a program under the bare harness.

    Returns:
        the result (M, N) int32, its cycles, all cycles simulated, seconds.

    Raises:
        SimulationError: the harness stopped without all results.
    """
    executable = build(bare_build(program.params)) / "sim"
    _write(program.joined(), folder)
    beats = sum(program.result_beats(command) for command in program.commands)
    command = [str(executable), str(folder), str(program.params.num_pea), str(beats)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SimulationError(f"bare harness: exit code {done.returncode}: {done.stderr.strip()}")
    words = done.stdout.split()
    y = assemble_result(program, (folder / "y.bin").read_bytes())
    return y, int(words[1]), int(words[3]), float(words[5])


def _bare_speed(programs: Sequence[Program], expected: Sequence[np.ndarray], dir_: Path) -> float:
    cycles, seconds = 0, 0.0
    for program, y in zip(programs, expected, strict=True):
        got, _, simulated, took = run_bare(program, dir_)
        if not np.array_equal(got, y):
            raise PanaceaError("y: the bare harness and the environment disagree")
        cycles, seconds = cycles + simulated, seconds + took
    return cycles / seconds


def measure_speed(cases: Sequence[Case], *, params: CoreParams, seed: int, workdir: Path) -> Speed:
    """Measure both on the same layers, in turn.

    The environment's time is that of a run with the layers three times less that of a run with
    them once: everything it does for a layer counts (packing, monitors, model, checks), starting
    a simulator and Python does not.

    Raises:
        SimulationError: a simulation failed.
        PanaceaError: the two disagree on a result.
    """
    programs = [
        compile_layer(case.w, case.x, case.bias, case.config, params, False) for case in cases
    ]
    build(core_build(params))
    build(bare_build(params))
    environment, bare = [], []
    for _ in range(ROUNDS):
        took = []
        for repeat in (1, 3):
            start = time.perf_counter()
            results = simulate_layers(
                list(cases) * repeat, params=params, seed=seed, workdir=workdir / "environment"
            )
            took.append(time.perf_counter() - start)
        cycles = sum(result.cycles for result in results[: len(cases)])
        environment.append(2 * cycles / (took[1] - took[0]))
        expected = [result.y for result in results[: len(cases)]]
        bare.append(_bare_speed(programs, expected, workdir / "bare"))
    return Speed(environment=float(np.median(environment)), bare=float(np.median(bare)))
