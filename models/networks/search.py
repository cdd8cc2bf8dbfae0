"""Formats for every layer by calibration: the cheapest network within an accuracy budget.

Cost is the number of outer products. How much noise in its outputs harms the task is measured
once for every kind of layer, by rounding all layers of the kind. Then every layer takes the
candidates that are best at one common price for harm; the price follows from the budget. The
chosen network is run with rounded operands, and the prediction corrected by what it really loses.
Nothing is random. All of it is our choice.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import product

from models.calibration import QuantOptions
from models.errors import PanaceaError
from models.networks.candidates import (
    Choice,
    Operand,
    input_candidates,
    rounded_linear,
    weight_candidates,
)
from models.networks.steps import LinearFunction, Network, Samples

__all__ = ["Budget", "search"]

ATTEMPTS = 3
PRICES = (-3.0, 9.0)  # decimal logarithms: dense outer products for each unit of loss
PRICE_STEPS = 24  # halvings of that range


@dataclass(frozen=True, kw_only=True)
class Budget:
    """`loss` must not exceed `limit`.

    `loss` tells how far the task's results with given products are from float32, on calibration
    texts; it is 0 for float32 itself.
    """

    loss: Callable[[LinearFunction], float]
    limit: float


def search(
    network: Network,
    samples: Samples,
    inputs: Sequence[QuantOptions],
    weights: Sequence[QuantOptions],
    budget: Budget,
) -> dict[str, QuantOptions]:
    """Options for every layer.

    Args:
        network: the float network.
        samples: what its layers see.
        inputs: candidates for inputs; what concerns weights is ignored.
        weights: candidates for weights; what concerns inputs is ignored. Harm is measured with
            the first candidates of both.
        budget: what the task may lose.

    Raises:
        PanaceaError: if no attempt stays within the budget.
    """
    market = _Market(network, samples, inputs, weights)
    market.measure_harm(budget)
    found: list[Choice] = []
    aim = budget.limit
    for _ in range(ATTEMPTS):
        choice = market.cheapest(aim)
        loss = budget.loss(rounded_linear(network, choice))
        if loss <= budget.limit:
            found.append(choice)
        aim *= budget.limit / loss
    if not found:
        raise PanaceaError(f"loss = {loss:.4g}, in the last attempt, exceeds {budget.limit:.4g}")
    return {
        name: replace(x.options, w_bits=w.options.w_bits, granularity=w.options.granularity)
        for name, (x, w) in min(found, key=market.cost).items()
    }


class _Market:
    """All candidates, and what they cost at a price for harm."""

    def __init__(
        self,
        network: Network,
        samples: Samples,
        inputs: Sequence[QuantOptions],
        weights: Sequence[QuantOptions],
    ) -> None:
        self._network = network
        linears = network.linears()
        self._sizes = {name: linear.weight.size for name, linear in linears.items()}
        self._weights = {
            name: weight_candidates(name, linear, samples, weights)
            for name, linear in linears.items()
        }
        self._inputs = {
            group: input_candidates({name: linears[name] for name in group}, samples, inputs)
            for group in samples.groups
        }
        self._harm: dict[str, float] = {}

    def measure_harm(self, budget: Budget) -> None:
        """Find the loss for each unit of noise of every layer kind."""
        kinds: dict[str, dict[str, tuple[Operand, Operand]]] = {}
        for group, inputs in self._inputs.items():
            for name in group:
                kinds.setdefault(_kind(name), {})[name] = (inputs[0], self._weights[name][0])
        for kind, choice in kinds.items():
            noise = sum(_noise(name, pair) for name, pair in choice.items())
            self._harm[kind] = budget.loss(rounded_linear(self._network, choice)) / noise

    def cost(self, choice: Choice) -> float:
        """Outer products, times 16, for one column."""
        return sum(self._sizes[name] * x.slices * w.slices for name, (x, w) in choice.items())

    def cheapest(self, aim: float) -> Choice:
        """The cheapest choice whose predicted loss is at most `aim`, or the most accurate one."""
        low, high = PRICES
        for _ in range(PRICE_STEPS):
            middle = (low + high) / 2
            choice = self._at(10.0**middle)
            if sum(self._loss(name, pair) for name, pair in choice.items()) <= aim:
                high = middle
            else:
                low = middle
        return self._at(10.0**high)

    def _loss(self, name: str, pair: tuple[Operand, Operand]) -> float:
        return self._harm[_kind(name)] * _noise(name, pair)

    def _at(self, price: float) -> Choice:
        """What every layer takes at a price; the layers of a group take the same input."""
        unit = price * sum(self._sizes.values())

        def value(choice: Choice) -> float:
            harm = sum(self._loss(name, pair) for name, pair in choice.items())
            return self.cost(choice) + unit * harm

        taken: dict[str, tuple[Operand, Operand]] = {}
        for group, inputs in self._inputs.items():
            offers = [
                {
                    name: min(
                        product([x], self._weights[name]), key=lambda pair: value({name: pair})
                    )
                    for name in group
                }
                for x in inputs
            ]
            taken |= min(offers, key=value)
        return taken


def _kind(name: str) -> str:
    return name.rpartition(".")[2]


def _noise(name: str, pair: tuple[Operand, Operand]) -> float:
    """Relative noise of a layer with rounded operands; the two do not correlate."""
    return sum(operand.noise[name] for operand in pair)
