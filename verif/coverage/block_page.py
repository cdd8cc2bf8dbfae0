"""A block's page in the report on code coverage: its holes, its waived points, its instances."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from html import escape

from tabulate import tabulate

from verif.coverage.code import KINDS, Instances, Point, block_of

__all__ = ["block_page", "differences"]


def block_page(
    block: str, points: Mapping[Point, int], waived: Collection[Point], instances: Instances
) -> str:
    """The page as HTML; beside it lies the annotated source."""
    own = [point for point in points if block_of(point.file) == block]
    holes = [point for point in own if not points[point] and point not in waived]
    needed = {
        name: {point: hits for point, hits in inside.items() if point not in waived}
        for name, inside in instances.items()
        if any(block_of(point.file) == block for point in inside)
    }
    sections = {
        "Not hit": _list(map(_shown, holes)),
        "Waived": _list(map(_shown, sorted(set(own).intersection(waived)))),
        "Instances in the chip": _table(needed),
        "Hit in some instances only": _list(differences(needed)),
    }
    body = "".join(f"<h2>{title}</h2>\n{text}\n" for title, text in sections.items())
    return (
        f"<!doctype html><meta charset=utf-8><title>{block}</title><h1>{block}</h1>\n"
        f'<p><a href="../{block.rpartition("/")[2]}.sv.gcov.html">annotated source</a></p>\n{body}'
    )


def differences(instances: Instances) -> list[str]:
    """What some instances of a block have seen and others have not, a line a signal or point."""
    everywhere: dict[Point, dict[str, int]] = defaultdict(dict)
    for name, points in instances.items():
        for point, hits in points.items():
            everywhere[point][name] = hits
    found: dict[tuple[Point, tuple[str, ...]], int] = defaultdict(int)
    for point, hits in everywhere.items():
        missing = tuple(sorted(name for name, count in hits.items() if not count))
        if missing and len(missing) < len(hits):
            found[_signal(point), missing] += 1
    return [
        f"{_shown(point)}: {count} not in {', '.join(missing)}"
        for (point, missing), count in sorted(found.items())
    ]


def _signal(point: Point) -> Point:
    """A point without the bit and the edge."""
    if point.kind != "toggle":
        return point
    return point._replace(comment=point.comment.rpartition(":")[0].partition("[")[0])


def _shown(point: Point) -> str:
    return f"line {point.line}: {point.kind}: {point.comment}"


def _table(instances: Instances) -> str:
    rows = []
    for name, points in sorted(instances.items()):
        cells = []
        for kind in KINDS:
            hits = [count > 0 for point, count in points.items() if point.kind == kind]
            cells.append(f"{sum(hits)} of {len(hits)}" if hits else "")
        rows.append([name, *cells])
    return tabulate(rows, headers=["hit, of not waived", *KINDS], tablefmt="html")


def _list(items: Iterable[str]) -> str:
    rows = [f"<li>{escape(item)}</li>" for item in items]
    return f"<ul>{''.join(rows)}</ul>" if rows else "<p>none</p>"
