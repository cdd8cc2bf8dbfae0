"""A network as a sequence of steps: fully connected products, and host work in between.

A network is a generator. It yields one `Step` after the other, is sent the products of each as a
dict from layer name to real output (M, N), float32, and returns its result. What computes the
products is exchanged without touching the network: float32, or the accelerator's integers.
"""

from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

import numpy as np

__all__ = [
    "Chain",
    "Linear",
    "LinearFunction",
    "Network",
    "Outputs",
    "Samples",
    "Step",
    "Steps",
    "capture",
    "drive",
    "float_linear",
    "float_outputs",
]

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")
Result = TypeVar("Result")


@dataclass(frozen=True, kw_only=True, eq=False)
class Linear:
    """A fully connected layer: `weight` (M, K), `bias` (M,)."""

    weight: np.ndarray
    bias: np.ndarray


@dataclass(frozen=True, kw_only=True, eq=False)
class Step:
    """Products of one input.

    Attributes:
        x: real input (K, N), float32; columns are tokens.
        layers: names of the layers that multiply x, in order.
        function, then: with both, the single layer's output goes through the element-wise
            `function` into layer `then`, whose output alone is the step's.
    """

    x: np.ndarray = field(repr=False)
    layers: tuple[str, ...]
    function: Callable[[np.ndarray], np.ndarray] | None = None
    then: str | None = None


Outputs = Mapping[str, np.ndarray]
"""Real outputs (M, N) of one step, by layer name."""

Steps = Generator[Step, Outputs, Result]
"""A network; its value is the task's result."""


LinearFunction = Callable[[str, np.ndarray], np.ndarray]
"""(layer name, input (K, N)) -> output (M, N), bias included; all float32."""


class Network(Protocol):
    """What calibration and the accelerator need to know of a network."""

    def linears(self) -> Mapping[str, Linear]:
        """All fully connected layers by name, in execution order."""

    def steps(self, ids: np.ndarray) -> Steps[np.ndarray]:
        """The network on token `ids` (N,)."""


@dataclass(frozen=True, kw_only=True)
class Chain:
    """Layer `then` takes `function` of a layer whose outputs reach `peak` in magnitude."""

    function: Callable[[np.ndarray], np.ndarray]
    then: str
    peak: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Samples:
    """Calibration data: float `inputs` (K, all tokens) and `chains`, both by layer name.

    `groups` are the layers that share an input, in execution order.
    """

    groups: tuple[tuple[str, ...], ...]
    inputs: Mapping[str, np.ndarray]
    chains: Mapping[str, Chain]


def drive(run: Generator[Asked, Answer, Result], compute: Callable[[Asked], Answer]) -> Result:
    """Answer all that `run` yields by `compute`, and return its result."""
    try:
        asked = next(run)
        while True:
            asked = run.send(compute(asked))
    except StopIteration as end:
        return end.value


def float_linear(network: Network) -> LinearFunction:
    """The network's own float32 products."""
    linears = network.linears()

    def multiply(name: str, x: np.ndarray) -> np.ndarray:
        return linears[name].weight @ x + linears[name].bias[:, None]

    return multiply


def float_outputs(step: Step, linear: LinearFunction) -> Outputs:
    """Outputs of a step with every layer by `linear`."""
    outputs = {name: linear(name, step.x) for name in step.layers}
    if step.then is None:
        return outputs
    (inner,) = outputs.values()
    return {step.then: linear(step.then, step.function(inner))}


def capture(network: Network, passages: Iterable[np.ndarray]) -> Samples:
    """What every fully connected layer sees in float32 over token-id `passages`."""
    inputs: dict[tuple[str, ...], list[np.ndarray]] = {}
    chains: dict[str, Chain] = {}
    linear = float_linear(network)

    def watch(step: Step) -> Outputs:
        inputs.setdefault(step.layers, []).append(step.x)
        if step.then is None:
            return float_outputs(step, linear)
        (first,) = step.layers
        before = linear(first, step.x)
        after = step.function(before)
        inputs.setdefault((step.then,), []).append(after)
        peak = float(np.abs(before).max())
        if first in chains:
            peak = max(peak, chains[first].peak)
        chains[first] = Chain(function=step.function, then=step.then, peak=peak)
        return {step.then: linear(step.then, after)}

    for ids in passages:
        drive(network.steps(ids), watch)
    joined = {layers: np.concatenate(parts, axis=1) for layers, parts in inputs.items()}
    return Samples(
        groups=tuple(joined),
        inputs={name: x for layers, x in joined.items() for name in layers},
        chains=chains,
    )
