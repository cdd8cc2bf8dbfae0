"""Puts the figures into the history that follow from a regression's results and sources."""

from collections import Counter
from pathlib import Path

from verif.coverage.functional import summary
from verif.regression.history import History, Metric
from verif.signoff.results import HISTORY, REGRESSIONS, Results, load_results
from verif.signoff.sources import measure_sources

__all__ = ["derived_metrics", "record"]


def record(name: str = "", *, folder: Path = REGRESSIONS) -> Results:
    """Add a regression's derived figures to the history; returns its results with them.

    The sources are measured if they are still those that it ran on, and were not measured before.

    Raises:
        NoResultsError: see `load_results`.
        PanaceaError: coverage cannot be read.
    """
    results = load_results(name, folder=folder)
    one = results.regression
    metrics = derived_metrics(results)
    measured = any(row.kind == "lint" for row in results.metrics)
    if not measured and (one.revision, one.dirty) == (results.head, results.head_dirty):
        metrics += measure_sources()
    with History(folder / HISTORY) as history:
        history.add_metrics(one.id, metrics)
    return load_results(one.id, folder=folder)


def derived_metrics(results: Results) -> list[Metric]:
    """Functional coverage by scope, closed features of the testplan by block."""
    rows = [
        Metric(scope=scope, kind="functional", hit=hit, total=total)
        for scope, (hit, total) in summary(results.hits).items()
    ]
    features = Counter(one.block for one in results.progress)
    closed = Counter(one.block for one in results.progress if one.closed)
    return rows + [
        Metric(scope=block, kind="testplan", hit=closed[block], total=total)
        for block, total in features.items()
    ]
