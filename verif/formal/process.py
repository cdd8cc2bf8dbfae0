"""A program run to its end, or to a time limit, with the processor time that it took."""

import os
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Ended", "run"]

_POLL = 0.05


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How a program ended: `code` is None if its time was over.

    `seconds` are of the processor, with all that the program started and waited for.
    """

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
        code = None
        try:
            while code is None and (timeout is None or time.monotonic() - start <= timeout):
                time.sleep(_POLL)
                code, seconds = _ended(process, os.WNOHANG)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            if code is None:
                _, seconds = _ended(process, 0)
    return Ended(code=code, seconds=seconds)


def _ended(process: subprocess.Popen, options: int) -> tuple[int | None, float]:
    """Exit code of a program, None if it still runs, and what it and its children have taken."""
    pid, status, used = os.wait4(process.pid, options)
    if pid:
        process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, used.ru_utime + used.ru_stime
