"""A network with its use: texts, how far a quantised run is from float32, a figure for that."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from models.calibration import QuantOptions
from models.networks.requests import ChipNetwork
from models.networks.steps import LinearFunction, Network

__all__ = ["Task"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Task:
    """What calibration needs to know of a network's use.

    Attributes:
        name: of the network.
        network: in float32.
        texts: token ids of the calibration's passages.
        loss: how far the results on `texts` with given products are from float32; 0 for float32.
        limit: of the loss, that keeps the accuracy.
        low_bit_limit: of the loss, for weights of 4 bits.
        measure: the task's figure of an integer network, on other texts.
        figure: what that is.
        higher_is_better: of the figure.
        passage: token ids of a passage that calibration does not see.
        plain: options of a layer for which nothing was chosen.
    """

    name: str
    network: Network = field(repr=False)
    texts: list[np.ndarray] = field(repr=False)
    loss: Callable[[LinearFunction], float]
    limit: float
    low_bit_limit: float
    measure: Callable[[ChipNetwork], float]
    figure: str
    higher_is_better: bool
    passage: np.ndarray
    plain: QuantOptions
