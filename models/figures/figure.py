"""What a figure is: how it is made, what it returns, what is said beside it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

__all__ = ["Drawn", "FigureSpec", "Table", "Tell", "canvas", "grouped_bars"]

Tell = Callable[[str], None]
"""Says what is being done."""


@dataclass(frozen=True, kw_only=True)
class Table:
    """Rows of text below a figure; a title for each column."""

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """A drawing and its numbers."""

    figure: Figure
    table: Table


@dataclass(frozen=True, kw_only=True)
class FigureSpec:
    """One figure.

    Attributes:
        name: of its files and on the command line.
        title: above it.
        operands: what its numbers are of: real networks, or synthetic operands.
        caption: what is shown, and what the paper reports.
        make: draws it for the real `networks` given; networks do not matter to synthetic ones.
    """

    name: str
    title: str
    operands: Literal["real", "synthetic"]
    caption: str
    make: Callable[[Sequence[str], Tell], Drawn]


def canvas(
    rows: int, columns: int, *, width: float = 4.0, height: float = 3.0
) -> tuple[Figure, np.ndarray]:
    """A figure of `rows` x `columns` panels of the given size in inches, and its axes (2-D)."""
    figure = Figure(figsize=(width * columns, height * rows), layout="constrained", dpi=110)
    return figure, figure.subplots(rows, columns, squeeze=False)


def grouped_bars(
    axis: Axes, groups: Sequence[str], series: dict[str, Sequence[float]], *, label: str
) -> None:
    """Bars side by side for every series, in groups along the axis."""
    width = 0.8 / len(series)
    for number, (name, values) in enumerate(series.items()):
        places = [place + (number + 0.5) * width - 0.4 for place in range(len(groups))]
        axis.bar(places, values, width, label=name)
    axis.set_xticks(range(len(groups)), groups, rotation=30, ha="right", fontsize=8)
    axis.set_ylabel(label)
    axis.grid(axis="y", alpha=0.3)
    axis.set_ylim(0, 1.35 * max(map(max, series.values())))
    axis.legend(fontsize=7, ncols=3, loc="upper left")
