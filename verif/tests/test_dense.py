"""The checks of the dense cores' environment: what they must notice."""

import pytest

from models.baselines.dense_params import Dataflow, DenseParams
from verif.baselines.dense_base import DenseTestConfig
from verif.baselines.dense_build import SMALL, dense_build
from verif.runner import RunResult, run

PARAMS = DenseParams(dataflow=Dataflow.SIMD, **SMALL)
FAULTS = {
    "ResultCorrupted": "wrong results",
    "OutputHidden": "expected that never ended",
    "OutputTwice": "outputs that no stimulus asked for",
    "CounterWrong": "psum_reads is",
    "CycleLate": "cycles is",
    "ExtraBeat": "no beat moved",
    "MissingBeat": "no beat moved",
    "NothingPlayed": "nothing was compared",
}


def _run(testcase: str, folder, *plusargs: str) -> RunResult:
    return run(
        dense_build(PARAMS, sim="icarus"),
        test_module="verif.baselines.dense_faults",
        testcase=testcase,
        seed=21,
        env=DenseTestConfig(params=PARAMS).environment(),
        plusargs=("+watchdog=500", *plusargs),
        workdir=folder,
    )


@pytest.mark.parametrize("fault", FAULTS)
def test_planted_fault_is_noticed(fault, tmp_path):
    result = _run(fault, tmp_path)
    assert not result.passed
    assert FAULTS[fault] in result.reason


def test_fault_in_the_testbench_is_noticed(tmp_path):
    _run("OneLayer", tmp_path / "sound").check()
    result = _run("OneLayer", tmp_path / "faulty", "+flip_y=3")
    assert not result.passed
    assert "wrong results" in result.reason
