"""A mutant: one place of an RTL file written differently."""

import difflib
import hashlib
from dataclasses import dataclass
from pathlib import Path

from models.errors import PanaceaError
from verif.build_spec import ROOT

__all__ = ["Mutant"]


@dataclass(frozen=True, kw_only=True, order=True)
class Mutant:
    """One mutant.

    Attributes:
        file: the RTL file, from the repository's root.
        start: offset of the first byte that is replaced.
        end: offset behind the last one; equal to `start` for an insertion.
        new: what stands there instead.
        old: what stands there in the design.
        line: of `start`, from 1.
        operator: name of the mutation operator.
    """

    file: str
    start: int
    end: int
    new: str
    old: str
    line: int
    operator: str

    @property
    def name(self) -> str:
        """A name that no other mutant of the same revision has: `opc-17-operator-5f0c2a`."""
        place = f"{self.start} {self.end} {self.new}"
        digest = hashlib.sha256(place.encode()).hexdigest()[:6]
        return f"{Path(self.file).stem}-{self.line}-{self.operator}-{digest}"

    def text(self) -> str:
        """The mutated file.

        Raises:
            PanaceaError: the file has changed since the mutant was made.
        """
        source = (ROOT / self.file).read_bytes()
        if source[self.start : self.end].decode() != self.old:
            raise PanaceaError(f"mutant {self.name}: {self.file} has changed")
        return (source[: self.start] + self.new.encode() + source[self.end :]).decode()

    def diff(self) -> str:
        """The mutant as a unified diff without context."""
        before = (ROOT / self.file).read_text(encoding="utf-8").splitlines(keepends=True)
        after = self.text().splitlines(keepends=True)
        return "".join(difflib.unified_diff(before, after, self.file, self.file, n=0))
