"""Loads pages in a real browser without a screen."""

import re
import subprocess
from pathlib import Path

from verif.toolchain.tools import find_tool

__all__ = ["load_page", "screenshot"]

# The sandbox needs rights that containers lack, and root has too many for it; pages are our own.
_OPTIONS = ("--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--enable-logging=stderr")
_CONSOLE = re.compile(r"INFO:CONSOLE[^\]]*\] (.*)")
_SECONDS = 60.0


def load_page(page: Path, *, width: int = 1200) -> tuple[str, list[str]]:
    """The document as the browser has it, and what it told on its console: a good page nothing.

    Args:
        page: its file.
        width: of the window, in pixels; 500 at least.

    Raises:
        ToolError: there is no browser.
    """
    done = _run("--dump-dom", page, f"--window-size={width},1000")
    return done.stdout, _CONSOLE.findall(done.stderr)


def screenshot(page: Path, image: Path, *, width: int = 1200, height: int = 1400) -> None:
    """Save what the browser shows as a PNG file; sizes in pixels.

    Raises:
        ToolError: there is no browser.
    """
    _run(f"--screenshot={image}", page, f"--window-size={width},{height}")


def _run(action: str, page: Path, *options: str) -> subprocess.CompletedProcess:
    browser = str(find_tool("chromium-headless-shell"))
    command = [browser, *_OPTIONS, *options, action, page.resolve().as_uri()]
    return subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=True)
