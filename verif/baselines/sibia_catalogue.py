"""The tests of the Sibia-style core, as data for the regression's catalogue."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from models.baselines.sibia import SibiaParams
from verif.baselines.sibia_build import SMALL_SIBIA

__all__ = ["SIBIA_TESTS", "SibiaEntry"]


@dataclass(frozen=True, kw_only=True)
class SibiaEntry:
    """One test: its class in `sibia_tests`, sizes, options, and what it runs on."""

    testcase: str
    params: SibiaParams = SMALL_SIBIA
    options: Mapping[str, Any] = field(default_factory=dict)
    variants: tuple[str, ...] = ("toggle", "random_x")
    weight: int = 1


_ICARUS = {"names": ["unit", "few"], "stall": True}

SIBIA_TESTS = {
    "corners.free": SibiaEntry(testcase="Corners", variants=("toggle",)),
    "corners.stalls": SibiaEntry(testcase="Corners", options={"stall": True}),
    "random_layers": SibiaEntry(testcase="RandomLayers"),
    "deep": SibiaEntry(
        testcase="Corners", options={"names": ["deepest"]}, variants=("toggle",), weight=0
    ),
    "slow_results": SibiaEntry(
        testcase="Corners",
        options={"names": ["slow_results"], "stalls": {"results": 240}},
        variants=("toggle",),
        weight=0,
    ),
    "resets": SibiaEntry(testcase="Resets"),
    "illegal": SibiaEntry(testcase="Illegal", variants=("toggle",)),
    "corners_icarus": SibiaEntry(testcase="Corners", options=_ICARUS, variants=("icarus",)),
    "real_layers": SibiaEntry(testcase="RealLayers", params=SibiaParams(), variants=("speed",)),
}
"""By name, without `sibia.`."""
