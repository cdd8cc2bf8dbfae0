"""The checks of the chip's environment: what they must notice, and that seeds repeat."""

import json

import pytest

from verif.chip_build import SMALL_CHIP, chip_build
from verif.runner import RunResult, run
from verif.tests_chip.base import ChipTestConfig
from verif.tests_chip.faults import COUNTED


def _run(module: str, folder, **kwargs) -> RunResult:
    options = kwargs.pop("options", {})
    return run(
        chip_build(SMALL_CHIP),
        test_module=f"verif.tests_chip.{module}",
        env=ChipTestConfig(params=SMALL_CHIP, options=options).environment(),
        workdir=folder,
        **kwargs,
    )


def test_same_seed_same_cycles(tmp_path):
    logs = []
    for name in ("first", "second"):
        options = {"count": 3}
        _run("random_programs", tmp_path / name, seed=41, options=options).check()
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
    result = _run("faults", tmp_path, seed=42)
    cases = {case.name.rpartition(".")[2]: case for case in result.cases}
    assert cases.keys() == FAULTS.keys()
    for name, reason in FAULTS.items():
        assert cases[name].status == "failed", name
        assert reason in cases[name].message, name


@pytest.mark.parametrize("plusarg", ["+flip_w=3", "+flip_r=20"])
def test_fault_in_the_testbench_is_noticed(plusarg, tmp_path):
    result = _run("smoke", tmp_path, seed=44, plusargs=(plusarg, "+watchdog=9000"))
    assert not result.passed
    assert "wrong bytes" in result.reason
