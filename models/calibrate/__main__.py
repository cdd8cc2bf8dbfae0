"""Calibrates a network: makes a plan and tells what it costs, or draws the Pareto front.

Example:
    .venv/bin/python -m models.calibrate --network minilm --plan accurate
"""

import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Sequence

from models.calibrate.costs import COSTS
from models.calibrate.front import front
from models.calibrate.plans import NETWORKS, PLANS, Plan, planner
from models.calibration import QuantOptions
from models.energy import energy_table
from models.errors import PanaceaError
from models.predict.__main__ import comparison
from models.predict.networks import plan_works

__all__ = ["main", "plan_lines"]


def plan_lines(plan: Plan) -> list[str]:
    """Lines: for each kind of layer how many have which format."""
    lines = ["kind            layers x weights / activations, DBS type allowed, scale, rounding"]
    kinds = dict.fromkeys(name.rpartition(".")[2] for name in plan.options)
    for kind in kinds:
        counts = Counter(
            _format(options) for name, options in plan.options.items() if name.endswith(f".{kind}")
        )
        lines.append(
            f"{kind:15s} " + ", ".join(f"{number} x {text}" for text, number in counts.items())
        )
    return lines


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the plan or the front; 2 if it was asked for something that there is not."""
    parser = ArgumentParser(prog="models.calibrate", description=__doc__.partition("\n")[0])
    parser.add_argument("--network", default="minilm", help=f"one of {', '.join(NETWORKS)}")
    parser.add_argument("--plan", default="accurate", help=f"one of {', '.join(PLANS)}")
    parser.add_argument("--cost", default="pooled", help=f"to make small: {', '.join(COSTS)}")
    parser.add_argument("--front", action="store_true", help="all plans, and budgets between them")
    options = parser.parse_args(arguments)
    try:
        made = planner(options.network)
        if options.front:
            front(options.network)
            return 0
        plan = made.plan(options.plan, options.cost)
        print("\n".join(plan_lines(plan)))
        print(f"{made.task.figure}: {plan.figure:.4f}")
        print("\n".join(comparison(plan_works(made, plan), energy_table())))
    except PanaceaError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


def _format(options: QuantOptions) -> str:
    dbs = options.dbs_max if isinstance(options.dbs_max, int) else "by layer"
    return (
        f"{options.w_bits} / {options.x_bits} ({options.granularity.name.lower()}, "
        f"{options.rounding.name.lower()}; DBS {dbs}, {options.scale.name.lower()})"
    )


if __name__ == "__main__":
    sys.exit(main())
