"""All kinds of cells that can be simulated."""

from collections.abc import Callable

from verif.formal.symbolic.arithmetic import ARITHMETIC
from verif.formal.symbolic.cell import Cell, Function
from verif.formal.symbolic.logic import LOGIC
from verif.formal.symbolic.selection import SELECTION

__all__ = ["KINDS"]

KINDS: dict[str, Callable[[Cell], Function]] = ARITHMETIC | SELECTION | LOGIC
"""How a cell of each kind becomes a function of all words."""
