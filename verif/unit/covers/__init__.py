"""The functional coverage of the unit benches: for `bench_NAME`, `COVERS` of the module `NAME`."""

from importlib import import_module
from pathlib import Path

from verif.coverage.groups import CoverGroup
from verif.unit.cover import UnitCover

__all__ = ["COVERS", "UNIT_GROUPS"]

COVERS: dict[str, tuple[UnitCover, ...]] = {
    path.stem: import_module(f"{__name__}.{path.stem}").COVERS
    for path in sorted(Path(__file__).parent.glob("[a-z]*.py"))
}
"""By bench."""

UNIT_GROUPS: tuple[CoverGroup, ...] = tuple(
    {one.group.scope: one.group for covers in COVERS.values() for one in covers}.values()
)
"""Each once, though benches share some."""
