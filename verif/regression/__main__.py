"""Command line of the regression: `make regress`, `make nightly`, `make rerun-failed`.

Exit code 0 when all runs passed, 1 when some did not, 2 when it could not run to its end.
"""

import argparse
import sys
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from models.errors import PanaceaError
from verif.builder import shown
from verif.regression.catalogue import CATALOGUE, RegressionTest
from verif.regression.disk import DiskFullError, check_space, disk_errors
from verif.regression.engine import Engine
from verif.regression.farm import open_farm
from verif.regression.folder import REGRESSIONS, RegressionFolder
from verif.regression.history import History
from verif.regression.plan import RERUN, Plan, new_plan, rerun_plan, resume_plan
from verif.regression.progress import say
from verif.regression.records import Outcome
from verif.runner import ToolError

__all__ = ["main"]

NIGHTLY_SEEDS = 1
"""So many, times each test's weight, that two cores are done within an hour, builds included."""

_KINDS = {
    "regress": "a few seeds of all tests, or of some",
    "nightly": "all tests, other seeds every day",
}
_RERUN = "rerun-failed"
_KEPT = "what is finished is kept, RESUME=1 (--resume) does the rest"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="verif.regression",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    again = "what failed in the latest regression, once more"
    for name, text in (*_KINDS.items(), (_RERUN, again)):
        add = commands.add_parser(name, help=text, description=f"Runs {text}.").add_argument
        # An empty make variable leaves an option with an empty value: it means the default.
        if name in _KINDS:
            seeds = 1 if name == "regress" else NIGHTLY_SEEDS
            base = "1" if name == "regress" else "the date, YYYYMMDD"
            add("--tests", default="", help="names or patterns, with commas; default: all")
            add("--variants", default="", help="with commas; default: all that a test has")
            add("--seeds", default="", help=f"seeds of a test of weight 1; default {seeds}")
            add("--seed", default="", help=f"base seed of all others; default {base}")
            add("--resume", action="store_true", help="finish the last one that is incomplete")
        add("--jobs", default="", help="workers, or jobs put into the queue; default 2")
        add("--scheduler", default="", help="address of a running Dask scheduler")
        add("--profile", default="", help="queue to use, a section of profiles.yaml")
        add("--memory", default="", help="limit on the memory of a run, MiB; default 4096")
        add("--folder", type=Path, default=REGRESSIONS, help="of regressions and history")
    return parser


def _number(options: argparse.Namespace, name: str, default: int) -> int:
    text = getattr(options, name)
    with suppress(ValueError):
        if (value := int(text or default)) > 0:
            return value
    raise PanaceaError(f"{name} = {text!r} is not a positive whole number")


def _plan(
    options: argparse.Namespace, history: History, catalogue: Mapping[str, RegressionTest]
) -> Plan:
    if options.command == _RERUN:
        return rerun_plan(options.folder, history, catalogue, tuple(_KINDS))
    if options.resume:
        return resume_plan(history, catalogue, options.command)
    nightly = options.command == "nightly"
    today = int(datetime.now(UTC).strftime("%Y%m%d"))
    return new_plan(
        options.folder,
        catalogue,
        kind=options.command,
        tests=options.tests,
        variants=options.variants,
        seeds=_number(options, "seeds", NIGHTLY_SEEDS if nightly else 1),
        base_seed=_number(options, "seed", today if nightly else 1),
    )


def _run(
    options: argparse.Namespace, catalogue: Mapping[str, RegressionTest], console: Console
) -> list[Outcome]:
    options.folder.mkdir(parents=True, exist_ok=True)
    jobs, memory_mb = _number(options, "jobs", 2), _number(options, "memory", 4096)
    with disk_errors(options.folder), History(options.folder / "history.sqlite") as history:
        check_space(options.folder)
        plan = _plan(options, history, catalogue)
        regression = plan.regression
        with RegressionFolder(options.folder.resolve(), regression.id) as folder:
            if regression.kind != RERUN:
                folder.make_latest()
            if not getattr(options, "resume", False):
                history.begin(regression)
            say(
                console,
                f"{regression.id}: {len(plan.jobs)} runs, base seed {regression.base_seed}, "
                f"revision {regression.revision[:12]}{' with changes' * regression.dirty}, "
                f"folder {shown(folder.path)}",
            )
            where = {"jobs": jobs, "scheduler": options.scheduler, "profile": options.profile}
            with open_farm(**where) as client:
                engine = Engine(
                    plan,
                    catalogue,
                    client=client,
                    history=history,
                    folder=folder,
                    memory_mb=memory_mb,
                    console=console,
                )
                return engine.run()


def main(
    arguments: list[str] | None = None, catalogue: Mapping[str, RegressionTest] = CATALOGUE
) -> int:
    """Run the command line on the tests of a catalogue; returns the exit code."""
    options = _parser().parse_args(arguments)
    console = Console()
    try:
        outcomes = _run(options, catalogue, console)
    except DiskFullError as error:
        print(f"error: {error}; {_KEPT} when there is space", file=sys.stderr)
        return 2
    except (PanaceaError, ToolError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(f"interrupted; {_KEPT}", file=sys.stderr)
        return 2
    failed = sum(outcome.status != "passed" for outcome in outcomes)
    if options.command == _RERUN:
        for outcome in outcomes:
            state = "fixed" if outcome.status == "passed" else "not fixed"
            say(console, f"{state}: {outcome.job.name}")
    word = f"FAIL: {failed}" if failed else "PASS: 0"
    say(console, f"{word} of {len(outcomes)} runs failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
