"""What a simulation is built from: top, sources, parameters, simulator and kind of build."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from models.errors import PanaceaError

__all__ = [
    "COVERAGE_KINDS",
    "KINDS",
    "LINT_WAIVERS",
    "ROOT",
    "RTL_LIST",
    "SIMULATORS",
    "Build",
    "read_filelist",
]

ROOT = Path(__file__).resolve().parent.parent
"""Root of the repository: relative source paths start here."""

RTL_LIST = ROOT / "rtl" / "rtl.f"
LINT_WAIVERS = ROOT / "rtl" / "lint.vlt"

FSM_POINTS = ROOT / "verif" / "tb" / "fsm_points.sv"
"""Cover points of the RTL's state machines."""

SIMULATORS = ("verilator", "icarus")
KINDS = ("speed", "coverage", "toggle", "random_x")
COVERAGE_KINDS = ("coverage", "toggle")


def read_filelist(path: Path = RTL_LIST) -> tuple[tuple[Path, ...], tuple[Path, ...]]:
    """Return the source files that a file list names and their include folders, absolute.

    One path a line, relative to the repository's root; ``#`` and ``//`` start comments. Include
    folders are those beside or below the list that hold ``.svh`` files.

    Raises:
        PanaceaError: the list or a file in it does not exist.
    """
    if not path.is_file():
        raise PanaceaError(f"file list: {path} does not exist")
    lines = path.read_text(encoding="utf-8").splitlines()
    entries = [line.partition("#")[0].partition("//")[0].strip() for line in lines]
    files = tuple(ROOT / entry for entry in entries if entry)
    missing = [str(file) for file in files if not file.is_file()]
    if missing:
        raise PanaceaError(f"file list {path}: {', '.join(missing)} does not exist")
    return files, tuple(sorted({header.parent for header in path.parent.rglob("*.svh")}))


@dataclass(frozen=True, kw_only=True)
class Build:
    """One simulation executable.

    Attributes:
        top: name of the top module.
        sources: testbench files, in compile order, relative to the repository's root or absolute.
            ``.vlt`` files (which signals Verilator leaves visible, waivers) go here too; Icarus
            does not see them. A C++ file is a main program that drives the top without cocotb.
        rtl: put the files of ``rtl/rtl.f`` before ``sources``.
        parameters: values of the top's parameters; a string is passed on as it is.
        blocks: modules with many instances, which Verilator compiles once instead of once each:
            quicker to build, some per cent slower to simulate. Coverage builds are flat.
        defines: preprocessor macros.
        includes: include folders besides those of ``rtl/rtl.f``.
        sim: ``verilator`` or ``icarus``.
        kind: ``speed``; ``coverage`` (line, branch, expression, states); ``toggle`` (coverage with
            toggles, slow); ``random_x`` (unset values are random). All but ``speed`` are
            Verilator's only.
        waves: record all signals in ``waves.fst`` of the run's folder.

    Raises:
        PanaceaError: a field holds a value that is not one of these, or a source is missing.
    """

    top: str
    sources: tuple[str | Path, ...]
    rtl: bool = True
    parameters: Mapping[str, int | str] = field(default_factory=dict, hash=False)
    blocks: tuple[str, ...] = ()
    defines: Mapping[str, int | str] = field(default_factory=dict, hash=False)
    includes: tuple[str | Path, ...] = ()
    sim: str = "verilator"
    kind: str = "speed"
    waves: bool = False

    def __post_init__(self) -> None:
        if self.sim not in SIMULATORS:
            raise PanaceaError(f"sim: {self.sim!r} is not one of {', '.join(SIMULATORS)}")
        if self.kind not in KINDS:
            raise PanaceaError(f"kind: {self.kind!r} is not one of {', '.join(KINDS)}")
        if self.sim == "icarus" and self.kind != "speed":
            raise PanaceaError(f"kind: {self.kind!r} needs sim 'verilator', not 'icarus'")
        for path in (*self.sources, *self.includes):
            if not (ROOT / path).exists():
                raise PanaceaError(f"sources: {path} does not exist")

    def files(self) -> tuple[Path, ...]:
        """Return all source files as absolute paths in compile order, waivers first."""
        rtl = read_filelist()[0] if self.rtl else ()
        waivers = (LINT_WAIVERS,) if self.rtl and LINT_WAIVERS.is_file() else ()
        points = (FSM_POINTS,) if self.rtl and self.kind in COVERAGE_KINDS else ()
        return (*waivers, *rtl, *points, *(ROOT / path for path in self.sources))

    def include_dirs(self) -> tuple[Path, ...]:
        """Return all include folders as absolute paths."""
        rtl = read_filelist()[1] if self.rtl else ()
        return (*rtl, *(ROOT / path for path in self.includes))

    def arguments(self) -> list[str]:
        """Return the command line options of ``verif.run_test`` that stand for this build."""
        options = ["--sim", self.sim, "--top", self.top]
        options += [] if self.rtl else ["--no-rtl"]
        for path in self.sources:
            options += ["--source", str(path)]
        for path in self.includes:
            options += ["--include", str(path)]
        for name in self.blocks:
            options += ["--block", name]
        for name, value in self.parameters.items():
            options += ["--parameter", f"{name}={value}"]
        for name, value in self.defines.items():
            options += ["--define", f"{name}={value}"]
        options += ["--kind", self.kind] if self.kind != "speed" else []
        options += ["--waves"] if self.waves else []
        return options
