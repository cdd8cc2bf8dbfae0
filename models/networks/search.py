"""Formats for every layer by calibration: the cheapest network within an accuracy budget.

Cost is the number of outer products, or another that is given. How much noise in its outputs
harms the task is measured once for every kind of layer, by rounding all layers of the kind. Then
every layer takes the candidates that are best at one common price for harm; the price follows
from the budget. The chosen network is run with rounded operands, and the prediction corrected by
what it really loses. Losses of layers do not just add up, though, so formats that are the same in
all layers are tried too; from the cheapest of all that stay within the budget, kind after kind of
layers takes cheaper formats as long as it does. Nothing is random. All of it is our choice.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
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

__all__ = ["Budget", "Cost", "Market", "outer_products", "search"]

ATTEMPTS, MOST_ATTEMPTS = 3, 8  # the latter if none of the first stays within the limit
CAUTION = 0.9  # of the limit is aimed at then, since losses approach it from above
PRICES = (-3.0, 9.0)  # decimal logarithms: dense outer products for each unit of loss
PRICE_STEPS = 24  # halvings of that range
TRIES = 4  # of cheaper formats for the layers of a kind


@dataclass(frozen=True, kw_only=True)
class Budget:
    """`loss` must not exceed `limit`.

    `loss` tells how far the task's results with given products are from float32, on calibration
    texts; it is 0 for float32 itself.
    """

    loss: Callable[[LinearFunction], float]
    limit: float


Weights = Mapping[str, Sequence[Operand]]
"""Candidates for weights by layer."""

Cost = Callable[[Operand, Operand], float]
"""(input, weights) -> cost of one multiplication of a layer with these operands."""


def outer_products(x: Operand, w: Operand) -> float:
    """Products of slices for each multiplication: what pooled operators take."""
    return x.slices * w.slices


def search(
    network: Network,
    samples: Samples,
    inputs: Sequence[QuantOptions],
    weights: Sequence[QuantOptions],
    budget: Budget,
    cost: Cost = outer_products,
) -> dict[str, QuantOptions]:
    """Options for every layer.

    Args:
        network: the float network.
        samples: what its layers see.
        inputs: candidates for inputs; what concerns weights is ignored.
        weights: candidates for weights; what concerns inputs is ignored. Harm is measured with
            the first candidates of both.
        budget: what the task may lose.
        cost: what is to be small.

    Raises:
        PanaceaError: if no attempt stays within the budget.
    """
    return Market(network, samples, inputs, weights, budget.loss, cost).best(budget.limit)


class Market:
    """All candidates, and what they cost at a price for harm; arguments as for `search`."""

    def __init__(
        self,
        network: Network,
        samples: Samples,
        inputs: Sequence[QuantOptions],
        weights: Sequence[QuantOptions],
        loss: Callable[[LinearFunction], float],
        cost: Cost = outer_products,
    ) -> None:
        self._network, self._measure, self._cost = network, loss, cost
        linears = network.linears()
        self._sizes = {name: linear.weight.size for name, linear in linears.items()}
        self._inputs = {
            group: input_candidates({name: linears[name] for name in group}, samples, inputs)
            for group in samples.groups
        }
        self._weights = {
            name: weight_candidates(name, linears[name], samples, weights, found[0].rounded)
            for group, found in self._inputs.items()
            for name in group
        }
        self._alike = {
            name: [w for w in found if w.options.granularity == found[0].options.granularity]
            for name, found in self._weights.items()
        }
        self._harm = self._measured_harm()

    def best(self, limit: float) -> dict[str, QuantOptions]:
        """The cheapest options that lose at most `limit`.

        Raises:
            PanaceaError: if no attempt stays within the limit.
        """
        found = self._attempts(limit, self._weights)
        if self._alike != self._weights:
            # The noise of weights whose rows share a scale adds up least as predicted.
            found += self._attempts(limit, self._alike)
        for choice in self._uniform():
            if self.cost(choice) < min(map(self.cost, found), default=float("inf")):
                found += [choice] if self._within(choice, limit) else []
        if not found:
            raise PanaceaError(f"loss of every attempt exceeds {limit:.4g}")
        chosen = self._refined(min(found, key=self.cost), limit)
        return {
            name: replace(
                x.options,
                w_bits=w.options.w_bits,
                granularity=w.options.granularity,
                rounding=w.options.rounding,
            )
            for name, (x, w) in chosen.items()
        }

    def _attempts(self, limit: float, weights: Weights) -> list[Choice]:
        """Choices of these candidates for weights that stay within the limit."""
        found: list[Choice] = []
        aim = limit
        for attempt in range(MOST_ATTEMPTS):
            if found and attempt >= ATTEMPTS:
                break
            choice = self.cheapest(aim, weights)
            loss = self._measure(rounded_linear(self._network, choice))
            if loss <= limit:
                found.append(choice)
            aim *= limit / loss * (1.0 if attempt + 1 < ATTEMPTS else CAUTION)
        return found

    def _within(self, choice: Choice, limit: float) -> bool:
        return self._measure(rounded_linear(self._network, choice)) <= limit

    def _uniform(self) -> Iterator[Choice]:
        """The first candidate for weights and the same one for inputs, wherever it is one."""
        every = (_unshifted(one) for inputs in self._inputs.values() for one in inputs)
        for options in dict.fromkeys(every):
            choice: dict[str, tuple[Operand, Operand]] = {}
            for group, inputs in self._inputs.items():
                x = next((one for one in inputs if _unshifted(one) == options), inputs[0])
                choice |= {name: (x, self._weights[name][0]) for name in group}
            yield choice

    def _refined(self, choice: Choice, limit: float) -> Choice:
        """The choice with the cheapest formats that kind after kind of layers can take besides."""
        kinds: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
        for group in self._inputs:
            kinds.setdefault(tuple(map(_kind, group)), []).append(group)
        for groups in kinds.values():
            offers = [dict(choice) | offer for offer in self._offers(groups)]
            cheaper = [offer for offer in offers if self.cost(offer) < self.cost(choice)]
            likely = [one for one in cheaper if self._predicted(one) <= limit]
            for offer in sorted(likely, key=self.cost)[:TRIES]:
                if self._within(offer, limit):
                    choice = offer
                    break
        return choice

    def _offers(self, groups: Sequence[tuple[str, ...]]) -> Iterator[Choice]:
        """All layers of some groups with the same candidates, wherever they are some."""
        first = groups[0]
        for x_number in range(min(len(self._inputs[group]) for group in groups)):
            for w_number in range(len(self._weights[first[0]])):
                yield {
                    name: (self._inputs[group][x_number], self._weights[name][w_number])
                    for group in groups
                    for name in group
                }

    def _predicted(self, choice: Choice) -> float:
        return sum(self._loss(name, pair) for name, pair in choice.items())

    def _measured_harm(self) -> dict[str, float]:
        """The loss for each unit of noise of every layer kind."""
        kinds: dict[str, dict[str, tuple[Operand, Operand]]] = {}
        for group, inputs in self._inputs.items():
            for name in group:
                kinds.setdefault(_kind(name), {})[name] = (inputs[0], self._weights[name][0])
        return {
            kind: self._measure(rounded_linear(self._network, choice))
            / sum(_noise(name, pair) for name, pair in choice.items())
            for kind, choice in kinds.items()
        }

    def cost(self, choice: Choice) -> float:
        """Cost for one column."""
        return sum(self._sizes[name] * self._cost(*pair) for name, pair in choice.items())

    def cheapest(self, aim: float, weights: Weights) -> Choice:
        """The cheapest choice whose predicted loss is at most `aim`, or the most accurate one."""
        low, high = PRICES
        for _ in range(PRICE_STEPS):
            middle = (low + high) / 2
            choice = self._at(10.0**middle, weights)
            if self._predicted(choice) <= aim:
                high = middle
            else:
                low = middle
        return self._at(10.0**high, weights)

    def _loss(self, name: str, pair: tuple[Operand, Operand]) -> float:
        return self._harm[_kind(name)] * _noise(name, pair)

    def _at(self, price: float, weights: Weights) -> Choice:
        """What every layer takes at a price; the layers of a group take the same input."""
        unit = price * sum(self._sizes.values())

        def value(choice: Choice) -> float:
            return self.cost(choice) + unit * self._predicted(choice)

        taken: dict[str, tuple[Operand, Operand]] = {}
        for group, inputs in self._inputs.items():
            offers = [
                {
                    name: min(product([x], weights[name]), key=lambda pair: value({name: pair}))
                    for name in group
                }
                for x in inputs
            ]
            taken |= min(offers, key=value)
        return taken


def _kind(name: str) -> str:
    return name.rpartition(".")[2]


def _unshifted(operand: Operand) -> QuantOptions:
    """Its options but for offsets, which chained layers do not have."""
    return replace(operand.options, offsets=0)


def _noise(name: str, pair: tuple[Operand, Operand]) -> float:
    """Relative noise of a layer with rounded operands; the two do not correlate."""
    return sum(operand.noise[name] for operand in pair)
