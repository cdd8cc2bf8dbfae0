"""A proof by symbolic simulation of the small core."""

from dataclasses import dataclass, field

from models.errors import PanaceaError
from verif.formal.proof import check_blocks
from verif.formal.symbolic.core_case import CoreSize
from verif.formal.symbolic.core_cases import core_cases
from verif.formal.symbolic.play import COVERS
from verif.planted.planting import PlantedBug

__all__ = ["SYMBOLIC", "SymbolicProof"]

SYMBOLIC = "symbolic"
"""Each of `depth` cases of control is run with symbols for all data; complete in each case."""


@dataclass(frozen=True, kw_only=True)
class SymbolicProof:
    """A core in all its cases; the fields are those of `Proof`.

    Attributes:
        core: what is proven.
        without: situations of `COVERS` that this core cannot come into; `limits` says why.
    """

    name: str
    claim: str
    source: str
    blocks: tuple[str, ...]
    core: CoreSize
    limits: str = ""
    without: tuple[str, ...] = ()
    bugs: dict[str, PlantedBug] = field(default_factory=dict, hash=False)
    method: str = SYMBOLIC
    quick: bool = False

    def __post_init__(self) -> None:
        check_blocks(self.name, self.blocks)
        for name in self.without:
            if name not in COVERS:
                raise PanaceaError(f"{self.name}: without {name!r}: no such situation")

    @property
    def depth(self) -> int:
        """Cases."""
        return len(core_cases(self.core))

    @property
    def covers(self) -> tuple[str, ...]:
        """Situations that some case must reach."""
        return tuple(name for name in COVERS if name not in self.without)
