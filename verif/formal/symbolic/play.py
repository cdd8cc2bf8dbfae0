"""A process of its own that plays all cases on a netlist; its last line says what came of it."""

import argparse
import gc
import json
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from verif.formal.symbolic.core_case import DROPPED, Case, CoreSize
from verif.formal.symbolic.core_cases import core_cases
from verif.formal.symbolic.core_run import CoreBench, Outcome, RefutedError
from verif.formal.symbolic.netlist import read_netlist

__all__ = ["COVERS", "TOP", "Summary", "play_all"]

TOP = "aqs_gemm_core"

COVERS: dict[str, Callable[[Case, Outcome], int]] = {
    "results compared": lambda _, outcome: outcome.results,
    "all products of high-order slices skipped": lambda _, o: o.skipped > 0 == _high(o),
    "some skipped, some not": lambda _, o: o.skipped > 0 < _high(o),
    "none skipped": lambda _, o: o.skipped == 0 < _high(o),
    "a vector of r, or of zeros, in a list": lambda case, _: any(
        DROPPED in marks for marks in (*case.weights, *case.activations)
    ),
    "two sub-tiles": lambda case, _: case.sub_tiles == 2,
    "several K-tiles": lambda case, _: len(case.k_tiles) > 1,
    "several passes": lambda case, _: len(case.passes) > 1,
    "several output tiles": lambda case, _: case.tiles > 1,
    "results held back": lambda _, outcome: outcome.held,
    "other products for two destinations": lambda _, o: o.events["straddle_d"],
    "operators of other products take dense ones": lambda _, o: o.events["ll_dwo"],
    "dense products for two destinations": lambda _, o: o.events["straddle_l"],
    "a flush waits for the other one": lambda _, o: o.events["flush_wait"],
}
"""Situations that some case must reach, and how often it does."""


def _high(outcome: Outcome) -> int:
    """Products of high-order slices that were issued."""
    return sum(outcome.events[kind] for kind in ("hh", "hl", "lh"))


@dataclass(kw_only=True)
class Summary:
    """What came of all cases.

    Attributes:
        cases: played, up to the first that is refuted.
        refuted: why a case is; empty if none is.
        covers: how often each situation was reached.
        results: elements compared.
    """

    cases: int = 0
    refuted: str = ""
    covers: Counter = field(default_factory=Counter)
    results: int = 0


def play_all(netlist: Path, cases: Iterable[Case]) -> Summary:
    """Play cases until one is refuted.

    Raises:
        UnknownCellError: the netlist has what cannot be simulated.
    """
    bench, summary = CoreBench(read_netlist(netlist, TOP)), Summary()
    for case in cases:
        summary.cases += 1
        try:
            outcome = bench.play(case)
        except RefutedError as refuted:
            summary.refuted = str(refuted)
            break
        summary.results += outcome.results
        summary.covers.update({name: int(found(case, outcome)) for name, found in COVERS.items()})
    return summary


def main() -> None:
    """The process."""
    parser = argparse.ArgumentParser()
    parser.add_argument("netlist", type=Path)
    for size in ("num_dwo", "num_swo", "tile_k"):
        parser.add_argument(size, type=int)
    options = parser.parse_args()
    gc.disable()  # words make no cycles; to look for some takes an eighth of the time
    core = CoreSize(num_dwo=options.num_dwo, num_swo=options.num_swo, tile_k=options.tile_k)
    print(json.dumps(vars(play_all(options.netlist, core_cases(core)))))


if __name__ == "__main__":
    main()
