"""Plans: formats and rounding of every layer of a real network, by name.

| plan | weights | activations |
| --- | --- | --- |
| `plain` | 7 bits by row, to nearest | 8 bits, no ZPM, DBS type 1 |
| `zpm` | the same | ZPM where it helps |
| `offset` | the same | as `zpm`, two offsets; scales of tokens have a floor |
| `tensor` | the same | as `zpm`, one scale for all tokens |
| `symmetric` | the same | symmetric range, ZPM |
| `sibia` | the same | Sibia's 7 bits: symmetric range, even codes (DBS type 2), no ZPM |
| `w4` | 4 bits by row, OPTQ | as `zpm` |
| `accurate` | chosen: 7 or 10 bits, who shares a scale | chosen: width, DBS type, scale; offsets |
| `fast` | 4 bits OPTQ, by row or four rows | chosen as before |

`accurate` and `fast` are the cheapest within the task's two limits, for the cost given; `within`
takes weights of all widths. What was found is kept in `sim_build/calibration`; nothing is random.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path

import numpy as np

from models.calibrate.costs import COSTS
from models.calibrate.kept import digest_of, kept_arrays, kept_json
from models.calibrate.sequential import sequential_weights
from models.calibration import ActivationScale, QuantOptions, Zpm
from models.errors import PanaceaError
from models.networks.language import language_task
from models.networks.options import LOW_BIT_WEIGHTS, WEIGHTS, kept_options
from models.networks.quantised import QuantisedNetwork, quantise_network
from models.networks.requests import ChipNetwork
from models.networks.search import Market
from models.networks.sentences import sentence_task
from models.networks.steps import Samples, capture
from models.networks.task import Task
from models.quant import Granularity, Rounding

__all__ = ["NETWORKS", "PLANS", "WIDE_WEIGHTS", "Plan", "Planner", "planner"]

PLANS = ("plain", "zpm", "offset", "tensor", "symmetric", "sibia", "w4", "accurate", "fast")
_SOURCES = tuple(
    Path(__file__).parents[1] / f"{name}.py"
    for name in (
        "calibrate/optq",
        "calibrate/sequential",
        "calibration",
        "networks/language",
        "networks/passages",
        "networks/sentences",
        "offsets",
    )
)
OFFSETS, FLOOR = 2, 2.8
PLAN_INPUTS = (
    *(QuantOptions(scale=ActivationScale.COLUMN, dbs_max=dbs_max) for dbs_max in (2, 1)),
    *(QuantOptions(scale=ActivationScale.COLUMN, floor=floor) for floor in (1.4, FLOOR)),
    *(QuantOptions(dbs_max=dbs_max) for dbs_max in (2, 1, 3)),
    QuantOptions(symmetric=True),
    QuantOptions(x_bits=12),
)
WIDE_WEIGHTS = (
    *WEIGHTS,
    *(QuantOptions(granularity=shared) for shared in (Granularity.ROW_GROUP, Granularity.TENSOR)),
)
ALL_WEIGHTS = (*WIDE_WEIGHTS, *LOW_BIT_WEIGHTS)
ALWAYS = 1 - 1e-15  # sparsity target with which the rule asks for every type
NETWORKS: Mapping[str, Callable[[], Task]] = {"minilm": sentence_task, "smollm2": language_task}


@dataclass(frozen=True, kw_only=True, eq=False)
class Plan:
    """`options` by layer; `figure` is the task's, on texts that calibration does not see."""

    network: str
    name: str
    options: Mapping[str, QuantOptions]
    figure: float


