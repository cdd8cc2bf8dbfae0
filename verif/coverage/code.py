"""Code coverage as Verilator counts it: read, merged over runs, and summed up by block.

A point is one thing of the source that can be hit: a line, one way out of a branch, one row of an
expression's table, one bit that rises or falls, a state or a transition of a state machine. Points
of all instances of a module, of all its parameters and of all builds are one when file, line,
column, kind and comment are the same. Only the RTL counts. What single instances in the chip have
seen is kept beside it.
"""

import gzip
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

from models.errors import PanaceaError
from verif.build_spec import FSM_POINTS, ROOT

__all__ = [
    "KINDS",
    "Instances",
    "Point",
    "Row",
    "block_of",
    "by_instance",
    "coverage_files",
    "merge",
    "read",
    "summarise",
]

KINDS = ("line", "branch", "expression", "toggle", "fsm")

_HEADER = b"# SystemC::Coverage-3"
_VERILATOR_KINDS = {"line": "line", "branch": "branch", "expr": "expression", "toggle": "toggle"}
_RTL = "/rtl/"
_MEMORY = re.compile(r"(.*[._])?mem\[\d+\].*")
# An instance of the chip or of the core alone, as it is called in the testbenches.
_INSTANCE = re.compile(r"tb_\w+\.(?:i_chip|(?=i_core\b))\.?((?:.*\.)?i_\w+)?(?:\..*)?")
_FIELD = re.compile("\x01([^\x02]*)\x02([^\x01]*)")


class Point(NamedTuple):
    """One point; `file` relative to the repository's root."""

    file: str
    line: int
    column: int
    kind: str
    comment: str


Instances = dict[str, dict[Point, int]]
"""Hits by instance and point."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """What of one kind is covered in a block; a point that is hit is never counted as waived."""

    block: str
    kind: str
    hit: int
    total: int
    waived: int

    @property
    def open(self) -> int:
        """Points neither hit nor waived."""
        return self.total - self.hit - self.waived


def read(paths: Iterable[Path]) -> Counter[bytes]:
    """Add up Verilator's coverage files, plain or `.gz`; return the hits by Verilator's names.

    Thousands of files repeat the same few names, so that these are not taken apart here.

    Raises:
        PanaceaError: a file is not Verilator's coverage data, or is cut off.
    """
    raw: Counter[bytes] = Counter()
    for path in paths:
        _add(path, raw)
    return raw


def merge(raw: Mapping[bytes, int]) -> dict[Point, int]:
    """Hits of every point, whatever the instance."""
    points: dict[Point, int] = {}
    for name, hits in raw.items():
        point = _point(dict(_FIELD.findall(name.decode())))
        if point is not None:
            points[point] = points.get(point, 0) + hits
    return dict(sorted(points.items()))


def by_instance(raw: Mapping[bytes, int]) -> Instances:
    """Hits of every point in every instance of the chip; a core without a chip is its `i_core`."""
    instances: Instances = {}
    for name, hits in raw.items():
        fields = dict(_FIELD.findall(name.decode()))
        found = _INSTANCE.fullmatch(fields.get("h", "").partition(".i_fsm")[0])
        point = _point(fields) if found else None
        if point is not None:
            points = instances.setdefault(found[1] or "chip", {})
            points[point] = points.get(point, 0) + hits
    return instances


def coverage_files(folder: Path) -> list[Path]:
    """The coverage data of all runs of a regression."""
    return sorted(folder.glob("runs/*/coverage.dat*"))


def block_of(file: str) -> str:
    """The block of a file of the RTL: `pea/idxd` of `rtl/pea/idxd.sv`."""
    return file.removeprefix("rtl/").rpartition(".")[0]


def summarise(points: Mapping[Point, int], waived: Iterable[Point] = ()) -> list[Row]:
    """Count points by block and kind."""
    total: Counter[tuple[str, str]] = Counter()
    hit: Counter[tuple[str, str]] = Counter()
    excused: Counter[tuple[str, str]] = Counter()
    for point, hits in points.items():
        key = block_of(point.file), point.kind
        total[key] += 1
        hit[key] += hits > 0
    for point in waived:
        if not points[point]:
            excused[block_of(point.file), point.kind] += 1
    order = sorted(total, key=lambda key: (key[0], KINDS.index(key[1])))
    return [
        Row(
            block=block,
            kind=kind,
            hit=hit[block, kind],
            total=total[block, kind],
            waived=excused[block, kind],
        )
        for block, kind in order
    ]


def _add(path: Path, raw: Counter[bytes]) -> None:
    """Add one file's lines `C 'name' hits`."""
    opened = gzip.open if path.suffix == ".gz" else open
    try:
        with opened(path, "rb") as stream:
            text = stream.read()
        first, *lines = text.splitlines()
        if first != _HEADER or not text.endswith(b"\n"):
            raise ValueError("header or end is missing")
        for line in lines:
            name, _, hits = line.rpartition(b"' ")
            raw[name] += int(hits)
    except (OSError, EOFError, ValueError) as error:
        raise PanaceaError(f"coverage file: {path} cannot be read: {error}") from error


def _point(fields: Mapping[str, str]) -> Point | None:
    """The point of a name's fields, or None if it is not one of the RTL."""
    file, line, column = fields["f"], int(fields["l"]), int(fields["n"])
    if fields["t"] == "user" and file.endswith(FSM_POINTS.name):
        module = fields["page"].removeprefix("v_user/fsm_").partition("__")[0]
        file, line = _machine(module)
        comment = fields["o"].removeprefix("state_").replace("_to_", " -> ")
        return Point(file, line, 0, "fsm", comment)
    kind = _VERILATOR_KINDS.get(fields["t"])
    if kind is None or _RTL not in file or (kind == "toggle" and _MEMORY.fullmatch(fields["o"])):
        return None
    return Point("rtl/" + file.rpartition(_RTL)[2], line, column, kind, fields["o"])


@cache
def _machine(module: str) -> tuple[str, int]:
    """File of a module and the line where it names its states."""
    (path,) = ROOT.glob(f"rtl/*/{module}.sv")
    lines = path.read_text(encoding="utf-8").splitlines()
    line = next(number for number, text in enumerate(lines, 1) if "enum" in text)
    return str(path.relative_to(ROOT)), line
