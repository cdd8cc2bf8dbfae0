"""The checks of the Sibia-style core's environment: what they must notice."""

import pytest

from verif.baselines.sibia_build import SibiaConfig, sibia_build
from verif.planted.sibia import PLANTED_SIBIA
from verif.runner import run

FAULTS = {
    "ResultCorrupted": "wrong results",
    "RunHidden": "expected that never ended",
    "CounterWrong": "ll outer products issued",
    "MissingBeat": "no beat moved",
    "NothingPlayed": "nothing was compared",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_planted_fault_is_noticed(fault, tmp_path):
    result = run(
        sibia_build(PLANTED_SIBIA, sim="icarus"),
        test_module="verif.baselines.sibia_faults",
        testcase=fault,
        seed=21,
        env=SibiaConfig(params=PLANTED_SIBIA).environment(),
        plusargs=("+watchdog=500",),
        workdir=tmp_path,
    )
    assert not result.passed
    assert FAULTS[fault] in result.reason
