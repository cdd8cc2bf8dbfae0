"""The tests of the dense cores, as the catalogue of regressions takes them."""

from dataclasses import dataclass
from typing import Any

from models.baselines.dense_params import Dataflow, DenseParams
from verif.baselines.dense_base import DenseTestConfig
from verif.baselines.dense_build import SMALL, dense_build
from verif.build_spec import Build

__all__ = ["DENSE_RUNS", "DenseRun"]


@dataclass(frozen=True, kw_only=True)
class DenseRun:
    """A test without what only the catalogue knows; the fields are those of RegressionTest."""

    name: str
    build: Build
    module: str
    testcase: str
    env: dict[str, str]
    variants: tuple[str, ...]
    quick: bool = True


def _runs(dataflow: Dataflow) -> list[DenseRun]:
    small, full = DenseParams(dataflow=dataflow, **SMALL), DenseParams(dataflow=dataflow)
    runs = []

    def add(
        name: str,
        testcase: str,
        options: dict[str, Any],
        *variants: str,
        params: DenseParams = small,
        module: str = "dense_tests",
        quick: bool = True,
    ) -> None:
        runs.append(
            DenseRun(
                name=f"baseline.{dataflow.name.lower()}.{name}",
                build=dense_build(params),
                module=f"verif.baselines.{module}",
                testcase=testcase,
                env=DenseTestConfig(params=params, options=options).environment(),
                variants=variants,
                quick=quick,
            )
        )

    add("corners", "Corners", {}, "coverage")
    add("stalls", "Stalls", {}, "toggle", quick=False)
    add("random", "RandomLayers", {"count": 20}, "coverage", "random_x", quick=False)
    add("resets", "Resets", {}, "coverage", "random_x", "toggle", quick=False)
    add("icarus", "RandomLayers", {"count": 3, "size": [3, 3, 2]}, "icarus")
    simd = dataflow is Dataflow.SIMD
    add("network", "Network", {}, "speed", params=full, module="dense_network", quick=simd)
    return runs


DENSE_RUNS = [run for dataflow in Dataflow for run in _runs(dataflow)]
