"""Failures in buckets of one signature; the shortest of each is run again with waves."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from verif.regression.catalogue import RegressionTest
from verif.regression.records import Outcome, Triage

__all__ = ["Bucket", "bucket_failures", "compare", "for_waves", "summary"]

HANG_SECONDS = 60.0
"""Waves of a run that never ends: enough to see it hang, few enough for a disk."""

SLOWER = 4
"""With waves a simulation may take as many times as long."""


@dataclass(frozen=True, kw_only=True)
class Bucket:
    """Failures of one signature, the shortest run first; `number` 1 is the largest bucket."""

    number: int
    signature: str
    outcomes: tuple[Outcome, ...]

    @property
    def shortest(self) -> Outcome:
        """The failure that takes least time to see again."""
        return self.outcomes[0]


def bucket_failures(outcomes: Sequence[Outcome]) -> tuple[Bucket, ...]:
    """Sort the outcomes that did not pass into buckets, the largest first."""
    groups: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        if outcome.status != "passed":
            groups[outcome.signature].append(outcome)
    ordered = sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
    return tuple(
        Bucket(
            number=number,
            signature=signature,
            outcomes=tuple(sorted(group, key=lambda outcome: (outcome.seconds, outcome.job))),
        )
        for number, (signature, group) in enumerate(ordered, 1)
    )


def for_waves(test: RegressionTest, failed: Outcome) -> RegressionTest:
    """The test with the time limit of its second run."""
    hangs = failed.status == "timeout"
    limit = min(test.timeout, HANG_SECONDS) if hangs else SLOWER * test.timeout
    return replace(test, timeout=limit)


def compare(bucket: Bucket, again: Outcome) -> Triage:
    """What the second run says of its bucket."""
    return Triage(
        number=bucket.number,
        signature=bucket.signature,
        runs=len(bucket.outcomes),
        job=bucket.shortest.job,
        same=again.signature == bucket.signature,
        reason=again.reason,
        command=bucket.shortest.command,
        workdir=f"triage/{bucket.number}",
    )


def summary(triage: Sequence[Triage], folder: str) -> list[str]:
    """Lines that tell a person of every bucket: what, how often, where, the command."""
    lines = [f"{len(triage)} bucket{'s' * (len(triage) != 1)} of failures"]
    for one in triage:
        runs = f"{one.runs} run{'s' * (one.runs != 1)}"
        again = "the same again" if one.same else f"differently: {one.reason or 'passed'}"
        lines += [
            f"[{one.number}] {one.signature}",
            f"    {runs}, shortest {one.job.name}",
            f"    run again with waves: {again}; {folder}/{one.workdir}",
            f"    {one.command}",
        ]
    return lines
