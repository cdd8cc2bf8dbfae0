"""The coverage of all unit benches together; a running bench imports only its own."""

from importlib import import_module
from pathlib import Path

from verif.coverage.groups import CoverGroup
from verif.unit import covers
from verif.unit.cover import UnitCover

__all__ = ["COVERS", "UNIT_GROUPS"]

COVERS: dict[str, tuple[UnitCover, ...]] = {
    path.stem: import_module(f"{covers.__name__}.{path.stem}").COVERS
    for path in sorted(Path(covers.__file__).parent.glob("[a-z]*.py"))
}
"""By bench."""

UNIT_GROUPS: tuple[CoverGroup, ...] = tuple(
    {one.group.scope: one.group for found in COVERS.values() for one in found}.values()
)
"""Each once, though benches share some."""
