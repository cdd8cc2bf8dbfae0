"""`python -m verif.coverage.luck`: coverage that some seeds reach and others do not.

Wants a regression with several seeds (`make regress SEEDS=4`). The first seed of every test is one
night, the second one another, and so on; what is not reached in every night closes by luck.
"""

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

from models.errors import PanaceaError
from verif.coverage import functional
from verif.coverage.code import coverage_files, merge, read
from verif.regression.folder import REGRESSIONS

__all__ = ["lucky", "nights"]


def nights(files: Sequence[Path]) -> list[list[Path]]:
    """Deal coverage files of runs out to as many nights as the test with the fewest seeds allows.

    A test that has one run alone has no randomness: it is part of every night.

    Raises:
        PanaceaError: there are files, but not for two nights.
    """
    runs: dict[str, list[Path]] = defaultdict(list)
    for file in files:
        runs[file.parent.name.rpartition("-")[0]].append(file)
    count = min((len(found) for found in runs.values() if len(found) > 1), default=0)
    if files and count < 2:
        raise PanaceaError("regression: it needs at least two seeds of every test")
    dealt: list[list[Path]] = [[] for _ in range(count)]
    for found in runs.values():
        share = max(1, len(found) // count)
        for number, night in enumerate(dealt):
            start = number * share % len(found)
            night += found[start : start + share]
    return dealt


def lucky(nights_reach: Sequence[set[str]]) -> dict[str, int]:
    """What is reached in some nights but not in all, and in how many."""
    hits = Counter(one for reached in nights_reach for one in reached)
    return {one: count for one, count in sorted(hits.items()) if count < len(nights_reach)}


def _points(night: Sequence[Path]) -> set[str]:
    """Points of the code that a night reaches."""
    return {
        f"{point.file}:{point.line}:{point.column}: {point.kind}: {point.comment}"
        for point, count in merge(read(night)).items()
        if count
    }


def _bins(night: Sequence[Path]) -> set[str]:
    """Bins of functional coverage that a night reaches."""
    return {
        f"{name}: {bin_}"
        for name, bins in functional.merge(night).items()
        for bin_, count in bins.items()
        if count
    }


def main(arguments: list[str] | None = None) -> int:
    """The command; returns 0 when nothing closes by luck, 1 when something does, 2 on bad input."""
    parser = argparse.ArgumentParser(prog="verif.coverage.luck", description=__doc__)
    parser.add_argument("regression", nargs="?", default="latest", help="its name, or its folder")
    options = parser.parse_args(arguments)
    folder = REGRESSIONS / options.regression
    try:
        code = [_points(night) for night in nights(coverage_files(folder))]
        bins = [_bins(night) for night in nights(functional.exports([folder]))]
        if not code and not bins:
            raise PanaceaError(f"regression: {folder} has no coverage")
    except PanaceaError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    found = 0
    for what, reach in (("points", code), ("bins", bins)):
        some = lucky(reach)
        for one, count in some.items():
            print(f"{one}: in {count} of {len(reach)} nights")
        print(f"{len(reach)} nights; {len(some)} {what} close by luck")
        found += len(some)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
