"""Functional coverage by scope: points, shares, holes."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from verif.report.views import Share

__all__ = ["PointView", "ScopeView", "scopes"]


@dataclass(frozen=True, kw_only=True)
class PointView:
    """A point or cross: the hits of its bins."""

    name: str
    hits: Mapping[str, int]

    @property
    def holes(self) -> tuple[str, ...]:
        """Bins without a hit."""
        return tuple(bin_ for bin_, hits in self.hits.items() if not hits)

    @property
    def share(self) -> Share:
        """Bins hit."""
        return Share(hit=len(self.hits) - len(self.holes), total=len(self.hits))

    @property
    def fewest(self) -> int:
        """Hits of the bin that is hit least."""
        return min(self.hits.values())


@dataclass(frozen=True, kw_only=True)
class ScopeView:
    """The points of a scope."""

    points: tuple[PointView, ...]

    @property
    def holes(self) -> tuple[PointView, ...]:
        """The points that have holes."""
        return tuple(point for point in self.points if point.holes)

    @property
    def full(self) -> Share:
        """Points without holes."""
        return Share(hit=len(self.points) - len(self.holes), total=len(self.points))

    @property
    def bins(self) -> Share:
        """Bins hit."""
        return Share(
            hit=sum(point.share.hit for point in self.points),
            total=sum(point.share.total for point in self.points),
        )


def scopes(hits: Mapping[str, Mapping[str, int]]) -> dict[str, ScopeView]:
    """All scopes by name, from hits by bin of every point."""
    points: dict[str, list[PointView]] = defaultdict(list)
    for name, bins in hits.items():
        scope, _, point = name.rpartition(".")
        points[scope].append(PointView(name=point, hits=bins))
    return {scope: ScopeView(points=tuple(found)) for scope, found in points.items()}
