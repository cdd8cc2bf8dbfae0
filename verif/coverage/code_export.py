"""Writes merged code coverage for other tools: Verilator's own format, LCOV and UCIS XML."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from pathlib import Path
from xml.etree import ElementTree

from verif.build_spec import ROOT
from verif.coverage.code import Point, block_of

__all__ = ["write_dat", "write_info", "write_ucis"]

_TYPES = {"line": "line", "branch": "branch", "expression": "expr", "toggle": "toggle"}


def write_dat(points: Mapping[Point, int], path: Path) -> None:
    """Write what `verilator_coverage` reads; states become user points of the RTL's file."""
    lines = ["# SystemC::Coverage-3"]
    for point, hits in points.items():
        kind = _TYPES.get(point.kind, "user")
        fields = {
            "f": str(ROOT / point.file),
            "l": point.line,
            "n": point.column,
            "t": kind,
            "page": f"v_{kind}/{block_of(point.file).rpartition('/')[2]}",
            "o": point.comment,
        }
        name = "".join(f"\x01{key}\x02{value}" for key, value in fields.items())
        lines.append(f"C '{name}' {hits}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_info(points: Mapping[Point, int], waived: Collection[Point], path: Path) -> None:
    """Write LCOV's format, waived points left out.

    A line's count is the least of its points', so that a line with a hole shows. What lies on a
    line are its branches: ways out, rows of expressions, states, and signals, whose count is that
    of their worst bit.
    """
    text = []
    for file, inside in _by_file(points, waived).items():
        lines: dict[int, dict[str, int]] = defaultdict(dict)
        for point, hits in inside:
            item = point.comment
            if point.kind == "toggle":
                item = item.rpartition(":")[0].partition("[")[0]
            item = f"{point.kind} {point.column} {item}"
            at = lines[point.line]
            at[item] = min(hits, at.get(item, hits))
        text += ["TN:", f"SF:{ROOT / file}"]
        branches = [
            (line, number, hits)
            for line, items in sorted(lines.items())
            for number, hits in enumerate(items.values())
        ]
        text += [f"BRDA:{line},0,{number},{hits}" for line, number, hits in branches]
        text += [f"BRF:{len(branches)}", f"BRH:{sum(hits > 0 for *_, hits in branches)}"]
        text += [f"DA:{line},{min(items.values())}" for line, items in sorted(lines.items())]
        hit = sum(min(items.values()) > 0 for items in lines.values())
        text += [f"LF:{len(lines)}", f"LH:{hit}", "end_of_record"]
    path.write_text("\n".join(text) + "\n", encoding="utf-8")


def write_ucis(points: Mapping[Point, int], waived: Collection[Point], path: Path) -> None:
    """Write UCIS 1.0's XML interchange format: one instance a block; waived points left out."""
    root = ElementTree.Element(
        "UCIS", ucisVersion="1.0", writtenBy="panacea", writtenTime="1970-01-01T00:00:00"
    )
    files = _by_file(points, waived)
    for number, file in enumerate(files, 1):
        ElementTree.SubElement(root, "sourceFiles", fileName=file, id=str(number))
    ElementTree.SubElement(
        root,
        "historyNodes",
        historyNodeId="0",
        logicalName="merged",
        kind="MERGE",
        testStatus="true",
        toolCategory="verilator",
        ucisVersion="1.0",
        vendorId="panacea",
        vendorTool="panacea",
        vendorToolVersion="1",
        date="1970-01-01T00:00:00",
    )
    for number, (file, inside) in enumerate(files.items(), 1):
        block = block_of(file)
        instance = ElementTree.SubElement(
            root, "instanceCoverages", name=block, key=str(number), moduleName=block
        )
        _identify(instance, number, 1)
        _toggles(instance, number, [one for one in inside if one[0].kind == "toggle"])
        statements = ElementTree.SubElement(instance, "blockCoverage")
        others = [one for one in inside if one[0].kind != "toggle"]
        for point, hits in others:
            statement = ElementTree.SubElement(
                statements, "statement", alias=f"{point.kind} {point.comment}"
            )
            _identify(statement, number, point.line, point.column)
            _bin(statement, hits)
    ElementTree.indent(root)
    ElementTree.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


def _toggles(instance: ElementTree.Element, file: int, toggles: list[tuple[Point, int]]) -> None:
    coverage = ElementTree.SubElement(instance, "toggleCoverage")
    signals: dict[tuple[str, int], dict[str, dict[str, int]]] = {}
    for point, hits in toggles:
        bit, _, edge = point.comment.rpartition(":")
        signal = bit.rpartition("[")[0] if bit.endswith("]") else bit
        signals.setdefault((signal, point.line), {}).setdefault(bit, {})[edge] = hits
    for (signal, line), bits in signals.items():
        item = ElementTree.SubElement(coverage, "toggleObject", name=signal, key="0")
        _identify(item, file, line)
        for bit, edges in bits.items():
            one = ElementTree.SubElement(item, "toggleBit", name=bit, key="0")
            for edge, hits in edges.items():
                old, _, new = edge.partition("->")
                _bin(ElementTree.SubElement(one, "toggle", attrib={"from": old, "to": new}), hits)


def _identify(parent: ElementTree.Element, file: int, line: int, column: int = 1) -> None:
    ElementTree.SubElement(
        parent, "id", file=str(file), line=str(line), inlineCount=str(max(column, 1))
    )


def _bin(parent: ElementTree.Element, hits: int) -> None:
    contents = ElementTree.SubElement(ElementTree.SubElement(parent, "bin"), "contents")
    contents.set("coverageCount", str(hits))


def _by_file(
    points: Mapping[Point, int], waived: Collection[Point]
) -> dict[str, list[tuple[Point, int]]]:
    files: dict[str, list[tuple[Point, int]]] = defaultdict(list)
    for point, hits in points.items():
        if point not in waived:
            files[point.file].append((point, hits))
    return files
