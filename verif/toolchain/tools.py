"""Tools found on PATH, with errors that say what is missing and how to get it."""

import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

__all__ = ["ICARUS_MINIMUM", "ToolError", "compiler_version", "find_tool", "iverilog_version"]

ICARUS_MINIMUM = 11
"""Oldest Icarus Verilog major version the RTL dialect is tried on."""


class ToolError(RuntimeError):
    """A tool is missing or too old; the message names the tool, found and needed."""


def find_tool(name: str) -> Path:
    """Return the path of the program ``name``.

    Raises:
        ToolError: the program is not on PATH.
    """
    path = shutil.which(name)
    if path is None:
        raise ToolError(f"{name}: not found on PATH; run 'make setup'")
    return Path(path)


@cache
def _first_line(path: Path, option: str) -> str:
    done = subprocess.run([path, option], capture_output=True, text=True, check=False)
    return (done.stdout or done.stderr).partition("\n")[0].strip()


def iverilog_version() -> str:
    """Return the first line of ``iverilog -V``.

    Raises:
        ToolError: Icarus Verilog is missing or older than ``ICARUS_MINIMUM``.
    """
    line = _first_line(find_tool("iverilog"), "-V")
    match = re.search(r"version (\d+)", line)
    if match is None or int(match[1]) < ICARUS_MINIMUM:
        raise ToolError(f"iverilog: found {line!r}, needed version {ICARUS_MINIMUM} or newer")
    return line.removesuffix(" ()")


def compiler_version() -> str:
    """Return the first line of ``g++ --version``.

    Raises:
        ToolError: the compiler is missing.
    """
    return _first_line(find_tool("g++"), "--version")
