"""The folder of one regression, and the one process that may work in it."""

import fcntl
import os
import shutil
from pathlib import Path

from models.errors import PanaceaError
from verif.builder import SIM_BUILD

__all__ = ["REGRESSIONS", "RegressionFolder"]

REGRESSIONS = SIM_BUILD / "regress"
"""Folder of all regressions and their history."""


class RegressionFolder:
    """`ROOT/ID` with `runs/`, `triage/`, `junit.xml`; a context manager that holds its lock."""

    def __init__(self, root: Path, name: str) -> None:
        self.path = root / name
        self.runs, self.triage = self.path / "runs", self.path / "triage"
        self.junit = self.path / "junit.xml"

    def __enter__(self) -> "RegressionFolder":
        self.runs.mkdir(parents=True, exist_ok=True)
        # The kernel gives the lock back when the process ends, however it ends.
        self._lock = (self.path / ".lock").open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self._lock.close()
            raise PanaceaError(f"{self.path.name}: another process is running it") from error
        for left in self.runs.glob(".*"):  # of workers that were killed
            shutil.rmtree(left, ignore_errors=True)
        return self

    def __exit__(self, *_: object) -> None:
        self._lock.close()

    def make_latest(self) -> None:
        """Let `ROOT/latest` lead here."""
        link = self.path.with_name("latest")
        new = self.path.with_name(f".latest-{os.getpid()}")
        new.symlink_to(self.path.name)
        new.replace(link)
