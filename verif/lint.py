"""Lint the RTL with Verilator: all warnings on, all of them errors.

Waivers, each with its reason, are in ``rtl/lint.vlt``. Every module of ``rtl/rtl.f`` is below one
of the tops.
"""

import subprocess
import sys

from models.errors import PanaceaError
from verif.build_spec import LINT_WAIVERS, read_filelist
from verif.simulators import TIMESCALE
from verif.toolchain.tools import ToolError
from verif.toolchain.verilator import find_verilator

__all__ = ["TOPS", "lint_command", "main"]

TOPS = (
    "panacea_top",
    "panacea_top -GNumDwo=12 -GNumSwo=0",
    "sibia_core",
    "dense_core -GDataflow=0",
    "dense_core -GDataflow=1",
    "dense_core -GDataflow=2",
)
"""Modules that no other one instantiates, with the parameters that choose what is below them."""


def lint_command(top: str) -> list[str]:
    """Return the Verilator command that lints the RTL below ``top``, a module and parameters.

    Raises:
        PanaceaError: the file list names a file that does not exist.
        ToolError: Verilator is missing.
    """
    files, includes = read_filelist()
    waivers = [str(LINT_WAIVERS)] if LINT_WAIVERS.is_file() else []
    command = [str(find_verilator().binary), "--lint-only", "-Wall", "--timing", "--assert"]
    module, *parameters = top.split()
    command += ["--quiet-stats", "--timescale", TIMESCALE, "--top-module", module, *parameters]
    command += [f"-I{path}" for path in includes]
    return [*command, *waivers, *map(str, files)]


def main() -> int:
    """Lint; return 0 when there is no warning, 1 otherwise."""
    try:
        root = str(find_verilator().root)
        env = {"VERILATOR_ROOT": root}
        failed = [
            top
            for top in TOPS
            if subprocess.run(lint_command(top), env=env, check=False).returncode
        ]
    except (PanaceaError, ToolError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(f"RTL lint: findings below {', '.join(failed)}" if failed else "RTL lint: clean")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
