"""One proof: what is claimed of which block, how it is proven, and the bugs that refute it."""

from dataclasses import dataclass, field
from pathlib import Path

from models.errors import PanaceaError
from verif.build_spec import ROOT, read_filelist
from verif.planted.planting import PlantedBug

__all__ = [
    "BOUNDED",
    "COMBINATIONAL",
    "DEFINITIONS",
    "INDUCTION",
    "PROPERTIES",
    "RTL_ASSERTION",
    "Proof",
    "bug",
    "check_blocks",
]

PROPERTIES = ROOT / "verif" / "formal" / "sv"
"""Folder of the property modules, one a file."""

DEFINITIONS = PROPERTIES / "formal_pkg.sv"
"""Package of what several property modules compare the RTL with."""

INDUCTION = "k-induction"
"""Holds for ever: in the first `depth` cycles, and after any `depth` cycles in which it held."""

BOUNDED = "bounded"
"""Holds in the first `depth` cycles after power-up; nothing is said of later ones."""

COMBINATIONAL = "combinational"
"""There is no state; one cycle is all there is."""

_METHODS = (INDUCTION, BOUNDED, COMBINATIONAL)


def bug(file: str, old: str, new: str, symptom: str) -> PlantedBug:
    """A bug in a file below `rtl`; `symptom` is the claim that it refutes."""
    return PlantedBug(file=file, old=old, new=new, check="formal", symptom=symptom)


RTL_ASSERTION = "an assertion inside the RTL"
"""How failures name one; also the symptom of a bug that one of them catches."""


def check_blocks(name: str, blocks: tuple[str, ...]) -> None:
    """Refuse a proof of modules that are not there.

    Raises:
        PanaceaError: naming the proof and the module.
    """
    known = {path.stem for path in read_filelist()[0]}
    for block in blocks:
        if block not in known:
            raise PanaceaError(f"{name}: block {block!r} is not in rtl/rtl.f")


@dataclass(frozen=True, kw_only=True)
class Proof:
    """All assertions of a property module and of the RTL below it.

    Attributes:
        name: of the proof.
        top: property module.
        folder: of its file, which has its name.
        claim: what is proven, in one sentence.
        source: where the claim comes from: section of the specification or page of `docs`.
        blocks: modules of the RTL that are proven.
        method: one of the three above.
        depth: cycles, of the bound or of the induction.
        cover: cycles within which every cover statement must be reached.
        parameters: of the top; sizes smaller than those of the chip are named in `limits`.
        limits: what the proof leaves out; empty if nothing.
        quick: `make test` runs it.
        flatten_memory: memories become registers; pays for few and small words.
        bugs: each refutes the proof when planted; `symptom` is the assertion that must fail.
    """

    name: str
    top: str
    claim: str
    source: str
    blocks: tuple[str, ...]
    folder: Path = PROPERTIES
    method: str = INDUCTION
    depth: int = 2
    cover: int = 12
    parameters: dict[str, int] = field(default_factory=dict, hash=False)
    limits: str = ""
    quick: bool = True
    flatten_memory: bool = True
    bugs: dict[str, PlantedBug] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        if self.method not in _METHODS:
            raise PanaceaError(f"{self.name}: method {self.method!r}: not one of {_METHODS}")
        if self.depth < 1:
            raise PanaceaError(f"{self.name}: depth {self.depth}: at least 1")
        if not self.properties.is_file():
            raise PanaceaError(f"{self.name}: {self.properties} does not exist")
        check_blocks(self.name, self.blocks)

    @property
    def properties(self) -> Path:
        """File of the property module."""
        return self.folder / f"{self.top}.sv"
