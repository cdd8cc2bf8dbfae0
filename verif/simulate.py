"""Runs layers on the simulated core and brings the results back."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from models.errors import PanaceaError, check_choice
from models.params import CoreParams
from verif.agents.items import StallConfig
from verif.build_spec import ROOT
from verif.core_build import core_build
from verif.layer_files import Case, LayerResult, check_case, load_results, save_cases
from verif.runner import SimulationError, run
from verif.tests_core.base import TestConfig
from verif.tests_core.layers import RESULT_FILE

__all__ = ["new_run_folder", "simulate_layers"]

Dtp = Literal[0, 1, "auto"]


def new_run_folder(prefix: str) -> Path:
    """Make a folder of its own for a run, under `sim_build/runs`."""
    runs = ROOT / "sim_build" / "runs"
    runs.mkdir(parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(prefix=f"{prefix}-", dir=runs))


def simulate_layers(
    cases: Sequence[Case],
    *,
    params: CoreParams,
    sim: str = "verilator",
    dtp: Dtp = 0,
    stall: float = 0.0,
    seed: int | None = None,
    waves: bool = False,
    workdir: Path,
    timeout: float = 900.0,
) -> list[LayerResult]:
    """Build the core if needed and run the layers, one after the other, in one simulation.

    Args:
        cases: the layers.
        params: sizes of the core.
        sim: `verilator` or `icarus`.
        dtp: double tile processing off, on, or chosen for each layer (`models.tiling.dtp_auto`).
        stall: probability, 0 <= stall < 1, of a pause in any cycle of any stream.
        seed: of the pauses; drawn when None.
        waves: record all signals in `waves.fst`.
        workdir: folder of the run; made if missing.
        timeout: limit on wall-clock time, in seconds.

    Returns:
        a result per case. Wrong results are in `mismatches`; nothing else is.

    Raises:
        PanaceaError: an argument or a layer that the core does not take.
        SimulationError: the simulation failed for another reason than wrong results.
    """
    if dtp != "auto":
        check_choice("dtp", dtp, (0, 1))
    StallConfig.uniform(stall)
    for case in cases:  # refuse bad operands here, with the case's name, not in the simulation
        try:
            check_case(case.w, case.x, case.bias, case.config)
        except PanaceaError as error:
            raise PanaceaError(f"{case.name}: {error}") from error
    workdir = workdir.resolve()
    workdir.mkdir(parents=True, exist_ok=True)
    results_file = workdir / RESULT_FILE
    results_file.unlink(missing_ok=True)
    save_cases(workdir / "cases.npz", cases)
    options = {"cases": str(workdir / "cases.npz"), "dtp": dtp, "stall": stall}
    outcome = run(
        core_build(params, sim=sim, waves=waves),
        test_module="verif.tests_core.layers",
        seed=seed,
        env=TestConfig(params=params, options=options).environment(),
        workdir=workdir,
        timeout=timeout,
    )
    results = load_results(results_file)
    complete = len(results) == len(cases)
    if not outcome.passed and not (complete and any(r.mismatches for r in results)):
        raise SimulationError(outcome.report())
    if not complete:
        raise SimulationError(f"{len(results)} results for {len(cases)} layers in {results_file}")
    return results
