"""Waivers of code coverage: which points need not be hit, why, and who answers for that.

A waiver is an entry of a YAML file in `waivers/`. It names what it means by the source's text,
not by line numbers, so that it survives edits. It is an error when it matches no point, or none
that is not hit anyway.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

import yaml

from models.errors import PanaceaError
from verif.build_spec import ROOT
from verif.coverage.code import KINDS, Point

__all__ = ["BUDGET", "FOLDER", "Applied", "Waiver", "apply", "load"]

FOLDER = Path(__file__).parent / "waivers"

BUDGET = 0.02
"""Largest share of all points that may be waived."""

_SIGNAL = re.compile(r"(?P<name>.*?)(\[(?P<high>\d+)(:(?P<low>\d+))?\])?")
_TOGGLE = re.compile(r"(?P<name>.*?)(\[(?P<bit>\d+)\])?:(?P<edge>[01]->[01])")


@dataclass(frozen=True, kw_only=True)
class Waiver:
    """One waiver.

    Attributes:
        file: the RTL file, relative to the root; may have wildcards.
        kind: see KINDS.
        reason: why the points cannot or need not be hit.
        owner: area that answers for it.
        signals: of toggles: signals, `name`, `name[bit]` or `name[high:low]`; may have `*`.
        edge: of toggles: `0->1` or `1->0`; both if empty.
        text: of other kinds: a part of the source's line.
        point: of other kinds: the point's comment, such as `else`; may have `*`.
    """

    file: str
    kind: str
    reason: str
    owner: str
    signals: tuple[str, ...] = ()
    edge: str = ""
    text: str = ""
    point: str = "*"

    def matches(self, point: Point) -> bool:
        """Tell whether the waiver means the point."""
        if point.kind != self.kind or not fnmatchcase(point.file, self.file):
            return False
        if self.kind != "toggle":
            return self.text in _line(point.file, point.line) and _glob(self.point, point.comment)
        toggle = _TOGGLE.fullmatch(point.comment)
        if toggle is None or self.edge not in ("", toggle["edge"]):
            return False
        bit = int(toggle["bit"] or 0)
        return any(_means(signal, toggle["name"], bit) for signal in self.signals)


@dataclass(frozen=True, kw_only=True)
class Applied:
    """What came of the waivers: the points that they excuse, and what is wrong with them."""

    points: frozenset[Point]
    problems: tuple[str, ...]


def load(folder: Path = FOLDER) -> list[Waiver]:
    """Read all waivers of a folder.

    Raises:
        PanaceaError: an entry has unknown, missing or empty fields.
    """
    waivers = []
    for path in sorted(folder.glob("*.yaml")):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8")) or ():
            waivers.append(_waiver(entry, path.name))
    return waivers


def apply(waivers: Sequence[Waiver], points: Mapping[Point, int]) -> Applied:
    """Find the points that the waivers excuse; those that are hit need none."""
    excused: set[Point] = set()
    problems = []
    by_file: dict[str, list[Point]] = {}
    for point in points:
        by_file.setdefault(point.file, []).append(point)
    for waiver in waivers:
        matched = [
            point
            for file, inside in by_file.items()
            if fnmatchcase(file, waiver.file)
            for point in inside
            if waiver.matches(point)
        ]
        needed = [point for point in matched if not points[point]]
        what = ", ".join(waiver.signals) or f"{waiver.text!r} {waiver.point}"
        if not needed:
            state = "stale: all it matches is hit" if matched else "unused: it matches nothing"
            problems.append(f"waiver of {waiver.file}, {waiver.kind}, {what}: {state}")
        excused.update(needed)
    share = len(excused) / max(len(points), 1)
    if share > BUDGET:
        problems.append(f"waivers: {share:.2%} of all points are waived, at most {BUDGET:.0%} may")
    return Applied(points=frozenset(excused), problems=tuple(problems))


def _waiver(entry: object, where: str) -> Waiver:
    if not isinstance(entry, dict):
        raise PanaceaError(f"waiver in {where}: {entry!r} is not a mapping")
    unknown = set(entry) - {field.name for field in fields(Waiver)}
    if unknown:
        raise PanaceaError(f"waiver in {where}: unknown fields {', '.join(sorted(unknown))}")
    for name in ("file", "kind", "reason", "owner"):
        if not str(entry.get(name) or "").strip():
            raise PanaceaError(f"waiver in {where}: {name} is missing in {entry}")
    if entry["kind"] not in KINDS:
        raise PanaceaError(f"waiver in {where}: kind {entry['kind']!r} is none of {KINDS}")
    named, other = ("signals", "text") if entry["kind"] == "toggle" else ("text", "signals")
    if not entry.get(named) or entry.get(other):
        raise PanaceaError(f"waiver in {where}: a {entry['kind']} waiver needs {named}: {entry}")
    return Waiver(**entry | {"signals": tuple(entry.get("signals", ()))})


def _glob(pattern: str, text: str) -> bool:
    """Match a pattern in which only `*` is special: signals and expressions have brackets."""
    return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), text) is not None


def _means(signal: str, name: str, bit: int) -> bool:
    parts = _SIGNAL.fullmatch(signal)
    if parts["high"] is not None and _glob(parts["name"], name):
        return int(parts["low"] or parts["high"]) <= bit <= int(parts["high"])
    return _glob(signal, name)


@cache
def _line(file: str, number: int) -> str:
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    return lines[number - 1]
