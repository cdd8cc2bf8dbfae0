"""Style of all SystemVerilog: verible's lint rules and its formatter.

Rules and options, each deviation with its reason, are in ``verif/toolchain/verible_*``.

Example:
    .venv/bin/python -m verif.style --fix
"""

import argparse
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from models.errors import PanaceaError
from verif.build_spec import ROOT
from verif.builder import shown
from verif.toolchain.tools import ToolError

__all__ = ["main", "style_findings"]

OPTIONS = ROOT / "verif" / "toolchain"
MACROS = frozenset({ROOT / "verif" / "tb" / "fsm_points.sv"})
"""Macros, whose text only the preprocessor makes SystemVerilog: verible cannot parse it."""


def style_findings(files: Sequence[Path]) -> list[str]:
    """Findings of verible's lint, and files that are formatted otherwise, a line each.

    Raises:
        ToolError: verible is missing.
    """
    rules = f"--rules_config={OPTIONS / 'verible_lint.rules'}"
    done = _verible("lint", rules, *map(str, files))
    lines = (done.stdout + done.stderr).splitlines()
    if done.returncode and not lines:
        raise ToolError(f"verible-verilog-lint: exit code {done.returncode}")
    for file in files:
        done = _format(file)
        if done.returncode or done.stdout != file.read_text(encoding="utf-8"):
            lines.append(
                f"{shown(file)}: {done.stderr.strip() or 'not formatted; run make format'}"
            )
    return lines


def main(arguments: Sequence[str] | None = None) -> int:
    """Check or format; return 0 when there is nothing to say, 1 otherwise, 2 if it cannot run."""
    parser = argparse.ArgumentParser(prog="verif.style", description=__doc__.partition("\n")[0])
    parser.add_argument("--fix", action="store_true", help="format the files")
    options = parser.parse_args(arguments)
    try:
        files = _sources()
        if options.fix:
            for file in files:
                _fix(file)
        findings = style_findings(files)
    except (PanaceaError, ToolError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print("\n".join(findings) if findings else "SystemVerilog style: clean")
    return int(bool(findings))


def _sources() -> list[Path]:
    folders = (ROOT / "rtl", ROOT / "verif")
    found = (file for folder in folders for file in folder.rglob("*.sv*"))
    return sorted(file for file in found if file.suffix in (".sv", ".svh") and file not in MACROS)


def _fix(file: Path) -> None:
    done = _format(file)
    if not done.returncode and done.stdout != file.read_text(encoding="utf-8"):
        file.write_text(done.stdout, encoding="utf-8")


def _format(file: Path) -> subprocess.CompletedProcess[str]:
    return _verible("format", f"--flagfile={OPTIONS / 'verible_format.flags'}", str(file))


def _verible(tool: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run one of verible's programs, those of the running Python's environment.

    Raises:
        ToolError: it is missing.
    """
    program = Path(sys.executable).parent / f"verible-verilog-{tool}"
    if not program.is_file():
        raise ToolError(f"verible (Python package): {program} is missing; run 'make setup'")
    return subprocess.run([program, *arguments], capture_output=True, text=True, check=False)


if __name__ == "__main__":
    sys.exit(main())
