"""All figures of a regression get into the history, those of its sources only while they match."""

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

import pytest

from verif.coverage.code import Point
from verif.coverage.code_export import write_dat
from verif.coverage.functional import declared
from verif.regression.catalogue import CATALOGUE
from verif.regression.history import Metric
from verif.regression.revision import revision
from verif.signoff import record as recording
from verif.signoff.record import blocks, record
from verif.signoff.results import Results
from verif.signoff.sources import open_notes
from verif.testplan.plan import load
from verif.tests.result_folder import NIGHTLY, Night, make_night

FEW = Night(without=set(CATALOGUE) - {"unit.opc", "unit.s_acc"}, metrics=())
LINT = [Metric(scope="RTL", kind="lint", hit=1, total=1)]


def recorded(folder: Path, night: Night) -> Results:
    """The results of a night without figures, after they were recorded."""
    make_night(folder, night, metrics=False)
    return record(folder=folder)


def rows(results: Results, kind: str) -> dict[str, tuple[int, int]]:
    """Hit and total points of a kind, by scope."""
    return {row.scope: (row.hit, row.total) for row in results.metrics if row.kind == kind}


def test_functional_and_testplan(tmp_path: Path) -> None:
    results = recorded(tmp_path, FEW)
    functional = rows(results, "functional")
    assert set(functional) == {point.rpartition(".")[0] for point in declared()}
    assert sum(total for _, total in functional.values()) == sum(map(len, declared().values()))
    plans = {plan.block: len(plan.features) for plan in load()}
    assert {block: total for block, (_, total) in rows(results, "testplan").items()} == plans
    assert rows(results, "testplan")["operators"][0] >= 3  # what unit.opc shows alone
    assert rows(results, "testplan")["csr"][0] == 0


def test_code_coverage(tmp_path: Path) -> None:
    """By block; blocks without data are told, and so are waivers that mean nothing."""
    file = "rtl/pea/idxd.sv"
    points = {Point(file, 40, 3, "line", "block"): 4, Point(file, 44, 3, "line", "elsif"): 0}
    workdir = tmp_path / NIGHTLY / "runs" / "unit.opc-toggle-11"
    workdir.mkdir(parents=True)
    write_dat(points, workdir / "coverage.dat")
    results = recorded(tmp_path, FEW)
    assert rows(results, "line") == {"pea/idxd": (1, 2)}
    assert rows(results, "measured") == dict.fromkeys(blocks(), (0, 1)) | {"pea/idxd": (1, 1)}
    assert "all others" in rows(results, "waivers")
    assert (results.folder / "coverage" / "pea" / "idxd" / "index.html").is_file()


def test_unreadable_coverage(tmp_path: Path) -> None:
    """Is told instead of figures, and keeps nothing else from being recorded."""
    workdir = tmp_path / NIGHTLY / "runs" / "unit.opc-toggle-11"
    workdir.mkdir(parents=True)
    (workdir / "coverage.dat").write_text("cut off", encoding="utf-8")
    results = recorded(tmp_path, FEW)
    ((told, share),) = rows(results, "measured").items()
    assert "coverage.dat cannot be read" in told and share == (0, 1)
    assert rows(results, "testplan") and not rows(results, "line")


@pytest.mark.parametrize("same", [True, False])
def test_sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, same: bool) -> None:
    """Measured once, and only on what the regression ran on."""
    calls = []
    monkeypatch.setattr(recording, "measure_sources", lambda: calls.append(1) or LINT)
    commit, dirty = revision()
    one = replace(FEW.regression, revision=commit if same else "f" * 40, dirty=dirty)
    results = recorded(tmp_path, replace(FEW, regression=one))
    assert rows(results, "lint") == ({"RTL": (1, 1)} if same else {})
    record(folder=tmp_path)
    assert len(calls) == same


def test_blocks() -> None:
    """Every module, no package."""
    assert {"pea/idxd", "top/panacea_top", "common/stream_fifo"} <= set(blocks())
    assert not any(block.endswith("pkg") for block in blocks())


def notes(folder: Path, texts: Collection[str]) -> list[bool]:
    """Whether each of some files has a note."""
    files = [folder / str(number) for number in range(len(texts))]
    for file, text in zip(files, texts, strict=True):
        file.write_text(text, encoding="utf-8")
    return [bool(open_notes([file])) for file in files]


def test_notes_are_found(tmp_path: Path) -> None:
    """Notes of things left to do, not mentions of such notes."""
    word = "TODO"
    found = [f"ok\n# {word} x", f"// {word}", f"{word}: y", f"x = 1  # {word}(me)"]
    assert all(notes(tmp_path, found))
    assert not any(notes(tmp_path, [f"no {word}, no fix", f"{word}S: 1", ""]))
    (tmp_path / "0").write_text(f"ok\n# {word} x", encoding="utf-8")
    assert open_notes([tmp_path / "0"]) == [f"{tmp_path / '0'}:2"]
