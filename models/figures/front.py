"""The Pareto front of the plans: accuracy against speed and energy."""

from collections.abc import Sequence

from models.calibrate.front import ACCELERATORS, front, pareto
from models.calibrate.plans import planner
from models.figures.figure import Drawn, FigureSpec, Table, Tell, canvas

__all__ = ["FRONT"]


def _make(networks: Sequence[str], tell: Tell) -> Drawn:
    figure, axes = canvas(len(networks), 2, width=5.5, height=3.6)
    rows = []
    for network, line in zip(networks, axes, strict=True):
        task = planner(network).task
        points = front(network, tell=lambda text, name=network: tell(f"{name}: {text}"))
        for what, axis in zip(("speed", "energy"), line, strict=True):
            for number, name in enumerate(ACCELERATORS):
                values = {point.name: getattr(point, what)[name] for point in points}
                figures = [point.figure for point in points]
                axis.scatter(values.values(), figures, s=14, color=f"C{number}", label=name)
                for point in points:
                    axis.annotate(point.name, (values[point.name], point.figure), fontsize=6)
                if what == "speed":
                    best = pareto(points, name, higher_is_better=task.higher_is_better)
                    axis.plot(
                        [point.speed[name] for point in best],
                        [point.figure for point in best],
                        color=f"C{number}",
                        linewidth=0.8,
                    )
            axis.set_xlabel(f"{what} over SIMD")
            axis.set_ylabel(task.figure)
            axis.set_title(network, fontsize=9)
            axis.grid(alpha=0.3)
        line[0].legend(fontsize=7)
        rows += [
            [
                network,
                point.name,
                f"{point.figure:.4f}",
                *(f"{point.speed[name]:.2f} / {point.energy[name]:.2f}" for name in ACCELERATORS),
            ]
            for point in sorted(points, key=lambda p: p.speed[ACCELERATORS[0]])
        ]
    columns = ("network", "plan or budget", "figure", *ACCELERATORS)
    return Drawn(figure=figure, table=Table(columns=columns, rows=rows))


FRONT = FigureSpec(
    name="front",
    title="What accuracy costs: plans of every layer's formats",
    operands="real",
    caption=(
        "A number is the budget of a plan that calibration chose: 1 - cosine for MiniLM, nats of "
        "divergence for SmolLM2, on the calibration's texts; accuracy is measured on others, on "
        "integers. Table entries: cycles / energy, SIMD with 8-bit operands over the accelerator."
    ),
    make=_make,
)
