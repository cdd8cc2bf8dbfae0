"""Proof by cases: all that decides about control is given, all data stay free.

The gates are unrolled from power-up for one case after the other. With control given, it folds to
constants, and what is left to a SAT solver is the data path. The cover statements have to be
reached in *every* case.
"""

import re
import time
from pathlib import Path

from verif.formal.netlist import Netlist, read_netlist
from verif.formal.problem import FormalError, write_problem
from verif.formal.process import run
from verif.formal.proof import Proof
from verif.formal.tools import find_program
from verif.formal.unroll import Unrolled, clauses, unroll
from verif.formal.verdict import FAILED, PROVEN, UNFINISHED, VACUOUS, Verdict

__all__ = ["check_bug_cases", "prove_cases"]


def prove_cases(proof: Proof, work: Path, timeout: float | None) -> Verdict:
    """Prove all claims in all cases and reach all cover statements in each.

    Args:
        proof: with cases.
        work: folder of its files.
        timeout: seconds of wall clock for each of the solver's tasks.

    Raises:
        FormalError: the sources do not compile, or the solver ends in an unknown way.
    """
    job = _Job(proof, work, timeout)
    job.read()
    count = len(job.netlist.covers)
    for case in proof.cases:
        gates = unroll(job.netlist, proof.depth, case)
        missed = [name for name, found in gates.covers.items() if not job.possible(gates, found)]
        if missed or not count:
            reason = f"never reached: {', '.join(missed)} in {case}"
            return job.verdict(VACUOUS, reason, covers=(count - len(missed), count))
        failure = job.failure(gates)
        if failure is None:
            return job.verdict(UNFINISHED, f"no answer within {timeout:g} s in {case}")
        if failure:
            return job.verdict(FAILED, f"{failure} in {case}")
    return job.verdict(PROVEN, covers=(count, count))


def check_bug_cases(proof: Proof, name: str, work: Path, timeout: float | None) -> Verdict:
    """Plant one bug of a proof; proven means that a case refutes the assertion it must."""
    bug = proof.bugs[name]
    job = _Job(proof, work, timeout)
    job.read(name)
    others = set()
    for case in proof.cases:
        failure = job.failure(unroll(job.netlist, proof.depth, case))
        if failure is None:
            return job.verdict(UNFINISHED, f"{name}: no answer within {timeout:g} s in {case}")
        if failure and bug.symptom in failure:
            return job.verdict(PROVEN)
        others.add(failure)
    refuted = ", ".join(sorted(others - {""}))
    return job.verdict(
        FAILED, f"{name}: refutes {f'{refuted}, not {bug.symptom}' if refuted else 'nothing'}"
    )


class _Job:
    """One netlist and what is asked of it."""

    def __init__(self, proof: Proof, work: Path, timeout: float | None) -> None:
        self.proof, self.work, self._timeout = proof, work, timeout
        self._seconds, self._begun = 0.0, time.thread_time()
        self.netlist: Netlist

    def read(self, bug: str | None = None) -> None:
        """Compile the netlist, with a bug in it if there is one."""
        planted = None if bug is None else self.proof.bugs[bug]
        path, self._seconds = write_problem(self.proof, self.work, bug=planted)
        self.netlist = read_netlist(path, self.proof.top)

    def failure(self, gates: Unrolled) -> str | None:
        """Claims that can fail, by name; empty if none can, None if there is no answer in time."""
        for name, found in gates.asserts.items():
            possible = self.possible(gates, found)
            if possible is not False:
                return name if possible else None
        return ""

    def possible(self, gates: Unrolled, found) -> bool | None:
        """Whether one of some literals can be 1; None if there is no answer in time."""
        literals = sorted({int(literal) for literal in found} - {0})
        if not literals or literals == [1] or 1 in literals:
            return bool(literals)
        problem, log = self.work / "problem.cnf", self.work / "solver.log"
        problem.write_text("\n".join(clauses(gates.gates, literals)) + "\n", encoding="utf-8")
        ended = run([find_program("yices-sat"), str(problem)], log=log, timeout=self._timeout)
        self._seconds += ended.seconds
        if ended.code is None:
            return None
        answer = re.search(r"^(un)?sat", log.read_text(encoding="utf-8"), re.M)
        if answer is None:
            raise FormalError(f"{self.proof.name}: the solver ends without an answer ({log})")
        return answer.group() == "sat"

    def verdict(
        self, status: str, reason: str = "", *, covers: tuple[int, int] = (0, 0)
    ) -> Verdict:
        """What came of it."""
        return Verdict(
            status=status,
            seconds=self._seconds + time.thread_time() - self._begun,
            claims=len(self.netlist.asserts),
            covers=covers,
            reason=reason,
        )
