"""Which tests can see a module, those that are closest to it first.

A test can see a module that its build has an instance of. Icarus builds in a second, so tests that
run on it come first; among them the bench that has the module's name, then the smallest design.
Tests of one build stand together, so that a mutant is built once for all of them.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from pyslang import Bag, SourceManager
from pyslang.ast import Compilation, CompilationOptions, SymbolKind
from pyslang.parsing import PreprocessorOptions
from pyslang.syntax import SyntaxTree

from verif.build_spec import Build, read_filelist
from verif.regression.catalogue import CATALOGUE, RegressionTest

__all__ = ["Check", "Parameters", "checks", "modules", "parameters", "together"]

_LONG = ("network.", ".full", ".long.", ".wide.", "apsq_block", ".four")
"""Tests of full size, or of one size of a module, which see what the small ones see, but later."""


_MUCH_LARGER = 1.25
"""A bench whose design has so many times more modules than the smallest is not close any more."""


@dataclass(frozen=True, kw_only=True)
class Check:
    """A test on one simulator.

    Attributes:
        test: of the catalogue.
        variant: `icarus`, or `speed` on Verilator.
        near: whether it is among the first to try: its bench is the module's own, or, if there is
            none, no bench is much smaller.
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


@cache
def modules() -> dict[str, Path]:
    """Modules of the RTL and their files."""
    texts = {file: file.read_text(encoding="utf-8") for file in read_filelist()[0]}
    return {
        file.stem: file
        for file, text in texts.items()
        if re.search(rf"^module {file.stem}\b", text, re.M)
    }


Parameters = tuple[tuple[str, str], ...]
"""Names and values, those of a module that can be set from outside."""


@cache
def _instances(build: Build) -> dict[str, set[Parameters]]:
    """All modules that a build has instances of, and their parameters."""
    elaboration = CompilationOptions()
    elaboration.topModules = {build.top}
    elaboration.paramOverrides = [f"{name}={value}" for name, value in build.parameters.items()]
    preprocessor = PreprocessorOptions()
    preprocessor.additionalIncludePaths = [str(folder) for folder in build.include_dirs()]
    options, manager = Bag([preprocessor, elaboration]), SourceManager()
    compilation = Compilation(options)
    for file in build.files():
        if file.suffix == ".sv":
            compilation.addSyntaxTree(SyntaxTree.fromFile(str(file), manager, options))
    found: dict[str, set[Parameters]] = {}

    def visit(symbol: object) -> None:
        if symbol.kind == SymbolKind.Instance:
            own = [one for one in symbol.body.parameters if not one.isLocalParam]
            values = tuple((one.name, str(one.value)) for one in own)
            found.setdefault(symbol.definition.name, set()).add(values)

    for top in compilation.getRoot().topInstances:
        top.visit(visit)
    return found


@cache
def parameters(module: str) -> tuple[Parameters, ...]:
    """All parameters that a module has in the builds of the tests, the usual ones first."""
    builds = dict.fromkeys(test.build for test in CATALOGUE.values())
    uses = Counter(
        values for build in builds for values in sorted(_instances(build).get(module, ()))
    )
    return tuple(values for values, _ in uses.most_common())


@cache
def checks(module: str) -> tuple[Check, ...]:
    """All checks that can see a module of the RTL, the closest and cheapest first."""
    found = []
    for test in CATALOGUE.values():
        if any(word in test.name for word in _LONG):
            continue
        variant = "icarus" if "icarus" in test.variants else "speed"
        below = _instances(test.build)
        if module in below:
            other = not test.name.removeprefix("unit.").startswith(module)
            key = (variant != "icarus", other, len(below))
            found.append((key, test.name, Check(test=test, variant=variant)))
    found.sort(key=lambda entry: entry[:2])
    slow, other, smallest = found[0][0]
    limit = (slow, other, _MUCH_LARGER * smallest)
    return together(replace(check, near=key <= limit) for key, _, check in found)


def together(wanted: Iterable[Check]) -> tuple[Check, ...]:
    """The same checks, those of one build next to each other, at the place of the first."""
    groups: dict[Build, list[Check]] = {}
    for check in wanted:
        groups.setdefault(check.build(), []).append(check)
    return tuple(check for group in groups.values() for check in group)
