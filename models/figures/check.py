"""Whether a page's numbers come out again: tables are kept beside the page, and compared."""

import json
from dataclasses import asdict
from pathlib import Path

from models.errors import PanaceaError
from models.figures.figure import Table

__all__ = ["differences", "has_table", "keep_table", "kept_table"]


def keep_table(folder: Path, name: str, table: Table) -> None:
    """Write the numbers of figure `name`."""
    _path(folder, name).write_text(json.dumps(asdict(table), indent=1), encoding="utf-8")


def has_table(folder: Path, name: str) -> bool:
    """Whether figure `name` was drawn."""
    return _path(folder, name).is_file()


def kept_table(folder: Path, name: str) -> Table:
    """The numbers that figure `name` had when its page was written.

    Raises:
        PanaceaError: if it was not drawn.
    """
    if not has_table(folder, name):
        raise PanaceaError(f"figure = {name!r} was not drawn into {folder}")
    return Table(**json.loads(_path(folder, name).read_text(encoding="utf-8")))


def differences(before: Table, after: Table) -> list[str]:
    """Lines: every cell that is another one now, by row and column; other shapes of the table."""
    if list(before.columns) != list(after.columns):
        return [f"columns: {list(before.columns)} before, {list(after.columns)} now"]
    if len(before.rows) != len(after.rows):
        return [f"rows: {len(before.rows)} before, {len(after.rows)} now"]
    return [
        f"row {number}, {column}: {old!r} before, {new!r} now"
        for number, (one, other) in enumerate(zip(before.rows, after.rows, strict=True), 1)
        for column, old, new in zip(before.columns, one, other, strict=True)
        if old != new
    ]


def _path(folder: Path, name: str) -> Path:
    return folder / f"{name}.json"
