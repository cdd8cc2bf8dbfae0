"""Mutation operators: every way in which a place of the RTL can be written wrong.

Each operator looks at one node of the syntax tree and yields replacements of its text. What is
no hardware (assertions, parameters, ranges, loop headers) is left alone: a wrong width or loop
bound does not compile, or is another design.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pyslang
from pyslang.parsing import PreprocessorOptions
from pyslang.syntax import SyntaxKind, SyntaxNode, SyntaxTree

from models.errors import PanaceaError
from verif.build_spec import ROOT, read_filelist
from verif.mutation.mutant import Mutant

__all__ = ["OPERATORS", "mutants"]

Change = tuple[str, SyntaxNode, str]
"""Name of the operator, the node that is replaced, and its new text."""

_SKIPPED = {
    SyntaxKind.ParameterDeclaration,
    SyntaxKind.ParameterValueAssignment,
    SyntaxKind.VariableDimension,
    SyntaxKind.TypedefDeclaration,
    SyntaxKind.PackageDeclaration,
    SyntaxKind.ImplicitAnsiPort,
    SyntaxKind.InitialBlock,
    SyntaxKind.PackageImportDeclaration,
    SyntaxKind.SystemName,
}

_SWAPS = {
    SyntaxKind.AddExpression: ("-",),
    SyntaxKind.SubtractExpression: ("+",),
    SyntaxKind.MultiplyExpression: ("+",),
    SyntaxKind.LogicalShiftLeftExpression: (">>",),
    SyntaxKind.LogicalShiftRightExpression: ("<<",),
    SyntaxKind.ArithmeticShiftLeftExpression: (">>>",),
    SyntaxKind.ArithmeticShiftRightExpression: (">>",),
    SyntaxKind.LogicalAndExpression: ("||",),
    SyntaxKind.LogicalOrExpression: ("&&",),
    SyntaxKind.BinaryAndExpression: ("|",),
    SyntaxKind.BinaryOrExpression: ("&",),
    SyntaxKind.BinaryXorExpression: ("|",),
    SyntaxKind.EqualityExpression: ("!=",),
    SyntaxKind.InequalityExpression: ("==",),
    SyntaxKind.LessThanExpression: ("<=", ">"),
    SyntaxKind.LessThanEqualExpression: ("<", ">="),
    SyntaxKind.GreaterThanExpression: (">=", "<"),
    SyntaxKind.GreaterThanEqualExpression: (">", "<="),
}
_UNARY = {
    SyntaxKind.UnaryLogicalNotExpression: "",
    SyntaxKind.UnaryBitwiseNotExpression: "",
    SyntaxKind.UnaryBitwiseOrExpression: "&",
    SyntaxKind.UnaryBitwiseAndExpression: "|",
}
_ONE_SIDED = {SyntaxKind.LogicalAndExpression, SyntaxKind.LogicalOrExpression}


_CHECKERS = {"payload_check"}
"""Modules of assertions: what is connected to them is no hardware."""

_CLOCKS = {"clk_i", "rst_ni"}
"""Signals that no one confuses with data."""

Text = Callable[[SyntaxNode], str]
"""Gives a node's text as the file has it."""


def _binary(node: SyntaxNode, text: Text) -> Iterator[Change]:
    """Another operator of the same kind; one side of a conjunction alone."""
    if node.kind not in _SWAPS:
        return
    left, right = text(node.left), text(node.right)
    for sign in _SWAPS[node.kind]:
        yield "operator", node, f"({left} {sign} {right})"
    if node.kind in _ONE_SIDED:
        yield "term_dropped", node, left
        yield "term_dropped", node, right


def _unary(node: SyntaxNode, text: Text) -> Iterator[Change]:
    """A negation dropped, a reduction of the other kind."""
    if node.kind in _UNARY:
        yield "unary", node, f"{_UNARY[node.kind]}{text(node.operand)}"


def _constant(node: SyntaxNode, text: Text) -> Iterator[Change]:
    """A number one higher or lower, a bit or a fill inverted."""
    if node.kind == SyntaxKind.IntegerLiteralExpression:
        value = int(text(node).replace("_", ""))
        yield "constant", node, str(value + 1)
        if value > 0:
            yield "constant", node, str(value - 1)
    elif node.kind == SyntaxKind.UnbasedUnsizedLiteralExpression:
        yield "constant", node, "'1" if text(node) == "'0" else "'0"
    elif node.kind == SyntaxKind.IntegerVectorExpression:
        size, _, digits = text(node).partition("'")
        base, bits = {"d": 10, "b": 2, "h": 16}[digits[0].lower()], int(size)
        value = int(digits[1:].replace("_", ""), base)
        for other in {(value + 1) % 2**bits, (value - 1) % 2**bits} - {value}:
            yield "constant", node, f"{bits}'d{other}"


def _condition(node: SyntaxNode, text: Text) -> Iterator[Change]:
    """Conditions of `if` and `?:` inverted, always true, never true; a lost enable."""
    if node.kind == SyntaxKind.ConditionalPredicate:
        yield "condition", node, f"!({text(node)})"
        yield "condition_stuck", node, "1'b1"
        yield "condition_stuck", node, "1'b0"


def _signedness(node: SyntaxNode, text: Text) -> Iterator[Change]:
    """A sign that is lost, or extended where there is none."""
    if node.kind == SyntaxKind.InvocationExpression and text(node).startswith("$signed("):
        yield "signedness", node, text(node).replace("$signed(", "$unsigned(", 1)


