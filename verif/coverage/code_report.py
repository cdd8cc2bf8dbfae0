"""The report on a regression's code coverage: figures by block, holes, annotated source."""

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tabulate import tabulate

from models.errors import PanaceaError
from verif.build_spec import ROOT
from verif.coverage.block_page import block_page
from verif.coverage.code import (
    KINDS,
    Instances,
    Point,
    Row,
    by_instance,
    coverage_files,
    merge,
    read,
    summarise,
)
from verif.coverage.code_export import write_dat, write_info, write_ucis
from verif.coverage.waivers import Waiver, apply, load
from verif.regression.history import Metric
from verif.toolchain.tools import find_tool

__all__ = ["CodeReport", "report", "write"]


@dataclass(frozen=True, kw_only=True)
class CodeReport:
    """Code coverage of a regression.

    Attributes:
        files: how many files of data went into it.
        points: hits of every point.
        instances: hits of the points of every instance of the chip.
        waived: points that are not hit and need not be.
        rows: figures by block and kind.
        problems: what is wrong with the waivers.
    """

    files: int
    points: dict[Point, int]
    instances: Instances
    waived: frozenset[Point]
    rows: list[Row]
    problems: tuple[str, ...]

    @property
    def holes(self) -> list[Point]:
        """Points neither hit nor waived."""
        return [
            point for point, hits in self.points.items() if not hits and point not in self.waived
        ]

    def metrics(self) -> list[Metric]:
        """Rows for the history, in which waived points count in neither figure."""
        return [
            Metric(
                scope=row.block,
                kind=row.kind,
                hit=row.hit,
                total=row.total - row.waived,
                waived=row.waived,
            )
            for row in self.rows
        ]

    def table(self) -> str:
        """For people: hit of total points by block and kind, `+ n` waived; then all blocks."""
        cells = {(row.block, row.kind): row for row in self.rows}
        blocks = sorted({row.block for row in self.rows})
        body = [[block, *(_cell([cells.get((block, kind))]) for kind in KINDS)] for block in blocks]
        sums = [_cell([cells.get((block, kind)) for block in blocks]) for kind in KINDS]
        return tabulate([*body, ["all", *sums]], headers=["hit of total", *KINDS])


def report(folder: Path, waivers: Sequence[Waiver] | None = None) -> CodeReport:
    """Merge the coverage of all runs of a regression and apply the waivers.

    Raises:
        PanaceaError: there is no coverage, a file cannot be read, or a waiver is wrong.
    """
    paths = coverage_files(folder)
    raw = read(paths)
    points = merge(raw)
    if not points:
        raise PanaceaError(f"regression: no code coverage in {folder}/runs")
    applied = apply(load() if waivers is None else waivers, points)
    return CodeReport(
        files=len(paths),
        points=points,
        instances=by_instance(raw),
        waived=applied.points,
        rows=summarise(points, applied.points),
        problems=applied.problems,
    )


def write(result: CodeReport, out: Path) -> None:
    """Write merged data, holes and annotated source into a folder; `index.html` is the first page.

    Raises:
        ToolError: `genhtml` is missing.
        PanaceaError: `genhtml` failed.
    """
    out.mkdir(parents=True, exist_ok=True)
    write_dat(result.points, out / "merged.dat")
    write_info(result.points, result.waived, out / "merged.info")
    write_ucis(result.points, result.waived, out / "merged.ucis.xml")
    command = [str(find_tool("genhtml")), "--quiet", "--branch-coverage", "--no-function-coverage"]
    command += ["--prefix", str(ROOT / "rtl"), "--title", "Panacea RTL", "-o", str(out)]
    done = subprocess.run(
        [*command, str(out / "merged.info")], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise PanaceaError(f"genhtml: {done.stderr.strip() or done.stdout.strip()}")
    for block in {row.block for row in result.rows}:
        page = out / block / "index.html"
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(block_page(block, result.points, result.waived, result.instances), "utf-8")


def _cell(rows: Sequence[Row | None]) -> str:
    found = [row for row in rows if row is not None]
    if not found:
        return ""
    waived = sum(row.waived for row in found)
    shown = f"{sum(row.hit for row in found)} of {sum(row.total for row in found)}"
    return f"{shown} + {waived}" if waived else shown
