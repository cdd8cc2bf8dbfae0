"""`python -m verif.coverage.luck`: points that some seeds reach and others do not.

Wants a regression with several seeds (`make regress SEEDS=4`). The first seed of every test is one
night, the second one another, and so on; what is not reached in every night closes by luck.
"""

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

from models.errors import PanaceaError
from verif.coverage.code import Point, coverage_files, merge, read
from verif.regression.folder import REGRESSIONS

__all__ = ["lucky", "nights"]


def nights(files: Sequence[Path]) -> list[list[Path]]:
    """Deal coverage files out to as many nights as the test with the fewest seeds allows.

    A test that has one run alone has no randomness: it is part of every night.

    Raises:
        PanaceaError: there are not two nights.
    """
    runs: dict[str, list[Path]] = defaultdict(list)
    for file in files:
        runs[file.parent.name.rpartition("-")[0]].append(file)
    count = min((len(found) for found in runs.values() if len(found) > 1), default=0)
    if count < 2:
        raise PanaceaError("regression: it needs at least two seeds of every test")
    dealt: list[list[Path]] = [[] for _ in range(count)]
    for found in runs.values():
        share = max(1, len(found) // count)
        for number, night in enumerate(dealt):
            start = number * share % len(found)
            night += found[start : start + share]
    return dealt


def lucky(dealt: Sequence[Sequence[Path]]) -> dict[Point, int]:
    """Points that are hit in some nights but not in all, and in how many."""
    hits: Counter[Point] = Counter()
    for night in dealt:
        hits.update(point for point, count in merge(read(night)).items() if count)
    return {point: count for point, count in sorted(hits.items()) if count < len(dealt)}


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns 0 when no point closes by luck, 1 when some do, 2 on bad input."""
    parser = argparse.ArgumentParser(prog="verif.coverage.luck", description=__doc__)
    parser.add_argument("regression", nargs="?", default="latest", help="its name, or its folder")
    options = parser.parse_args(arguments)
    try:
        dealt = nights(coverage_files(REGRESSIONS / options.regression))
        found = lucky(dealt)
    except PanaceaError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    for point, count in found.items():
        place = f"{point.file}:{point.line}: {point.kind}: {point.comment}"
        print(f"{place}: in {count} of {len(dealt)} nights")
    print(f"{len(dealt)} nights; {len(found)} points close by luck")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
