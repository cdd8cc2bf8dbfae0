"""Mutants that nothing notices and why, in `explained.yaml`, each by its text in the RTL.

Lines move, so an entry names the text of its line; it fits every line that reads so.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from models.errors import PanaceaError
from verif.build_spec import ROOT
from verif.mutation.mutant import Mutant

__all__ = ["EXPLAINED", "Place", "explanations", "place_of"]

EXPLAINED = Path(__file__).with_name("explained.yaml")


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a mutant is, and what it changes.

    Attributes:
        file: from the repository's root.
        line: its text, without the spaces around it.
        old, new: as in `Mutant`, spaces in a row counting as one.
    """

    file: str
    line: str
    old: str
    new: str


def place_of(mutant: Mutant) -> Place:
    """The place of a mutant of the RTL as it is."""
    lines = (ROOT / mutant.file).read_text(encoding="utf-8").splitlines()
    return Place(
        file=mutant.file,
        line=lines[mutant.line - 1].strip(),
        old=" ".join(mutant.old.split()),
        new=" ".join(mutant.new.split()),
    )


@cache
def explanations(path: Path = EXPLAINED) -> dict[Place, str]:
    """Why each mutant that survives may.

    Raises:
        PanaceaError: an entry lacks a field or has one too many, is empty, or stands there twice.
    """
    found: dict[Place, str] = {}
    for number, entry in enumerate(yaml.safe_load(path.read_text(encoding="utf-8")) or (), 1):
        fields = {name: str(value).strip() for name, value in entry.items()}
        if set(fields) != {"file", "line", "old", "new", "why"} or not fields["why"]:
            raise PanaceaError(f"{path.name}: entry {number}: needs file, line, old, new and why")
        why = " ".join(fields.pop("why").split())
        place = Place(**fields)
        if place in found:
            raise PanaceaError(f"{path.name}: entry {number}: {place.line} is explained already")
        found[place] = why
    return found
