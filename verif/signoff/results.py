"""All results of one regression that sign-off and report look at."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from models.errors import PanaceaError
from verif.coverage.functional import exports, merge
from verif.regression.folder import REGRESSIONS
from verif.regression.history import History, Metric, Regression
from verif.regression.records import Outcome, Triage
from verif.regression.revision import revision
from verif.testplan.plan import load
from verif.testplan.progress import Progress, progress

__all__ = ["HISTORY", "NoResultsError", "Past", "Results", "load_results"]

HISTORY = "history.sqlite"

_KINDS = ("nightly", "regress", "rerun")
"""The kinds of regressions, the most telling first."""


class NoResultsError(PanaceaError):
    """There is nothing to judge."""


@dataclass(frozen=True, kw_only=True)
class Past:
    """An earlier regression, for trends."""

    regression: Regression
    metrics: tuple[Metric, ...]
    runs: int
    passed: int
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Results:
    """All results of one regression.

    Attributes:
        folder: of the regression.
        regression: what was asked for.
        runs: what came of it.
        buckets: failures by signature that were run again.
        metrics: its figures.
        past: this and earlier regressions of its kind, the oldest first.
        head: revision of the sources that are here now.
        head_dirty: they have changes that are not committed.
    """

    folder: Path
    regression: Regression
    runs: tuple[Outcome, ...]
    buckets: tuple[Triage, ...]
    metrics: tuple[Metric, ...]
    past: tuple[Past, ...]
    head: str
    head_dirty: bool

    @cached_property
    def hits(self) -> Mapping[str, Mapping[str, int]]:
        """Functional coverage of the runs that passed: hits by bin of every declared coverpoint."""
        return merge([file for files in self.exports.values() for file in files])

    @cached_property
    def exports(self) -> Mapping[Outcome, list[Path]]:
        """Files of functional coverage by run; what a run shows counts only if it passed."""
        passed = {run: self.folder / run.workdir for run in self.runs if run.status == "passed"}
        return {run: exports([path]) for run, path in passed.items() if path.is_dir()}

    @cached_property
    def progress(self) -> tuple[Progress, ...]:
        """How far every feature of the testplan is shown."""
        return progress(load(), self.runs, self.hits)


def load_results(name: str = "", *, folder: Path = REGRESSIONS) -> Results:
    """The results of a regression.

    Args:
        name: its id, or `latest` for where the link of that name leads; if empty, the latest
            nightly, or if there is none the latest of another kind.
        folder: of all regressions.

    Raises:
        NoResultsError: there is no such regression.
    """
    path = folder / HISTORY
    if not path.is_file():
        raise NoResultsError(f"no results: {path} does not exist; run 'make nightly' first")
    with History(path) as history:
        known = history.regressions()  # the latest first
        link = folder / name
        regression = _choose(known, link.resolve().name if link.is_symlink() else name)
        if regression is None:
            raise NoResultsError(f"regression: {name or 'any'!r} is not in {path}")
        same = [one for one in reversed(known) if one.kind == regression.kind]
        head, head_dirty = revision()
        return Results(
            folder=folder / regression.id,
            regression=regression,
            runs=tuple(history.outcomes(regression.id)),
            buckets=tuple(history.triage(regression.id)),
            metrics=tuple(history.metrics(regression.id)),
            past=tuple(_past(history, one) for one in same[: same.index(regression) + 1]),
            head=head,
            head_dirty=head_dirty,
        )


def _choose(known: list[Regression], name: str) -> Regression | None:
    """The regression of an id, or the one to look at by default; `known`: the latest first."""
    if name:
        known = [one for one in known if one.id == name]
    return min(known, key=lambda one: _KINDS.index(one.kind), default=None)


def _past(history: History, regression: Regression) -> Past:
    runs = history.outcomes(regression.id)
    return Past(
        regression=regression,
        metrics=tuple(history.metrics(regression.id)),
        runs=len(runs),
        passed=sum(run.status == "passed" for run in runs),
        seconds=sum(run.seconds for run in runs),
    )
