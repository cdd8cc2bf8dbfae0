"""One runner for all simulations, on Verilator and on Icarus.

``build`` makes an executable under ``sim_build/`` unless one of the same content is there;
``run`` runs one cocotb module on it in a folder of its own and judges the result. Both may be
called from many processes at once.

Example:
    spec = Build(top="tb_pea", sources=("verif/tb/tb_pea.sv", "verif/tb/tb_pea.vlt"))
    run(spec, test_module="verif.unit.cocotb_pea", seed=1).check()
"""

import os
import secrets
import shlex
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import find_libpython
from cocotb_tools import config

from models.errors import PanaceaError
from verif.build_spec import ROOT, Build
from verif.builder import SIM_BUILD, BuildError, build, shown
from verif.limits import run_limited
from verif.results import CaseResult, read_junit, tail, verdict
from verif.simulators import run_command
from verif.toolchain.tools import ToolError

__all__ = [
    "Build",
    "BuildError",
    "RunResult",
    "SimulationError",
    "ToolError",
    "build",
    "repeat_command",
    "run",
]

MAX_SEED = 2**31 - 1


class SimulationError(AssertionError):
    """A run failed; the message is the run's report."""


@dataclass(frozen=True, kw_only=True)
class RunResult:
    """The outcome of one run.

    Attributes:
        passed: at least one test ran and nothing failed.
        reason: why the run failed; empty when it passed.
        seed: seed of all randomness of the run.
        cases: the run's cocotb tests.
        workdir: the run's folder: log, JUnit file, ``waves.fst``, ``coverage.dat``.
        log: the simulator's output.
        results_xml: the JUnit file (missing when the simulator died).
        command: one line that repeats the run, from the root of the repository.
        peak_mb: most memory of the simulation, MiB.
    """

    passed: bool
    reason: str
    seed: int
    cases: tuple[CaseResult, ...]
    workdir: Path
    log: Path
    results_xml: Path
    command: str
    peak_mb: int

    def report(self) -> str:
        """Return what a person needs to know of the run, on a few lines."""
        if self.passed:
            return f"PASS: {len(self.cases)} tests, seed {self.seed}, log {shown(self.log)}"
        return (
            f"FAIL: {self.reason}\n  seed: {self.seed}\n  log: {shown(self.log)}\n"
            f"  reproduce: {self.command}"
        )

    def check(self) -> "RunResult":
        """Return the result itself when the run passed.

        Raises:
            SimulationError: the run failed.
        """
        if not self.passed:
            raise SimulationError(f"{self.report()}\n--- end of the log\n{tail(self.log)}")
        return self


