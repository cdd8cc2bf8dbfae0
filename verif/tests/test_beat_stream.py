"""The beat-level agents on both simulators, and that they notice a lost beat."""

import pytest

from verif.build_spec import SIMULATORS, Build
from verif.runner import run

DATA = "verif/tests/data"


def _build(sim: str) -> Build:
    return Build(top="beats", sources=(f"{DATA}/beats.vlt", f"{DATA}/beats.sv"), rtl=False, sim=sim)


@pytest.mark.parametrize("sim", SIMULATORS)
def test_beats_arrive(sim, tmp_path):
    for case in ("full_rate", "pauses"):
        run(
            _build(sim),
            test_module="verif.tests.data.cocotb_beats",
            testcase=case,
            seed=7,
            workdir=tmp_path / case,
        ).check()


def test_lost_beat_is_noticed(tmp_path):
    result = run(
        _build("icarus"),
        test_module="verif.tests.data.cocotb_beats",
        testcase="pauses",
        seed=7,
        plusargs=("+drop=9",),
        workdir=tmp_path,
    )
    assert not result.passed
    assert "199 of 200 beats" in result.reason
