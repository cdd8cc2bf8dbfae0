"""Which tests can see a module, those that are closest to it first.

A test can see a module that is below its testbench's top. Icarus builds in a second, so tests that
run on it come first; among them the bench that has the module's name, then the smallest design.
Tests of one build stand together, so that a mutant is built once for all of them.
"""

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from pyslang.syntax import SyntaxKind, SyntaxNode, SyntaxTree

from verif.build_spec import ROOT, Build, read_filelist
from verif.regression.catalogue import CATALOGUE, RegressionTest

__all__ = ["Check", "checks", "modules"]

_LONG = ("network.", ".full", ".long.", ".wide.", "apsq_block", "real_layers", ".four")
"""Tests of full size, or of one size of a module, which see what the small ones see, but later."""


@dataclass(frozen=True, kw_only=True)
class Check:
    """A test on one simulator.

    Attributes:
        test: of the catalogue.
        variant: `icarus`, or `speed` on Verilator.
        near: whether it is among the first to try: its bench is the module's own, or, if there is
            none, no bench is smaller.
    """

    test: RegressionTest
    variant: str
    near: bool = False

    @property
    def name(self) -> str:
        """The test and what it runs on."""
        return f"{self.test.name}-{self.variant}"

    def build(self) -> Build:
        """Its build on the RTL as it is."""
        return self.test.on(self.variant)


def _instances(files: tuple[Path, ...]) -> dict[str, set[str]]:
    """Modules that every module of the files instantiates."""
    found: dict[str, set[str]] = {}
    for file in files:

        def visit(node: object) -> None:
            if not isinstance(node, SyntaxNode):
                return
            if node.kind == SyntaxKind.ModuleDeclaration:
                visit.module = node.header.name.valueText
                found[visit.module] = set()
            elif node.kind == SyntaxKind.HierarchyInstantiation:
                found[visit.module].add(node.type.valueText)

        SyntaxTree.fromFile(str(file)).root.visit(visit)
    return found


@cache
def modules() -> dict[str, Path]:
    """Modules of the RTL and their files."""
    rtl = read_filelist()[0]
    own = _instances(rtl)
    return {file.stem: file for file in rtl if file.stem in own}


@cache
def _below(top: str, sources: tuple[Path, ...]) -> frozenset[str]:
    """All modules below a top, itself included."""
    uses = _instances((*read_filelist()[0], *sources))
    seen, left = set(), [top]
    while left:
        module = left.pop()
        if module not in seen:
            seen.add(module)
            left += uses.get(module, ())
    return frozenset(seen)


@cache
def checks(module: str) -> tuple[Check, ...]:
    """All checks that can see a module of the RTL, the closest and cheapest first."""
    found = []
    for test in CATALOGUE.values():
        if any(word in test.name for word in _LONG):
            continue
        variant = "icarus" if "icarus" in test.variants else "speed"
        sources = tuple(ROOT / path for path in test.build.sources if str(path).endswith(".sv"))
        below = _below(test.build.top, sources)
        if module in below:
            other = not test.name.removeprefix("unit.").startswith(module)
            key = (variant != "icarus", other, len(below))
            found.append((key, test.name, Check(test=test, variant=variant)))
    found.sort(key=lambda entry: entry[:2])
    groups: dict[Build, list[Check]] = {}
    for key, _, check in found:
        near = key == found[0][0]
        groups.setdefault(check.build(), []).append(replace(check, near=near))
    return tuple(check for group in groups.values() for check in group)
