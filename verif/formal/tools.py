"""The programs of the proofs: Yosys and its smtbmc from one Python package, solvers from others."""

import os
import shutil
import sys
from pathlib import Path

from verif.toolchain.tools import ToolError

__all__ = ["SOLVERS", "environment", "find_program"]

SOLVERS = {"yices": "yices-smt2", "z3": "z3"}
"""The program that smtbmc starts, by the solver's name."""

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
    """Environment in which smtbmc finds its solver."""
    return os.environ | {"PATH": _PATH}
