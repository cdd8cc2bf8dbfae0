"""The programs of the proofs: Yosys with smtbmc, and a solver, each a Python package."""

import os
import shutil
import sys
from pathlib import Path

from verif.toolchain.tools import ToolError

__all__ = ["SOLVER", "environment", "find_program"]

SOLVER = "yices"
"""What smtbmc calls the solver; the program is `yices-smt2`."""

_PATH = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"


def find_program(name: str) -> str:
    """Return the path of a program, that of the running Python's environment before others.

    Raises:
        ToolError: there is none.
    """
    path = shutil.which(name, path=_PATH)
    if path is None:
        raise ToolError(f"{name}: not found; run 'make setup'")
    return path


def environment() -> dict[str, str]:
    """Environment in which smtbmc finds its solver.

    Raises:
        ToolError: there is none.
    """
    find_program("yices-smt2")
    return os.environ | {"PATH": _PATH}
