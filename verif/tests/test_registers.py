"""The register map's source, the constants of the RTL and the documentation say the same."""

import re
import subprocess
from pathlib import Path

from systemrdl.node import FieldNode

from verif.build_spec import ROOT
from verif.csr.generate import DOC, document, generate, load_model, registers

PACKAGE = ROOT / "rtl" / "csr" / "csr_pkg.sv"
FIRST_COUNTER = 0x100


def constants() -> dict[str, int]:
    """Parameters of csr_pkg, by name."""
    found = {}
    text = PACKAGE.read_text(encoding="utf-8")
    for name, value in re.findall(r"^  parameter .*?(\w+)\s*= ([^;]+);", text, re.MULTILINE):
        base, digits = re.fullmatch(r"(?:\d*'([hd]))?([0-9A-Fa-f_]+)", value).groups()
        found[name] = int(digits.replace("_", ""), 16 if base == "h" else 10)
    return found


def camel(name: str) -> str:
    """NAME_OF_A_REGISTER as the package spells it."""
    return "".join(word.capitalize() for word in name.split("_"))


def test_addresses() -> None:
    """The package has the address of every control register, and of nothing else."""
    control = {reg.inst_name: reg.absolute_address for reg in registers()}
    expected = {f"Addr{camel(n)}": a for n, a in control.items() if a < FIRST_COUNTER}
    given = {name: value for name, value in constants().items() if name.startswith("Addr")}
    assert given.pop("AddrCounters") == FIRST_COUNTER
    assert given == expected


def test_counters() -> None:
    """The package has the position of every counter."""
    low = [reg for reg in registers() if reg.inst_name == "LO"]
    names = [f"Cnt{camel(reg.parent.inst_name)}" for reg in low]
    given = {name: value for name, value in constants().items() if name.startswith("Cnt")}
    assert given == {name: position for position, name in enumerate(names)}
    assert constants()["NumCounters"] == len(names)
    addresses = [reg.absolute_address for reg in low]
    assert addresses == [FIRST_COUNTER + 8 * position for position in range(len(names))]


def test_values() -> None:
    """Identification, version and error codes agree."""
    given, by_name = constants(), {reg.inst_name: reg for reg in registers()}

    def field(register: str, name: str) -> FieldNode:
        return by_name[register].get_child_by_name(name)

    def reset(register: str, name: str) -> int:
        return field(register, name).get_property("reset")

    assert given["IdValue"] == reset("ID", "value")
    assert given["VersionValue"] == reset("VERSION", "major") << 16 | reset("VERSION", "minor")
    codes = {code.name: code.value for code in field("ERROR", "code").get_property("encode")}
    errors = {name: value for name, value in given.items() if name.startswith("Err")}
    assert errors == {f"Err{camel(name)}": value for name, value in codes.items()}


def test_document() -> None:
    """The tables of docs/registers.md are those of the map (`python -m verif.csr` writes them)."""
    text = DOC.read_text(encoding="utf-8")
    assert text == document(text)


def test_generated_files(tmp_path: Path) -> None:
    """Documentation, C header and register model are made; the model knows every register."""
    generate(tmp_path)
    assert (tmp_path / "html" / "index.html").is_file()
    model = load_model(tmp_path / "panacea_ral.py").panacea("panacea")
    model.build()
    model.lock_model()
    assert len(model.get_registers()) == len(registers())


def test_c_header(tmp_path: Path) -> None:
    """The C header compiles, and puts the last counter where it is."""
    generate(tmp_path)
    (tmp_path / "t.cpp").write_text(
        '#include <cstddef>\n#include "panacea_csr.h"\n'
        'static_assert(offsetof(panacea_t, STALL_BUS) == 0x1B8, "offset");\n',
        encoding="utf-8",
    )
    subprocess.run(["g++", "-Wall", "-Werror", "-c", "t.cpp"], cwd=tmp_path, check=True)
