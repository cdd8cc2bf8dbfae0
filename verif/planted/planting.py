"""Planting a bug into a copy of an RTL file.

A bug is a textual substitution that must fit its file exactly once, so that a rewritten block
cannot leave a bug here that is none any more. Spaces and line ends do not matter.
"""

import re
from dataclasses import dataclass, replace
from pathlib import Path

from models.errors import PanaceaError
from verif.build_spec import ROOT, Build, read_filelist

__all__ = [
    "CHIP_FREE",
    "CORE",
    "CORE_DENSE",
    "CORE_FREE",
    "CORE_ILLEGAL",
    "CORE_POOLED",
    "CORE_POOLED_FREE",
    "CORE_WIDTHS",
    "SIBIA",
    "PlantedBug",
    "plant",
    "with_copy",
]

CHIP_FREE = "chip without pauses"
"""Chosen layers on the smallest chip with an ideal memory, so that its cycles are checked."""

CORE = "core"
"""The check that runs random layers on a core of one PEA; all others are unit benches."""

CORE_DENSE = "core, dense lists"
"""The same core with dense lists of weights, and run-length ones between."""

CORE_FREE = "core without pauses"
"""The same core with streams that never pause, so that its cycles are checked too."""

CORE_POOLED = "core, pooled operators"
"""Random layers on a core of one PEA with pooled operators."""

CORE_POOLED_FREE = "core without pauses, pooled operators"
"""The same core with streams that never pause, so that its cycles are checked too."""

CORE_WIDTHS = "core, all widths"
"""The same core with small layers of all widths, hence with passes."""

CORE_ILLEGAL = "core, illegal input"
"""The same core with input that it must report."""

SIBIA = "Sibia-style core"
"""A few layers on the smallest Sibia-style core, without pauses, so that its cycles are checked."""


@dataclass(frozen=True, kw_only=True)
class PlantedBug:
    """One bug.

    Attributes:
        file: the RTL file, below `rtl/`.
        old: text that occurs exactly once in it, in whatever spacing.
        new: what replaces it.
        check: one of the checks above, or the unit bench that must fail.
        symptom: part of the failed run's reason; the bug must be caught for what it does.
    """

    file: str
    old: str
    new: str
    check: str
    symptom: str


def plant(bug: PlantedBug, folder: Path) -> tuple[Path, Path]:
    """Write a copy of the bug's file with the bug in it to `folder`.

    Returns:
        the original and the copy.

    Raises:
        PanaceaError: the text to replace does not occur exactly once.
    """
    original = ROOT / "rtl" / bug.file
    text = original.read_text(encoding="utf-8")
    found = list(_any_spacing(bug.old).finditer(text))
    if len(found) != 1:
        raise PanaceaError(f"old: {bug.old!r} occurs {len(found)} times in {bug.file}")
    start, end = found[0].span()
    folder.mkdir(parents=True, exist_ok=True)
    copy = folder / original.name
    copy.write_text(text[:start] + bug.new + text[end:], encoding="utf-8")
    return original, copy


def _any_spacing(text: str) -> re.Pattern[str]:
    """Matches the text's tokens with any spaces between them."""
    return re.compile(r"\s*".join(map(re.escape, re.findall(r"\w+|[^\w\s]", text))))


def with_copy(build: Build, original: Path, copy: Path) -> Build:
    """The build with a copy in the place of one file of the RTL.

    Raises:
        PanaceaError: the original is not in the source list.
    """
    files, includes = read_filelist()
    if original not in files:
        raise PanaceaError(f"original: {original} is not in the source list")
    rtl = (copy if file == original else file for file in files)
    return replace(
        build,
        rtl=False,
        sources=(*(file.relative_to(ROOT) for file in rtl), *build.sources),
        includes=(*(folder.relative_to(ROOT) for folder in includes), *build.includes),
    )
