"""Lint the RTL with Verilator: all warnings on, all of them errors.

Waivers, each with its reason, are in ``rtl/lint.vlt``. The last file of ``rtl/rtl.f`` is the top.
"""

import subprocess
import sys

from models.errors import PanaceaError
from verif.build_spec import LINT_WAIVERS, read_filelist
from verif.simulators import TIMESCALE
from verif.toolchain.tools import ToolError
from verif.toolchain.verilator import find_verilator

__all__ = ["lint_command", "main"]


def lint_command() -> list[str]:
    """Return the Verilator command that lints the RTL.

    Raises:
        PanaceaError: the file list names a file that does not exist.
        ToolError: Verilator is missing.
    """
    files, includes = read_filelist()
    waivers = [str(LINT_WAIVERS)] if LINT_WAIVERS.is_file() else []
    command = [str(find_verilator().binary), "--lint-only", "-Wall", "--timing", "--assert"]
    command += ["--quiet-stats", "--timescale", TIMESCALE, "--top-module", files[-1].stem]
    command += [f"-I{path}" for path in includes]
    return [*command, *waivers, *map(str, files)]


def main() -> int:
    """Lint; return 0 when there is no warning, 1 otherwise."""
    try:
        root = str(find_verilator().root)
        done = subprocess.run(lint_command(), env={"VERILATOR_ROOT": root}, check=False)
    except (PanaceaError, ToolError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(f"RTL lint: {'clean' if done.returncode == 0 else 'failed'}")
    return int(done.returncode != 0)


if __name__ == "__main__":
    sys.exit(main())
