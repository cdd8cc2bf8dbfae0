"""`make report`: writes the report of a regression."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from models.errors import PanaceaError
from verif.builder import shown
from verif.regression.folder import REGRESSIONS
from verif.report.site import write_site
from verif.signoff.record import record
from verif.toolchain.tools import ToolError

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; 0 if the report is written, 2 without usable results."""
    parser = argparse.ArgumentParser(
        prog="verif.report", description="Write the report of a regression as a static HTML site."
    )
    parser.add_argument("--regression", default="", help="id, or latest; default: last nightly")
    parser.add_argument("--folder", type=Path, default=REGRESSIONS, help="of all regressions")
    options = parser.parse_args(arguments)
    try:
        page = write_site(record(options.regression, folder=options.folder))
    except (PanaceaError, ToolError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print(f"report: {shown(page)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
