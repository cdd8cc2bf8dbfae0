"""What the scoreboard hands on: checked commands for coverage, layer outcomes for reports."""

from dataclasses import dataclass, field

import numpy as np

from models.decoded import DecodedCommand, DecodedPass
from verif.agents.items import COUNTERS, CommandItem

__all__ = ["PRODUCTS", "CheckedCommand", "LayerOutcome", "expected_products", "sum_products"]

PRODUCTS = ("HH", "HL", "LH", "LL")
"""Kinds of outer products: weight slice, then activation slice (H high-order, L low-order)."""


@dataclass(frozen=True, kw_only=True, eq=False)
class CheckedCommand:
    """A monitored command, what its streams mean, and the results that were read."""

    item: CommandItem
    decoded: DecodedCommand
    blocks: np.ndarray


@dataclass(frozen=True, kw_only=True, eq=False)
class LayerOutcome:
    """What the core made of one layer.

    Attributes:
        name: the layer's.
        y: int32 (M, N), read from the core.
        mismatches: elements that differ from the plain formula, or from the monitored streams'
            meaning (which covers padding as well): the larger number.
        cycles: from the first command's acceptance to the last result, both included.
        outer_products: issued, by kind, summed over the PEAs.
        counters: all testbench counters, see COUNTERS.
    """

    name: str
    y: np.ndarray = field(repr=False)
    mismatches: int
    cycles: int
    outer_products: dict[str, int]
    counters: dict[str, int]


def sum_products(counters: dict[str, int]) -> dict[str, int]:
    """Outer products by kind from the testbench's counters."""
    low = counters["ll_swo"] + counters["ll_dwo"]
    return dict(zip(PRODUCTS, [*(counters[name] for name in COUNTERS[:3]), low], strict=True))


def expected_products(decoded: DecodedPass, tile_k: int) -> dict[str, int]:
    """Outer products a pass needs by its streams, summed over the PEAs.

    HH: positions kept in both operands; HL, LH: kept in one; LL: all of K, every k-tile
    rounded up to the four products that an operator quad runs.
    """
    w_kept = decoded.w_masks.kept.astype(np.float64)
    x_kept = decoded.x_masks.kept.astype(np.float64)
    quads = sum(-(-min(tile_k, decoded.k_len - k) // 4) for k in range(0, decoded.k_len, tile_k))
    counts = (
        (w_kept @ x_kept.T).sum(),
        w_kept.sum() * decoded.groups,
        x_kept.sum() * len(w_kept),
        4 * quads * decoded.groups * len(w_kept),
    )
    return {kind: int(count) for kind, count in zip(PRODUCTS, counts, strict=True)}
