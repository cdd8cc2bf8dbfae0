"""The cell library and the timing analyser, both Debian packages that only `make synth` needs.

The library is OSU's for TSMC 180 nm: 32 cells with delay and power tables, typical corner (1.8 V,
25 degrees). Its areas are in square micrometres. It has no wire loads: wires cost nothing here.
"""

import re
import shutil
from pathlib import Path

from verif.toolchain.tools import ToolError

__all__ = ["LIBRARY", "cell_areas", "find_analyser", "find_library"]

LIBRARY = Path("/usr/share/qflow/tech/osu018/osu018_stdcells.lib")
"""Where the package `qflow-tech-osu018` puts it."""

_CELL = re.compile(r"^\s*cell\s*\((\w+)\)\s*{.*?\barea\s*:\s*([\d.]+)", re.M | re.S)


def find_library(path: Path = LIBRARY) -> Path:
    """Return the path of the cell library.

    Raises:
        ToolError: it is not installed.
    """
    if not path.is_file():
        raise ToolError(f"cell library: {path} not found; {_advice('qflow-tech-osu018')}")
    return path


def find_analyser() -> str:
    """Return the path of OpenSTA.

    Raises:
        ToolError: it is not installed.
    """
    path = shutil.which("sta")
    if path is None:
        raise ToolError(f"OpenSTA: sta not found on PATH; {_advice('opensta')}")
    return path


def cell_areas(library: Path) -> dict[str, float]:
    """Area of each cell of a Liberty file, by name, in the file's unit."""
    return {name: float(area) for name, area in _CELL.findall(library.read_text(encoding="utf-8"))}


def _advice(package: str) -> str:
    return f"run 'make synth', or: sudo apt-get install --no-install-recommends {package}"
