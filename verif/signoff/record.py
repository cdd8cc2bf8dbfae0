"""Puts the figures into the history that follow from a regression's files and sources."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from models.errors import PanaceaError
from verif.build_spec import ROOT, read_filelist
from verif.coverage.code import block_of, coverage_files
from verif.coverage.code_report import report, write
from verif.coverage.functional import summary
from verif.regression.folder import REGRESSIONS
from verif.regression.history import History, Metric
from verif.signoff.evidence import measure_evidence
from verif.signoff.results import HISTORY, Results, load_results
from verif.signoff.sources import measure_sources

__all__ = ["blocks", "record"]


def record(name: str = "", *, folder: Path = REGRESSIONS) -> Results:
    """Merge a regression's coverage, add all figures to the history; returns its results with them.

    Annotated source goes to the regression's folder `coverage`. If the sources are still those that
    it ran on, proofs, planted bugs and mutants of this revision count, and the sources are measured
    if they were not before.

    Raises:
        NoResultsError: see `load_results`.
        PanaceaError: functional coverage cannot be read.
        ToolError: `genhtml` is missing.
    """
    results = load_results(name, folder=folder)
    one = results.regression
    metrics = [*_code(results.folder), *_functional(results), *_testplan(results)]
    measured = any(row.kind == "lint" for row in results.metrics)
    if (one.revision, one.dirty) == (results.head, results.head_dirty):
        metrics += measure_evidence(one.revision) if not one.dirty else ()
        metrics += measure_sources() if not measured else ()
    with History(folder / HISTORY) as history:
        history.add_metrics(one.id, metrics)
    return load_results(one.id, folder=folder)


def _code(folder: Path) -> Iterable[Metric]:
    """Code coverage by block and kind, which blocks have any, and the waivers' problems."""
    if not coverage_files(folder):
        return
    try:
        found = report(folder)
        write(found, folder / "coverage")
    except PanaceaError as error:  # one bad file must not keep all other results from being seen
        yield Metric(scope=str(error), kind="measured", hit=0, total=1)
        return
    yield from found.metrics()
    measured = {row.block for row in found.rows}
    for block in blocks():
        yield Metric(scope=block, kind="measured", hit=int(block in measured), total=1)
    yield Metric(scope="all others", kind="waivers", hit=1, total=1)
    for problem in found.problems:
        yield Metric(scope=problem, kind="waivers", hit=0, total=1)


def blocks() -> list[str]:
    """The blocks of the RTL; packages have nothing to measure."""
    files = (str(path.relative_to(ROOT)) for path in read_filelist()[0])
    return [block for block in map(block_of, files) if not block.endswith("_pkg")]


def _functional(results: Results) -> Iterable[Metric]:
    """Functional coverage by scope."""
    for scope, (hit, total) in summary(results.hits).items():
        yield Metric(scope=scope, kind="functional", hit=hit, total=total)


def _testplan(results: Results) -> Iterable[Metric]:
    """Closed features of the testplan by block."""
    features = Counter(one.block for one in results.progress)
    closed = Counter(one.block for one in results.progress if one.closed)
    for block, total in features.items():
        yield Metric(scope=block, kind="testplan", hit=closed[block], total=total)
