"""`make signoff STAGE=V2`: says whether a stage holds, and what is missing from it."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from models.errors import PanaceaError
from verif.builder import shown
from verif.regression.folder import REGRESSIONS
from verif.signoff.checklist import holds, judge, markdown
from verif.signoff.results import load_results
from verif.testplan.plan import STAGES

__all__ = ["main"]

HOLDS, MISSING, NO_RESULTS = range(3)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; 0 if the stage holds, 1 if something is missing, 2 without usable results."""
    parser = argparse.ArgumentParser(
        prog="verif.signoff",
        description="Judge a stage from the results of a regression alone.",
        epilog="Exit code: 0 the stage holds, 1 something is missing, 2 no results.",
    )
    parser.add_argument("--stage", choices=STAGES, default="V3", help="default: %(default)s")
    parser.add_argument("--regression", default="", help="id, or latest; default: last nightly")
    parser.add_argument("--folder", type=Path, default=REGRESSIONS, help="of all regressions")
    options = parser.parse_args(arguments)
    try:
        results = load_results(options.regression, folder=options.folder)
        verdicts = judge(results)
    except PanaceaError as error:
        print(f"error: {error}", file=sys.stderr)
        return NO_RESULTS
    print(f"regression {results.regression.id}")
    for verdict in verdicts:
        if verdict.criterion.stage <= options.stage:
            one = verdict.criterion
            mark = "ok     " if verdict.met else "MISSING"
            print(f"{mark} {one.stage} {one.what}: {verdict.measure.shown}, demanded {one.target}")
            for line in () if verdict.met else verdict.measure.missing:
                print(f"          {line}")
    checklist = results.folder / "signoff.md"
    checklist.parent.mkdir(parents=True, exist_ok=True)
    checklist.write_text(markdown(results, verdicts), encoding="utf-8")
    held = holds(verdicts, options.stage)
    print(f"{options.stage} {'holds' if held else 'does not hold'}; {shown(checklist)}")
    return HOLDS if held else MISSING


if __name__ == "__main__":
    sys.exit(main())
