"""One cell of a netlist, as the functions that compute it need it."""

from collections.abc import Callable
from dataclasses import dataclass

from models.errors import PanaceaError
from verif.formal.symbolic.word import Segment, Value

__all__ = ["Cell", "Facts", "Function", "UnknownCellError"]

Function = Callable[[list[Value]], Value]
"""One word from all words."""

Facts = set[tuple[tuple[Segment, ...], int]]
"""Words, each with a number that it is not."""


class UnknownCellError(PanaceaError):
    """The netlist has what cannot be simulated; the message names cell and source line."""


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One cell of the netlist.

    Attributes:
        name: with the line of its source, for messages.
        kind: as Yosys calls it.
        parameters: as numbers.
        inputs: index of each input port's word, in the machine's values.
        widths: bits of all ports.
        facts: what is assumed of data.
    """

    name: str
    kind: str
    parameters: dict[str, int]
    inputs: dict[str, int]
    widths: dict[str, int]
    facts: Facts

    @property
    def signed(self) -> bool:
        """All operands are signed."""
        return all(self.parameters.get(f"{port}_SIGNED", 1) for port in self.inputs)
