"""Weights of 7 and of 4 bits (the paper's figure 19)."""

from collections.abc import Sequence

from models.calibrate.plans import planner
from models.energy import energy_table
from models.figures.counters import against
from models.figures.figure import Drawn, FigureSpec, Table, Tell, canvas, grouped_bars
from models.predict.networks import network_works
from models.predict.registry import total

__all__ = ["WEIGHT_WIDTHS", "WEIGHT_WIDTHS_SYNTHETIC"]

ACCELERATORS = ("sibia", "panacea 4+8", "panacea 4+8 dtp", "panacea pooled best")
PAPER_NETWORK = "opt-2.7b"
PAPER = {7: 1.9, 4: 3.3}
"""Sibia's latency with 7-bit weights over Panacea's, by weight bits [P]."""
SYNTHETIC = {"opt-2.7b": {7: "zpm-dbs", 4: "w4"}, "gpt-2": {7: "zpm-dbs", 4: "w4"}}


def _draw(cases: dict[str, dict[int, str]], real: bool, tell: Tell) -> Drawn:
    figure, axes = canvas(1, 2, width=5.5)
    labels, rows = [], []
    speed, energy = ({name: [] for name in ACCELERATORS} for _ in range(2))
    for network, plans in cases.items():
        base = None
        for bits, plan in plans.items():
            tell(f"{network}, {bits}-bit weights")
            works = network_works(network, plan)
            base = base or total(works, "sibia", energy_table())
            labels.append(f"{network} {bits} b")
            figure_of = "-"
            if real:
                made = planner(network)
                figure_of = f"{made.plan(plan).figure:.4f} ({made.task.figure})"
            cells = []
            for name in ACCELERATORS:
                one = total(works, name, energy_table())
                speed[name].append(base.cycles / one.cycles)
                energy[name].append(base.picojoules / one.picojoules)
                cells.append(f"{speed[name][-1]:.2f}x / {energy[name][-1]:.2f}x")
            paper = ""
            if network == PAPER_NETWORK:
                found = ", ".join(
                    f"{name} {against(speed[name][-1], PAPER[bits])}" for name in ACCELERATORS[1:]
                )
                paper = f"{PAPER[bits]}x lower latency ({found})"
            rows.append([network, f"{bits}", *cells, figure_of, paper])
    grouped_bars(axes[0, 0], labels, speed, label="throughput over Sibia at 7 bits")
    grouped_bars(axes[0, 1], labels, energy, label="energy efficiency over Sibia at 7 bits")
    columns = ("network", "weight bits", *ACCELERATORS, "accuracy", "paper (ours against it)")
    return Drawn(figure=figure, table=Table(columns=columns, rows=rows))


def _real(networks: Sequence[str], tell: Tell) -> Drawn:
    return _draw({name: {7: "zpm", 4: "w4"} for name in networks}, True, tell)


WEIGHT_WIDTHS = FigureSpec(
    name="weight_widths",
    title="Weights of 7 bits, and of 4 bits rounded by OPTQ",
    operands="real",
    caption="Throughput / energy efficiency over Sibia with 7-bit weights; ZPM, no DBS.",
    make=_real,
)
WEIGHT_WIDTHS_SYNTHETIC = FigureSpec(
    name="weight_widths_synthetic",
    title="The same of synthetic operands",
    operands="synthetic",
    caption=(
        "Throughput / energy efficiency over Sibia with 7-bit weights; ZPM and DBS. For OPT-2.7B "
        "the paper has 1.9 and 3.3 times lower latency than Sibia with 7 bits, and at 4 bits "
        "56 % of its energy."
    ),
    make=lambda _, tell: _draw(SYNTHETIC, False, tell),
)
