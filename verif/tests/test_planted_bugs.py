"""The checks catch bugs: each planted one fails the test that must see it, for what it does."""

from dataclasses import dataclass, field, replace
from functools import cache

import pytest

from models.baselines.dense_params import Dataflow, DenseParams
from models.errors import PanaceaError
from models.params import CoreParams
from verif.apsq_bugs import APSQ_BUGS
from verif.baselines.dense_base import DenseTestConfig
from verif.baselines.dense_bugs import DENSE_BUGS
from verif.baselines.dense_build import SMALL, dense_build
from verif.baselines.sibia_bugs import PLANTED_OPTIONS, PLANTED_SIBIA, SIBIA_BUGS
from verif.baselines.sibia_build import SibiaConfig, sibia_build
from verif.build_spec import Build
from verif.builder import SIM_BUILD
from verif.chip_build import ICARUS_CHIP, chip_build
from verif.core_build import core_build
from verif.pass_bugs import PASS_BUGS
from verif.planted_bugs import BUGS
from verif.planting import (
    CHIP_FREE,
    CORE,
    CORE_FREE,
    CORE_ILLEGAL,
    CORE_POOLED,
    CORE_POOLED_FREE,
    CORE_WIDTHS,
    SIBIA,
    plant,
    with_copy,
)
from verif.pooled_bugs import POOLED_BUGS
from verif.runner import RunResult, run
from verif.tests_chip.base import ChipTestConfig
from verif.tests_core.base import TestConfig
from verif.timing_bugs import TIMING_BUGS
from verif.unit.bus_bugs import BUS_BUGS
from verif.unit.catalogue import BENCHES
from verif.unit.chip_bugs import CHIP_BUGS
from verif.unit.ppu_bugs import PPU_BUGS

BUG_LISTS = (
    BUGS,
    PASS_BUGS,
    POOLED_BUGS,
    APSQ_BUGS,
    BUS_BUGS,
    CHIP_BUGS,
    PPU_BUGS,
    TIMING_BUGS,
    DENSE_BUGS,
    SIBIA_BUGS,
)
ALL_BUGS = {name: bug for bugs in BUG_LISTS for name, bug in bugs.items()}
SEED = 5
PEA_LEVEL = CoreParams(num_pea=1, tile_n=16)
POOLED = replace(PEA_LEVEL, num_dwo=12, num_swo=0)
SIM = "icarus"  # builds in a second, and these runs are short


@dataclass(frozen=True, kw_only=True)
class Check:
    """A run that passes on the RTL as it is."""

    build: Build
    module: str
    testcase: str | None = None
    env: dict[str, str] = field(default_factory=dict)
    plusargs: tuple[str, ...] = ()

    def run(self, build: Build, testcase: str | None = None) -> RunResult:
        """Run it on another build."""
        return run(
            build,
            test_module=self.module,
            testcase=testcase or self.testcase,
            seed=SEED,
            env=self.env,
            plusargs=self.plusargs,
            timeout=600,
        )


def core_check(module: str, options: dict, params: CoreParams = PEA_LEVEL) -> Check:
    """A test of the core's environment on a core with one PEA."""
    return Check(
        build=core_build(params, sim=SIM),
        module=f"verif.tests_core.{module}",
        env=TestConfig(params=params, options=options).environment(),
        plusargs=("+watchdog=2000",),
    )


def dense_check(dataflow: Dataflow) -> Check:
    """Short corners of a dense core, without pauses."""
    params = DenseParams(dataflow=dataflow, **SMALL)
    names = {"names": ["extremes", "tails", "blocks_of_k", "reuse"]}
    if dataflow == Dataflow.SA_WS:
        names["names"].append("apsq")
    return Check(
        build=dense_build(params, sim=SIM),
        module="verif.baselines.dense_tests",
        testcase="Corners",
        env=DenseTestConfig(params=params, options=names).environment(),
        plusargs=("+watchdog=2000",),
    )


@cache
def passing_check(name: str) -> Check:
    """The check of that name, after it has passed on the RTL as it is."""
    if name == CORE:
        check = core_check("random_layers", {"count": 1, "size": [2, 2, 1]})
    elif name == CORE_FREE:
        check = core_check("corners", {"names": ["edges_of_runs"], "stall": False})
    elif name == CORE_WIDTHS:
        check = core_check("corners", {"names": ["small_widths"], "stall": True})
    elif name == CORE_POOLED:
        check = core_check("random_layers", {"count": 1, "size": [2, 2, 1]}, POOLED)
    elif name == CORE_POOLED_FREE:
        check = core_check("corners", {"names": ["edges_of_runs"], "stall": False}, POOLED)
    elif name == CHIP_FREE:
        check = Check(
            build=chip_build(ICARUS_CHIP, sim=SIM),
            module="verif.tests_chip.corners",
            testcase="Timed",
            env=ChipTestConfig(params=ICARUS_CHIP).environment(),
        )
    elif name in Dataflow.__members__:
        check = dense_check(Dataflow[name])
    elif name == SIBIA:
        check = Check(
            build=sibia_build(PLANTED_SIBIA, sim=SIM),
            module="verif.baselines.sibia_tests",
            testcase="Corners",
            env=SibiaConfig(params=PLANTED_SIBIA, options=PLANTED_OPTIONS).environment(),
            plusargs=("+watchdog=500",),
        )
    elif name == CORE_ILLEGAL:
        check = core_check("illegal", {})
    else:
        check = Check(build=BENCHES[name].build(SIM), module=BENCHES[name].module)
    check.run(check.build).check()
    return check


@pytest.mark.parametrize("name", ALL_BUGS)
def test_planted_bug_is_caught(name: str) -> None:
    bug = ALL_BUGS[name]
    check = passing_check(bug.check)
    original, copy = plant(bug, SIM_BUILD / "planted" / name.replace(" ", "_"))
    result = check.run(with_copy(check.build, original, copy))
    assert not result.passed, f"{name}: not caught by {bug.check} ({result.command})"
    assert bug.symptom in result.reason, f"{name}: caught for another reason: {result.reason}"


def test_every_bug_has_a_name_of_its_own() -> None:
    assert len(ALL_BUGS) == sum(map(len, BUG_LISTS))


def test_bug_that_no_longer_fits_is_an_error(tmp_path) -> None:
    for old, times in (("no such text", 0), ("default_nettype", 2)):
        bug = replace(BUGS["wrong shift of a kind"], old=old)
        with pytest.raises(PanaceaError, match=f"occurs {times} times in pea/dwo.sv"):
            plant(bug, tmp_path)


@pytest.mark.parametrize(
    ("fault", "symptom"),
    [("CommandHidden", "never ended"), ("NothingPlayed", "nothing was compared")],
)
def test_scoreboard_that_receives_nothing_is_caught(fault: str, symptom: str) -> None:
    check = core_check("faults", {})
    result = check.run(check.build, testcase=fault)
    assert not result.passed
    assert symptom in result.reason
