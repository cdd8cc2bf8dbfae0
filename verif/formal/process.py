"""A program run to its end, or to a time limit, with the processor time that it took."""

import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

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
    start = time.monotonic()
    with log.open("w", encoding="utf-8") as stream:
        # A group of its own, so that a solver does not outlive its proof.
        process = subprocess.Popen(
            command, stdout=stream, stderr=subprocess.STDOUT, cwd=cwd, env=env, process_group=0
        )
        killed = False
        try:
            while True:
                pid, status, usage = os.wait4(process.pid, os.WNOHANG)
                if pid:
                    process.returncode = os.waitstatus_to_exitcode(status)
                    seconds = usage.ru_utime + usage.ru_stime
                    return Ended(code=None if killed else process.returncode, seconds=seconds)
                if timeout is not None and time.monotonic() - start > timeout and not killed:
                    killed = True
                    os.killpg(process.pid, signal.SIGKILL)
                time.sleep(_POLL)
        finally:
            if process.returncode is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
