"""`make formal`: proves the catalogue, shows that nothing of it is vacuous, prints a table."""

import argparse
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from fnmatch import fnmatch

from models.errors import PanaceaError
from verif.builder import shown
from verif.formal.catalogue import PROOFS
from verif.formal.methods import AnyProof, check_bug, prove
from verif.formal.record import RESULT, Record, table, write
from verif.formal.verdict import FOLDER, PROVEN, Verdict
from verif.toolchain.tools import ToolError

__all__ = ["main"]

ALL_PROVEN, NOT_PROVEN, NOT_RUN = range(3)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; 0 if all is proven, 1 if something is not, 2 if it could not be run."""
    parser = argparse.ArgumentParser(
        prog="verif.formal",
        description="Prove properties of the RTL for all inputs.",
        epilog="Exit code: 0 all proven, 1 something is not, 2 it could not be run.",
    )
    parser.add_argument("--proof", default="", help="its name, or a pattern; default: all")
    parser.add_argument("--quick", action="store_true", help="only those that make test runs")
    parser.add_argument("--no-bugs", action="store_true", help="plant no bugs")
    parser.add_argument("--jobs", type=int, default=2, help="at a time; default: %(default)s")
    parser.add_argument("--timeout", type=float, default=1800, help="seconds of a solver's task")
    parser.add_argument("--list", action="store_true", help="only list what is claimed")
    options = parser.parse_args(arguments)
    try:
        proofs = _chosen(options.proof, quick=options.quick)
        if options.jobs < 1:
            raise PanaceaError(f"jobs: {options.jobs}: at least 1")
    except PanaceaError as error:
        print(f"error: {error}", file=sys.stderr)
        return NOT_RUN
    if options.list:
        for proof in proofs:
            print(f"{proof.name}: {proof.claim}")
        return ALL_PROVEN
    try:
        records = _run(proofs, options)
    except (PanaceaError, ToolError) as error:
        print(f"error: {error}", file=sys.stderr)
        return NOT_RUN
    print(table(records))
    write(records)
    print(f"results: {shown(FOLDER)}/NAME/{RESULT}")
    bad = [record for record in records if not record.holds]
    for record in bad:
        for reason in record.reasons:
            print(f"{record.proof.name}: {reason}", file=sys.stderr)
    print(f"{len(records) - len(bad)} of {len(records)} proofs hold")
    return NOT_PROVEN if bad else ALL_PROVEN


def _chosen(pattern: str, *, quick: bool) -> list[AnyProof]:
    """The proofs of a pattern.

    Raises:
        PanaceaError: there are none.
    """
    chosen = [
        proof
        for name, proof in PROOFS.items()
        if fnmatch(name, pattern or "*") and (proof.quick or not quick)
    ]
    if not chosen:
        raise PanaceaError(f"proof: {pattern!r} fits none of {', '.join(PROOFS)}")
    return chosen


def _run(proofs: list[AnyProof], options: argparse.Namespace) -> list[Record]:
    """Run proofs and bugs, say what comes of each."""
    start = time.monotonic()
    verdicts: dict[str, Verdict] = {}
    bugs: dict[str, dict[str, Verdict]] = {proof.name: {} for proof in proofs}
    with ThreadPoolExecutor(options.jobs) as pool:
        tasks = {}
        for proof in proofs:
            tasks[pool.submit(prove, proof, timeout=options.timeout)] = (proof, None)
            for name in () if options.no_bugs else proof.bugs:
                task = pool.submit(check_bug, proof, name, timeout=options.timeout)
                tasks[task] = (proof, name)
        try:
            for count, task in enumerate(as_completed(tasks), 1):
                proof, bug = tasks[task]
                verdict = task.result()
                what = f"bug '{bug}'" if bug else "proof"
                said = verdict.status if not bug else "caught" if verdict.status == PROVEN else "!"
                print(
                    f"[{count}/{len(tasks)}, {time.monotonic() - start:.0f} s] "
                    f"{proof.name}: {what} {said}, {verdict.seconds:.1f} s of processor"
                    f"{': ' + verdict.reason if verdict.reason else ''}",
                    flush=True,
                )
                if bug:
                    bugs[proof.name][bug] = verdict
                else:
                    verdicts[proof.name] = verdict
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return [
        Record(proof=proof, verdict=verdicts[proof.name], bugs=bugs[proof.name]) for proof in proofs
    ]


if __name__ == "__main__":
    sys.exit(main())
