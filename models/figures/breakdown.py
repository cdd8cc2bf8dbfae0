"""What ZPM, DBS, DTP and pooled operators bring, one after the other (the paper's figure 15)."""

from collections.abc import Sequence

from models.energy import energy_table
from models.figures.counters import against, limits
from models.figures.figure import Drawn, FigureSpec, Table, Tell, canvas
from models.predict.networks import network_works
from models.predict.registry import total

__all__ = ["BREAKDOWN", "BREAKDOWN_SYNTHETIC"]

PAPER_NETWORK = "gpt-2"
PAPER = {"ZPM": (1.17, 10.0), "DBS": (1.12, 11.0), "DTP": (1.076, 8.9)}
"""Throughput by step, and per cent of energy saved [P]."""
REAL = (
    ("plain", "plain", "panacea 4+8"),
    ("ZPM", "zpm", "panacea 4+8"),
    ("DBS", "accurate", "panacea 4+8"),
    ("DTP", "accurate", "panacea 4+8 dtp"),
    ("pooled", "accurate", "panacea pooled best"),
)
SYNTHETIC = tuple(
    (step, "zpm-dbs" if plan == "accurate" else plan, name) for step, plan, name in REAL
)
SYNTHETIC_NETWORKS = ("gpt-2", "deit-base", "opt-350m")
Steps = Sequence[tuple[str, str, str]]


def _draw(networks: Sequence[str], steps: Steps, tell: Tell) -> Drawn:
    figure, axes = canvas(1, 2, width=5.5)
    names, rows = [step for step, *_ in steps], []
    for network in networks:
        tell(network)
        works = [network_works(network, plan) for _, plan, _ in steps]
        found = [
            total(one, name, energy_table()) for one, (*_, name) in zip(works, steps, strict=True)
        ]
        speed = [found[0].cycles / one.cycles for one in found]
        energy = [one.picojoules / found[0].picojoules for one in found]
        axes[0, 0].plot(names, speed, marker="o", label=network)
        axes[0, 1].plot(names, energy, marker="o", label=network)
        for number, step in enumerate(names[1:], 1):
            gained = speed[number] / speed[number - 1]
            saved = 100 * (1 - energy[number] / energy[number - 1])
            paper = ""
            if network == PAPER_NETWORK and step in PAPER:
                faster, less = PAPER[step]
                paper = f"{faster:g} ({against(gained, faster)}), {less:g} % ({saved - less:+.1f})"
            counters = limits(works[number], steps[number][2])
            rows.append([network, step, f"{gained:.3f}", f"{saved:.1f} %", counters, paper])
    for axis, label in zip(axes[0], ("throughput over plain", "energy over plain"), strict=True):
        axis.set_ylabel(label)
        axis.grid(alpha=0.3)
        axis.legend(fontsize=7)
    columns = (
        "network",
        "step",
        "throughput x",
        "energy saved",
        "why: counters",
        "paper: x, saved (ours against it)",
    )
    return Drawn(figure=figure, table=Table(columns=columns, rows=rows))


BREAKDOWN = FigureSpec(
    name="breakdown",
    title="ZPM, DBS, DTP and pooled operators, one after the other",
    operands="real",
    caption=(
        "4 DWO + 8 SWO, 7-bit weights by row; each step on top of the ones before. DBS: formats "
        "chosen within the accuracy budget. The paper has for GPT-2 1.17x and 10 % less energy by "
        "ZPM, 1.12x and 11 % by DBS, 1.076x and 8.9 % by DTP. With accurate weights nearly all HO "
        "weight vectors are stored, the DWOs limit, and DTP has nothing to give; pooled operators "
        "have."
    ),
    make=lambda networks, tell: _draw(networks, REAL, tell),
)
BREAKDOWN_SYNTHETIC = FigureSpec(
    name="breakdown_synthetic",
    title="The same of synthetic operands",
    operands="synthetic",
    caption="Shapes and widths of the networks; DBS types by the paper's rule on every layer.",
    make=lambda _, tell: _draw(SYNTHETIC_NETWORKS, SYNTHETIC, tell),
)
