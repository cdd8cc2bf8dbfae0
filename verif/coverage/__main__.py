"""`python -m verif.coverage`: merges a regression's coverage, prints it and writes the pages."""

import argparse
import sys
from pathlib import Path

from models.errors import PanaceaError
from verif.coverage import functional
from verif.coverage.code_report import report, write
from verif.regression.folder import REGRESSIONS
from verif.toolchain.tools import ToolError


def main(arguments: list[str] | None = None) -> int:
    """Run the command.

    Returns:
        0 when nothing is open, 1 when points are, 2 when waivers or input are wrong.
    """
    parser = argparse.ArgumentParser(prog="verif.coverage", description=__doc__)
    parser.add_argument("regression", nargs="?", default="latest", help="its name, or its folder")
    parser.add_argument("--holes", metavar="BLOCK", help="list what is open in blocks named so")
    parser.add_argument("--no-html", action="store_true", help="print only")
    options = parser.parse_args(arguments)
    folder = REGRESSIONS / options.regression  # an absolute path stays as it is
    if not folder.is_dir():
        folder = Path(options.regression)
    try:
        result = report(folder)
        hits = functional.merge(functional.exports([folder]))
        if not options.no_html:
            write(result, folder / "coverage")
    except (PanaceaError, ToolError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print(result.table())
    if options.holes is not None:
        for point in result.holes:
            if options.holes in point.file:
                print(f"{point.file}:{point.line}: {point.kind}: {point.comment}")
    for scope, (hit, total) in functional.summary(hits).items():
        print(f"functional: {scope}: {hit} of {total}")
    for problem in result.problems:
        print(f"error: {problem}", file=sys.stderr)
    print(
        f"{result.files} files; {len(result.holes)} points open, "
        f"{len(result.waived)} of {len(result.points)} waived"
    )
    if not options.no_html:
        print(f"pages: {folder / 'coverage' / 'index.html'}")
    return 2 if result.problems else 1 if result.holes or functional.holes(hits) else 0


if __name__ == "__main__":
    sys.exit(main())
