"""Utilisation of one PEA over the sparsities of both operands, measured on the RTL."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.bound import layer_bound
from models.params import VECTOR, CoreParams, LayerConfig
from verif.simulate import simulate_layers

__all__ = ["SPARSITIES", "GridCase", "GridPoint", "grid_cases", "measure_grid"]

SPARSITIES = (0.0, 0.25, 0.5, 0.75, 0.9, 0.98)
"""HO vector sparsities of each operand."""

K, COLUMNS, PASSES = 384, 64, 4  # six K-tiles of 64, 16 column groups, four weight tiles
CONFIG = LayerConfig(zp=136)


@dataclass(frozen=True, kw_only=True, eq=False)
class GridCase:
    """A random layer of given sparsities; see `verif.layer_files.Case`."""

    name: str
    rho_w: float
    rho_x: float
    w: np.ndarray
    x: np.ndarray
    bias: np.ndarray
    config: LayerConfig = CONFIG


@dataclass(frozen=True, kw_only=True)
class GridPoint:
    """One measurement: sparsities aimed at, RTL cycles, physical bound, wrong results."""

    rho_w: float
    rho_x: float
    cycles: int
    bound: float
    mismatches: int

    @property
    def ratio(self) -> float:
        """Cycles over the bound, 1 is ideal."""
        return self.cycles / self.bound


def _vectors(rng: np.random.Generator, shape: tuple[int, int], sparsity: float) -> np.ndarray:
    """Which vectors are not compressible, bool, exactly the wanted share."""
    dense = np.zeros(shape[0] * shape[1], bool)
    dense[: round(dense.size * (1 - sparsity))] = True
    rng.shuffle(dense)
    return dense.reshape(shape)


def grid_cases(rng: np.random.Generator, rows: int) -> list[GridCase]:
    """A random layer of `rows` output rows for every pair of sparsities."""
    cases = []
    for rho_w in SPARSITIES:
        for rho_x in SPARSITIES:
            dense_w = np.repeat(_vectors(rng, (rows // VECTOR, K), rho_w), VECTOR, axis=0)
            dense_x = np.repeat(_vectors(rng, (K, COLUMNS // VECTOR), rho_x), VECTOR, axis=1)
            # 8..63 has a nonzero HO slice, -8..7 has none; likewise x in and outside r's range.
            w = np.where(dense_w, rng.integers(8, 64, dense_w.shape), 0)
            w = np.where(dense_w, w, rng.integers(-8, 8, dense_w.shape))
            low = rng.integers(0, 16, dense_x.shape)
            other = (CONFIG.r + rng.integers(1, 16, dense_x.shape)) % 16
            x = 16 * np.where(dense_x, other, CONFIG.r) + low
            bias = rng.integers(-1000, 1000, rows)
            name = f"rho_w={rho_w} rho_x={rho_x}"
            cases.append(GridCase(name=name, rho_w=rho_w, rho_x=rho_x, w=w, x=x, bias=bias))
    return cases


def measure_grid(
    params: CoreParams, *, dtp: bool, seed: int, sim: str = "verilator", workdir: Path
) -> Sequence[GridPoint]:
    """Run the grid on the RTL of one core and compare with the physical bound.

    Args:
        params: sizes of the core.
        dtp: double tile processing.
        seed: of the operands.
        sim: simulator.
        workdir: folder of the run.

    Raises:
        SimulationError: the simulation failed.
    """
    rows = PASSES * params.rows * (2 if dtp else 1)
    cases = grid_cases(np.random.default_rng(seed), rows)
    results = simulate_layers(
        cases, params=params, sim=sim, dtp=int(dtp), seed=seed, workdir=workdir
    )
    return [
        GridPoint(
            rho_w=case.rho_w,
            rho_x=case.rho_x,
            cycles=result.cycles,
            bound=layer_bound(case.w, case.x, case.config, params, dtp).cycles,
            mismatches=result.mismatches,
        )
        for case, result in zip(cases, results, strict=True)
    ]
