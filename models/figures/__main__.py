"""Draws the figures of the evaluation into a folder, with a page that shows them.

Example:
    .venv/bin/python -m models.figures --figures sparsity_grid,networks_synthetic
"""

import sys
import time
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path

from models.calibrate.plans import NETWORKS as REAL_NETWORKS
from models.errors import PanaceaError
from models.figures.breakdown import BREAKDOWN, BREAKDOWN_SYNTHETIC
from models.figures.figure import FigureSpec
from models.figures.front import FRONT
from models.figures.layer_sparsity import REAL_LAYER_SPARSITY, SYNTHETIC_LAYER_SPARSITY
from models.figures.networks import NETWORKS, NETWORKS_SYNTHETIC
from models.figures.page import section, write_page
from models.figures.sensitivity import SENSITIVITY
from models.figures.sparsity_grid import SPARSITY_GRID
from models.figures.symmetry import SYMMETRY
from models.figures.weight_widths import WEIGHT_WIDTHS, WEIGHT_WIDTHS_SYNTHETIC
from models.predict.registry import accelerator, names

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
    """Draw; 2 if it was asked for something that there is not."""
    parser = ArgumentParser(prog="models.figures", description=__doc__.partition("\n")[0])
    parser.add_argument("--figures", default="", help=f"of {', '.join(FIGURES)}; default all")
    parser.add_argument(
        "--networks", default="", help="real networks: minilm, smollm2; default both"
    )
    parser.add_argument("--out", type=Path, default=OUT, help="folder to write into")
    options = parser.parse_args(arguments)
    try:
        chosen = _chosen("figure", options.figures, list(FIGURES))
        networks = _chosen("network", options.networks, list(REAL_NETWORKS))
        sections = [(FIGURES[name], _draw(FIGURES[name], networks, options.out)) for name in chosen]
    except PanaceaError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    exact = [name for name in names() if accelerator(name).exact_cycles is not None]
    print(f"page: {write_page(options.out, sections, exact)}")
    return 0


def _chosen(what: str, asked: str, known: list[str]) -> list[str]:
    found = [name for name in asked.split(",") if name]
    for name in found:
        if name not in known:
            raise PanaceaError(f"{what} = {name!r} is not one of {', '.join(known)}")
    return found or known


def _draw(spec: FigureSpec, networks: Sequence[str], folder: Path) -> str:
    """Draw one figure into `folder`; returns its section of the page."""
    start = time.monotonic()
    print(f"{spec.name}:", flush=True)
    drawn = spec.make(networks, lambda text: print(f"  {text}", flush=True))
    folder.mkdir(parents=True, exist_ok=True)
    drawn.figure.savefig(folder / f"{spec.name}.png")
    print(f"  {time.monotonic() - start:.0f} s", flush=True)
    return section(spec, drawn.table, f"{spec.name}.png")


if __name__ == "__main__":
    sys.exit(main())
