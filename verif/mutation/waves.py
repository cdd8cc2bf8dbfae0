"""Waves of the design and of one mutant, in the run that is closest to its module."""

from pathlib import Path

from models.errors import PanaceaError
from verif.build_spec import ROOT
from verif.builder import build, shown
from verif.mutation.checks import checks, modules
from verif.mutation.judge import MUTATION, run_check
from verif.mutation.mutant import Mutant
from verif.mutation.operators import mutants
from verif.planted.planting import with_copy

__all__ = ["find_mutant", "record_waves"]

SECONDS = 600.0


def find_mutant(name: str) -> Mutant:
    """The mutant of the RTL as it is that has this name.

    Raises:
        PanaceaError: there is none.
    """
    path = modules().get(name.partition("-")[0])
    for mutant in mutants(path) if path else ():
        if mutant.name == name:
            return mutant
    raise PanaceaError(f"MUTANT = {name!r} is no mutant of the RTL as it is")


def record_waves(mutant: Mutant) -> list[str]:
    """Run the closest check on both with waves; returns a line for each: the verdict, and where.

    Raises:
        BuildError: the mutant does not compile.
    """
    check = checks(Path(mutant.file).stem)[0]
    folder = MUTATION / "waves" / mutant.name
    folder.mkdir(parents=True, exist_ok=True)
    copy = folder / Path(mutant.file).name
    copy.write_text(mutant.text(), encoding="utf-8")
    design = check.test.on(check.variant, waves=True)
    lines = []
    for side, spec in (
        ("design", design),
        ("mutant", with_copy(design, ROOT / mutant.file, copy)),
    ):
        build(spec)
        result = run_check(check, spec, folder / side, SECONDS)
        verdict = "passes" if result.passed else f"fails: {result.reason}"
        lines.append(f"{side} {verdict}\n  {shown(result.workdir / 'waves.fst')}")
    return lines
