"""A network small enough to follow by hand: two layers of one input, and a chained pair."""

from dataclasses import dataclass, field

import numpy as np

from models.networks.bert import gelu
from models.networks.steps import Linear, Step, Steps

__all__ = ["TinyNetwork"]


def _linear(rng: np.random.Generator, rows: int, depth: int, bias: float) -> Linear:
    weight = rng.normal(size=(rows, depth)) / np.sqrt(depth)
    return Linear(
        weight=weight.astype(np.float32),
        bias=(bias * rng.normal(size=rows)).astype(np.float32),
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class TinyNetwork:
    """Tokens are seeds of their vectors. `outlier` is what the first token is multiplied by."""

    bias: float = 1.0
    outlier: float = 1.0
    features: int = 24
    layers: dict[str, Linear] = field(init=False)

    def __post_init__(self) -> None:
        rng = np.random.default_rng(0)
        sizes = {"a.p": (24, 24), "a.q": (24, 24), "b.fc1": (40, 24), "b.fc2": (24, 40)}
        layers = {name: _linear(rng, *size, self.bias) for name, size in sizes.items()}
        object.__setattr__(self, "layers", layers)

    def linears(self) -> dict[str, Linear]:
        """The four layers."""
        return self.layers

    def steps(self, ids: np.ndarray) -> Steps[np.ndarray]:
        """The result is (features, N) float32."""
        x = np.stack([np.random.default_rng(i).normal(size=self.features) for i in ids], axis=1)
        x[:, 0] *= self.outlier
        found = yield Step(x=x.astype(np.float32), layers=("a.p", "a.q"))
        mixed = np.tanh(found["a.p"]) + np.tanh(found["a.q"])
        found = yield Step(x=mixed, layers=("b.fc1",), function=gelu, then="b.fc2")
        return found["b.fc2"]
