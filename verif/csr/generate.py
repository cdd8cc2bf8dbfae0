"""Everything that is made from `rtl/csr/panacea.rdl`, the one source of the register map.

`python -m verif.csr` writes it to `sim_build/csr`: `html/` (documentation), `panacea_csr.h`
(C header), `panacea_ral.py` (pyuvm register model). The tables of `docs/registers.md` are made
here too; a test compares them.
"""

import importlib.util
import tempfile
from pathlib import Path
from types import ModuleType

from peakrdl_cheader.exporter import CHeaderExporter
from peakrdl_html import HTMLExporter
from peakrdl_pyuvm.exporter import PyUVMExporter
from systemrdl import RDLCompiler
from systemrdl.node import AddrmapNode, FieldNode, RegNode

from verif.build_spec import ROOT

__all__ = [
    "DOC",
    "OUTPUT",
    "SOURCE",
    "compile_map",
    "document",
    "generate",
    "load_model",
    "register_tables",
    "registers",
    "write_model",
]

SOURCE = ROOT / "rtl" / "csr" / "panacea.rdl"
OUTPUT = ROOT / "sim_build" / "csr"
DOC = ROOT / "docs" / "registers.md"
MODEL = "panacea_ral.py"
FIRST_COUNTER = 0x100

_BEGIN, _END = "<!-- begin: generated -->\n", "<!-- end: generated -->\n"


def compile_map() -> AddrmapNode:
    """The elaborated register map."""
    compiler = RDLCompiler()
    compiler.compile_file(str(SOURCE))
    return compiler.elaborate().top


def registers() -> list[RegNode]:
    """All registers, by address."""
    nodes = [node for node in compile_map().descendants() if isinstance(node, RegNode)]
    return sorted(nodes, key=lambda node: node.absolute_address)


def generate(output: Path = OUTPUT) -> Path:
    """Write documentation, C header and register model to a folder, and return it."""
    model = write_model(output)
    top = compile_map()
    HTMLExporter().export(top, str(output / "html"))
    CHeaderExporter().export(top, str(output / "panacea_csr.h"))
    return model.parent


def write_model(output: Path = OUTPUT) -> Path:
    """Write the register model alone, and return its path."""
    output.mkdir(parents=True, exist_ok=True)
    # Simulations run side by side: the model appears whole or not at all.
    with tempfile.TemporaryDirectory(dir=output) as folder:
        fresh = Path(folder) / MODEL
        PyUVMExporter().export(
            compile_map(),
            str(fresh),
            export_as_package=False,
            reuse_class_definitions=True,
            use_uvm_factory=False,
        )
        return fresh.replace(output / MODEL)


def load_model(model: Path) -> ModuleType:
    """Import the register model that `write_model` wrote; its class `panacea` is the map."""
    spec = importlib.util.spec_from_file_location(model.stem, model)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def register_tables() -> str:
    """The map as Markdown: control registers with their fields, then counters, then codes."""
    control = [reg for reg in registers() if reg.absolute_address < FIRST_COUNTER]
    lines = ["| address | register | bits | field | access | reset | meaning |"]
    lines += ["| --- | --- | --- | --- | --- | --- | --- |"]
    for reg in control:
        lines += [_register_row(reg), *map(_field_row, reg.fields())]
    lines += ["", "| address | counter | counts |", "| --- | --- | --- |"]
    for reg in registers():
        if reg.absolute_address >= FIRST_COUNTER and reg.inst_name == "LO":
            counter = reg.parent
            text = counter.get_property("desc")
            lines += [f"| `0x{reg.absolute_address:03X}` | `{counter.inst_name}` | {text} |"]
    lines += ["", "| code | error | meaning |", "| --- | --- | --- |"]
    codes = next(f for r in control for f in r.fields() if f.get_property("encode") is not None)
    for code in codes.get_property("encode"):
        lines += [f"| {code.value} | {code.name} | {code.rdl_desc} |"]
    return "\n".join(lines) + "\n"


def document(text: str) -> str:
    """`docs/registers.md` with its generated part replaced by the present tables."""
    before, rest = text.split(_BEGIN)
    return before + _BEGIN + "\n" + register_tables() + "\n" + _END + rest.split(_END)[1]


def _register_row(reg: RegNode) -> str:
    return f"| `0x{reg.absolute_address:03X}` | **{reg.inst_name}** | | | | | {_text(reg)} |"


def _field_row(field: FieldNode) -> str:
    bits = f"{field.high}:{field.low}" if field.width > 1 else str(field.low)
    access = "W1C" if str(field.get_property("onwrite")).endswith("woclr") else ""
    access = access or ("R" * field.is_sw_readable + "W" * field.is_sw_writable)
    access = {"R": "RO", "W": "WO"}.get(access, access)
    reset = f"`0x{field.get_property('reset'):X}`"
    name = f"`{field.inst_name}`"
    return f"| | | {bits} | {name} | {access} | {reset} | {_text(field)} |"


def _text(node: FieldNode | RegNode) -> str:
    return node.get_property("desc") or ""
