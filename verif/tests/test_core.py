"""The checks of the core's environment: what they must notice, and that seeds repeat."""

import pytest

from models.params import CoreParams
from verif.builder import build
from verif.core_build import core_build
from verif.runner import RunResult, run
from verif.tests_core.base import TestConfig

SMALL = CoreParams(num_pea=2, tile_n=16)


def test_the_pea_is_compiled_once():
    simulation = (build(core_build(SMALL)) / "sim").read_bytes()
    assert b"protectlib_create" in simulation  # how Verilator makes an instance of such a block


def _run(module: str, folder, **kwargs) -> RunResult:
    options = kwargs.pop("options", {})
    return run(
        core_build(SMALL),
        test_module=f"verif.tests_core.{module}",
        env=TestConfig(params=SMALL, options=options).environment(),
        workdir=folder,
        **kwargs,
    )


def test_same_seed_same_cycles(tmp_path):
    logs = []
    for name in ("first", "second"):
        _run("random_layers", tmp_path / name, seed=20, options={"count": 3}).check()
        logs.append((tmp_path / name / "commands.log").read_text(encoding="ascii"))
    assert logs[0] == logs[1]


FAULTS = {
    "ResultCorrupted": "wrong results",
    "CommandHidden": "expected that never ended",
    "CommandTwice": "commands done that no stimulus asked for",
    "CounterWrong": "LL outer products issued",
    "ExtraBeat": "no beat moved",
    "MissingBeat": "no beat moved",
    "NothingPlayed": "nothing was compared",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_planted_fault_is_noticed(fault, tmp_path):
    plusargs = ("+watchdog=2000",)
    result = _run("faults", tmp_path, seed=21, testcase=fault, plusargs=plusargs)
    assert not result.passed
    assert FAULTS[fault] in result.reason


@pytest.mark.parametrize(
    ("plusarg", "reason"), [("+flip_y=3", "wrong results"), ("+lose_x=2", "wrong results")]
)
def test_fault_in_the_testbench_is_noticed(plusarg, reason, tmp_path):
    plusargs = (plusarg, "+watchdog=2000")
    result = _run("smoke", tmp_path, seed=22, plusargs=plusargs)
    assert not result.passed
    assert reason in result.reason
