"""The figures: drawn, with their numbers, commands and the paper's figures; bad names refused."""

from pathlib import Path

import pytest

from models.figures.__main__ import FIGURES, main
from models.figures.figure import FigureSpec, Table
from models.figures.page import command, section, write_page
from models.figures.sparsity_grid import grid_work
from models.params import CoreParams


def test_drawn_with_page_and_progress(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    chosen = "breakdown_synthetic,weight_widths_synthetic,sensitivity"
    assert main(["--figures", chosen, "--out", str(tmp_path)]) == 0
    printed = capsys.readouterr().out
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    for name in chosen.split(","):
        assert (tmp_path / f"{name}.png").read_bytes().startswith(b"\x89PNG")
        assert f'src="{name}.png"' in page and f"make figures FIGURES={name}" in page
        assert f"{name}:\n  " in printed
    assert "1.17" in page and "3.3x lower latency" in page and "Real networks," not in page


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
    text = write_page(tmp_path, sections, ["sa_os"]).read_text(encoding="utf-8")
    assert text.index('id="real"') < text.index("Synthetic operands") < text.index('id="synthetic"')
    assert "a &lt; b" in text and "<td>&lt;2&gt;</td>" in text and "RTL: sa_os." in text


def test_every_figure_has_a_name_and_says_what_its_operands_are() -> None:
    for name, spec in FIGURES.items():
        assert spec.name == name and command(spec).endswith(name)
        assert spec.title and spec.caption and spec.operands in ("real", "synthetic")
