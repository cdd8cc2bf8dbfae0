"""The lint sees every module, and a finding fails it."""

import re
import subprocess

from verif.build_spec import read_filelist
from verif.lint import TOPS, lint_command, main
from verif.toolchain.verilator import find_verilator


def test_the_rtl_is_clean() -> None:
    assert main() == 0


def test_every_module_is_a_top_or_instantiated() -> None:
    texts = {file.stem: file.read_text(encoding="utf-8") for file in read_filelist()[0]}
    modules = {name for name, text in texts.items() if re.search(rf"^module {name}\b", text, re.M)}
    used = {
        name
        for name in modules
        if any(re.search(rf"^\s+{name}\s+(#\(|i_)", text, re.M) for text in texts.values())
    }
    assert modules - used == {top.split()[0] for top in TOPS}


def test_a_finding_fails(tmp_path) -> None:
    bad = tmp_path / "bad.sv"
    bad.write_text(
        "module bad (input logic [3:0] a_i, output logic b_o);\n  assign b_o = a_i;\nendmodule\n"
    )
    env = {"VERILATOR_ROOT": str(find_verilator().root)}
    done = subprocess.run([*lint_command("bad"), str(bad)], env=env, capture_output=True, text=True)
    assert done.returncode != 0
    assert "WIDTHTRUNC" in done.stderr


def test_an_unknown_top_fails() -> None:
    env = {"VERILATOR_ROOT": str(find_verilator().root)}
    done = subprocess.run(lint_command("no_such_module"), env=env, capture_output=True, check=False)
    assert done.returncode != 0
