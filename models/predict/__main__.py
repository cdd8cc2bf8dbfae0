"""Predicted cycles, traffic and energy of a network, layer by layer and on every accelerator.

Example:
    .venv/bin/python -m models.predict --network minilm --plan zpm --accelerator "panacea pooled"
"""

import sys
from argparse import ArgumentParser
from collections.abc import Sequence

from models.energy import GROUPS, EnergyTable, energy_table
from models.errors import PanaceaError
from models.params import CoreParams
from models.predict.networks import NAMES, network_works
from models.predict.registry import accelerator, names, total
from models.predict.work import LayerWork

__all__ = ["comparison", "layer_lines", "main", "sensitivity"]

REFERENCE = "simd"
FACTORS = (0.25, 4.0)


def layer_lines(works: Sequence[LayerWork], name: str) -> list[str]:
    """Lines: formats, sparsities, products and cycles of every layer on accelerator `name`."""
    lines = [
        "layer                     M      K      N  times  w / x  DBS  rho_w  rho_x"
        "  products/dense  compute kcyc  memory-bound"
    ]
    for work in works:
        found = accelerator(name).predict(work)
        bound = work.bound(CoreParams(), False)
        dense = work.macs * work.count * (work.config.n + 1) * (work.config.k + 1) / 16
        products = sum(found.products.values()) / dense if found.products else 1.0
        memory = "yes" if found.cycles > found.compute_cycles else "no"
        lines.append(
            f"{work.name:20s}{work.rows:7d}{work.depth:7d}{work.columns:7d}{work.count:7d}"
            f"{work.config.w_bits:4d} /{work.config.x_bits:2d}{work.config.dbs_type:5d}"
            f"{bound.rho_w:7.2f}{bound.rho_x:7.2f}{products:16.3f}"
            f"{found.compute_cycles / 1000:14.1f}  {memory}"
        )
    return lines


def comparison(works: Sequence[LayerWork], table: EnergyTable) -> list[str]:
    """Lines: every accelerator's totals, as ratios to SIMD's."""
    base = total(works, REFERENCE, table)
    lines = [
        f"{'accelerator':22s}cycles    core's  external bytes  energy   (SIMD / accelerator)"
        "  core's / bound"
    ]
    for name in names():
        found = total(works, name, table)
        lines.append(
            f"{name:22s}{base.cycles / found.cycles:6.2f}"
            f"{base.compute_cycles / found.compute_cycles:10.2f}"
            f"{base.external_bytes / found.external_bytes:16.2f}"
            f"{base.picojoules / found.picojoules:8.2f}"
            f"{found.compute_cycles / found.bound_cycles:41.3f}"
        )
    return lines


def sensitivity(works: Sequence[LayerWork], name: str) -> list[str]:
    """Lines: SIMD's energy over that of `name`, with groups of table entries changed."""
    table = energy_table()

    def ratio(changed: EnergyTable) -> float:
        base, found = (total(works, one, changed) for one in (REFERENCE, name))
        return base.picojoules / found.picojoules

    shown = "".join(f"{f'x {factor:g}':>9s}" for factor in FACTORS)
    lines = [f"energy over {name}: {ratio(table):.2f}; with a group of entries{shown}"]
    for group in GROUPS:
        found = (ratio(table.scaled(group, factor)) for factor in FACTORS)
        lines.append(f"  {group:50s}" + "".join(f"{one:9.2f}" for one in found))
    return lines


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the prediction; 2 if it was asked for something that there is not."""
    parser = ArgumentParser(prog="models.predict", description=__doc__.partition("\n")[0])
    parser.add_argument("--network", default="minilm", help=f"one of {', '.join(NAMES)}")
    parser.add_argument("--plan", default="zpm", help="formats, see docs/calibration.md")
    parser.add_argument(
        "--accelerator", default="panacea pooled", help=f"one of {', '.join(names())}"
    )
    options = parser.parse_args(arguments)
    try:
        accelerator(options.accelerator)
        works = network_works(options.network, options.plan)
        print("\n".join(layer_lines(works, options.accelerator)))
        print("\n".join(comparison(works, energy_table())))
        print("\n".join(sensitivity(works, options.accelerator)))
    except PanaceaError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
