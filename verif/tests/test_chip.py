"""The chip in its environment, on both simulators, and the environment's own checks.

Many programs share one simulation, because starting one costs more than running them.
"""

import json

import pytest

from models.chip.params import ChipParams
from verif.chip_build import ICARUS_CHIP, SMALL_CHIP, chip_build, protocol_build
from verif.runner import RunResult, run
from verif.tests_chip.base import ChipTestConfig
from verif.tests_chip.faults import COUNTED

FULL = ChipParams()


def _run(params: ChipParams, module: str, folder, **kwargs) -> RunResult:
    build = {name: kwargs.pop(name) for name in ("sim", "kind") if name in kwargs}
    options = kwargs.pop("options", {})
    return run(
        chip_build(params, **build),
        test_module=f"verif.tests_chip.{module}",
        env=ChipTestConfig(params=params, options=options).environment(),
        workdir=folder,
        **kwargs,
    )


@pytest.mark.parametrize("size", [SMALL_CHIP, FULL], ids=["small", "full"])
def test_smoke(size, tmp_path):
    _run(size, "smoke", tmp_path, seed=31).check()


def test_corners(tmp_path):
    _run(SMALL_CHIP, "corners", tmp_path, seed=46).check()


def test_random_programs(tmp_path):
    _run(SMALL_CHIP, "random_programs", tmp_path, seed=32, options={"count": 200}).check()


def test_random_programs_on_an_ideal_memory(tmp_path):
    options = {"count": 40, "stall": False}
    _run(SMALL_CHIP, "random_programs", tmp_path, seed=33, options=options).check()


def test_full_chip(tmp_path):
    options = {"count": 6, "size": (2, 3, 2)}
    _run(FULL, "random_programs", tmp_path, seed=34, options=options).check()


@pytest.mark.parametrize("test", ["BadDescriptors", "Blocks", "BusErrors", "CorruptBlocks"])
def test_errors(test, tmp_path):
    _run(SMALL_CHIP, "errors", tmp_path, seed=35, testcase=test).check()


@pytest.mark.parametrize("test", ["BusyAccesses", "Aborts", "Resets"])
def test_interference(test, tmp_path):
    _run(SMALL_CHIP, "interference", tmp_path, seed=36, testcase=test).check()


def test_unset_values_do_not_matter(tmp_path):
    options = {"count": 10}
    for number, module in enumerate(("random_programs", "interference")):
        kwargs = {"kind": "random_x", "seed": 37, "options": options}
        _run(SMALL_CHIP, module, tmp_path / str(number), **kwargs).check()


def test_icarus_smoke(tmp_path):
    _run(ICARUS_CHIP, "smoke", tmp_path, sim="icarus", seed=38).check()


def test_icarus_random_programs(tmp_path):
    options = {"count": 6, "size": (2, 2, 1), "layers": 2}
    _run(ICARUS_CHIP, "random_programs", tmp_path, sim="icarus", seed=39, options=options).check()


def test_icarus_errors(tmp_path):
    options = {"count": 1}
    for number, test in enumerate(("BusErrors", "BadDescriptors")):
        kwargs = {"sim": "icarus", "seed": 40, "options": options, "testcase": test}
        _run(ICARUS_CHIP, "errors", tmp_path / str(number), timeout=1800, **kwargs).check()


def test_same_seed_same_cycles(tmp_path):
    logs = []
    for name in ("first", "second"):
        options = {"count": 3}
        _run(SMALL_CHIP, "random_programs", tmp_path / name, seed=41, options=options).check()
        lines = (tmp_path / name / "progress.txt").read_text(encoding="utf-8").splitlines()
        logs.append([json.loads(line)["cycles"] for line in lines])
    assert logs[0] == logs[1] and len(logs[0]) == 3


FAULTS = {
    "ByteMisread": "wrong bytes",
    "WriteTwice": "wrong bytes",
    "LateAnswers": "is read before its write is answered",
    "StaleRead": "another value is read than was written",
    "ReadOutside": "beats are read outside",
    "Hidden": "its run never ended",
    "Twice": "no program was asked for",
    "Unanswered": "bursts are open at the end",
    "ErrorReported": "ended with core_error",
    "StatusWrong": "STATUS is 0x9",
    "OtherProgram": "descriptors (seed",
    "MemoryWrong": "bytes of memory are wrong",
    "ImageHit": "bytes of the image overwritten",
    "ErrorMissed": "ended with none, detail 0",
    "LayerWrong": "1 of",
    "ImageWrong": "elements wrong",
    "NeverCleared": "no end",
    "NothingRun": "nothing was compared",
}


FAULTS |= {f"Counter{name}": f"counter {name} is" for name in COUNTED}


def test_every_planted_fault_is_noticed(tmp_path):
    result = _run(SMALL_CHIP, "faults", tmp_path, seed=42)
    cases = {case.name.rpartition(".")[2]: case for case in result.cases}
    assert cases.keys() == FAULTS.keys()
    for name, reason in FAULTS.items():
        assert cases[name].status == "failed", name
        assert reason in cases[name].message, name


@pytest.mark.parametrize("plusarg", ["+flip_w=3", "+flip_r=20"])
def test_fault_in_the_testbench_is_noticed(plusarg, tmp_path):
    result = _run(SMALL_CHIP, "smoke", tmp_path, seed=44, plusargs=(plusarg, "+watchdog=9000"))
    assert not result.passed
    assert "wrong bytes" in result.reason


def test_other_bus_models(tmp_path):
    run(
        protocol_build(SMALL_CHIP),
        test_module="verif.tests_chip.protocol",
        env=ChipTestConfig(params=SMALL_CHIP).environment(),
        seed=45,
        workdir=tmp_path,
    ).check()
