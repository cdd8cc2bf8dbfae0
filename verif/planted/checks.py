"""The checks that catch planted bugs, and how a bug is tried.

Everything runs on Icarus, which builds in a second, and on small designs, where runs are short.
"""

from dataclasses import dataclass, field, replace
from time import monotonic

from models.baselines.dense_params import Dataflow, DenseParams
from models.errors import PanaceaError
from models.params import CoreParams
from verif.baselines.dense_base import DenseTestConfig
from verif.baselines.dense_build import SMALL, dense_build
from verif.baselines.sibia_build import SibiaConfig, sibia_build
from verif.build_spec import Build
from verif.builder import SIM_BUILD, BuildError
from verif.chip_build import ICARUS_CHIP, chip_build
from verif.core_build import core_build
from verif.planted.planting import (
    CHIP_FREE,
    CORE,
    CORE_DENSE,
    CORE_FREE,
    CORE_ILLEGAL,
    CORE_POOLED,
    CORE_POOLED_FREE,
    CORE_WIDTHS,
    SIBIA,
    PlantedBug,
    plant,
    with_copy,
)
from verif.planted.sibia import PLANTED_OPTIONS, PLANTED_SIBIA
from verif.runner import RunResult, run
from verif.tests_chip.base import ChipTestConfig
from verif.tests_core.base import TestConfig
from verif.unit.catalogue import BENCHES

__all__ = ["Check", "Trial", "core_check", "pass_check", "try_bug"]

SEED = 5
SIM = "icarus"
PEA_LEVEL = CoreParams(num_pea=1, tile_n=16)
POOLED = replace(PEA_LEVEL, num_dwo=12, num_swo=0)
FOLDER = SIM_BUILD / "planted"


@dataclass(frozen=True, kw_only=True)
class Check:
    """A run that passes on the RTL as it is."""

    build: Build
    module: str
    testcase: str | None = None
    env: dict[str, str] = field(default_factory=dict)
    plusargs: tuple[str, ...] = ()

    def run(self, build: Build, testcase: str | None = None) -> RunResult:
        """Run it on another build.

        Raises:
            BuildError: the build does not compile.
        """
        return run(
            build,
            test_module=self.module,
            testcase=testcase or self.testcase,
            seed=SEED,
            env=self.env,
            plusargs=self.plusargs,
            timeout=600,
            quiet=True,
        )


@dataclass(frozen=True, kw_only=True)
class Trial:
    """What came of a planted bug.

    Attributes:
        caught: its check failed, for what the bug does.
        reason: what the check said, or why it does not count.
        seconds: from the planting to the verdict, build included.
        command: repeats the run.
    """

    caught: bool
    reason: str
    seconds: float
    command: str


def core_check(module: str, options: dict, params: CoreParams = PEA_LEVEL) -> Check:
    """A test of the core's environment on a core with one PEA."""
    return Check(
        build=core_build(params, sim=SIM),
        module=f"verif.tests_core.{module}",
        env=TestConfig(params=params, options=options).environment(),
        plusargs=("+watchdog=2000",),
    )


def pass_check(name: str) -> None:
    """Run the check of that name on the RTL as it is.

    Raises:
        SimulationError: it does not pass.
    """
    check = _find_check(name)
    check.run(check.build).check()


def try_bug(name: str, bug: PlantedBug) -> Trial:
    """Plant a bug into a copy of the RTL and run its check.

    Raises:
        PanaceaError: the bug does not fit its file any more.
    """
    check = _find_check(bug.check)
    start = monotonic()
    original, copy = plant(bug, FOLDER / name.replace(" ", "_"))
    try:
        result = check.run(with_copy(check.build, original, copy))
    except BuildError as error:
        return Trial(
            caught=False,
            reason=f"does not compile: {error}",
            seconds=monotonic() - start,
            command="",
        )
    caught = not result.passed and bug.symptom in result.reason
    if result.passed:
        reason = f"not caught by {bug.check}"
    elif not caught:
        reason = f"caught for another reason than {bug.symptom!r}: {result.reason}"
    else:
        reason = result.reason
    return Trial(caught=caught, reason=reason, seconds=monotonic() - start, command=result.command)


def _find_check(name: str) -> Check:
    """The check of that name.

    Raises:
        PanaceaError: there is none.
    """
    if name in BENCHES:
        return Check(build=BENCHES[name].build(SIM), module=BENCHES[name].module)
    if name in Dataflow.__members__:
        return _dense_check(Dataflow[name])
    checks = {
        CORE: lambda: core_check("random_layers", {"count": 1, "size": [2, 2, 1]}),
        CORE_DENSE: lambda: core_check("corners", {"names": ["dense"], "stall": False}),
        CORE_FREE: lambda: core_check("corners", {"names": ["edges_of_runs"], "stall": False}),
        CORE_WIDTHS: lambda: core_check("corners", {"names": ["small_widths"], "stall": True}),
        CORE_ILLEGAL: lambda: core_check("illegal", {}),
        CORE_POOLED: lambda: core_check("random_layers", {"count": 1, "size": [2, 2, 1]}, POOLED),
        CORE_POOLED_FREE: lambda: core_check(
            "corners", {"names": ["edges_of_runs"], "stall": False}, POOLED
        ),
        CHIP_FREE: _chip_check,
        SIBIA: _sibia_check,
    }
    if name not in checks:
        raise PanaceaError(f"check: {name!r} is neither a bench nor one of {', '.join(checks)}")
    return checks[name]()


def _dense_check(dataflow: Dataflow) -> Check:
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


def _chip_check() -> Check:
    return Check(
        build=chip_build(ICARUS_CHIP, sim=SIM),
        module="verif.tests_chip.corners",
        testcase="Timed",
        env=ChipTestConfig(params=ICARUS_CHIP).environment(),
    )


def _sibia_check() -> Check:
    return Check(
        build=sibia_build(PLANTED_SIBIA, sim=SIM),
        module="verif.baselines.sibia_tests",
        testcase="Corners",
        env=SibiaConfig(params=PLANTED_SIBIA, options=PLANTED_OPTIONS).environment(),
        plusargs=("+watchdog=500",),
    )
