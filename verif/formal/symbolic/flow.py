"""How a proof by symbolic simulation is run: Yosys writes the netlist, the cases are played."""

import json
import sys
from pathlib import Path

from verif.build_spec import ROOT, read_filelist
from verif.formal.process import run
from verif.formal.sources import needed_files
from verif.formal.symbolic.core_run import CLAIMS
from verif.formal.symbolic.play import TOP
from verif.formal.symbolic.proof import SymbolicProof
from verif.formal.verdict import FAILED, FOLDER, PROVEN, UNFINISHED, VACUOUS, Verdict
from verif.formal.yosys import FormalError, relative, run_yosys
from verif.planted.planting import PlantedBug, plant

__all__ = ["check_bug", "compile_core", "prove"]

_SCRIPT = """\
read_slang -j 1 -D SYNTHESIS=1 {includes} {parameters} --top {top} {files}
prep -flatten -top {top}
memory_nordff
opt_clean
write_json {netlist}
"""


def prove(proof: SymbolicProof, *, folder: Path = FOLDER, timeout: float | None = None) -> Verdict:
    """Play all cases.

    Args:
        proof: what to prove.
        folder: gets a folder of this proof's name with script, netlist and log.
        timeout: seconds of wall clock for the cases.

    Raises:
        FormalError: the sources do not compile, or have what cannot be simulated.
        ToolError: a program is missing.
    """
    status, reason, seconds, covers = _play(proof, folder / proof.name, timeout)
    missed = [name for name in proof.covers if not covers.get(name)]
    if status == PROVEN and missed:
        status, reason = VACUOUS, f"never reached: {', '.join(missed)}"
    return Verdict(
        status=status,
        seconds=seconds,
        claims=len(CLAIMS),
        covers=(len(proof.covers) - len(missed), len(proof.covers)),
        reason=reason,
    )


def check_bug(
    proof: SymbolicProof, name: str, *, folder: Path = FOLDER, timeout: float | None = None
) -> Verdict:
    """Plant one bug of a proof; proven means that the bug refutes the claim it must.

    Raises:
        FormalError, ToolError: as for `prove`.
        PanaceaError: the bug fits its file no longer.
    """
    bug, work = proof.bugs[name], folder / proof.name / name.replace(" ", "_")
    status, reason, seconds, _ = _play(proof, work, timeout, bug)
    if status == FAILED and reason.startswith(f"{bug.symptom}:"):
        return Verdict(status=PROVEN, seconds=seconds, claims=len(CLAIMS))
    if status == PROVEN:
        status, reason = FAILED, "refutes nothing"
    elif status == FAILED:
        reason = f"refutes not {bug.symptom} but {reason}"
    return Verdict(status=status, seconds=seconds, claims=len(CLAIMS), reason=f"{name}: {reason}")


def compile_core(proof: SymbolicProof, work: Path, bug: PlantedBug | None = None) -> float:
    """Write `netlist.json` of the proof's core; returns seconds of processor time.

    Raises:
        FormalError, ToolError: as for `prove`.
    """
    work.mkdir(parents=True, exist_ok=True)
    top = next(file for file in read_filelist()[0] if file.stem == TOP)
    files, includes = needed_files(top)
    files = (*files, top)
    if bug is not None:
        original, copy = plant(bug, work)
        files = tuple(copy if file == original else file for file in files)
    netlist = work / "netlist.json"
    script = _SCRIPT.format(
        includes=" ".join(f"-I {path}" for path in relative(includes)),
        parameters=" ".join(f"-G {name}={value}" for name, value in proof.core.parameters.items()),
        top=TOP,
        files=" ".join(relative(files)),
        netlist=relative([netlist])[0],
    )
    return run_yosys(proof.name, script, netlist)


def _play(
    proof: SymbolicProof, work: Path, timeout: float | None, bug: PlantedBug | None = None
) -> tuple[str, str, float, dict[str, int]]:
    """Status, reason, seconds of processor time and covers of all cases.

    They are played in a process of their own: it can be stopped, and takes no time from others.
    """
    seconds = compile_core(proof, work, bug)
    log = work / "cases.log"
    command = [sys.executable, "-m", "verif.formal.symbolic.play", str(work / "netlist.json")]
    core = proof.core
    command += map(str, (core.num_dwo, core.num_swo, core.tile_k))
    ended = run(command, log=log, timeout=timeout, cwd=ROOT)
    seconds += ended.seconds
    if ended.code is None:
        return UNFINISHED, f"cases not done within {timeout:g} s", seconds, {}
    lines = log.read_text(encoding="utf-8").splitlines() or ["no message"]
    if ended.code:
        raise FormalError(f"{proof.name}: cannot be simulated: {lines[-1]} ({log})")
    summary = json.loads(lines[-1])
    refuted = summary["refuted"]
    return FAILED if refuted else PROVEN, refuted, seconds, summary["covers"]
