"""Draws the figures of the evaluation into a folder, with a page of all that are there.

With `--check` nothing is written: the numbers are made again, and compared with the page's.

Example:
    .venv/bin/python -m models.figures --figures sparsity_grid,networks_synthetic
"""

import sys
import time
from argparse import ArgumentParser
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from models.calibrate.front import LIMITS
from models.calibrate.plans import NETWORKS as REAL_NETWORKS
from models.calibrate.plans import PLANS, planner
from models.errors import PanaceaError
from models.figures.breakdown import BREAKDOWN, BREAKDOWN_SYNTHETIC
from models.figures.check import differences, has_table, keep_table, kept_table
from models.figures.figure import Drawn, FigureSpec
from models.figures.front import FRONT
from models.figures.layer_sparsity import REAL_LAYER_SPARSITY, SYNTHETIC_LAYER_SPARSITY
from models.figures.networks import NETWORKS, NETWORKS_SYNTHETIC
from models.figures.page import section, write_page
from models.figures.sensitivity import SENSITIVITY
from models.figures.sparsity_grid import SPARSITY_GRID
from models.figures.symmetry import SYMMETRY
from models.figures.weight_widths import WEIGHT_WIDTHS, WEIGHT_WIDTHS_SYNTHETIC

__all__ = ["FIGURES", "main"]

OUT = Path(__file__).resolve().parents[2] / "sim_build" / "figures"
FIGURES = {
    spec.name: spec
    for spec in (
        REAL_LAYER_SPARSITY,
        BREAKDOWN,
        NETWORKS,
        WEIGHT_WIDTHS,
        SYMMETRY,
        FRONT,
        SPARSITY_GRID,
        SYNTHETIC_LAYER_SPARSITY,
        BREAKDOWN_SYNTHETIC,
        NETWORKS_SYNTHETIC,
        WEIGHT_WIDTHS_SYNTHETIC,
        SENSITIVITY,
    )
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Draw, or check; 1 if a number is another one, 2 if asked for something that there is not."""
    parser = ArgumentParser(prog="models.figures", description=__doc__.partition("\n")[0])
    parser.add_argument("--figures", default="", help=f"of {', '.join(FIGURES)}; default all")
    parser.add_argument(
        "--networks", default="", help="real networks: minilm, smollm2; default both"
    )
    parser.add_argument("--out", type=Path, default=OUT, help="folder to write into")
    parser.add_argument("--check", action="store_true", help="compare with the page's numbers")
    options = parser.parse_args(arguments)
    try:
        chosen = _chosen("figure", options.figures, list(FIGURES))
        networks = _chosen("network", options.networks, list(REAL_NETWORKS))
        if options.check:
            found = [_differs(FIGURES[name], networks, options.out) for name in chosen]
            return int(any(found))
        if FRONT.name in chosen:  # which takes all plans
            _plan_ahead(networks)
        for name in chosen:
            _draw(FIGURES[name], networks, options.out)
    except PanaceaError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    sections = [
        (spec, section(spec, kept_table(options.out, name), f"{name}.png"))
        for name, spec in FIGURES.items()
        if has_table(options.out, name)
    ]
    print(f"page: {write_page(options.out, sections)}")
    return 0


def _chosen(what: str, asked: str, known: list[str]) -> list[str]:
    found = [name for name in asked.split(",") if name]
    for name in found:
        if name not in known:
            raise PanaceaError(f"{what} = {name!r} is not one of {', '.join(known)}")
    return found or known


def _plan_ahead(networks: Sequence[str]) -> None:
    """Make and keep the plans of all networks, each network's in a process of its own."""
    with ProcessPoolExecutor(len(networks)) as pool:
        list(pool.map(_make_plans, networks))


def _make_plans(network: str) -> None:
    made, start = planner(network), time.monotonic()

    def tell(name: str, accuracy: str) -> None:
        print(f"{network} {name}: {accuracy}, {time.monotonic() - start:.0f} s", flush=True)

    for name in PLANS:
        tell(name, f"{made.task.figure} {made.plan(name).figure:.4f}")
    for limit in LIMITS[network]:
        try:
            found = f"{made.task.figure} {made.within(limit).figure:.4f}"
        except PanaceaError as error:  # the front leaves it out
            found = str(error)
        tell(f"within {limit:g}", found)


def _made(spec: FigureSpec, networks: Sequence[str]) -> Drawn:
    """One figure, with progress."""
    start = time.monotonic()
    print(f"{spec.name}:", flush=True)
    drawn = spec.make(networks, lambda text: print(f"  {text}", flush=True))
    print(f"  {time.monotonic() - start:.0f} s", flush=True)
    return drawn


def _draw(spec: FigureSpec, networks: Sequence[str], folder: Path) -> None:
    """Draw one figure into `folder`, its numbers beside it."""
    drawn = _made(spec, networks)
    folder.mkdir(parents=True, exist_ok=True)
    drawn.figure.savefig(folder / f"{spec.name}.png")
    keep_table(folder, spec.name, drawn.table)


def _differs(spec: FigureSpec, networks: Sequence[str], folder: Path) -> bool:
    """Whether a number of the figure in `folder` is another one now; tells which."""
    before = kept_table(folder, spec.name)
    lines = differences(before, _made(spec, networks).table)
    print("\n".join(f"  {line}" for line in lines or ["all numbers come out again"]))
    return bool(lines)


if __name__ == "__main__":
    sys.exit(main())
