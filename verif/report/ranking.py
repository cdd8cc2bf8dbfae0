"""Ranks runs: the few that together reach the functional coverage of all."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from verif.coverage.functional import merge
from verif.regression.records import Outcome
from verif.signoff.results import Results

__all__ = ["Ranked", "bins_by_run", "rank"]


@dataclass(frozen=True, kw_only=True)
class Ranked:
    """A run, the bins that none of the ranked runs before it hits, and their sum so far."""

    run: Outcome
    new: int
    so_far: int


def bins_by_run(results: Results) -> dict[Outcome, frozenset[tuple[str, str]]]:
    """The bins, as (point, bin), that each run with functional coverage hits."""
    return {
        run: frozenset((p, b) for p, bins in merge(files).items() for b, n in bins.items() if n)
        for run, files in results.exports.items()
        if files
    }


def rank(bins: Mapping[Outcome, Collection[tuple[str, str]]]) -> tuple[Ranked, ...]:
    """Greedily choose runs that add most bins, the shorter of two equal ones, until all are hit."""
    left = {run: set(hit) for run, hit in bins.items()}
    ranked: list[Ranked] = []
    so_far = 0
    while left:
        best = max(left, key=lambda run: (len(left[run]), -run.seconds, run.job.name))
        new = left.pop(best)
        if not new:
            break
        so_far += len(new)
        ranked.append(Ranked(run=best, new=len(new), so_far=so_far))
        for other in left.values():
            other -= new
    return tuple(ranked)
