"""Check that the installed tools are there and of the right versions; print what was found."""

import subprocess
import sys

import find_libpython

from verif.toolchain.tools import ToolError, compiler_version, iverilog_version
from verif.toolchain.verilator import find_verilator

__all__ = ["main"]


def main() -> int:
    """Return 0 when all tools are usable, 1 (after saying which is not) otherwise."""
    try:
        verilator = find_verilator()
        subprocess.run([verilator.binary, "--version"], check=True, capture_output=True)
        if find_libpython.find_libpython() is None:
            raise ToolError("libpython: no shared library of this Python found")
        print(f"Verilator {verilator.version}; {iverilog_version()}; {compiler_version()}")
    except (OSError, subprocess.CalledProcessError, ToolError) as error:
        print(f"setup: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
