"""`make bugs`: plants every bug into a copy of the RTL, and tells when it was noticed."""

import argparse
import json
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict
from fnmatch import fnmatch
from pathlib import Path

from rich.console import Console
from tabulate import tabulate

from models.errors import PanaceaError
from verif.builder import SIM_BUILD, shown
from verif.planted.checks import Trial, pass_check, try_bug
from verif.planted.suite import ALL_BUGS
from verif.regression.progress import ProgressLine
from verif.regression.revision import revision
from verif.runner import SimulationError
from verif.toolchain.tools import ToolError

__all__ = ["RECORD", "main"]

RECORD = SIM_BUILD / "bugs.json"
ALL_CAUGHT, NOT_CAUGHT, NOT_RUN = range(3)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; 0 if all bugs are caught, 1 if one is not, 2 if it could not be run."""
    parser = argparse.ArgumentParser(
        prog="verif.planted",
        description="Plant bugs into copies of the RTL; each must fail the check that it names.",
        epilog="Exit code: 0 all caught, 1 one is not, 2 it could not be run.",
    )
    parser.add_argument("--names", default="", help="patterns, by comma; default: all")
    parser.add_argument("--jobs", type=int, default=2, help="at a time; default: %(default)s")
    parser.add_argument("--record", type=Path, default=RECORD, help="default: %(default)s")
    options = parser.parse_args(arguments)
    try:
        names = _chosen(options.names)
        if options.jobs < 1:
            raise PanaceaError(f"jobs: {options.jobs}: at least 1")
        trials = _run(names, options.jobs)
    except (PanaceaError, SimulationError, ToolError) as error:
        print(f"error: {error}", file=sys.stderr)
        return NOT_RUN
    print(_table(trials))
    _write(trials, options.record)
    caught = sum(trial.caught for trial in trials.values())
    slowest = max(trial.seconds for trial in trials.values())
    print(f"{caught} of {len(trials)} bugs caught, each within {slowest:.0f} s")
    return ALL_CAUGHT if caught == len(trials) else NOT_CAUGHT


def _chosen(patterns: str) -> list[str]:
    """Names of bugs, those of the same check together.

    Raises:
        PanaceaError: a pattern fits none.
    """
    chosen: set[str] = set()
    for pattern in patterns.split(",") if patterns else ["*"]:
        fitting = {name for name in ALL_BUGS if fnmatch(name, pattern)}
        if not fitting:
            raise PanaceaError(f"names: {pattern!r} fits no bug")
        chosen |= fitting
    return sorted(chosen, key=lambda name: (ALL_BUGS[name].check, name))


def _run(names: list[str], jobs: int) -> dict[str, Trial]:
    trials: dict[str, Trial] = {}
    checks = sorted({ALL_BUGS[name].check for name in names})
    with ProcessPoolExecutor(jobs) as pool:
        with ProgressLine(Console(), "checks on the RTL as it is", [0.0] * len(checks)) as line:
            for _ in pool.map(pass_check, checks):
                line.done(0.0)
        tasks = {pool.submit(try_bug, name, ALL_BUGS[name]): name for name in names}
        try:
            with ProgressLine(Console(), "bugs", [0.0] * len(tasks), workers=jobs) as line:
                for task in as_completed(tasks):
                    name, trial = tasks[task], task.result()
                    trials[name] = trial
                    failure = f"{name}: {trial.reason}\n  {trial.command}"
                    line.done(0.0, "" if trial.caught else failure)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return {name: trials[name] for name in names}


def _table(trials: dict[str, Trial]) -> str:
    rows = [
        (
            name,
            ALL_BUGS[name].file,
            ALL_BUGS[name].check,
            "caught" if trial.caught else "NOT CAUGHT",
            f"{trial.seconds:.1f}",
        )
        for name, trial in trials.items()
    ]
    return tabulate(rows, ["bug", "file", "check", "result", "seconds"], tablefmt="github")


def _write(trials: dict[str, Trial], path: Path) -> None:
    commit, dirty = revision()
    content = {
        "revision": commit,
        "dirty": dirty,
        "bugs": {name: asdict(trial) for name, trial in trials.items()},
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    print(f"record: {shown(path)}")


if __name__ == "__main__":
    sys.exit(main())
