"""What a plan is to make small: predicted cycles of an accelerator, or energy.

Each is a function of a layer's two candidates, for one multiplication of the layer; the layer's
size multiplies it. Units differ between costs and do not matter.
"""

from collections.abc import Mapping

from models.energy import energy_table
from models.networks.candidates import Operand
from models.networks.search import Cost, outer_products

__all__ = ["COSTS", "dedicated_cycles", "energy"]

REUSE = 64  # columns that a weight, rows that an activation serves for each load
DENSE_HO_BYTES, HO_BYTES = 0.5, 0.625  # of a stored HO slice, alone and with its share of the index
OUTER = 16


def dedicated_cycles(num_dwo: int, dtp: bool) -> Cost:
    """Cycles of `num_dwo` dynamic and 12 - `num_dwo` static operators."""

    def cost(x: Operand, w: Operand) -> float:
        static = x.lower * w.lower
        dynamic = outer_products(x, w) - static
        shared = (dynamic + static) / 12 if dtp else static / (12 - num_dwo)
        return max(dynamic / num_dwo, shared)

    return cost


def energy(x: Operand, w: Operand) -> float:
    """Picojoules of the products, with their operands' reads, and of external memory.

    Lists of weights are dense where that takes fewer bytes: they then need no index.
    """
    picojoules = energy_table().picojoules
    product = picojoules["multiply_4x4"] + picojoules["add_16"]
    product += 4 / OUTER * picojoules["buffer_byte"]
    high_x, high_w = (one.slices - one.lower for one in (x, w))
    high = high_x * HO_BYTES + min(high_w * HO_BYTES, DENSE_HO_BYTES)
    held = (x.lower + w.lower) / 2 + high
    moved = picojoules["dram_byte"] + picojoules["wmem_byte"]
    return outer_products(x, w) * product + held * moved / REUSE


COSTS: Mapping[str, Cost] = {
    "pooled": outer_products,
    "4+8": dedicated_cycles(4, dtp=False),
    "4+8 dtp": dedicated_cycles(4, dtp=True),
    "8+4": dedicated_cycles(8, dtp=False),
    "8+4 dtp": dedicated_cycles(8, dtp=True),
    "energy": energy,
}
