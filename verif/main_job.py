"""The main job: real MiniLM layers on the simulated core, every result checked.

Example:
    .venv/bin/python -m verif.main_job --sim verilator --seed 1

The layers of two encoder blocks run on one passage of 64 tokens, in two simulations side by side,
with double tile processing where it pays. Icarus runs a reduced core on a corner of each layer.
"""

import argparse
import dataclasses
import shlex
import sys
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from models.bound import LayerBound, layer_bound
from models.errors import PanaceaError
from models.networks.cases import LayerCase, load_cases
from models.params import CoreParams
from verif.build_spec import SIMULATORS
from verif.builder import BuildError, build
from verif.core_build import REDUCED, core_build
from verif.env.outcome import PRODUCTS
from verif.layer_files import LayerResult
from verif.runner import SimulationError
from verif.simulate import new_run_folder, simulate_layers
from verif.tests_core.layers import PROGRESS_FILE
from verif.toolchain.tools import ToolError

__all__ = ["main"]

PROCESSES = 2
REDUCED_ROWS, REDUCED_COLUMNS = 24, 7  # of each layer on the reduced core; K stays whole


def _crop(case: LayerCase) -> LayerCase:
    """A corner of a layer: all of K, few rows and columns."""
    return dataclasses.replace(
        case,
        w=case.w[:REDUCED_ROWS],
        bias=case.bias[:REDUCED_ROWS],
        x=case.x[:, :REDUCED_COLUMNS],
    )


def _share(cases: Sequence[LayerCase]) -> list[list[int]]:
    """Indices of the cases for each process, about the same work for all, largest first."""
    shares: list[list[int]] = [[] for _ in range(PROCESSES)]
    loads = [0] * PROCESSES
    work = [case.w.size * case.x.shape[1] for case in cases]
    for index in sorted(range(len(cases)), key=lambda i: -work[i]):
        least = loads.index(min(loads))
        shares[least].append(index)
        loads[least] += work[index]
    return [sorted(share) for share in shares if share]


def _watch(futures: list[Future], workdirs: list[Path], total: int) -> None:
    """Print a line for every finished layer until all simulations have ended."""
    shown, start = [0] * len(workdirs), time.monotonic()
    running = True
    while running:
        running = not all(future.done() for future in futures)
        for i, workdir in enumerate(workdirs):
            progress = workdir / PROGRESS_FILE
            names = progress.read_text(encoding="utf-8").split("\n")[:-1]
            for name in names[shown[i] :]:
                shown[i] += 1
                elapsed = time.monotonic() - start
                print(f"[{sum(shown):2}/{total}] {elapsed:5.1f} s  {name}", flush=True)
        if running:
            time.sleep(0.2)


def _simulate(
    cases: Sequence[LayerCase], params: CoreParams, sim: str, seed: int, waves: bool
) -> list[LayerResult]:
    """Run all cases, split over the processes; results in the order of the cases."""
    shares = _share(cases)
    workdirs = [new_run_folder("main") for _ in shares]
    for workdir in workdirs:
        (workdir / PROGRESS_FILE).write_text("", encoding="utf-8")
    results: dict[int, LayerResult] = {}
    with ThreadPoolExecutor(len(shares)) as pool:
        futures = [
            pool.submit(
                simulate_layers,
                [cases[i] for i in share],
                params=params,
                sim=sim,
                dtp="auto",
                seed=seed + number,
                waves=waves,
                workdir=workdir,
            )
            for number, (share, workdir) in enumerate(zip(shares, workdirs, strict=True))
        ]
        _watch(futures, workdirs, len(cases))
        for share, future in zip(shares, futures, strict=True):
            results |= dict(zip(share, future.result(), strict=True))
    if waves:
        for workdir in workdirs:
            print(f"waves: open with: gtkwave {shlex.quote(str(workdir / 'waves.fst'))}")
    return [results[i] for i in range(len(cases))]


HEADER = (
    f"{'layer':<25} {'M x K x N':>13} n l  r  {'x skip':>6} {'w skip':>6} "
    + " ".join(f"{kind:>8}" for kind in PRODUCTS)
    + f" DTP {'cycles':>7} /bound wrong"
)


def _row(case: LayerCase, result: LayerResult, bound: LayerBound) -> str:
    cfg = case.config
    size = "x".join(map(str, (*case.w.shape, case.x.shape[1])))
    products = " ".join(f"{result.outer_products[kind]:>8}" for kind in PRODUCTS)
    return (
        f"{case.name:<25} {size:>13} {cfg.n} {cfg.l} {cfg.r:>2}  {bound.rho_x:>6.1%} "
        f"{bound.rho_w:>6.1%} {products} {'on ' if result.dtp else 'off'} {result.cycles:>7} "
        f"{result.cycles / bound.cycles:>6.3f} {result.mismatches:>5}"
    )


def _report(cases: Sequence[LayerCase], results: list[LayerResult], params: CoreParams) -> bool:
    """Print the table and the verdict; returns whether everything is right."""
    bounds = [
        layer_bound(c.w, c.x, c.config, params, r.dtp) for c, r in zip(cases, results, strict=True)
    ]
    print(f"\n{HEADER}")
    for case, result, bound in zip(cases, results, bounds, strict=True):
        print(_row(case, result, bound))
    wrong = sum(r.mismatches for r in results)
    cycles, limit = sum(r.cycles for r in results), sum(b.cycles for b in bounds)
    print(f"{len(cases)} layers: {cycles} cycles, {cycles / limit:.3f} of the bound")
    compared = sum(r.y.size for r in results)
    print(f"{'FAIL' if wrong else 'PASS'}: {compared} results compared, {wrong} wrong")
    return not wrong


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return 0 if all results are right, 1 if not, 2 if it could not run."""
    parser = argparse.ArgumentParser(prog="verif.main_job", description=__doc__.partition("\n")[0])
    # An empty make variable leaves an option without a value: it means the default.
    empty = {"nargs": "?", "const": "", "default": ""}
    parser.add_argument("--sim", **empty, help="verilator (default) or icarus (reduced core)")
    parser.add_argument("--seed", **empty, help="seed of the passage, default 1")
    parser.add_argument("--waves", action="store_true", help="record waves.fst")
    options = parser.parse_args(arguments)
    sim = options.sim or SIMULATORS[0]
    try:
        if sim not in SIMULATORS:
            raise PanaceaError(f"sim = {sim!r} is not one of {', '.join(SIMULATORS)}")
        if not (options.seed or "1").isdecimal():
            raise PanaceaError(f"seed = {options.seed!r} is not a whole number")
        seed = int(options.seed or 1)
        print(f"layers: MiniLM, calibrating (seed {seed})", flush=True)
        cases = load_cases(num_layers=2, tokens=64, seed=seed)
        params = CoreParams()
        if sim == "icarus":
            cases, params = [_crop(case) for case in cases], REDUCED
        print(f"building the core for {sim}, {params.num_pea} PEAs (minutes, once)", flush=True)
        build(core_build(params, sim=sim, waves=options.waves))
        start = time.monotonic()
        results = _simulate(cases, params, sim, seed, options.waves)
        good = _report(cases, results, params)
        print(f"simulated in {time.monotonic() - start:.1f} s with {PROCESSES} processes")
    except PanaceaError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except (BuildError, SimulationError, ToolError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
