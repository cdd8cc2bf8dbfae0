"""A regression's results as a JUnit file, which every CI system reads."""

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from junitparser import Error, Failure, JUnitXml, TestCase, TestSuite

from verif.regression.records import Outcome

__all__ = ["write_junit"]


def write_junit(path: Path, name: str, outcomes: Sequence[Outcome]) -> None:
    """Write outcomes, a suite for each test, a case for each variant and seed."""
    document = JUnitXml(name)
    ordered = sorted(outcomes, key=lambda outcome: outcome.job)
    for test, group in groupby(ordered, key=lambda outcome: outcome.job.test):
        suite = TestSuite(test)
        suite.add_testcases([_case(outcome) for outcome in group])
        document.add_testsuite(suite)
    document.update_statistics()
    document.write(str(path), pretty=True)


def _case(outcome: Outcome) -> TestCase:
    job = outcome.job
    case = TestCase(f"{job.variant}[{job.seed}]", classname=job.test, time=outcome.seconds)
    if outcome.status != "passed":
        # An error, by JUnit's words, is a test that did not get as far as to fail.
        kind = Failure if outcome.status == "failed" else Error
        result = kind(message=outcome.reason, type_=outcome.status)
        result.text = (
            f"{outcome.signature}\nreproduce: {outcome.command}\nfolder: {outcome.workdir}\n"
        )
        case.result = [result]
    return case
