"""A Dask scheduler and its workers as processes of their own, for tests to kill."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from verif.build_spec import ROOT

__all__ = ["PATIENCE", "Farm", "until"]

DASK = str(Path(sys.executable).with_name("dask"))
PATIENCE = 120.0
"""Seconds after which what a test waits for will not happen any more."""


def until(condition: Callable[[], object], what: str) -> None:
    """Wait until a condition holds; fail if it never does."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, f"in vain: {what}"
        time.sleep(0.02)


class Farm:
    """A scheduler and two workers, each a process of its own."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file, self._folder = folder / "scheduler.json", folder
        self._env = os.environ | {"PYTHONPATH": str(ROOT)}
        self.scheduler = self._start("scheduler", "--port", "0", "--no-dashboard")
        until(lambda: self._file.is_file() and self._file.read_text(), "a scheduler")
        self.address = json.loads(self._file.read_text())["address"]
        self.workers = [self._start("worker", "--nthreads", "1", "--no-nanny") for _ in range(2)]

    def _start(self, *arguments: str) -> subprocess.Popen:
        command = [DASK, *arguments, "--scheduler-file", str(self._file)]
        with (self._folder / "log").open("a") as log:
            return subprocess.Popen(
                command, cwd=self._folder, env=self._env, stdout=log, stderr=log
            )

    def stop(self) -> None:
        """Kill what is still alive."""
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()
