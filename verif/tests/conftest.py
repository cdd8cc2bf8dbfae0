"""What several test files of regressions share."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from verif.build_spec import ROOT
from verif.tests.data.dask_farm import Farm
from verif.tests.data.small_regression import COMMAND


@pytest.fixture(scope="session")
def dask_farm(tmp_path_factory) -> Iterator[Farm]:
    farm = Farm(tmp_path_factory.mktemp("farm"))
    yield farm
    farm.stop()


@pytest.fixture
def gate(tmp_path, monkeypatch) -> Path:
    """The folder by which the tests that wait are steered."""
    path = tmp_path / "gate"
    path.mkdir()
    monkeypatch.setenv("GATE", str(path))
    return path


@pytest.fixture
def start() -> Iterator[Callable[..., subprocess.Popen]]:
    """Starts a regression in a process of its own, which does not outlive the test."""
    processes = []

    def start(folder: Path, *arguments: str) -> subprocess.Popen:
        command = [*COMMAND, "regress", "--folder", str(folder), *arguments]
        output = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        options = output | {"cwd": ROOT, "start_new_session": True}
        processes.append(subprocess.Popen(command, **options))
        return processes[-1]

    yield start
    for process in processes:
        process.kill()
        process.wait()
