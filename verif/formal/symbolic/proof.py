"""A proof by symbolic simulation of the small core."""

from dataclasses import dataclass, field

from models.errors import PanaceaError
from verif.formal.symbolic.core_case import COLUMNS, NUM_PEA, TILE_K
from verif.formal.symbolic.core_cases import core_cases
from verif.formal.symbolic.play import COVERS
from verif.planted.planting import PlantedBug

__all__ = ["SYMBOLIC", "SymbolicProof"]

SYMBOLIC = "symbolic"
"""Each of `depth` cases of control is run with symbols for all data; complete in each case."""

_SPLIT_ONLY = 2
"""So many covers, the last ones, need static operators."""


@dataclass(frozen=True, kw_only=True)
class SymbolicProof:
    """The core with some operators, in all cases; the fields are those of `Proof`.

    Attributes:
        operators: DWOs and SWOs of a PEA; (12, 0) for pooled ones.
    """

    name: str
    claim: str
    source: str
    blocks: tuple[str, ...]
    operators: tuple[int, int]
    limits: str = ""
    bugs: dict[str, PlantedBug] = field(default_factory=dict, hash=False)
    method: str = SYMBOLIC
    quick: bool = False

    def __post_init__(self) -> None:
        if not self.bugs:
            raise PanaceaError(f"{self.name}: no bug refutes it")

    @property
    def depth(self) -> int:
        """Cases."""
        return len(core_cases(self.operators))

    @property
    def covers(self) -> tuple[str, ...]:
        """Situations that some case must reach."""
        names = tuple(COVERS)
        return names if self.operators[1] else names[:-_SPLIT_ONLY]

    @property
    def parameters(self) -> dict[str, int]:
        """Of the core."""
        dwo, swo = self.operators
        sizes = {"NumPea": NUM_PEA, "TileK": TILE_K, "TileN": 2 * COLUMNS, "GroupDepth": 2}
        return sizes | {"NumDwo": dwo, "NumSwo": swo}
