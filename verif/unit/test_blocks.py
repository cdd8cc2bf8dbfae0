"""Runs every unit bench on both simulators."""

import pytest

from verif.runner import run
from verif.unit.catalogue import BENCHES


@pytest.mark.parametrize("sim", ["verilator", "icarus"])
@pytest.mark.parametrize("bench", sorted(BENCHES))
def test_block(bench: str, sim: str) -> None:
    """All tests of one bench pass."""
    run(BENCHES[bench].build(sim), test_module=BENCHES[bench].module, timeout=120).check()
