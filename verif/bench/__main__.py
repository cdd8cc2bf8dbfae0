"""Measures build times, the environment's speed and the utilisation grid; table, plot, verdict.

Example:
    .venv/bin/python -m verif.bench --seed 1
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from models.chip.params import ChipParams
from models.errors import PanaceaError
from models.networks.cases import load_cases
from models.params import CoreParams
from verif.bench.build_time import measure_builds
from verif.bench.chip_speed import measure_chip_speed
from verif.bench.grid import SPARSITIES, GridPoint, measure_grid
from verif.bench.plot import save_plot
from verif.bench.speed import Speed, measure_speed
from verif.builder import SIM_BUILD, BuildError, shown
from verif.runner import SimulationError
from verif.toolchain.tools import ToolError

CLEAN_LIMIT, EDIT_LIMIT = 120.0, 20.0
SPEED_LIMIT, CHIP_SPEED_LIMIT, RATIO_LIMIT = 0.70, 0.80, 1.05
SPLITS = ((4, 8), (8, 4), (12, 0))


def _table(points: Sequence[GridPoint]) -> str:
    side = len(SPARSITIES)
    lines = ["  rho_w \\ rho_x " + " ".join(f"{rho:>6}" for rho in SPARSITIES)]
    for row in range(side):
        values = points[row * side : (row + 1) * side]
        lines.append(f"  {values[0].rho_w:>13} " + " ".join(f"{p.ratio:>6.3f}" for p in values))
    return "\n".join(lines)


def _grids(seed: int, workdir: Path) -> bool:
    """Measure, print and plot all grids; returns whether all are good."""
    panels, good = {}, True
    for dwo, swo in SPLITS:
        params = CoreParams(num_pea=1, num_dwo=dwo, num_swo=swo)
        for dtp in (False, True):
            operators = f"{dwo} DWO + {swo} SWO" if swo else "pooled"
            title = f"{operators}, {'double tile' if dtp else 'single tile'}"
            points = measure_grid(params, dtp=dtp, seed=seed, workdir=workdir)
            worst = max(point.ratio for point in points)
            wrong = sum(point.mismatches for point in points)
            good &= worst <= RATIO_LIMIT and wrong == 0
            panels[title] = points
            print(f"\nPEA cycles / bound, {title}: worst {worst:.3f}, {wrong} wrong results")
            print(_table(points), flush=True)
    path = SIM_BUILD / "bench" / "utilisation.png"
    save_plot(panels, path)
    print(f"\nplot: {shown(path)}")
    return good


def _speeds(seed: int, tokens: int, workdir: Path) -> bool:
    """Measure and print how fast core and chip are simulated; returns whether that is enough."""
    cases = load_cases(num_layers=1, tokens=tokens, seed=seed)
    print("speed: building the core twice (minutes, once)", flush=True)
    core = measure_speed(cases, params=CoreParams(), seed=seed, workdir=workdir)
    print(_speed_line("core", core, SPEED_LIMIT), flush=True)
    print("speed: building the chip twice (minutes, once)", flush=True)
    chip = measure_chip_speed(
        params=ChipParams(), tokens=tokens, seed=seed, workdir=workdir / "chip"
    )
    print(_speed_line("chip", chip, CHIP_SPEED_LIMIT), flush=True)
    return core.ratio >= SPEED_LIMIT and chip.ratio >= CHIP_SPEED_LIMIT


def _builds(workdir: Path) -> bool:
    """Measure and print how fast the chip is built; returns whether that is enough."""
    print("builds: the chip from clean, then after an edit of one file", flush=True)
    clean, edits = measure_builds(workdir)
    print(f"chip built from clean: {clean:.1f} s (at most {CLEAN_LIMIT:.0f})")
    for name, seconds in edits.items():
        print(f"rtl/{name} edited: {seconds:.1f} s (at most {EDIT_LIMIT:.0f})", flush=True)
    return clean <= CLEAN_LIMIT and max(edits.values()) <= EDIT_LIMIT


def _speed_line(name: str, speed: Speed, limit: float) -> str:
    return (
        f"{name} cycles/s: environment {speed.environment:.0f}, bare C++ {speed.bare:.0f}, "
        f"ratio {speed.ratio:.2f} (at least {limit:.2f})"
    )


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; 0 if all limits hold, 1 if not, 2 if it could not measure."""
    parser = argparse.ArgumentParser(prog="verif.bench", description=__doc__.partition("\n")[0])
    parser.add_argument("--seed", type=int, default=1, help="seed of operands, default 1")
    parser.add_argument("--tokens", type=int, default=32, help="tokens of the speed layers")
    options = parser.parse_args(arguments)
    # Children of one measurement must not compete with each other's libraries for the cores.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    workdir = SIM_BUILD / "runs" / "bench"
    try:
        good = _builds(workdir / "build")
        good &= _speeds(options.seed, options.tokens, workdir)
        good &= _grids(options.seed, workdir / "grid")
    except (PanaceaError, BuildError, SimulationError, ToolError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print("PASS" if good else "FAIL")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
