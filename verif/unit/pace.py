"""How often each side of a bench is willing, by name."""

from collections.abc import Iterable

import numpy as np

__all__ = ["Pace"]


class Pace:
    """Called with a side's name: whether it moves in this cycle. Sides not set always do."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng, self._rates = rng, {}

    def set(self, **rates: float) -> None:
        """Set the share of cycles in which sides move."""
        self._rates |= rates

    def free(self) -> None:
        """Have nobody pause."""
        self._rates.clear()

    def draw(self, names: Iterable[str]) -> None:
        """Random rates for these sides, slow and fast ones."""
        for name in names:
            self._rates[name] = float(self._rng.choice([0.1, 0.5, 1.0], p=[0.15, 0.25, 0.6]))

    def __call__(self, name: str) -> bool:
        rate = self._rates.get(name, 1.0)
        return rate >= 1 or (rate > 0 and bool(self._rng.random() < rate))
