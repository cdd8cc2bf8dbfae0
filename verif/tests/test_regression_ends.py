"""Regressions that do not come to their end by themselves, on workers that are real processes."""

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from distributed.scheduler import KilledWorker

from verif.build_spec import ROOT
from verif.regression import engine, farm, plan
from verif.tests.data.dask_farm import PATIENCE, Farm, until
from verif.tests.data.small_regression import COMMAND, history_of, outcomes, processes, regress


def test_a_killed_worker_loses_nothing_and_a_killed_scheduler_is_told(tmp_path, gate, start):
    farm = Farm(tmp_path / "farm")
    arguments = ("--tests", "gate.waits,good.*", "--scheduler", farm.address)
    try:
        running = start(tmp_path, *arguments)
        until(lambda: len(processes(gate)) == 2, "two runs that wait")
        farm.workers[0].kill()
        until(lambda: sum(map(psutil.pid_exists, processes(gate))) == 1, "its simulation's end")
        (gate / "open").touch()
        assert running.wait(PATIENCE) == 0, running.stdout.read()
        found = outcomes(tmp_path)
        assert len(found) == 5 and {o.status for o in found} == {"passed"}
        assert len(processes(gate)) == 3

        (gate / "open").unlink()
        running = start(tmp_path, *arguments)
        until(lambda: len(processes(gate)) == 4, "a run that waits")
        farm.scheduler.kill()
        assert running.wait(PATIENCE) == 2
        assert "error: scheduler: the connection to it is lost" in running.stdout.read()
    finally:
        farm.stop()


def test_a_job_that_loses_its_workers_is_lost(tmp_path, dask_farm, monkeypatch, capsys):
    def without_the_first(client, function, calls, *more):
        results = farm.stream(client, function, calls, *more)
        if function is engine.execute and len(calls) > 1:
            job, _ = next(results)
            yield job, KilledWorker(job.name, None, 2)
        yield from results

    monkeypatch.setattr(engine, "stream", without_the_first)
    assert regress(tmp_path, "--tests", "good.many", "--scheduler", dask_farm.address) == 1
    assert sorted(o.status for o in outcomes(tmp_path)) == ["lost", "passed"]
    assert "run again with waves: differently: passed" in capsys.readouterr().out


def test_killed_in_the_middle_and_resumed(tmp_path, gate, start, dask_farm, capsys, monkeypatch):
    running = start(tmp_path, "--tests", "gate.waits,good.*", "--jobs", "3")
    until(lambda: len(outcomes(tmp_path)) == 3, "the other runs")
    until(lambda: len(processes(gate)) == 2, "two runs that wait")
    with history_of(tmp_path) as history:
        began_on = history.latest(complete=False).revision
    monkeypatch.setattr(plan, "revision", lambda: ("another one", False))
    assert regress(tmp_path, "--resume") == 2
    assert "the repository is at another one;" in capsys.readouterr().err
    monkeypatch.setattr(plan, "revision", lambda: (began_on, False))
    assert regress(tmp_path, "--resume") == 2
    assert "another process is running it" in capsys.readouterr().err
    running.send_signal(signal.SIGKILL)
    running.wait()
    until(lambda: not any(map(psutil.pid_exists, processes(gate))), "the end of its simulations")
    before = outcomes(tmp_path)
    (gate / "open").touch()
    assert regress(tmp_path, "--resume", "--scheduler", dask_farm.address) == 0
    after = outcomes(tmp_path)
    assert len(after) == 5 and set(before) < set(after)
    assert regress(tmp_path, "--resume") == 2
    assert "every regress in the history is complete" in capsys.readouterr().err


def test_ctrl_c_ends_it_at_once(tmp_path, gate, start):
    running = start(tmp_path, "--tests", "gate.waits", "--jobs", "2")
    until(lambda: len(processes(gate)) == 2, "two runs that wait")
    os.killpg(running.pid, signal.SIGINT)  # as a terminal does: workers get it too
    printed, _ = running.communicate(timeout=PATIENCE)
    assert running.returncode == 2
    assert "interrupted; what is finished is kept" in printed and "Traceback" not in printed
    until(lambda: not any(map(psutil.pid_exists, processes(gate))), "the end of its simulations")


@pytest.fixture
def small_disk(tmp_path) -> Iterator[tuple[Path, list[str]]]:
    """A folder that holds little, and what a command on it must begin with.

    A file system in memory if we may mount one, else a limit on the size of files.
    """
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=40m", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode == 0:
        yield folder, []
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
    else:
        yield folder, ["prlimit", f"--fsize={2**25}"]


def test_full_disk(small_disk, gate, capsys):
    folder, prefix = small_disk
    arguments = ["regress", "--folder", str(folder), "--tests", "disk.full,good.*", "--jobs", "1"]
    done = subprocess.run(
        [*prefix, *COMMAND, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    message = done.stderr.splitlines()[-1]
    assert message.startswith(f"error: disk full: {folder}") and "RESUME=1" in message
    assert "Traceback" not in done.stderr
    found = outcomes(folder)
    assert {o.job.test for o in found} <= {"good.once", "good.many"}
    with history_of(folder) as history:
        assert history.latest(complete=False).kind == "regress"
