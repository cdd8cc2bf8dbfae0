"""What a regression is asked to do: a new one, the rest of one, or the failures of the last."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from models.errors import PanaceaError
from verif.regression.catalogue import RegressionTest
from verif.regression.execute import utc_now
from verif.regression.history import History, Regression
from verif.regression.jobs import select_jobs
from verif.regression.records import Job
from verif.regression.revision import revision

__all__ = ["RERUN", "Plan", "new_plan", "rerun_plan", "resume_plan"]

RERUN = "rerun"
"""Kind of a regression that repeats the failures of another one."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A regression and all its jobs, those already done too."""

    regression: Regression
    jobs: tuple[Job, ...]


def new_plan(
    root: Path,
    catalogue: Mapping[str, RegressionTest],
    *,
    kind: str,
    tests: str,
    variants: str,
    seeds: int,
    base_seed: int,
) -> Plan:
    """Plan a new regression; arguments as `select_jobs`.

    Raises:
        PanaceaError: see `select_jobs`.
    """
    jobs = select_jobs(catalogue, tests=tests, variants=variants, seeds=seeds, base_seed=base_seed)
    options = {"tests": tests, "variants": variants}
    return Plan(regression=_regression(root, kind, base_seed, seeds, options), jobs=jobs)


def resume_plan(history: History, catalogue: Mapping[str, RegressionTest], kind: str) -> Plan:
    """Take up the last incomplete regression of a kind.

    Raises:
        PanaceaError: there is none, or the repository has moved on since.
    """
    regression = history.latest(kind, complete=False)
    if regression is None:
        raise PanaceaError(f"resume: every {kind} in the history is complete")
    now, _ = revision()
    if now != regression.revision:
        raise PanaceaError(
            f"resume: {regression.id} ran on {regression.revision[:12]}, the repository is at "
            f"{now[:12]}; check that revision out or start a new one"
        )
    jobs = select_jobs(
        catalogue,
        **regression.options,
        seeds=regression.seeds,
        base_seed=regression.base_seed,
    )
    return Plan(regression=regression, jobs=jobs)


def rerun_plan(
    root: Path, history: History, catalogue: Mapping[str, RegressionTest], kinds: tuple[str, ...]
) -> Plan:
    """Plan to run again what did not pass in the latest complete regression of the kinds.

    Raises:
        PanaceaError: there is no such regression, or a test of it is no more.
    """
    last = history.latest(*kinds)
    if last is None:
        raise PanaceaError("rerun-failed: no complete regression is in the history")
    failed = tuple(one.job for one in history.outcomes(last.id) if one.status != "passed")
    gone = {job.test for job in failed} - catalogue.keys()
    if gone:
        raise PanaceaError(f"rerun-failed: {', '.join(sorted(gone))} of {last.id} is no test now")
    regression = _regression(root, RERUN, last.base_seed, last.seeds, {"of": last.id})
    return Plan(regression=regression, jobs=failed)


def _regression(
    root: Path, kind: str, base_seed: int, seeds: int, options: dict[str, str]
) -> Regression:
    commit, dirty = revision()
    return Regression(
        id=_new_id(root, kind),
        kind=kind,
        started=utc_now(),
        revision=commit,
        dirty=dirty,
        base_seed=base_seed,
        seeds=seeds,
        options=options,
    )


def _new_id(root: Path, kind: str) -> str:
    """The time and the kind; of those that begin in the same second, each its own."""
    stem = f"{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}-{kind}"
    name, number = stem, 1
    while True:
        try:
            (root / name).mkdir(parents=True)
        except FileExistsError:
            number += 1
            name = f"{stem}-{number}"
        else:
            return name