def run(
    spec: Build,
    *,
    test_module: str,
    testcase: str | None = None,
    seed: int | None = None,
    plusargs: tuple[str, ...] = (),
    env: Mapping[str, str] | None = None,
    workdir: Path | None = None,
    timeout: float = 900.0,
    memory_mb: int | None = None,
    quiet: bool = False,
) -> RunResult:
    """Build ``spec`` if needed, run a cocotb module on it and judge the outcome.

    Args:
        spec: the build to run.
        test_module: dotted name of the module with the cocotb tests.
        testcase: name of the one test to run; all tests of the module when ``None``.
        seed: 1..2**31-1; drawn when ``None``. cocotb gets it as its random seed, the HDL as the
            plusarg ``+seed=N``.
        plusargs: more plusargs, each with its ``+``.
        env: more environment variables.
        workdir: the run's folder; by default a new one under ``sim_build/runs``.
        timeout: limit on wall-clock time, in seconds.
        memory_mb: limit on memory, children included, MiB; none when ``None``.
        quiet: do not print the report of a run that failed.

    Raises:
        BuildError, ToolError: see ``build``.
        PanaceaError: the seed is out of range.
    """
    seed = 1 + secrets.randbelow(MAX_SEED) if seed is None else seed
    if not 1 <= seed <= MAX_SEED:
        raise PanaceaError(f"seed: {seed} is outside 1..{MAX_SEED}")
    directory = build(spec)
    workdir = _new_workdir(spec, test_module) if workdir is None else workdir.resolve()
    workdir.mkdir(parents=True, exist_ok=True)
    log, results_xml = workdir / "sim.log", workdir / "results.xml"
    results_xml.unlink(missing_ok=True)

    command = run_command(spec, directory=directory, seed=seed, plusargs=plusargs)
    repeat_line = repeat_command(
        spec,
        test_module=test_module,
        testcase=testcase,
        seed=seed,
        plusargs=plusargs,
        env=env,
        timeout=timeout,
        memory_mb=memory_mb,
    )

    with log.open("w", encoding="utf-8") as stream:
        stream.write(f"seed: {seed}\nreproduce: {repeat_line}\n{shlex.join(command)}\n\n")
        stream.flush()
        ended = run_limited(
            command,
            cwd=workdir,
            env=_run_environment(spec, test_module, testcase, seed, results_xml) | dict(env or {}),
            stream=stream,
            timeout=timeout,
            memory_mb=memory_mb,
        )
    cases = read_junit(results_xml)
    text = log.read_text(encoding="utf-8", errors="replace")
    reason = ended.stopped or verdict(cases, log=text, code=ended.code)
    result = RunResult(
        passed=not reason,
        reason=reason,
        seed=seed,
        cases=cases,
        workdir=workdir,
        log=log,
        results_xml=results_xml,
        command=repeat_line,
        peak_mb=ended.peak_mb,
    )
    if not (result.passed or quiet):
        print(result.report())
    return result


def repeat_command(
    spec: Build,
    *,
    test_module: str,
    testcase: str | None = None,
    seed: int,
    plusargs: tuple[str, ...] = (),
    env: Mapping[str, str] | None = None,
    timeout: float,
    memory_mb: int | None = None,
) -> str:
    """Return the line that repeats a run from the root of the repository; arguments as ``run``."""
    repeat = [".venv/bin/python", "-m", "verif.run_test", *spec.arguments()]
    repeat += ["--module", test_module, "--seed", str(seed), "--timeout", f"{timeout:g}"]
    repeat += ["--memory", str(memory_mb)] if memory_mb else []
    repeat += ["--testcase", testcase] if testcase else []
    repeat += [option for plusarg in plusargs for option in ("--plusarg", plusarg)]
    repeat += [part for name, value in (env or {}).items() for part in ("--env", f"{name}={value}")]
    return shlex.join(repeat)


def _new_workdir(spec: Build, test_module: str) -> Path:
    parent = SIM_BUILD / "runs"
    parent.mkdir(parents=True, exist_ok=True)
    stem = f"{spec.top}-{spec.sim}-{test_module.rpartition('.')[2]}-"
    return Path(tempfile.mkdtemp(prefix=stem, dir=parent))


def _run_environment(
    spec: Build, test_module: str, testcase: str | None, seed: int, results_xml: Path
) -> dict[str, str]:
    libpython = find_libpython.find_libpython()
    if libpython is None:
        raise ToolError("libpython: no shared library of this Python found; run 'make setup'")
    env = dict(os.environ)
    env.setdefault("OPENBLAS_NUM_THREADS", "1")
    env |= {
        "COCOTB_TEST_MODULES": test_module,
        "COCOTB_TOPLEVEL": spec.top,
        "TOPLEVEL_LANG": "verilog",
        "COCOTB_RESULTS_FILE": str(results_xml),
        "COCOTB_RANDOM_SEED": str(seed),
        "COCOTB_ANSI_OUTPUT": "0",
        "COCOTB_TEST_FILTER": rf"\.{testcase}(/.*)?$" if testcase else "",
        "GPI_USERS": f"{libpython};{config.pygpi_entry_point()}",
        "PYGPI_PYTHON_BIN": sys.executable,
        "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH")))),
    }
    if spec.sim == "verilator":
        env["COCOTB_TRUST_INERTIAL_WRITES"] = "1"
    return env