class Planner:
    """Makes the plans of one network."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self._markets: dict[tuple[str, Sequence[QuantOptions]], Market] = {}
        self._plans: dict[tuple[str, str], Plan] = {}

    @cached_property
    def samples(self) -> Samples:
        """What the layers see in float32 on the calibration's texts."""
        return capture(self.task.network, self.task.texts)

    @property
    def _own_scales(self) -> bool:
        """Tokens differ so much that each has a scale of its own."""
        return self.task.plain.scale == ActivationScale.COLUMN

    def _candidates(self, weights: Sequence[QuantOptions]) -> tuple[QuantOptions, ...]:
        """Candidates for inputs: with offsets where tokens differ much and no weights have 4 bits.

        4-bit weights are fitted to the calibration's inputs; without offsets they are worse there,
        but better on other texts.
        """
        fitted = any(options.rounding == Rounding.OPTQ for options in weights)
        offsets = OFFSETS if self._own_scales and not fitted else 0
        return tuple(replace(options, offsets=offsets) for options in PLAN_INPUTS)

    def plan(self, name: str, cost: str = "pooled") -> Plan:
        """A plan by name, for `cost` if it is a chosen one; the same object every time.

        Raises:
            PanaceaError: for a name or cost that there is not; the message lists those there are.
        """
        if (name, cost) not in self._plans:
            self._plans[name, cost] = self._named(name, cost)
        return self._plans[name, cost]

    def _named(self, name: str, cost: str) -> Plan:
        plain, own = self.task.plain, self._own_scales
        fixed = {
            "plain": replace(plain, zpm=Zpm.OFF),
            "zpm": plain,
            "offset": replace(plain, offsets=OFFSETS, floor=FLOOR if own else 0.0),
            "tensor": replace(plain, scale=ActivationScale.TENSOR),
            "symmetric": replace(plain, symmetric=True),
            "sibia": replace(plain, symmetric=True, zpm=Zpm.OFF, dbs_max=2, sparsity_target=ALWAYS),
            "w4": replace(plain, w_bits=4, rounding=Rounding.OPTQ),
        }
        if name in fixed:
            return self._plan(name, self._everywhere(fixed[name]))
        if name == "accurate":
            return self.within(self.task.limit, cost, WIDE_WEIGHTS, name)
        if name == "fast":
            return self.within(self.task.low_bit_limit, cost, LOW_BIT_WEIGHTS, name)
        raise PanaceaError(f"plan = {name!r} is not one of {', '.join(PLANS)}")

    def _everywhere(self, options: QuantOptions) -> dict[str, QuantOptions]:
        """The same options in all layers, without offsets in chains."""
        ends = ((first, chain.then) for first, chain in self.samples.chains.items())
        chained = {name for pair in ends for name in pair}
        return {
            name: replace(options, offsets=0) if name in chained else options
            for name in self.task.network.linears()
        }

    def within(
        self,
        limit: float,
        cost: str = "pooled",
        weights: Sequence[QuantOptions] = ALL_WEIGHTS,
        name: str | None = None,
    ) -> Plan:
        """The cheapest plan that loses at most `limit` on the calibration's texts.

        Args:
            limit: of the task's loss.
            cost: one of `COSTS`.
            weights: candidates for weights.
            name: of the plan, made of the limit if None.

        Raises:
            PanaceaError: for another cost, or if the limit cannot be kept.
        """
        if cost not in COSTS:
            raise PanaceaError(f"cost = {cost!r} is not one of {', '.join(COSTS)}")
        key = (self.task.name, *self.task.texts, limit, cost, self._candidates(weights), weights)
        chosen = kept_options(
            f"{self.task.name}-plan", key, lambda: self._market(cost, weights).best(limit)
        )
        return self._plan(name or f"{limit:g}", chosen)

    def quantised(self, options: Mapping[str, QuantOptions]) -> QuantisedNetwork:
        """The integer layers of a plan, those rounded by OPTQ one after the other."""
        network, texts = self.task.network, self.task.texts
        nearest = {name: replace(one, rounding=Rounding.NEAREST) for name, one in options.items()}
        first = quantise_network(network, self.samples, nearest)
        if nearest == dict(options):
            return first

        def compute() -> dict[str, np.ndarray]:
            found = sequential_weights(network, texts, options, first.layers)
            return {
                f"{name}.{part}": array
                for name, pair in found.items()
                for part, array in zip(("w", "scale"), pair, strict=True)
            }

        digest = digest_of((self.task.name, *texts, options), _SOURCES)
        kept = kept_arrays(f"{self.task.name}-weights", digest, compute)
        names = [name for name in options if f"{name}.w" in kept]
        rounded = {name: (kept[f"{name}.w"], kept[f"{name}.scale"]) for name in names}
        return quantise_network(network, self.samples, options, rounded)

    def _market(self, cost: str, weights: Sequence[QuantOptions]) -> Market:
        if (cost, weights) not in self._markets:
            self._markets[cost, weights] = Market(
                self.task.network,
                self.samples,
                self._candidates(weights),
                weights,
                self.task.loss,
                COSTS[cost],
            )
        return self._markets[cost, weights]

    def _plan(self, name: str, options: Mapping[str, QuantOptions]) -> Plan:
        def measure() -> float:
            network = ChipNetwork(network=self.task.network, quantised=self.quantised(options))
            return self.task.measure(network)

        figure = kept_json(
            f"{self.task.name}-figure", digest_of((self.task.figure, options), _SOURCES), measure
        )
        return Plan(network=self.task.name, name=name, options=options, figure=figure)


@cache
def planner(network: str) -> Planner:
    """The planner of one of `NETWORKS`.

    Raises:
        PanaceaError: for another network, or naming the package that is missing.
    """
    if network not in NETWORKS:
        raise PanaceaError(f"network = {network!r} is not one of {', '.join(NETWORKS)}")
    return Planner(NETWORKS[network]())
