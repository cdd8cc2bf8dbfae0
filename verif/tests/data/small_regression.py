"""Regressions of the small catalogue, and what came of them."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from verif.regression.__main__ import main
from verif.regression.history import History
from verif.regression.records import Outcome
from verif.tests.data.small_catalogue import small_catalogue

__all__ = ["COMMAND", "facts", "history_of", "outcomes", "processes", "regress", "runs"]

COMMAND = [sys.executable, "-m", "verif.tests.data.small_catalogue"]


def regress(folder: Path, *arguments: str, command: str = "regress") -> int:
    return main([command, "--folder", str(folder), *arguments], small_catalogue())


@contextmanager
def history_of(folder: Path) -> Iterator[History]:
    with History(folder / "history.sqlite") as history:
        yield history


def outcomes(folder: Path) -> list[Outcome]:
    """Of the last regression, complete or not."""
    with history_of(folder) as history:
        last = history.latest(complete=None)
        return history.outcomes(last.id) if last else []


def runs(folder: Path) -> list[str]:
    """The folders of runs; also those that are half done, whose names begin with a point."""
    return sorted(path.name for path in (folder / "runs").iterdir())


def facts(found: list[Outcome]) -> list[tuple]:
    """What must not depend on where and when a job ran."""
    return [(o.job, o.status, o.reason, o.signature, o.command, o.workdir) for o in found]


def processes(gate: Path) -> list[int]:
    return [int(path.name.rpartition("-")[2]) for path in gate.glob("begun-*")]
