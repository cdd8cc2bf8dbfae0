"""Command line of the mutation campaign: `make mutate`.

Exit code 0 when the score is reached and every survivor explained, 1 when not, 2 when it could not
run to its end.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterable

from distributed import Client
from rich.console import Console

from models.errors import PanaceaError
from verif.builder import shown
from verif.mutation.campaign import (
    Verdicts,
    checks_left,
    draw,
    killers_before,
    quickest_first,
    run_phase,
)
from verif.mutation.checks import Check
from verif.mutation.equivalence import prove
from verif.mutation.explained import explanations, place_of
from verif.mutation.judge import MUTATION, Verdict, baseline, judge
from verif.mutation.outcome import Outcome
from verif.mutation.score import SCORE
from verif.mutation.waves import find_mutant, record_waves
from verif.regression.farm import open_farm, stream
from verif.regression.progress import ProgressLine, say
from verif.regression.revision import revision
from verif.runner import BuildError, ToolError

__all__ = ["main"]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="verif.mutation",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--block", default="", help="module, or pattern of modules; default: all")
    add("--mutant", default="", help="name of one: run its closest bench with waves, judge nothing")
    add("--count", default="", help="mutants to draw; default 1080, so that over 1000 compile")
    add("--seed", default="", help="of the drawing; default 1")
    add("--jobs", default="", help="workers; default 2")
    add("--scheduler", default="", help="address of a running Dask scheduler")
    add("--profile", default="", help="queue to use, a section of profiles.yaml")
    return parser


def _number(options: argparse.Namespace, name: str, default: int) -> int:
    text = getattr(options, name) or str(default)
    if text.isdecimal() and int(text) > 0:
        return int(text)
    raise PanaceaError(f"{name} = {text!r} is not a positive whole number")


class Campaign:
    """One campaign: draws, judges in phases, prints what is found."""

    def __init__(self, options: argparse.Namespace, console: Console) -> None:
        self._options, self._console = options, console
        self._jobs = _number(options, "jobs", 2)
        count, seed = _number(options, "count", 1080), _number(options, "seed", 1)
        commit, dirty = revision()
        path = MUTATION / f"{commit[:12]}{'-changed' * dirty}" / "verdicts.jsonl"
        self._verdicts, self._killers = Verdicts(path), killers_before(path)
        self._times = path.with_name("seconds.json")
        times = self._times.read_text(encoding="utf-8") if self._times.is_file() else "{}"
        self._seconds: dict[str, float] = json.loads(times)
        self.drawn = draw(options.block, count, seed)
        known = sum(mutant.name in self._verdicts.found for mutant in self.drawn)
        say(console, f"{len(self.drawn)} mutants, {known} judged before; {shown(path)}")

    def run(self) -> list[Verdict]:
        """Judge all that is not judged yet."""
        options = self._options
        farm = {"jobs": self._jobs, "scheduler": options.scheduler, "profile": options.profile}
        with open_farm(**farm) as client:
            self._simulate(client, "closest benches", lambda check: check.near, self._alive())
            self._prove(client)
            on_icarus = ("others on Icarus", lambda check: check.variant == "icarus")
            for what, wanted in (on_icarus, ("others on Verilator", lambda check: True)):
                self._simulate(client, what, wanted, self._open())
        return self._judged()

    def _judged(self) -> list[Verdict]:
        found = self._verdicts.found
        return [found.get(mutant.name, Verdict(mutant=mutant)) for mutant in self.drawn]

    def _alive(self) -> list[Verdict]:
        return [verdict for verdict in self._judged() if verdict.status == "survived"]

    def _open(self) -> list[Verdict]:
        """Of those alive the ones that nothing is known of: an explained one counts as survivor."""
        known = explanations()
        return [verdict for verdict in self._alive() if place_of(verdict.mutant) not in known]

    def _simulate(
        self,
        client: Client,
        what: str,
        wanted: Callable[[Check], bool],
        verdicts: Iterable[Verdict],
    ) -> None:
        left: dict[str, tuple[Verdict, tuple[Check, ...]]] = {}
        for verdict in verdicts:
            killer = self._killers.get(verdict.mutant.name, "")
            left[verdict.mutant.name] = verdict, checks_left(verdict, wanted, killer)
        left = {name: pair for name, pair in left.items() if pair[1]}
        self._measure(client, {check.name: check for _, some in left.values() for check in some})
        calls = {
            name: (
                verdict,
                quickest_first(some, self._seconds, self._killers.get(name, "")),
                self._seconds,
            )
            for name, (verdict, some) in left.items()
        }
        self._phase(client, what, calls, judge)

    def _measure(self, client: Client, needed: dict[str, Check]) -> None:
        """Run checks on the design first: all have to pass, and their time limits the mutants'."""
        calls = {
            name: ((check,), {}) for name, check in needed.items() if name not in self._seconds
        }
        with ProgressLine(
            self._console, "the design", [0.0] * len(calls), workers=self._jobs
        ) as line:
            for name, result in stream(client, baseline, calls):
                if isinstance(result, BaseException):
                    raise result
                self._seconds[name], reason = result
                if reason:
                    raise PanaceaError(f"{name} fails on the design itself: {reason}")
                line.done(0.0)
        self._times.write_text(json.dumps(self._seconds, indent=1), encoding="utf-8")

    def _prove(self, client: Client) -> None:
        calls = {verdict.mutant.name: (verdict,) for verdict in self._open() if not verdict.reason}
        self._phase(client, "equivalence proofs", calls, prove)

    def _phase(
        self, client: Client, what: str, calls: dict, function: Callable[..., Verdict]
    ) -> None:
        with ProgressLine(self._console, what, [0.0] * len(calls), workers=self._jobs) as line:
            for verdict in run_phase(client, self._verdicts, calls, function):
                mutant = verdict.mutant
                place = f"{mutant.file}:{mutant.line}: {mutant.old} -> {mutant.new}"
                line.done(0.0, f"{what}: open: {place}" if verdict.status == "survived" else "")


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    options = _parser().parse_args(arguments)
    console = Console()
    try:
        if options.mutant:
            mutant = find_mutant(options.mutant)
            say(console, "\n".join([mutant.diff(), *record_waves(mutant)]))
            return 0
        verdicts = Campaign(options, console).run()
    except (BuildError, PanaceaError, ToolError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(
            "interrupted; what is judged is kept, the same command does the rest", file=sys.stderr
        )
        return 2
    found = Outcome(verdicts)
    say(console, found.text())
    return 0 if found.score >= SCORE and not found.unexplained else 1


if __name__ == "__main__":
    sys.exit(main())
