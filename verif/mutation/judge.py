"""Judges one mutant: which check notices it, if any. Runs in a worker."""

import shutil
import tempfile
import time
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Literal

from verif.build_spec import ROOT, Build
from verif.builder import SIM_BUILD, BuildError, build
from verif.mutation.checks import Check
from verif.mutation.mutant import Mutant
from verif.planted.planting import with_copy
from verif.runner import RunResult, run

__all__ = ["MUTATION", "SEED", "Verdict", "baseline", "judge", "run_check"]

MUTATION = SIM_BUILD / "mutation"

SEED = 7
"""Of all runs: a mutant that this seed does not show is not killed by luck either."""

SLOWER = 4.0
"""A mutant that takes so many times longer than the design, and 20 seconds, hangs."""

Status = Literal["killed", "survived", "equivalent", "stillborn"]


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What became of a mutant.

    Attributes:
        mutant: it.
        status: killed by a check; survived all that were tried; equivalent: proven to do what the
            design does; stillborn: it does not compile.
        check: the check that killed it.
        reason: how, on one line.
        tried: names of the checks that ran.
        seconds: time for all of them, builds included.
    """

    mutant: Mutant
    status: Status = "survived"
    check: str = ""
    reason: str = ""
    tried: tuple[str, ...] = ()
    seconds: float = 0.0


def run_check(check: Check, spec: Build, workdir: Path, timeout: float) -> RunResult:
    """Run a check on a build, up to its first failure; `timeout` in seconds."""
    return run(
        spec,
        test_module=check.test.module,
        testcase=check.test.testcase,
        seed=SEED,
        env={**check.test.env, "COCOTB_MAX_FAILURES": "1"},
        workdir=workdir,
        timeout=timeout,
        quiet=True,
    )


def baseline(check: Check) -> tuple[float, str]:
    """Run a check on the design; returns its seconds, and why it failed or an empty string.

    Raises:
        BuildError: the design does not build.
    """
    spec = check.build()
    build(spec)
    start = time.monotonic()
    with tempfile.TemporaryDirectory(dir=MUTATION) as folder:
        result = run_check(check, spec, Path(folder), check.test.timeout)
    return time.monotonic() - start, result.reason


def judge(before: Verdict, checks: tuple[Check, ...], seconds: dict[str, float]) -> Verdict:
    """Run checks on a mutant until one fails.

    Args:
        before: what is known of the mutant; checks that it has survived are not in `checks`.
        checks: in the order in which they are tried, those of one build together.
        seconds: of each on the design, by name.
    """
    start, mutant = time.monotonic(), before.mutant
    MUTATION.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=MUTATION) as name:
        folder = Path(name)
        copy = folder / Path(mutant.file).name
        copy.write_text(mutant.text(), encoding="utf-8")

        tried = list(before.tried)

        def verdict(status: Status, check: str = "", reason: str = "") -> Verdict:
            spent = round(before.seconds + time.monotonic() - start, 2)
            fields = {"check": check, "reason": reason, "seconds": spent}
            return replace(before, status=status, tried=tuple(tried), **fields)

        for of_design, group in groupby(checks, key=Check.build):
            spec = with_copy(of_design, ROOT / mutant.file, copy)
            try:
                built = build(spec)
            except BuildError as error:
                text = str(error).splitlines()[1:2]
                return verdict("stillborn", next(group).name, text[0] if text else "")
            try:
                for check in group:
                    tried.append(check.name)
                    timeout = SLOWER * seconds[check.name] + 20.0
                    result = run_check(check, spec, folder / f"run{len(tried)}", timeout)
                    if not result.passed:
                        return verdict("killed", check.name, result.reason)
            finally:
                shutil.rmtree(built, ignore_errors=True)
        return verdict("survived")