def _statement(node: SyntaxNode, text: Text) -> Iterator[Change]:
    """An assignment that is left out: a reset that is missing, a register never written."""
    if node.kind == SyntaxKind.ExpressionStatement:
        yield "assignment_dropped", node, ";"


def _stuck(node: SyntaxNode, text: Text) -> Iterator[Change]:
    """What is assigned stuck at zero or at one."""
    if node.kind in (
        SyntaxKind.AssignmentExpression,
        SyntaxKind.NonblockingAssignmentExpression,
    ) and node.right.kind not in (
        SyntaxKind.UnbasedUnsizedLiteralExpression,
        SyntaxKind.IntegerVectorExpression,
    ):
        yield "stuck", node.right, "'0"
        yield "stuck", node.right, "'1"


OPERATORS: tuple[Callable[[SyntaxNode, Text], Iterator[Change]], ...] = (
    _binary,
    _unary,
    _constant,
    _condition,
    _signedness,
    _statement,
    _stuck,
)
"""Operators that look at one node; swapped signals need the whole module, see `_swapped`."""


def _declared(root: SyntaxNode, text: Text) -> dict[str, str]:
    """Name of every signal that is declared once: its type as text."""
    types: dict[str, str] = {}
    double: set[str] = set()

    def visit(node: SyntaxNode) -> None:
        if not isinstance(node, SyntaxNode):
            return
        if node.kind == SyntaxKind.DataDeclaration:
            names = [d.name.valueText for d in node.declarators if hasattr(d, "name")]
            kinds = [
                f"{text(node.type)} {''.join(text(x) for x in d.dimensions)}"
                for d in node.declarators
                if hasattr(d, "name")
            ]
        elif node.kind == SyntaxKind.ImplicitAnsiPort:
            names = [node.declarator.name.valueText]
            kinds = [text(node.header.dataType)]
        else:
            return
        for name, kind in zip(names, kinds, strict=True):
            if name in types:
                double.add(name)
            types[name] = " ".join(kind.split())

    root.visit(visit)
    return {name: kind for name, kind in types.items() if name not in double | _CLOCKS}


def _swapped(node: SyntaxNode, text: Text, types: dict[str, str]) -> Iterator[Change]:
    """Another signal of the same type: the one declared next, and the one before."""
    if node.kind != SyntaxKind.IdentifierName or text(node) not in types:
        return
    kind = types[text(node)]
    alike = [name for name, other in types.items() if other == kind]
    place = alike.index(text(node))
    for other in {alike[place - 1], alike[(place + 1) % len(alike)]} - {text(node)}:
        yield "signal", node, other


def _written(node: SyntaxNode) -> SyntaxNode | None:
    """The part of an assignment that is written and must stay."""
    kinds = (SyntaxKind.AssignmentExpression, SyntaxKind.NonblockingAssignmentExpression)
    return node.left if node.kind in kinds else None


def _checker(node: SyntaxNode) -> bool:
    return node.kind == SyntaxKind.HierarchyInstantiation and node.type.valueText in _CHECKERS


def mutants(file: Path) -> list[Mutant]:
    """Return all mutants of an RTL file, by place.

    Raises:
        PanaceaError: the file does not parse.
    """
    options = PreprocessorOptions()
    options.predefines = ["SYNTHESIS=1"]
    options.additionalIncludePaths = [str(folder) for folder in read_filelist()[1]]
    manager = pyslang.SourceManager()
    tree = SyntaxTree.fromFile(str(file), manager, pyslang.Bag([options]))
    if any(diagnostic.isError() for diagnostic in tree.diagnostics):
        raise PanaceaError(f"{file} does not parse")
    source = file.read_bytes()

    def text(node: SyntaxNode) -> str:
        return source[node.sourceRange.start.offset : node.sourceRange.end.offset].decode()

    types = _declared(tree.root, text)
    found: dict[tuple[int, int, str], Mutant] = {}

    def add(change: Change) -> None:
        operator, node, new = change
        start, end = node.sourceRange.start, node.sourceRange.end
        if manager.isMacroLoc(start) or Path(manager.getFileName(start)).name != file.name:
            return
        place = (start.offset, end.offset, new)
        old = source[start.offset : end.offset].decode()
        if "".join(new.split()) != "".join(old.split()):
            found.setdefault(
                place,
                Mutant(
                    file=str(file.relative_to(ROOT)),
                    start=start.offset,
                    end=end.offset,
                    new=new,
                    old=old,
                    line=manager.getLineNumber(start),
                    operator=operator,
                ),
            )

    def walk(node: SyntaxNode) -> None:
        if node.kind in _SKIPPED or _checker(node):
            return
        for operator in OPERATORS:
            for change in operator(node, text):
                add(change)
        for change in _swapped(node, text, types):
            add(change)
        for child in _children(node):
            walk(child)

    walk(tree.root)
    return sorted(found.values())


def _children(node: SyntaxNode) -> Iterator[SyntaxNode]:
    """The parts of a node that may be mutated."""
    if node.kind == SyntaxKind.LoopGenerate:
        yield node.block
        return
    if node.kind == SyntaxKind.ForLoopStatement:
        yield node.statement
        return
    if node.kind == SyntaxKind.CastExpression:  # its width stays
        yield node.right
        return
    if node.kind in (SyntaxKind.AscendingRangeSelect, SyntaxKind.DescendingRangeSelect):
        yield node.left
        return
    if node.kind == SyntaxKind.SimpleRangeSelect:
        return
    if node.kind == SyntaxKind.TimingControlStatement:  # the clock stays
        yield node.statement
        return
    written = _written(node)
    for child in node:
        if isinstance(child, SyntaxNode) and (written is None or child is not written):
            yield child
