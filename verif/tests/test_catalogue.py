"""The regression's tests, each with one seed: what the nightly does at large."""

import pytest

from verif.regression.catalogue import CATALOGUE, RegressionTest
from verif.runner import run

SEED = 1
UNSET_VALUES = (
    "chip.interference.Resets",
    "chip.random_programs.ideal",
    "core.random_layers.4+8",
    "core.resets.4+8",
)
"""Tests that also run with random unset values."""


def _variants(test: RegressionTest) -> list[str]:
    """What `make test` runs a test on; coverage is the nightly's."""
    variants = [variant for variant in test.variants if variant == "icarus"]
    variants += ["speed"] if set(test.variants) - {"icarus"} else []
    return variants + ["random_x"] * (test.name in UNSET_VALUES)


RUNS = [
    (name, variant)
    for name, test in sorted(CATALOGUE.items())
    if test.quick
    for variant in _variants(test)
]


def test_unset_values_are_tested():
    assert all("random_x" in CATALOGUE[name].variants for name in UNSET_VALUES)


@pytest.mark.parametrize(("name", "variant"), RUNS)
def test_run(name, variant, tmp_path):
    test = CATALOGUE[name]
    run(
        test.on(variant),
        test_module=test.module,
        testcase=test.testcase,
        seed=SEED,
        env=test.env,
        workdir=tmp_path,
        timeout=test.timeout,
    ).check()
