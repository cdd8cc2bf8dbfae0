"""One job, from its build to its outcome. Runs in a worker, maybe on another machine."""

import gzip
import re
import shutil
import time
import uuid
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from verif.build_spec import Build
from verif.builder import BuildError, build
from verif.regression.catalogue import RegressionTest
from verif.regression.disk import DiskFullError, check_space, disk_errors, tells_of_full_disk
from verif.regression.records import Job, Outcome, Status
from verif.regression.signature import signature
from verif.runner import RunResult, repeat_command, run

__all__ = ["COVERAGE_FILES", "describe", "execute", "make_build", "utc_now"]

COVERAGE_FILES = ("coverage.dat", "functional_coverage.xml")
"""All that is kept of a run that passed, with `.gz` added."""

_BUILD_ERROR = re.compile(r"^.*(?:%Error(?!: Exiting)|%Warning|error:|sorry:).*$", re.MULTILINE)


def utc_now() -> str:
    """The time, UTC, ISO 8601, in seconds."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def make_build(spec: Build) -> str:
    """Make a build; returns why it failed, on one line, or an empty string.

    Raises:
        DiskFullError: there was no space left.
        ToolError: a tool is missing.
    """
    try:
        build(spec)
    except BuildError as error:
        if tells_of_full_disk(str(error)):
            raise DiskFullError(f"disk full: {error}") from error
        found = _BUILD_ERROR.search(str(error))
        return f"build failed: {found[0].strip() if found else str(error).partition(chr(10))[0]}"
    return ""


def execute(
    job: Job, test: RegressionTest, *, workdir: Path, memory_mb: int, waves: bool = False
) -> Outcome:
    """Run a job and keep what is needed of it in `workdir`, whose parent is the regression's.

    It works in a folder beside it, so that `workdir` is complete or is not there, even if two
    workers have the same job because one was taken for dead.

    Raises:
        DiskFullError: the disk filled up: the job has no outcome.
        ToolError: a tool is missing.
    """
    started, start = utc_now(), time.monotonic()
    spec = test.on(job.variant, waves=waves)
    workdir.parent.mkdir(parents=True, exist_ok=True)
    scratch = workdir.with_name(f".{workdir.name}-{uuid.uuid4().hex[:8]}")
    with disk_errors(workdir.parent):
        check_space(workdir.parent)
        if failure := make_build(spec):
            outcome = describe(job, test, status="failed", reason=failure, memory_mb=memory_mb)
        else:
            try:
                result = run(
                    spec,
                    test_module=test.module,
                    testcase=test.testcase,
                    seed=job.seed,
                    env=test.env,
                    workdir=scratch,
                    timeout=test.timeout,
                    memory_mb=memory_mb,
                    quiet=True,
                )
                if tells_of_full_disk(result.log.read_text(encoding="utf-8", errors="replace")):
                    raise DiskFullError(f"disk full: {workdir.parent}: {job.name} ran out of it")
                outcome = replace(
                    describe(
                        job,
                        test,
                        status=_status(result),
                        reason=result.reason,
                        memory_mb=memory_mb,
                    ),
                    peak_mb=result.peak_mb,
                )
                if result.passed:
                    _keep_coverage(scratch)
                check_space(workdir.parent)
                shutil.rmtree(workdir, ignore_errors=True)
                scratch.rename(workdir)
            finally:
                shutil.rmtree(scratch, ignore_errors=True)
    return replace(outcome, started=started, seconds=round(time.monotonic() - start, 3))


def describe(
    job: Job, test: RegressionTest, *, status: Status, reason: str, memory_mb: int
) -> Outcome:
    """The outcome of a job, as far as it is known without a run."""
    unit = job.test.startswith("unit.")
    place = test.module.rpartition(".")[2] if unit else job.test.partition(".")[0]
    return Outcome(
        job=job,
        status=status,
        reason=reason,
        signature=signature(reason, place) if reason else "",
        seconds=0.0,
        peak_mb=0,
        started=utc_now(),
        command=repeat_command(
            test.on(job.variant),
            test_module=test.module,
            testcase=test.testcase,
            seed=job.seed,
            env=test.env,
            timeout=test.timeout,
            memory_mb=memory_mb,
        ),
        workdir=f"runs/{job.name}",
    )


def _status(result: RunResult) -> Status:
    if result.passed:
        return "passed"
    kind = result.reason.partition(":")[0]
    return kind if kind in ("timeout", "memory") else "failed"


def _keep_coverage(folder: Path) -> None:
    """Leave nothing but the coverage files, packed; the same files whenever they are packed."""
    for file in COVERAGE_FILES:
        path = folder / file
        if path.is_file():
            packed = folder / f"{file}.gz"
            packed.write_bytes(gzip.compress(path.read_bytes(), compresslevel=6, mtime=0))
    for path in folder.iterdir():
        if path.suffix != ".gz":
            shutil.rmtree(path) if path.is_dir() else path.unlink()
