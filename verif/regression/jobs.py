"""Which runs a regression is made of: tests by pattern, variants, seeds of one base seed."""

import hashlib
from collections.abc import Mapping
from fnmatch import fnmatchcase

from models.errors import PanaceaError
from verif.regression.catalogue import VARIANTS, RegressionTest
from verif.regression.records import Job
from verif.runner import MAX_SEED

__all__ = ["select_jobs"]


def select_jobs(
    catalogue: Mapping[str, RegressionTest],
    *,
    tests: str = "",
    variants: str = "",
    seeds: int,
    base_seed: int,
) -> tuple[Job, ...]:
    """The jobs of a regression, in order of their names.

    A job's seed follows from the base seed, the test, the variant and the seed's number alone, so
    that no job depends on which others are asked for.

    Args:
        catalogue: all tests by name.
        tests: names or patterns (`core.*`) with commas between them; empty for all.
        variants: variants with commas between them; empty for all of each test.
        seeds: how many seeds a test of weight 1 runs with.
        base_seed: what all seeds derive from.

    Raises:
        PanaceaError: a pattern matches no test, a variant does not exist, nothing is left to run.
    """
    if seeds < 1:
        raise PanaceaError(f"seeds = {seeds} is not positive")
    wanted = _list(variants) or VARIANTS
    for variant in wanted:
        if variant not in VARIANTS:
            raise PanaceaError(f"variants: {variant!r} is not one of {', '.join(VARIANTS)}")
    jobs = {
        Job(test=test.name, variant=variant, seed=_seed(base_seed, test.name, variant, index))
        for test in _tests(catalogue, tests)
        for variant in test.variants
        if variant in wanted
        for index in range(test.weight * seeds or 1)
    }
    if not jobs:
        raise PanaceaError(f"variants: no test of {tests!r} runs on {variants!r}")
    return tuple(sorted(jobs))


def _tests(catalogue: Mapping[str, RegressionTest], text: str) -> list[RegressionTest]:
    patterns = _list(text) or ["*"]
    for pattern in patterns:
        if not any(fnmatchcase(name, pattern) for name in catalogue):
            raise PanaceaError(f"tests: {pattern!r} matches no test")
    return [
        test
        for name, test in catalogue.items()
        if any(fnmatchcase(name, pattern) for pattern in patterns)
    ]


def _list(text: str) -> list[str]:
    return [part for part in text.replace(",", " ").split() if part]


def _seed(base_seed: int, test: str, variant: str, index: int) -> int:
    digest = hashlib.sha256(f"{base_seed}/{test}/{variant}/{index}".encode()).digest()
    return 1 + int.from_bytes(digest[:8], "big") % MAX_SEED
