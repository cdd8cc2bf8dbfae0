"""What is to be run, and what came of it."""

from dataclasses import dataclass
from typing import Literal

__all__ = ["Job", "Outcome", "Status", "Triage"]

Status = Literal["passed", "failed", "timeout", "memory", "lost"]
"""`failed`: by a check, an assertion or a crash; `timeout`, `memory`: stopped at its limit; `lost`:
its worker went away each time it was tried."""


@dataclass(frozen=True, kw_only=True, order=True)
class Job:
    """One run: a test of the catalogue, one of its variants, a seed."""

    test: str
    variant: str
    seed: int

    @property
    def name(self) -> str:
        """Unique in a regression; also the name of the run's folder."""
        return f"{self.test}-{self.variant}-{self.seed}"


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of a job.

    Attributes:
        job: what was run.
        status: see Status.
        reason: why it did not pass, one line; empty if it did.
        signature: the reason without all that differs from seed to seed; failures of one cause
            share it.
        seconds: wall-clock time.
        peak_mb: most memory of its processes, MiB.
        started: UTC, ISO 8601.
        command: one line that repeats the run from the repository's root.
        workdir: the run's folder, relative to the regression's.
    """

    job: Job
    status: Status
    reason: str = ""
    signature: str = ""
    seconds: float
    peak_mb: int
    started: str
    command: str
    workdir: str


@dataclass(frozen=True, kw_only=True)
class Triage:
    """A bucket of failures with one signature, and what its shortest run did when run again.

    Attributes:
        number: 1 is the largest bucket; also the folder, `triage/NUMBER`.
        signature: of all its failures.
        runs: how many they are.
        job: the shortest of them, which was run again with waves.
        same: it failed again with the same signature.
        reason: why it failed the second time; empty if it did not.
        command: one line that repeats it, without waves.
        workdir: folder of the second run, relative to the regression's.
    """

    number: int
    signature: str
    runs: int
    job: Job
    same: bool
    reason: str
    command: str
    workdir: str
