"""Whole regressions of small tests, on a Dask scheduler with workers that are real processes."""

import filecmp
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from distributed.scheduler import KilledWorker

from verif.build_spec import ROOT
from verif.regression import engine, farm, plan
from verif.regression.__main__ import main
from verif.regression.history import History
from verif.regression.records import Outcome
from verif.tests.data.dask_farm import PATIENCE, Farm, until
from verif.tests.data.small_catalogue import small_catalogue

COMMAND = [sys.executable, "-m", "verif.tests.data.small_catalogue"]


@pytest.fixture(scope="module")
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


def test_failures_are_sorted_and_seen_again(tmp_path, dask_farm, capsys):
    arguments = ("--scheduler", dask_farm.address, "--tests", "good.*,bad.*", "--memory", "200")
    assert regress(tmp_path, *arguments) == 1
    printed = capsys.readouterr().out
    found = outcomes(tmp_path)
    statuses = {(o.job.test, o.status) for o in found}
    assert statuses == {
        ("good.once", "passed"),
        ("good.many", "passed"),
        ("bad.two_ways", "failed"),
        ("bad.hangs", "timeout"),
        ("bad.memory", "memory"),
        ("bad.build", "failed"),
    }
    assert all(o.peak_mb > 200 for o in found if o.status == "memory")
    folder = tmp_path / "latest"

    kept = {job: {path.name for path in (folder / "runs" / job).iterdir()} for job in runs(folder)}
    for outcome in found:
        if outcome.status == "passed":
            assert "functional_coverage.xml.gz" in kept[outcome.job.name]
            assert kept[outcome.job.name] <= {"functional_coverage.xml.gz", "coverage.dat.gz"}
        elif outcome.status == "failed" and outcome.job.test != "bad.build":
            assert {"sim.log", "results.xml"} <= kept[outcome.job.name]

    with history_of(tmp_path) as history:
        triage = history.triage(history.latest().id)
    signatures = {one.signature: one for one in triage}
    assert set(signatures) == {
        "bad: program: # wrong results",
        "bad: program: # words of memory are wrong",
        "bad: timeout: the simulation was stopped after # s",
        "bad: memory: the simulation was stopped at its limit of # MiB",
        next(text for text in signatures if text.startswith("bad: build failed: ")),
    }
    assert "5 buckets of failures" in printed
    assert all(one.same for one in triage)
    one = signatures["bad: program: # wrong results"]
    assert (folder / one.workdir / "waves.fst").stat().st_size > 0
    assert (folder / "junit.xml").is_file()

    shown = printed.splitlines()
    line = shown[shown.index(f"[{one.number}] {one.signature}") + 3]
    again = subprocess.run(line, shell=True, cwd=ROOT, capture_output=True, text=True, check=False)
    reason = next(o.reason for o in found if o.job == one.job)
    assert again.returncode == 1 and f"FAIL: {reason}\n" in again.stdout


def test_one_worker_of_ours_and_two_of_a_scheduler_agree(tmp_path, dask_farm):
    tests = ("--tests", "good.*,bad.two_ways")
    one, two = tmp_path / "one", tmp_path / "two"
    assert regress(one, *tests, "--jobs", "1") == 1
    assert regress(two, *tests, "--seed", "1", "--scheduler", dask_farm.address) == 1
    assert facts(outcomes(one)) == facts(outcomes(two))
    for job in runs(one / "latest"):
        if "good" in job:
            left, right = (folder / "latest" / "runs" / job for folder in (one, two))
            files = sorted(path.name for path in left.iterdir())
            match, *other = filecmp.cmpfiles(left, right, files, shallow=False)
            assert match == files and other == [[], []]


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


def test_rerun_failed(tmp_path, gate, dask_farm, capsys):
    where = ("--scheduler", dask_farm.address)
    assert regress(tmp_path, *where, command="rerun-failed") == 2
    assert "no complete regression" in capsys.readouterr().err
    assert regress(tmp_path, "--tests", "gate.repaired,good.once", *where) == 1
    failed = [o.job for o in outcomes(tmp_path) if o.status != "passed"]
    assert regress(tmp_path, *where, command="rerun-failed") == 1
    assert f"not fixed: {failed[0].name}\n" in capsys.readouterr().out
    (gate / "repaired").touch()
    assert regress(tmp_path, *where, command="rerun-failed") == 0
    assert [o.job for o in outcomes(tmp_path)] == failed
    assert len(runs(tmp_path / "latest")) == 3  # the regression's, not those of its repetition
    assert f"fixed: {failed[0].name}\nfixed: {failed[1].name}\n" in capsys.readouterr().out


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


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--scheduler", "tcp://127.0.0.1:9"), "scheduler: 'tcp://127.0.0.1:9' cannot be reached"),
        (("--scheduler", "x", "--profile", "slurm"), "only one of them can be given"),
        (("--profile", "cray"), "profile: 'cray' is not one of"),
        (("--jobs", "none"), "jobs = 'none' is not a positive whole number"),
        (("--memory", "-1"), "memory = '-1' is not a positive whole number"),
        (("--seed", "0"), "seed = '0' is not a positive whole number"),
    ],
)
def test_what_cannot_run_is_refused(arguments, message, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(farm, "CONNECT_SECONDS", 1)
    assert regress(tmp_path, *arguments) == 2
    assert message in capsys.readouterr().err
