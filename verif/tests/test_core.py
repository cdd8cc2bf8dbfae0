"""The AQS-GEMM core in its environment, on both simulators, and the environment's own checks.

Many cases share one simulation, because starting one costs more than running them.
"""

from dataclasses import replace

import pytest

from models.params import CoreParams
from verif.builder import build
from verif.core_build import core_build
from verif.runner import RunResult, run
from verif.tests_core.base import TestConfig

SMALL = CoreParams(num_pea=2, tile_n=16)
SINGLE = replace(SMALL, num_pea=1)  # the PEA level
SWAPPED = replace(SMALL, num_dwo=8, num_swo=4)
SIZES = {"4+8": SMALL, "8+4": SWAPPED, "pea": SINGLE}
ICARUS_CORNERS = ["unit", "edges_of_runs", "every_r", "n_tails", "small_widths"]


def test_the_pea_is_compiled_once():
    simulation = (build(core_build(SMALL)) / "sim").read_bytes()
    assert b"protectlib_create" in simulation  # how Verilator makes an instance of such a block


def _run(params: CoreParams, module: str, folder, **kwargs) -> RunResult:
    build = {name: kwargs.pop(name) for name in ("sim", "kind") if name in kwargs}
    options = kwargs.pop("options", {})
    return run(
        core_build(params, **build),
        test_module=f"verif.tests_core.{module}",
        env=TestConfig(params=params, options=options).environment(),
        workdir=folder,
        **kwargs,
    )


@pytest.mark.parametrize("stall", [False, True], ids=["free", "stalls"])
@pytest.mark.parametrize("size", SIZES)
def test_corners(size, stall, tmp_path):
    _run(SIZES[size], "corners", tmp_path, seed=11, options={"stall": stall}).check()


@pytest.mark.parametrize("size", SIZES)
def test_random_layers(size, tmp_path):
    _run(SIZES[size], "random_layers", tmp_path, seed=12, options={"count": 40}).check()


def test_deep_layers_on_one_pea(tmp_path):
    options = {"names": ["deep", "deepest"]}
    _run(SINGLE, "corners", tmp_path, seed=13, options=options).check()


def test_full_core(tmp_path):
    options = {"count": 4, "size": (2, 3, 1)}
    _run(CoreParams(), "random_layers", tmp_path, seed=14, options=options).check()


def test_resets(tmp_path):
    _run(SMALL, "resets", tmp_path, seed=15).check()


def test_unset_values_do_not_matter(tmp_path):
    for module in ("random_layers", "resets"):
        _run(SMALL, module, tmp_path / module, kind="random_x", seed=23).check()


def test_illegal_input(tmp_path):
    _run(SMALL, "illegal", tmp_path, seed=16).check()


def test_icarus_corners(tmp_path):
    options = {"names": ICARUS_CORNERS, "stall": True}
    _run(SINGLE, "corners", tmp_path, sim="icarus", seed=17, options=options).check()


def test_icarus_random_layers(tmp_path):
    options = {"count": 2, "size": (2, 2, 1)}
    _run(SWAPPED, "random_layers", tmp_path, sim="icarus", seed=18, options=options).check()


def test_icarus_illegal_input(tmp_path):
    _run(SINGLE, "illegal", tmp_path, sim="icarus", seed=19).check()


def test_same_seed_same_cycles(tmp_path):
    logs = []
    for name in ("first", "second"):
        _run(SMALL, "random_layers", tmp_path / name, seed=20, options={"count": 3}).check()
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
    result = _run(SMALL, "faults", tmp_path, seed=21, testcase=fault, plusargs=plusargs)
    assert not result.passed
    assert FAULTS[fault] in result.reason


@pytest.mark.parametrize(
    ("plusarg", "reason"), [("+flip_y=3", "wrong results"), ("+lose_x=2", "wrong results")]
)
def test_fault_in_the_testbench_is_noticed(plusarg, reason, tmp_path):
    plusargs = (plusarg, "+watchdog=2000")
    result = _run(SMALL, "smoke", tmp_path, seed=22, plusargs=plusargs)
    assert not result.passed
    assert reason in result.reason
