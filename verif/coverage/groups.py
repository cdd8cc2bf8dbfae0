"""Coverage groups: points, crosses and what of them is impossible, as data; sampled with
cocotb-coverage.

A group is sampled with views: a set of values by point (a set, because one command or run shows
many values). A value that is no bin is a defect of whoever made the view: it is exported under
`UNDECLARED`, so that merging fails, but never fails the test that showed it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

from cocotb_coverage.coverage import CoverCross, CoverPoint, coverage_db

__all__ = ["COVERAGE_FILE", "UNDECLARED", "CoverGroup", "View", "make_sampler", "write_coverage"]

COVERAGE_FILE = "functional_coverage.xml"
"""Name of the export in a run's folder."""

UNDECLARED = "undeclared"
"""Point of a scope that lists values which are no bins, as POINT=VALUE."""

View = Mapping[str, Iterable]

_undeclared: dict[str, set[str]] = {}


@dataclass(frozen=True, kw_only=True)
class CoverGroup:
    """The points of one scope.

    Attributes:
        scope: prefix of all names, e.g. `core` or `unit.opc`.
        points: bins of every point.
        crosses: the points of every cross.
        ignored: by cross, then by reason, the bins that cannot be; None stands for any value.
    """

    scope: str
    points: Mapping[str, tuple]
    crosses: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ignored: Mapping[str, Mapping[str, list[tuple]]] = field(default_factory=dict)

    def impossible(self, cross: str) -> list[tuple]:
        """The ignored bins of a cross, whatever their reason."""
        return [bin_ for bins in self.ignored.get(cross, {}).values() for bin_ in bins]

    def bins(self) -> dict[str, tuple[str, ...]]:
        """All bins that are to be hit, as exported, by SCOPE.POINT."""
        found = {f"{self.scope}.{name}": bins for name, bins in self.points.items()}
        for name, crossed in self.crosses.items():
            possible = product(*(self.points[point] for point in crossed))
            ignored = self.impossible(name)
            found[f"{self.scope}.{name}"] = tuple(
                bin_ for bin_ in possible if not any(_matches(bin_, one) for one in ignored)
            )
        return {name: tuple(map(str, bins)) for name, bins in found.items()}


def make_sampler(group: CoverGroup) -> Callable[[View], None]:
    """A function that samples all points of a group with a view of it."""
    items: list = [
        CoverPoint(
            f"{group.scope}.{name}",
            xf=lambda view, key=name: view.get(key, ()),
            rel=_contains,
            bins=list(bins),
            inj=False,
        )
        for name, bins in group.points.items()
    ]
    items += [
        CoverCross(
            f"{group.scope}.{name}",
            items=[f"{group.scope}.{point}" for point in crossed],
            ign_bins=group.impossible(name),
        )
        for name, crossed in group.crosses.items()
    ]

    def count(view: View) -> None:
        """Nothing left to do: the decorators have counted."""

    for item in reversed(items):  # a cross needs its points sampled before
        count = item(count)
    known = {name: frozenset(bins) for name, bins in group.points.items()}

    def sample(view: View) -> None:
        for name, values in view.items():
            for value in set(values) - known.get(name, frozenset()):
                _undeclared.setdefault(group.scope, set()).add(f"{name}={value}")
        count(view)

    return sample


def write_coverage(path: Path = Path(COVERAGE_FILE)) -> None:
    """Export everything sampled so far in this simulation."""
    for scope, values in _undeclared.items():
        name = f"{scope}.{UNDECLARED}"
        coverage_db.pop(name, None)  # of an earlier export of this simulation
        point = CoverPoint(
            name, xf=lambda seen: seen, rel=_contains, bins=sorted(values), inj=False
        )
        point(lambda _: None)(values)
    coverage_db.export_to_xml(filename=str(path))


def _contains(values: Iterable, one: object) -> bool:
    return one in values


def _matches(bin_: tuple, ignored: tuple) -> bool:
    return all(want is None or want == got for got, want in zip(bin_, ignored, strict=True))
