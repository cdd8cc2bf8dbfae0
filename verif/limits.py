"""Runs one command under a limit on its time and on its memory."""

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import psutil

__all__ = ["Ended", "run_limited"]

MIB = 2**20
LONGEST_PAUSE = 0.25
"""Seconds between two looks at the memory of a command that runs for long."""


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How a command ended.

    Attributes:
        code: its exit code, negative for a signal.
        stopped: why it was stopped, `timeout: ...` or `memory: ...`; empty if it ended by itself.
        peak_mb: most memory of it and its children at one time, as sampled, MiB.
    """

    code: int
    stopped: str
    peak_mb: int


def run_limited(
    command: Sequence[str],
    *,
    cwd: Path,
    env: Mapping[str, str],
    stream: TextIO,
    timeout: float,
    memory_mb: int | None = None,
) -> Ended:
    """Run a command to its end or to a limit, in a process group that never outlives it.

    Args:
        command: program and arguments.
        cwd: its folder.
        env: its whole environment.
        stream: takes its output.
        timeout: limit on wall-clock time, seconds.
        memory_mb: limit on resident memory, children included, MiB; `None` for no limit.
    """
    process = subprocess.Popen(
        # The kernel ends the command too if we are killed: it may not write on into its folder.
        ["setpriv", "--pdeathsig", "KILL", *command],
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=stream,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    deadline, pause, peak, stopped = time.monotonic() + timeout, 0.01, 0, ""
    try:
        while not stopped:
            peak = max(peak, _memory_mb(process.pid))
            left = deadline - time.monotonic()
            if memory_mb is not None and peak > memory_mb:
                stopped = f"memory: the simulation was stopped at its limit of {memory_mb} MiB"
            elif left <= 0:
                stopped = f"timeout: the simulation was stopped after {timeout:g} s"
            else:
                try:
                    process.wait(min(pause, left))
                    break
                except subprocess.TimeoutExpired:
                    pause = min(2 * pause, LONGEST_PAUSE)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        code = process.wait()
    return Ended(code=code, stopped=stopped, peak_mb=peak)


def _memory_mb(pid: int) -> int:
    """Resident memory of a process and all below it."""
    total = 0
    try:
        root = psutil.Process(pid)
        for process in (root, *root.children(recursive=True)):
            total += process.memory_info().rss
    except psutil.NoSuchProcess:
        pass  # it ended while we looked
    return total // MIB
