"""The figures: drawn, with their numbers, commands and the paper's figures; bad names refused."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from models.figures.__main__ import FIGURES, main
from models.figures.check import differences
from models.figures.counters import against, limits
from models.figures.figure import FigureSpec, Table
from models.figures.page import command, section, write_page
from models.figures.sparsity_grid import grid_work
from models.params import CoreParams
from models.predict.registry import accelerator


def test_drawn_with_page_and_progress(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    chosen = ("weight_widths_synthetic", "sensitivity")
    for name in chosen:  # one after the other: the page keeps what is there
        assert main(["--figures", name, "--out", str(tmp_path)]) == 0
        assert f"{name}:\n  " in capsys.readouterr().out
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    for name in chosen:
        assert (tmp_path / f"{name}.png").read_bytes().startswith(b"\x89PNG")
        assert f'src="{name}.png"' in page and f"make figures FIGURES={name}" in page
    assert "3.3x lower latency (panacea 4+8" in page and "Real networks," not in page


def test_numbers_come_out_again_and_wrong_ones_are_noticed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    check = ["--figures", "weight_widths_synthetic", "--out", str(tmp_path), "--check"]
    assert main(check) == 2 and "was not drawn" in capsys.readouterr().err
    assert main(check[:-1]) == 0
    assert main(check) == 0 and "all numbers come out again" in capsys.readouterr().out
    path = tmp_path / "weight_widths_synthetic.json"
    right = path.read_text(encoding="utf-8")
    ratio = re.search(r"\d\.\d\dx / \d\.\d\dx", right).group()
    path.write_text(right.replace(ratio, "9.99x / 9.99x", 1), encoding="utf-8")
    assert main(check) == 1
    assert f"'9.99x / 9.99x' before, '{ratio}' now" in capsys.readouterr().out


def test_other_shapes_of_a_table_are_differences() -> None:
    table = Table(columns=("a", "b"), rows=[["1", "2"]])
    assert differences(table, table) == []
    assert differences(table, replace(table, rows=[["1", "3"]])) == [
        "row 1, b: '2' before, '3' now"
    ]
    assert "rows: 1 before, 2 now" in differences(table, replace(table, rows=[["1", "2"]] * 2))
    assert "columns" in differences(table, replace(table, columns=("a", "c")))[0]


def test_counters_say_what_limits() -> None:
    work = grid_work((256, 256, 64), 0.0, 0.98)
    told = limits([work], "panacea 4+8")
    found = accelerator("panacea 4+8").predict(work)
    dynamic = sum(found.products.values()) - found.products["LL"]
    assert f"DWOs {100 * dynamic / (64 * found.compute_cycles):.0f} % with" in told
    assert "DWOs" not in limits([work], "panacea pooled")
    assert against(1.5, 2.0) == "-25 %" and against(2.2, 2.0) == "+10 %"


def test_unknown_names_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--figures", "fig13", "--out", str(tmp_path)]) == 2
    assert main(["--networks", "gpt-2", "--out", str(tmp_path)]) == 2
    told = capsys.readouterr().err
    assert "figure = 'fig13' is not one of layer_sparsity" in told
    assert "network = 'gpt-2' is not one of minilm, smollm2" in told
    assert not list(tmp_path.iterdir())


def test_grid_has_the_sparsities_asked_for() -> None:
    bound = grid_work((256, 256, 64), 0.5, 0.9).bound(CoreParams(), False)
    assert bound.rho_w == pytest.approx(0.5, abs=0.02)
    assert bound.rho_x == pytest.approx(0.9, abs=0.02)


def test_page_keeps_real_and_synthetic_apart(tmp_path: Path) -> None:
    specs = [
        FigureSpec(name=name, title="a < b", operands=name, caption="c", make=None)
        for name in ("synthetic", "real")
    ]
    table = Table(columns=("one",), rows=[["<2>"]])
    sections = [(spec, section(spec, table, "x.png")) for spec in specs]
    text = write_page(tmp_path, sections).read_text(encoding="utf-8")
    assert text.index('id="real"') < text.index("Synthetic operands") < text.index('id="synthetic"')
    assert "a &lt; b" in text and "<td>&lt;2&gt;</td>" in text and "equals its RTL" in text


def test_every_figure_has_a_name_and_says_what_its_operands_are() -> None:
    for name, spec in FIGURES.items():
        assert spec.name == name and command(spec).endswith(name)
        assert spec.title and spec.caption and spec.operands in ("real", "synthetic")
