"""Runs a plan: builds, runs, second runs of the failures, files and history."""

from collections.abc import Mapping
from pathlib import Path

from distributed import Client
from distributed.scheduler import KilledWorker
from rich.console import Console

from models.errors import PanaceaError
from verif.build_spec import Build
from verif.builder import shown
from verif.regression.catalogue import RegressionTest
from verif.regression.execute import describe, execute, make_build, utc_now
from verif.regression.farm import stream
from verif.regression.folder import RegressionFolder
from verif.regression.history import History
from verif.regression.junit import write_junit
from verif.regression.plan import Plan
from verif.regression.progress import ProgressLine, say
from verif.regression.records import Job, Outcome
from verif.regression.triage import bucket_failures, compare, for_waves, summary
from verif.toolchain.tools import ToolError

__all__ = ["Engine"]

MOST_BUCKETS = 10
"""How many buckets are run again with waves; more of them have a cause in common."""


class Engine:
    """One regression at work. The client, and it alone, writes files and history.

    Attributes:
        plan: what to run.
        client: the workers.
        history: takes every result as it comes.
        folder: of the regression, locked.
    """

    def __init__(
        self,
        plan: Plan,
        catalogue: Mapping[str, RegressionTest],
        *,
        client: Client,
        history: History,
        folder: RegressionFolder,
        memory_mb: int,
        console: Console,
    ) -> None:
        self.plan, self.client, self.history, self.folder = plan, client, history, folder
        self._catalogue, self._memory_mb, self._console = catalogue, memory_mb, console
        self._id = plan.regression.id

    def run(self) -> list[Outcome]:
        """Do all that has no result yet; returns all outcomes.

        Raises:
            DiskFullError: it can be resumed when there is space again.
            PanaceaError: the scheduler is gone.
            ToolError: a tool is missing.
        """
        done = {outcome.job for outcome in self.history.outcomes(self._id)}
        jobs = [job for job in self.plan.jobs if job not in done]
        if done:
            say(self._console, f"{len(done)} of {len(self.plan.jobs)} runs are done already")
        broken = self._build(jobs)
        self._run([job for job in jobs if self._spec(job) not in broken])
        for job in jobs:
            if reason := broken.get(self._spec(job)):
                self._record(self._describe(job, "failed", reason))
        outcomes = self.history.outcomes(self._id)
        self._triage(outcomes)
        write_junit(self.folder.junit, self._id, outcomes)
        self.history.finish(self._id, utc_now())
        return outcomes

    def _spec(self, job: Job) -> Build:
        return self._catalogue[job.test].on(job.variant)

    def _workers(self) -> int:
        return max(1, sum(self.client.nthreads().values()))

    def _build(self, jobs: list[Job]) -> dict[Build, str]:
        """Make every build once; returns those that failed, and why."""
        specs = list({self._spec(job): None for job in jobs})
        broken: dict[Build, str] = {}
        with ProgressLine(self._console, "builds", [0.0] * len(specs)) as line:
            calls = {number: ((spec,), {}) for number, spec in enumerate(specs)}
            for number, result in stream(self.client, make_build, calls):
                if isinstance(result, BaseException):
                    raise result
                if result:
                    broken[specs[number]] = result
                line.done(0.0, result and f"{specs[number].top}: {result}")
        return broken

    def _run(self, jobs: list[Job]) -> None:
        past = self.history.seconds()
        seconds = {job: past.get((job.test, job.variant), 0.0) for job in jobs}
        calls = {job: self._call(job, self.folder.runs / job.name) for job in jobs}
        expected = list(seconds.values())
        with ProgressLine(self._console, "runs", expected, workers=self._workers()) as line:
            for job, result in stream(self.client, execute, calls, seconds):
                line.done(seconds[job], self._record(self._outcome(job, result)))

    def _call(
        self, job: Job, workdir: Path, test: RegressionTest | None = None, *, waves: bool = False
    ) -> tuple[tuple, dict]:
        options = {"workdir": workdir, "memory_mb": self._memory_mb, "waves": waves}
        return (job, test or self._catalogue[job.test]), options

    def _record(self, outcome: Outcome) -> str:
        """Put a result into the history; returns the lines that tell of a failure."""
        self.history.add_outcome(self._id, outcome)
        if outcome.status == "passed":
            return ""
        return f"FAILED {outcome.job.name}: {outcome.reason}\n  reproduce: {outcome.command}"

    def _describe(self, job: Job, status: str, reason: str) -> Outcome:
        test = self._catalogue[job.test]
        return describe(job, test, status=status, reason=reason, memory_mb=self._memory_mb)

    def _outcome(self, job: Job, result: Outcome | BaseException) -> Outcome:
        """The outcome of a job, whose call may have ended with an exception."""
        if isinstance(result, KilledWorker):
            return self._describe(job, "lost", "lost: every worker that had it went away")
        if isinstance(result, PanaceaError | ToolError):
            raise result  # not the job's: none of the others could run either
        if isinstance(result, BaseException):
            return self._describe(job, "failed", f"error: {result!r}")
        return result

    def _triage(self, outcomes: list[Outcome]) -> None:
        """Run the shortest failure of each bucket again, with waves."""
        buckets = bucket_failures(outcomes)
        if not buckets:
            return
        chosen = {bucket.number: bucket for bucket in buckets[:MOST_BUCKETS]}
        calls = {}
        for number, bucket in chosen.items():
            job = bucket.shortest.job
            test = for_waves(self._catalogue[job.test], bucket.shortest)
            calls[number] = self._call(job, self.folder.triage / str(number), test, waves=True)
        with ProgressLine(self._console, "with waves", [0.0] * len(calls)) as line:
            for number, result in stream(self.client, execute, calls):
                again = self._outcome(chosen[number].shortest.job, result)
                self.history.add_triage(self._id, compare(chosen[number], again))
                line.done(0.0)
        triage = self.history.triage(self._id)
        for text in summary(triage, shown(self.folder.path)):
            say(self._console, text)
        for bucket in buckets[MOST_BUCKETS:]:
            say(self._console, f"[{bucket.number}] {bucket.signature}: not run again")
