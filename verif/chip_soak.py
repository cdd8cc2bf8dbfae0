"""Many random programs on the small chip, in parallel over seeds.

Example:
    .venv/bin/python -m verif.chip_soak --programs 10000 --jobs 2

A simulation runs a batch of programs with one seed. Failing seeds are printed with the line that
repeats them, as they happen and at the end.
"""

import argparse
import json
import secrets
import shutil
import sys
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from models.errors import PanaceaError, check_range
from verif.builder import SIM_BUILD, BuildError, build
from verif.chip_build import SMALL_CHIP, chip_build
from verif.runner import RunResult, run
from verif.tests_chip.base import ChipTestConfig
from verif.tests_chip.random_programs import PROGRESS_FILE
from verif.toolchain.tools import ToolError

__all__ = ["main", "soak"]

FOLDER = SIM_BUILD / "runs" / "soak"


def _simulate(seed: int, count: int) -> RunResult:
    """One batch; its folder goes if it passes."""
    workdir = FOLDER / str(seed)
    result = run(
        chip_build(SMALL_CHIP),
        test_module="verif.tests_chip.random_programs",
        seed=seed,
        env=ChipTestConfig(params=SMALL_CHIP, options={"count": count}).environment(),
        workdir=workdir,
        timeout=120.0 + 10.0 * count,
    )
    if result.passed:
        shutil.rmtree(workdir)
    return result


def _progress(seeds: Sequence[int]) -> tuple[int, int]:
    """Programs and cycles that running simulations have done."""
    programs = cycles = 0
    for seed in seeds:
        path = FOLDER / str(seed) / PROGRESS_FILE
        lines = path.read_text(encoding="utf-8").split("\n")[:-1] if path.is_file() else []
        programs += len(lines)
        cycles += sum(json.loads(line)["cycles"] for line in lines)
    return programs, cycles


def soak(programs: int, jobs: int, batch: int, seed: int) -> list[RunResult]:
    """Run `programs` random programs, `batch` to a simulation, `jobs` simulations at a time.

    Args:
        programs: how many, at least.
        jobs: processes.
        batch: programs of a simulation.
        seed: of the first simulation; the next ones follow.

    Returns:
        the simulations that failed.
    """
    seeds = [seed + i for i in range(-(-programs // batch))]
    failed: list[RunResult] = []
    total, start = len(seeds) * batch, time.monotonic()
    with ThreadPoolExecutor(jobs) as pool:
        futures: dict[int, Future] = {one: pool.submit(_simulate, one, batch) for one in seeds}
        finished: set[int] = set()
        while len(finished) < len(seeds):
            time.sleep(0.5)
            for one, future in futures.items():
                if future.done() and one not in finished:
                    finished.add(one)
                    failed += [] if future.result().passed else [future.result()]
            running, _ = _progress([one for one in seeds if one not in finished])
            done = len(finished) * batch + running
            elapsed = time.monotonic() - start
            line = f"{done}/{total} programs, {len(failed)} simulations failed, {elapsed:.0f} s"
            print(f"\r{line}, {done / elapsed:.1f} programs/s", end="", flush=True)
    print()
    return failed


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; 0 if all programs are right, 1 if not, 2 if it could not run."""
    parser = argparse.ArgumentParser(prog="verif.chip_soak", description=__doc__.partition("\n")[0])
    parser.add_argument("--programs", type=int, default=1000, help="how many, default 1000")
    parser.add_argument("--jobs", type=int, default=2, help="simulations at a time, default 2")
    parser.add_argument("--batch", type=int, default=100, help="programs of one simulation")
    parser.add_argument("--seed", type=int, help="of the first simulation (default: drawn)")
    options = parser.parse_args(arguments)
    try:
        for name in ("programs", "jobs", "batch"):
            check_range(name, getattr(options, name), 1, 2**24)
        seed = options.seed or 1 + secrets.randbelow(2**30)
        check_range("seed", seed, 1, 2**30)
        FOLDER.mkdir(parents=True, exist_ok=True)
        print(f"seed {seed}; building the chip (a minute, once)", flush=True)
        build(chip_build(SMALL_CHIP))
        failed = soak(options.programs, options.jobs, options.batch, seed)
    except (PanaceaError, BuildError, ToolError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    for result in failed:
        print(result.report())
    print(f"FAIL: {len(failed)} simulations" if failed else "PASS")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
