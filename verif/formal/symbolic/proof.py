"""A proof by symbolic simulation of the small core."""

from dataclasses import dataclass, field

from models.errors import PanaceaError
from verif.formal.proof import check_blocks
from verif.formal.symbolic.core_case import COLUMNS, NUM_PEA, TILE_K
from verif.formal.symbolic.core_cases import core_cases
from verif.formal.symbolic.play import COVERS
from verif.planted.planting import PlantedBug

__all__ = ["SYMBOLIC", "SymbolicProof"]

SYMBOLIC = "symbolic"
"""Each of `depth` cases of control is run with symbols for all data; complete in each case."""


@dataclass(frozen=True, kw_only=True)
class SymbolicProof:
    """The core with some operators, in all cases; the fields are those of `Proof`.

    Attributes:
        operators: DWOs and SWOs of a PEA; (12, 0) for pooled ones.
        without: situations of `COVERS` that this core cannot come into; `limits` says why.
    """

    name: str
    claim: str
    source: str
    blocks: tuple[str, ...]
    operators: tuple[int, int]
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
        return len(core_cases(self.operators))

    @property
    def covers(self) -> tuple[str, ...]:
        """Situations that some case must reach."""
        return tuple(name for name in COVERS if name not in self.without)

    @property
    def parameters(self) -> dict[str, int]:
        """Of the core."""
        dwo, swo = self.operators
        sizes = {"NumPea": NUM_PEA, "TileK": TILE_K, "TileN": 2 * COLUMNS, "GroupDepth": 2}
        return sizes | {"NumDwo": dwo, "NumSwo": swo}
