"""The benches of memories, AXI masters and registers catch bugs: each planted one."""

from functools import cache

import pytest

from verif.builder import SIM_BUILD
from verif.planting import plant
from verif.runner import run
from verif.tests.test_planted_bugs import SEED, SIM, with_copy
from verif.unit.bus_bugs import BUS_BUGS
from verif.unit.catalogue import BENCHES, Bench


@cache
def passing_bench(name: str) -> Bench:
    """The bench of that name, after it has passed on the RTL as it is."""
    bench = BENCHES[name]
    run(bench.build(SIM), test_module=bench.module, seed=SEED, timeout=120).check()
    return bench


@pytest.mark.parametrize("name", BUS_BUGS)
def test_planted_bug_is_caught(name: str) -> None:
    """The bench fails on the copy, in the test that is about the bug."""
    bug = BUS_BUGS[name]
    bench = passing_bench(bug.check)
    original, copy = plant(bug, SIM_BUILD / "planted" / name.replace(" ", "_"))
    build = with_copy(bench.build(SIM), original, copy)
    result = run(build, test_module=bench.module, seed=SEED, timeout=120)
    assert not result.passed, f"{name}: not caught by {bug.check} ({result.command})"
    assert bug.symptom in result.reason, f"{name}: caught for another reason: {result.reason}"
