"""`make synth`: maps the chip to gates; area, timing, power, and the PEA's benches on gates."""

import argparse
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from fnmatch import fnmatch

from models.errors import PanaceaError
from models.networks.cases import LayerCase, load_cases
from verif.builder import BuildError, shown
from verif.netlist.analysis import longest_path
from verif.netlist.area import measure_area
from verif.netlist.claims import SHIFTERS, check_claims
from verif.netlist.design import DESIGNS, Design
from verif.netlist.gate_level import run_bench, run_layers
from verif.netlist.library import find_analyser, find_library
from verif.netlist.mapping import FOLDER, Netlist, map_design
from verif.netlist.power import measure_power
from verif.netlist.report import (
    area_table,
    chip_table,
    claim_table,
    power_table,
    timing_table,
)
from verif.runner import SimulationError
from verif.toolchain.tools import ToolError

__all__ = ["BENCHES", "main", "real_layer"]

PASSED, FAILED, NOT_RUN = range(3)

COUNTS = {"pea": 16, "aqs_gemm_core": 1, "ppu": 1, "panacea_top": 1}
"""How often the chip has each design."""

_CORNERS = {"names": ["unit", "edges_of_runs", "every_r", "small_widths"], "stall": True}
BENCHES = (
    ("icarus", "corners", {"names": ["unit", "edges_of_runs"], "stall": True}),
    ("verilator", "corners", _CORNERS),
    ("verilator", "random_layers", {"count": 6, "size": (2, 3, 1)}),
)
"""Simulator, test and options of the core's benches that run on the mapped PEA."""

TOKENS = 8
REPORT = FOLDER / "report.md"


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; 0 if all is well, 1 if a bench fails on gates, 2 if it could not be run."""
    parser = argparse.ArgumentParser(
        prog="verif.netlist",
        description="Map the chip to gates: area, timing, power, benches on the gates.",
        epilog="Exit code: 0 all is well, 1 a bench fails on gates, 2 it could not be run.",
    )
    parser.add_argument("--design", default="", help="its name, or a pattern; default: all")
    parser.add_argument("--seed", type=int, default=1, help="of the benches; default: %(default)s")
    parser.add_argument("--jobs", type=int, default=2, help="at a time; default: %(default)s")
    options = parser.parse_args(arguments)
    try:
        return _Synthesis(seed=options.seed, jobs=options.jobs).run(options.design or "*")
    except (PanaceaError, ToolError, BuildError) as error:
        print(f"error: {error}", file=sys.stderr)
        return NOT_RUN


def real_layer() -> LayerCase:
    """A PEA's share of a layer: four rows of MiniLM's first query projection, on prose."""
    case = load_cases(num_layers=1, tokens=TOKENS)[0]
    return replace(case, w=case.w[:4], bias=case.bias[:4], s_w=case.s_w[:4])


class _Synthesis:
    """One run of the command: its progress and what it has found."""

    def __init__(self, *, seed: int, jobs: int) -> None:
        self._seed, self._jobs = seed, jobs
        self._start, self._report = time.monotonic(), []

    def run(self, pattern: str) -> int:
        """All steps for the designs of a pattern."""
        find_library()
        find_analyser()
        if self._jobs < 1:
            raise PanaceaError(f"jobs: {self._jobs}: at least 1")
        names = [name for name in DESIGNS if fnmatch(name, pattern)]
        if not names:
            raise PanaceaError(f"design: {pattern!r} fits none of {', '.join(DESIGNS)}")
        designs = {name: DESIGNS[name] for name in names}
        whole = len(names) == len(DESIGNS)
        designs |= SHIFTERS if whole else {}
        with ThreadPoolExecutor(self._jobs) as pool:
            netlists = dict(zip(designs, pool.map(self._map, designs.items()), strict=True))
        areas = {name: measure_area(netlist) for name, netlist in netlists.items()}
        for name in names:
            self._tell(f"Area of {name}", area_table(areas[name]))
        timings = {name: longest_path(netlists[name]) for name in names}
        self._tell("Longest paths", timing_table(timings))
        if whole:
            self._tell("Area of the chip", chip_table(areas, COUNTS))
            self._tell("Claims", claim_table(check_claims(areas)))
        passed = self._gates(netlists["pea"]) if "pea" in netlists else True
        REPORT.write_text("\n".join(self._report), encoding="utf-8")
        print(f"report: {shown(REPORT)}")
        return PASSED if passed else FAILED

    def _map(self, named: tuple[str, Design]) -> Netlist:
        name, design = named
        netlist = map_design(design, name=name)
        self._say(f"{name}: mapped, {netlist.seconds:.0f} s of processor")
        return netlist

    def _gates(self, netlist: Netlist) -> bool:
        """Benches on the gates of the PEA, then power in a real layer."""
        passed = True
        for sim, module, options in BENCHES:
            result = run_bench(netlist, sim, module, options, seed=self._seed)
            passed &= result.passed
            self._say(f"gates, {sim}, {module}: {'passed' if result.passed else 'FAILED'}")
        try:
            waves = run_layers(netlist, [real_layer()])
        except SimulationError as error:
            self._say(f"gates, real layer: FAILED: {error}")
            return False
        self._say("gates, real layer: passed")
        power = measure_power(netlist, waves, first="cmd_valid_i", last="y_valid_o")
        title = (
            f"Power of pea in {power.cycles} cycles, {power.changes:.3f} changes a gate and cycle"
        )
        self._tell(title, power_table(power))
        return passed

    def _say(self, line: str) -> None:
        print(f"[{time.monotonic() - self._start:.0f} s] {line}", flush=True)

    def _tell(self, title: str, table: str) -> None:
        self._report.append(f"## {title}\n\n{table}\n")
        print(f"\n{title}\n{table}\n", flush=True)


if __name__ == "__main__":
    sys.exit(main())
