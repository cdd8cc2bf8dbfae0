"""A campaign: mutants drawn over the design, judged in parallel, each verdict kept at once."""

import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from fnmatch import fnmatch
from pathlib import Path

from distributed import Client

from models.errors import PanaceaError
from verif.mutation.checks import Check, checks, modules, together
from verif.mutation.judge import Verdict
from verif.mutation.mutant import Mutant
from verif.mutation.operators import mutants
from verif.regression.farm import stream

__all__ = ["Verdicts", "checks_left", "draw", "killers_before", "quickest_first", "run_phase"]


def draw(block: str, count: int, seed: int) -> list[Mutant]:
    """Draw mutants over all modules in proportion to how many each has, every module at least one.

    Args:
        block: pattern of the modules' names; empty for all.
        count: how many; all that there are if there are fewer.
        seed: the same one draws the same mutants from the same design.

    Raises:
        PanaceaError: no module fits the pattern.
    """
    files = {name: path for name, path in modules().items() if fnmatch(name, block or "*")}
    if not files:
        raise PanaceaError(f"BLOCK = {block!r} fits no module of the RTL")
    found = {name: mutants(path) for name, path in files.items()}
    total = sum(map(len, found.values()))
    generator, drawn = random.Random(seed), []
    for name in sorted(found):
        share = round(count * len(found[name]) / max(total, 1))
        drawn += generator.sample(found[name], min(len(found[name]), max(1, share)))
    return sorted(drawn)


class Verdicts:
    """The verdicts of a campaign, a line of JSON each in a file; an incomplete line is dropped."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        self.found: dict[str, Verdict] = {}
        for line in path.read_text(encoding="utf-8").splitlines():
            try:
                fields = json.loads(line)
            except json.JSONDecodeError:
                continue
            told = {"mutant": Mutant(**fields["mutant"]), "tried": tuple(fields["tried"])}
            verdict = Verdict(**(fields | told))
            self.found[verdict.mutant.name] = verdict

    def add(self, verdict: Verdict) -> None:
        """Keep a verdict."""
        self.found[verdict.mutant.name] = verdict
        with self._path.open("a", encoding="utf-8") as stream_out:
            stream_out.write(json.dumps(asdict(verdict)) + "\n")


def run_phase(
    client: Client, verdicts: Verdicts, calls: Mapping[str, tuple], function: Callable[..., Verdict]
) -> Iterator[Verdict]:
    """Call a function on the workers for mutants; keeps and yields verdicts as they come.

    Args:
        client: of the farm.
        verdicts: of the campaign.
        calls: arguments of the function, by mutant's name.
        function: `judge` or `prove`.
    """
    for _, result in stream(client, function, {name: (args, {}) for name, args in calls.items()}):
        if isinstance(result, BaseException):
            raise result
        verdicts.add(result)
        yield result


def killers_before(path: Path) -> dict[str, str]:
    """Which check killed which mutant in campaigns of other revisions, the newest counting most.

    It says what to try first, no more: the name of a mutant can mean another one there.
    """
    others = [file for file in path.parents[1].glob("*/verdicts.jsonl") if file != path]
    found: dict[str, str] = {}
    for file in sorted(others, key=lambda file: file.stat().st_mtime):
        judged = Verdicts(file).found
        found |= {name: verdict.check for name, verdict in judged.items() if verdict.check}
    return found


def checks_left(
    verdict: Verdict, wanted: Callable[[Check], bool], first: str = ""
) -> tuple[Check, ...]:
    """Checks that can see the mutant and that it was not tried on.

    Args:
        verdict: what is known of the mutant.
        wanted: whether a check is to be tried.
        first: name of one that is tried in any case, before the others.
    """
    left = [
        check
        for check in checks(Path(verdict.mutant.file).stem)
        if (wanted(check) or check.name == first) and check.name not in verdict.tried
    ]
    return tuple(sorted(left, key=lambda check: check.name != first))


def quickest_first(
    wanted: Sequence[Check], seconds: Mapping[str, float], first: str
) -> tuple[Check, ...]:
    """The checks by seconds on the design, those of one build together, `first` before all."""
    by_time = sorted(wanted, key=lambda check: (check.name != first, seconds[check.name]))
    return together(by_time)
