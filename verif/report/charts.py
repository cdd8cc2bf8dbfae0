"""Small line charts as inline SVG: readable without colours, without scripts."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from markupsafe import Markup

__all__ = ["Point", "line_chart"]

WIDTH, HEIGHT = 320, 110
LEFT, RIGHT, TOP, BOTTOM = 60, 12, 10, 22


@dataclass(frozen=True, kw_only=True)
class Point:
    """One value of a trend; `label` says when, `text` how the value is shown."""

    label: str
    value: float
    text: str


def line_chart(title: str, points: Sequence[Point], *, unit: str = "") -> Markup:
    """A trend, the oldest value first, on an axis from the least to the greatest value.

    Args:
        title: what is drawn, for people who cannot see it.
        points: one at least.
        unit: of the axis' labels.
    """
    low, high = min(point.value for point in points), max(point.value for point in points)
    if low == high:  # a level line, at the top: a share has nothing above 100 %
        low -= 1
    step = (WIDTH - LEFT - RIGHT) / max(1, len(points) - 1)
    places = [
        (
            LEFT + step * number if len(points) > 1 else (WIDTH + LEFT - RIGHT) / 2,
            TOP + (HEIGHT - TOP - BOTTOM) * (high - point.value) / (high - low),
        )
        for number, point in enumerate(points)
    ]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    dots = "".join(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3">'
        f"<title>{escape(f'{point.label}: {point.text}')}</title></circle>"
        for (x, y), point in zip(places, points, strict=True)
    )
    base = HEIGHT - BOTTOM
    said = f"{title}: from {points[0].text} ({points[0].label}) to {points[-1].text}"
    return Markup(
        f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{escape(said)}">'
        f'<line class="axis" x1="{LEFT}" y1="{base}" x2="{WIDTH - RIGHT}" y2="{base}"/>'
        f'<line class="grid" x1="{LEFT}" y1="{TOP}" x2="{WIDTH - RIGHT}" y2="{TOP}"/>'
        f'<text x="{LEFT - 6}" y="{TOP + 4}" text-anchor="end">{high:.4g}{unit}</text>'
        f'<text x="{LEFT - 6}" y="{base + 4}" text-anchor="end">{low:.4g}{unit}</text>'
        f'<text x="{LEFT}" y="{HEIGHT - 6}">{escape(points[0].label)}</text>'
        + (
            f'<text x="{WIDTH - RIGHT}" y="{HEIGHT - 6}" text-anchor="end">'
            f"{escape(points[-1].label)}</text>"
            if len(points) > 1
            else ""
        )
        + f'<polyline points="{path}"/>{dots}</svg>'
    )
