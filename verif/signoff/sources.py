"""What sign-off asks of the sources themselves, measured once at the end of a regression."""

import re
import subprocess
import sys
from pathlib import Path

from verif.build_spec import ROOT
from verif.lint import main as lint_rtl
from verif.regression.history import Metric
from verif.style import main as check_style

__all__ = ["measure_sources", "open_notes"]

NOTE = re.compile(r"(?:#|//|/\*|<!--)\s*(?:TODO|FIXME)\b|\b(?:TODO|FIXME)\s*[:(]")
"""A note, not a mention, of something left to do."""


def measure_sources() -> list[Metric]:
    """Lint and style (`lint`), and files without notes of things left to do (`todo`)."""
    ruff = [sys.executable, "-m", "ruff"]
    clean = {
        "RTL": lint_rtl() == 0,
        "SystemVerilog style": check_style([]) == 0,
        "Python": _succeeds(*ruff, "check", "--quiet", "."),
        "Python format": _succeeds(*ruff, "format", "--check", "--quiet", "."),
    }
    listed = _files()
    notes = open_notes(listed)
    rows = [Metric(scope=name, kind="lint", hit=int(ok), total=1) for name, ok in clean.items()]
    rows += [Metric(scope=place, kind="todo", hit=0, total=1) for place in notes]
    return [*rows, Metric(scope="files", kind="todo", hit=len(listed), total=len(listed))]


def open_notes(files: list[Path]) -> list[str]:
    """Every place, FILE:LINE, where sources say that something is left to do."""
    return [
        f"{file.relative_to(ROOT) if file.is_relative_to(ROOT) else file}:{number}"
        for file in files
        for number, line in enumerate(file.read_text("utf-8", "ignore").splitlines(), 1)
        if NOTE.search(line)
    ]


def _files() -> list[Path]:
    """All files of the repository."""
    command = ["git", "-C", str(ROOT), "ls-files", "-z"]
    names = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split("\0")
    return [path for name in names if (path := ROOT / name).is_file()]


def _succeeds(*command: str) -> bool:
    return subprocess.run(command, cwd=ROOT, check=False).returncode == 0
