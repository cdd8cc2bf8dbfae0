"""A program run to its end, or to a time limit, with the processor time that it took."""

import os
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

__all__ = ["Ended", "run"]

_POLL = 0.05


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How a program ended: `code` is None if its time was over; `seconds` are of the processor."""

    code: int | None
    seconds: float


def run(
    command: list[str],
    *,
    log: Path,
    timeout: float | None = None,
    cwd: Path | None = None,
    env: dict[str, str] | None = None,
) -> Ended:
    """Run a program whose output goes to a file; whatever it started ends with it.

    Args:
        command: program and arguments.
        log: gets all output.
        timeout: seconds of wall clock.
        cwd: where it runs.
        env: its environment.
    """
    start, spent, killed = time.monotonic(), {}, False
    with log.open("w", encoding="utf-8") as stream:
        # A group of its own, so that a solver does not outlive its proof.
        process = subprocess.Popen(
            command, stdout=stream, stderr=subprocess.STDOUT, cwd=cwd, env=env, process_group=0
        )
        try:
            while process.poll() is None:
                spent |= _spent(process.pid)
                if timeout is not None and time.monotonic() - start > timeout:
                    killed = True
                    break
                time.sleep(_POLL)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    return Ended(code=None if killed else process.returncode, seconds=sum(spent.values()))


def _spent(pid: int) -> dict[int, float]:
    """Processor time of a program and all below it, by process, as far as they still run."""
    times = {}
    with suppress(psutil.Error):
        top = psutil.Process(pid)
        for one in (top, *top.children(recursive=True)):
            with suppress(psutil.Error):
                spent = one.cpu_times()
                times[one.pid] = spent.user + spent.system
    return times
