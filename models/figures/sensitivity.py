"""What energy ratios owe to the entries of the energy table."""

from collections.abc import Sequence

from models.energy import GROUPS, energy_table
from models.figures.figure import Drawn, FigureSpec, Table, Tell, canvas
from models.predict.networks import network_works
from models.predict.registry import total

__all__ = ["SENSITIVITY"]

ACCELERATOR, FACTORS = "panacea pooled best", (0.25, 0.5, 1.0, 2.0, 4.0)
BASELINES = ("simd", "sa_ws", "sibia")
NETWORK, PLAN = "deit-base", "zpm-dbs"


def _make(_: Sequence[str], tell: Tell) -> Drawn:
    tell(NETWORK)
    works = network_works(NETWORK, PLAN)
    figure, axes = canvas(1, len(BASELINES), width=4.0)
    rows = []
    for base, axis in zip(BASELINES, axes[0], strict=True):
        for group in GROUPS:
            ratios = []
            for factor in FACTORS:
                table = energy_table().scaled(group, factor)
                found, ours = (total(works, name, table).picojoules for name in (base, ACCELERATOR))
                ratios.append(found / ours)
            axis.plot(FACTORS, ratios, marker=".", label=group)
            rows.append([base, group, *(f"{ratio:.2f}" for ratio in ratios)])
        axis.set_xscale("log", base=2)
        axis.set_title(f"{base} / {ACCELERATOR}", fontsize=9)
        axis.set_xlabel("energies of the group, times")
        axis.grid(alpha=0.3)
    axes[0, 0].set_ylabel("energy efficiency")
    axes[0, 0].legend(fontsize=7)
    columns = ("baseline", "group", *(f"x {factor:g}" for factor in FACTORS))
    return Drawn(figure=figure, table=Table(columns=columns, rows=rows))


SENSITIVITY = FigureSpec(
    name="sensitivity",
    title="Energy ratios under other energy tables",
    operands="synthetic",
    caption="Shapes of DeiT-base. All energies of one group of models/energy.yaml are changed.",
    make=_make,
)
