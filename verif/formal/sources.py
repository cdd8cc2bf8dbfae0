"""Which files of the RTL a property module needs."""

import re
from functools import cache
from pathlib import Path

from verif.build_spec import read_filelist

__all__ = ["needed_files"]

_INSTANCE = r"^\s*{name}\s+(?:#\(|i_)"


def needed_files(top: Path) -> tuple[tuple[Path, ...], tuple[Path, ...]]:
    """Packages, and the modules below `top` in the order of `rtl/rtl.f`; include folders.

    Reading what is not needed would take longer than most proofs.
    """
    files, includes = read_filelist()
    texts = {file: _text(file) for file in files}
    needed, new = set(), {_text(top)}
    while new:
        text = new.pop()
        for file in files:
            if file not in needed and re.search(_INSTANCE.format(name=file.stem), text, re.M):
                needed.add(file)
                new.add(texts[file])
    return tuple(f for f in files if f in needed or f.stem.endswith("_pkg")), includes


@cache
def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8")
