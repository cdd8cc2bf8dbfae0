"""Functional coverage of all levels: what is declared, what runs have hit, and what is left.

`.venv/bin/python -m verif.coverage.functional DIR...` prints the holes of all runs below DIR.
"""

import argparse
import gzip
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

from models.errors import PanaceaError
from verif.baselines.dense_cover_points import DENSE_GROUPS
from verif.baselines.sibia_cover import SIBIA_GROUPS
from verif.coverage.groups import COVERAGE_FILE, CoverGroup
from verif.env.chip_cover_points import CHIP_GROUPS
from verif.env.cover_points import CORE_GROUPS
from verif.unit.cover_groups import UNIT_GROUPS

__all__ = ["GROUPS", "Hits", "declared", "exports", "holes", "main", "merge", "summary"]

GROUPS: tuple[CoverGroup, ...] = (
    *UNIT_GROUPS,
    *CORE_GROUPS,
    *CHIP_GROUPS,
    *DENSE_GROUPS,
    *SIBIA_GROUPS,
)
"""All coverage groups of all levels."""

Hits = Mapping[str, Mapping[str, int]]
"""Hits by bin, by SCOPE.POINT."""


@cache
def declared() -> dict[str, tuple[str, ...]]:
    """All bins that are to be hit, by SCOPE.POINT of every point and cross; ignored ones left out.

    Raises:
        PanaceaError: two groups declare the same point, or one has the same bin twice.
    """
    found: dict[str, tuple[str, ...]] = {}
    for group in GROUPS:
        for name, bins in group.bins().items():
            if name in found or len(set(bins)) != len(bins):
                raise PanaceaError(f"coverage point {name}: it, or one of its bins, exists twice")
            found[name] = bins
    return found


def exports(folders: Iterable[Path]) -> list[Path]:
    """All coverage files below some folders, plain and compressed, sorted.

    Raises:
        PanaceaError: a folder does not exist.
    """
    found: list[Path] = []
    for folder in folders:
        if not folder.is_dir():
            raise PanaceaError(f"folder: {folder} does not exist")
        found += sorted(folder.rglob(f"{COVERAGE_FILE}*"))
    return found


def merge(paths: Iterable[Path]) -> dict[str, dict[str, int]]:
    """Sum the hits of coverage files over all declared bins.

    The files are cocotb-coverage's; its own merging is not used because it takes minutes for
    thousands of files.

    Args:
        paths: XML files; a name that ends in `.gz` is compressed.

    Raises:
        PanaceaError: a file is no coverage file, or hits a bin that is not declared.
    """
    total = {name: dict.fromkeys(bins, 0) for name, bins in declared().items()}
    for path in paths:
        for (name, bin_), hits in _read(path).items():
            if bin_ not in total.get(name, ()):
                raise PanaceaError(f"{path}: coverage bin {bin_} of {name} is not declared")
            total[name][bin_] += hits
    return total


def holes(hits: Hits) -> dict[str, tuple[str, ...]]:
    """Bins without a hit by point; points without holes are left out."""
    found = {name: tuple(b for b, n in bins.items() if not n) for name, bins in hits.items()}
    return {name: bins for name, bins in found.items() if bins}


def summary(hits: Hits) -> dict[str, tuple[int, int]]:
    """Bins hit, and all bins, by scope."""
    hit, total = Counter(), Counter()
    for name, bins in hits.items():
        scope = name.rpartition(".")[0]
        total[scope] += len(bins)
        hit[scope] += sum(n > 0 for n in bins.values())
    return {scope: (hit[scope], total[scope]) for scope in total}


def _read(path: Path) -> dict[tuple[str, str], int]:
    """The bins of a file that are hit, by point and bin."""
    try:
        data = path.read_bytes()
        root = ElementTree.fromstring(gzip.decompress(data) if path.suffix == ".gz" else data)
    except (OSError, EOFError, ElementTree.ParseError) as error:
        raise PanaceaError(f"{path}: no coverage file: {error}") from error
    return {
        (item.get("abs_name", "").removeprefix("top."), bin_.get("bin", "")): int(bin_.get("hits"))
        for item in root.iter()
        for bin_ in item
        if bin_.get("hits", "0") != "0"
    }


def main(arguments: list[str] | None = None) -> int:
    """The command; 0 if there are no holes, 1 if there are, 2 for wrong input."""
    parser = argparse.ArgumentParser(
        prog="verif.coverage.functional", description="Print the holes of functional coverage."
    )
    parser.add_argument("folder", nargs="+", type=Path, help="runs, at any depth below")
    parser.add_argument("--scope", default="", help="only points whose name begins with this")
    options = parser.parse_args(arguments)
    try:
        files = exports(options.folder)
        merged = merge(files)
    except PanaceaError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    hits = {name: bins for name, bins in merged.items() if name.startswith(options.scope)}
    for scope, (hit, total) in summary(hits).items():
        print(f"{scope:28} {hit:6} of {total:6} bins")
    left = holes(hits)
    for name, bins in left.items():
        print(f"hole: {name}: {', '.join(bins)}")
    print(f"{len(files)} files, {sum(map(len, left.values()))} holes")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
