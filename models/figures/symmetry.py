"""Symmetric against asymmetric activations on Panacea (the paper's figure 18a)."""

from collections.abc import Sequence

from models.calibrate.plans import planner
from models.energy import energy_table
from models.figures.figure import Drawn, FigureSpec, Table, Tell, canvas, grouped_bars
from models.predict.networks import network_works
from models.predict.registry import total

__all__ = ["SYMMETRY"]

PLANS = {"asymmetric": "zpm", "symmetric": "symmetric", "Sibia's 7 bits": "sibia"}
ACCELERATOR = "panacea pooled best"


def _make(networks: Sequence[str], tell: Tell) -> Drawn:
    figure, axes = canvas(1, 2, width=5.0)
    speed, energy, rows = {}, {}, []
    for title, plan in PLANS.items():
        speed[title], energy[title] = [], []
        for network in networks:
            tell(f"{network}, {title}")
            works, made = network_works(network, plan), planner(network)
            base, one = (total(works, name, energy_table()) for name in ("simd", ACCELERATOR))
            speed[title].append(base.cycles / one.cycles)
            energy[title].append(base.picojoules / one.picojoules)
            rows.append(
                [
                    network,
                    title,
                    f"{speed[title][-1]:.2f}",
                    f"{energy[title][-1]:.2f}",
                    f"{made.plan(plan).figure:.4f} ({made.task.figure})",
                ]
            )
    grouped_bars(axes[0, 0], networks, speed, label="throughput over SIMD")
    grouped_bars(axes[0, 1], networks, energy, label="energy efficiency over SIMD")
    columns = ("network", "activations", "throughput", "energy efficiency", "accuracy")
    return Drawn(figure=figure, table=Table(columns=columns, rows=rows))


SYMMETRY = FigureSpec(
    name="symmetry",
    title="Asymmetric and symmetric activations",
    operands="real",
    caption=(
        "All on Panacea's pooled operators, 7-bit weights by row. The paper reports for OPT-2.7B "
        "a lower perplexity with asymmetric activations at nearly the same throughput and energy."
    ),
    make=_make,
)
