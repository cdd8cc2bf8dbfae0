"""Every test that a regression can run, on every kind of simulation it is meant for.

A test is named LEVEL.TEST[.SIZE]: `unit.opc`, `core.corners.8+4`, `chip.errors.BusErrors`. What it
is run on is its variants; how many seeds of each are worth running, its weight.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace

from models.chip.params import ChipParams
from models.params import GROUPS_MAX, CoreParams
from verif.baselines.dense_catalogue import DENSE_RUNS
from verif.baselines.sibia_build import SibiaConfig, sibia_build
from verif.baselines.sibia_catalogue import SIBIA_TESTS
from verif.build_spec import Build
from verif.chip_build import ICARUS_CHIP, SMALL_CHIP, chip_build, protocol_build
from verif.core_build import core_build
from verif.network_tasks import NETWORKS, TaskOptions
from verif.tests_chip.base import ChipTestConfig
from verif.tests_core.base import TestConfig
from verif.unit.catalogue import BENCHES

__all__ = ["CATALOGUE", "VARIANTS", "RegressionTest"]

VARIANTS = ("speed", "coverage", "toggle", "random_x", "icarus")
"""`icarus`, or the kind of a Verilator build (see `Build`)."""


@dataclass(frozen=True, kw_only=True)
class RegressionTest:
    """One test.

    Attributes:
        name: unique.
        build: what it runs on, as a speed build; `on` gives the others.
        module: its cocotb module.
        testcase: one test of the module, or None for all.
        env: environment variables.
        variants: what it is meant to run on.
        weight: seeds of it for one seed of the regression; 0 for a test without randomness, which
            runs once.
        timeout: limit on a run's time, seconds.
        quick: short enough for `make test`.
    """

    name: str
    build: Build
    module: str
    testcase: str | None = None
    env: Mapping[str, str] = field(default_factory=dict)
    variants: tuple[str, ...]
    weight: int = 1
    timeout: float = 600.0
    quick: bool = True

    def on(self, variant: str, *, waves: bool = False) -> Build:
        """Its build for a variant."""
        if variant == "icarus":
            return replace(self.build, sim="icarus", waves=waves)
        return replace(self.build, kind=variant, waves=waves)


_FAST = ("coverage", "random_x")
_ALL = (*_FAST, "toggle")
_SMALL = CoreParams(num_pea=2, tile_n=16)
_CORES = {
    "4+8": _SMALL,
    "8+4": replace(_SMALL, num_dwo=8, num_swo=4),
    "pea": replace(_SMALL, num_pea=1),
    "pea.8+4": replace(_SMALL, num_pea=1, num_dwo=8, num_swo=4),
    "pooled": replace(_SMALL, num_dwo=12, num_swo=0),
}


def _unit_tests() -> list[RegressionTest]:
    return [
        RegressionTest(
            name=f"unit.{name}",
            build=bench.build("verilator"),
            module=bench.module,
            variants=("toggle", "icarus"),
            timeout=240.0,
            quick=int(bench.parameters.get("NumPea", 1)) <= CoreParams().num_pea,
        )
        for name, bench in BENCHES.items()
    ]


def _core(name: str, params: CoreParams, module: str, options: dict, **fields) -> RegressionTest:
    fields = {"variants": _FAST} | fields
    return RegressionTest(
        name=f"core.{name}",
        build=core_build(params),
        module=f"verif.tests_core.{module}",
        env=TestConfig(params=params, options=options).environment(),
        **fields,
    )


def _core_tests() -> list[RegressionTest]:
    tests = []
    for size, params in _CORES.items():
        for stall in (False, True):
            options = {"stall": stall}
            name = f"corners.{size}.{'stalls' if stall else 'free'}"
            variants = (*_FAST, "toggle") if stall else ("coverage",)
            if params.pooled and stall:
                variants = ("toggle",)
            quick = stall if size == "pea" else size in ("4+8", "pooled")
            tests.append(_core(name, params, "corners", options, variants=variants, quick=quick))
        tests.append(
            _core(
                f"random_layers.{size}",
                params,
                "random_layers",
                {"count": 30},
                weight=1 if params.pooled else 2,
                quick="8+4" not in size,
            )
        )
    for size in ("4+8", "pea", "pooled"):
        tests.append(_core(f"resets.{size}", _CORES[size], "resets", {}))
        tests.append(_core(f"illegal.{size}", _CORES[size], "illegal", {}, variants=_ALL))
    deep = {"names": ["deep", "deepest"]}
    tests.append(_core("deep.pea", _CORES["pea"], "corners", deep, variants=("coverage", "toggle")))
    slow = {"variants": ("toggle",), "quick": False}
    long = replace(_CORES["pea"], tile_k=512)
    tiles = {"names": ["sparsity_ends", "k_tails", "mixed"]}
    tests.append(_core("long.pea", long, "corners", tiles, **slow))
    wide = replace(_CORES["pea"], tile_n=4 * GROUPS_MAX)
    late = {
        "names": ["n_tails", "apsq_full_tile"],
        "stalls": {"results": 252},
    }  # sums wait for their read
    tests.append(_core("wide.pea", wide, "corners", late, **slow))
    four = replace(_SMALL, num_pea=4)
    tests.append(_core("illegal.four", four, "illegal", {}, **slow))
    full = {"count": 4, "size": (2, 3, 1)}
    tests.append(
        _core("random_layers.full", CoreParams(), "random_layers", full, variants=("speed",))
    )
    names = {
        "names": [
            "unit",
            "edges_of_runs",
            "every_r",
            "n_tails",
            "dense",
            "small_widths",
            "apsq_single_blocks",
        ],
        "stall": True,
    }
    few = {"count": 2, "size": (2, 2, 1)}
    for size, module, options in (
        ("pea", "corners", names),
        ("8+4", "random_layers", few),
        ("pooled", "random_layers", few),
        ("pea", "illegal", {}),
    ):
        name = f"{module}_icarus.{size}"
        tests.append(_core(name, _CORES[size], module, options, variants=("icarus",)))
    return tests


def _chip(
    name: str, params: ChipParams, module: str, options: dict | None = None, **fields
) -> RegressionTest:
    fields = {"build": chip_build(params), "variants": _FAST} | fields
    return RegressionTest(
        name=f"chip.{name}",
        module=f"verif.tests_chip.{module}",
        env=ChipTestConfig(params=params, options=options or {}).environment(),
        **fields,
    )


def _chip_tests() -> list[RegressionTest]:
    tests = [
        _chip("smoke", SMALL_CHIP, "smoke", variants=_ALL),
        _chip("smoke.full", ChipParams(), "smoke", variants=("speed",)),
        _chip(
            "errors.BusErrorPlaces.full",
            ChipParams(),
            "errors",
            testcase="BusErrorPlaces",
            variants=("speed",),
        ),
        _chip("corners", SMALL_CHIP, "corners", variants=("coverage", "toggle")),
        _chip("random_programs", SMALL_CHIP, "random_programs", {"count": 60}, weight=4),
        _chip(
            "random_programs.ideal",
            SMALL_CHIP,
            "random_programs",
            {"count": 20, "stall": False},
            variants=_ALL,
        ),
        _chip(
            "random_programs.pooled",
            replace(SMALL_CHIP, core=replace(SMALL_CHIP.core, num_dwo=12, num_swo=0)),
            "random_programs",
            {"count": 10, "stall": False},
            variants=("coverage",),
            quick=False,
        ),
        _chip(
            "random_programs.full",
            ChipParams(),
            "random_programs",
            {"count": 6, "size": (2, 3, 2)},
            variants=("speed",),
            quick=False,
        ),
        _chip(
            "apsq_block",
            ChipParams(),
            "apsq_block",
            {"tokens": 8},
            variants=("speed",),
            quick=False,
        ),
    ]
    for test in (
        "BadDescriptors",
        "Blocks",
        "BusErrors",
        "CorruptBlocks",
        "BusErrorPlaces",
        "Endings",
    ):
        # Only errors move what tells of them, up to the registers.
        tests.append(_chip(f"errors.{test}", SMALL_CHIP, "errors", testcase=test, variants=_ALL))
    for test in ("BusyAccesses", "Aborts", "AbortPlaces", "Interrupts", "Resets"):
        variants = _ALL if test in ("BusyAccesses", "Interrupts") else _FAST
        name = f"interference.{test}"
        tests.append(_chip(name, SMALL_CHIP, "interference", testcase=test, variants=variants))
    tests.append(_chip("wires", SMALL_CHIP, "wires", variants=("toggle",)))
    other_bus = protocol_build(SMALL_CHIP)
    tests.append(_chip("protocol", SMALL_CHIP, "protocol", build=other_bus, variants=("speed",)))
    few = {"count": 6, "size": (2, 2, 1), "layers": 2}
    steps = {"names": ["apsq"], "every": 9}
    for module, options, test in (
        ("corners", steps, "Named"),
        ("smoke", {}, None),
        ("random_programs", few, None),
        ("errors", {"count": 1}, "BadDescriptors"),
        ("errors", {"count": 1}, "BusErrors"),
    ):
        fields = {"testcase": test, "variants": ("icarus",), "timeout": 1800.0}
        fields["quick"] = test != "BusErrors"
        name = f"{module}_icarus{f'.{test}' if test else ''}"
        tests.append(_chip(name, ICARUS_CHIP, module, options, **fields))
    return tests


def _network_tests() -> list[RegressionTest]:
    """A text of every network, all that `make network` runs on the chip."""
    params = ChipParams()
    tests = []
    for net in NETWORKS:
        task = {"task": asdict(TaskOptions(net=net)), "number": 0, "stall": 0.0, "corner": None}
        fields = {"variants": ("speed",), "weight": 0, "timeout": 1800.0, "quick": False}
        tests.append(_chip(f"network.{net}", params, "networks", task, **fields))
    return tests


def _baseline_tests() -> list[RegressionTest]:
    return [RegressionTest(**vars(run)) for run in DENSE_RUNS]


def _sibia_tests() -> list[RegressionTest]:
    return [
        RegressionTest(
            name=f"sibia.{name}",
            build=sibia_build(test.params),
            module="verif.baselines.sibia_tests",
            testcase=test.testcase,
            env=SibiaConfig(params=test.params, options=dict(test.options)).environment(),
            variants=test.variants,
            weight=test.weight,
            quick=name != "corners.free",
        )
        for name, test in SIBIA_TESTS.items()
    ]


CATALOGUE = {
    test.name: test
    for test in (
        *_unit_tests(),
        *_core_tests(),
        *_chip_tests(),
        *_network_tests(),
        *_baseline_tests(),
        *_sibia_tests(),
    )
}
"""By name."""
