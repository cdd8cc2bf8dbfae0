"""The Pareto front of a network: accuracy against speed and energy of the plans within budgets."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from models.calibrate.plans import PLANS, Planner, planner
from models.energy import energy_table
from models.errors import PanaceaError
from models.predict.networks import plan_works
from models.predict.registry import total

__all__ = ["ACCELERATORS", "LIMITS", "FrontPoint", "front", "pareto"]

LIMITS: Mapping[str, tuple[float, ...]] = {
    "minilm": (0.003, 0.005, 0.012, 0.02),
    "smollm2": (0.08, 0.15),
}
ACCELERATORS = ("panacea pooled best", "panacea 4+8 dtp")
BASELINE, DENSE_PLAN = "simd", "zpm"
"""What ratios are to: a dense array whose operands all have 8 bits, whatever the plan's have."""


@dataclass(frozen=True, kw_only=True)
class FrontPoint:
    """A plan: its budget (None: a fixed plan), the task's figure, ratios to SIMD.

    `speed` and `energy` are cycles and energy of SIMD on 8-bit operands over those of an
    accelerator, by its name.
    """

    name: str
    limit: float | None
    figure: float
    speed: Mapping[str, float]
    energy: Mapping[str, float]


def front(
    network: str,
    limits: Iterable[float] | None = None,
    fixed: Iterable[str] = PLANS,
    tell: Callable[[str], None] = print,
) -> list[FrontPoint]:
    """The fixed plans and those within `limits` (default: `LIMITS`), told as they are found.

    Raises:
        PanaceaError: for a network that is not real.
    """
    made = planner(network)
    points = []
    for name in fixed:
        points += _point(made, name, None, tell)
    for limit in LIMITS[network] if limits is None else limits:
        points += _point(made, f"{limit:g}", limit, tell)
    return points


def pareto(points: Iterable[FrontPoint], name: str, *, higher_is_better: bool) -> list[FrontPoint]:
    """The points that no other one beats both in figure and in speed on accelerator `name`."""
    sign = 1 if higher_is_better else -1
    found: list[FrontPoint] = []
    for point in sorted(points, key=lambda p: (p.speed[name], sign * p.figure), reverse=True):
        if not found or sign * point.figure > sign * found[-1].figure:
            found.append(point)
    return found


def _point(
    made: Planner, name: str, limit: float | None, tell: Callable[[str], None]
) -> list[FrontPoint]:
    try:
        plan = made.plan(name) if limit is None else made.within(limit)
    except PanaceaError as error:  # a budget out of reach leaves a gap in the front
        tell(f"{name}: {error}")
        return []
    works, table = plan_works(made, plan), energy_table()
    base = total(plan_works(made, made.plan(DENSE_PLAN)), BASELINE, table)
    found = {one: total(works, one, table) for one in ACCELERATORS}
    point = FrontPoint(
        name=name,
        limit=limit,
        figure=plan.figure,
        speed={one: base.cycles / t.cycles for one, t in found.items()},
        energy={one: base.picojoules / t.picojoules for one, t in found.items()},
    )
    speeds = ", ".join(f"{one} {ratio:.2f}" for one, ratio in point.speed.items())
    tell(f"{name:10s} {made.task.figure} {plan.figure:.4f}; speed over SIMD: {speeds}")
    return [point]
