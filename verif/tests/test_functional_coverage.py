"""Functional coverage: what is declared, sampled, exported and merged."""

import gzip
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from models.errors import PanaceaError
from verif.agents.bus_traffic import RECORD, BusTraffic, Kind
from verif.agents.chip_items import RegisterAccess
from verif.coverage import functional
from verif.coverage.groups import COVERAGE_FILE, CoverGroup, make_sampler, write_coverage
from verif.coverage.luck import main as luck
from verif.csr.names import ADDRESS
from verif.env.chip_cover_bus import beat_places, open_bursts
from verif.env.chip_cover_registers import RegisterView
from verif.runner import run
from verif.unit.catalogue import BENCHES
from verif.unit.cover_groups import COVERS
from verif.unit.covers import opc

GROUP = CoverGroup(
    scope="test.merging",
    points={"a": (1, 2, 3), "b": (False, True)},
    crosses={"a_x_b": ("a", "b")},
    ignored={"a_x_b": {"because": [(1, None), (2, True)]}},
)


@pytest.fixture
def declared(monkeypatch):
    """Only GROUP exists."""
    monkeypatch.setattr(functional, "GROUPS", (GROUP,))
    functional.declared.cache_clear()
    yield
    functional.declared.cache_clear()


def export(folder: Path, points: dict[str, dict[str, int]], name: str = COVERAGE_FILE) -> Path:
    """A file as cocotb-coverage writes it."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = ['<top abs_name="top">']
    for point, bins in points.items():
        lines.append(f'<p abs_name="top.test.merging.{point}">')
        lines += [
            f'<bin{n} bin="{bin_}" hits="{hits}" abs_name="x"/>'
            for n, (bin_, hits) in enumerate(bins.items())
        ]
        lines.append("</p>")
    data = "\n".join([*lines, "</top>"]).encode()
    path = folder / name
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return path


def test_everything_is_declared_once():
    bins = functional.declared()
    scopes = {name.rpartition(".")[0] for name in bins}
    assert {"core", "pea", "chip", "chip.bus", "chip.ppu", "chip.registers"} <= scopes
    assert all(bins.values())
    modules = {bench.module.rpartition("bench_")[2] for bench in BENCHES.values()}
    assert modules == COVERS.keys(), "every bench has coverage, and no other"


def test_ignored_bins_are_not_declared(declared):
    assert functional.declared() == {
        "test.merging.a": ("1", "2", "3"),
        "test.merging.b": ("False", "True"),
        "test.merging.a_x_b": ("(2, False)", "(3, False)", "(3, True)"),
    }


def test_a_point_declared_twice_is_refused(monkeypatch):
    monkeypatch.setattr(functional, "GROUPS", (GROUP, GROUP))
    functional.declared.cache_clear()
    with pytest.raises(PanaceaError, match=r"test\.merging\.a: .* twice"):
        functional.declared()
    functional.declared.cache_clear()


def test_merging_adds_up(declared, tmp_path):
    paths = [
        export(tmp_path / "1", {"a": {"1": 2, "2": 0}, "b": {"True": 1}}),
        export(tmp_path / "2", {"a": {"1": 3, "3": 1}}, f"{COVERAGE_FILE}.gz"),
    ]
    assert functional.exports([tmp_path]) == paths
    hits = functional.merge(paths)
    assert hits["test.merging.a"] == {"1": 5, "2": 0, "3": 1}
    assert hits["test.merging.b"] == {"False": 0, "True": 1}
    assert hits == functional.merge(reversed(paths))
    assert functional.summary(hits) == {"test.merging": (3, 8)}


def test_what_is_exported_can_be_merged(declared, tmp_path):
    sample = make_sampler(GROUP)
    sample({"a": {1, 2}, "b": {True}})
    sample({"a": {3}, "b": {True, False}})
    sample({"a": {3}})
    write_coverage(tmp_path / COVERAGE_FILE)
    hits = functional.merge([tmp_path / COVERAGE_FILE])
    assert hits["test.merging.a"] == {"1": 1, "2": 1, "3": 2}
    assert hits["test.merging.a_x_b"] == {"(2, False)": 0, "(3, False)": 1, "(3, True)": 1}
    # What is no bin fails the merging, not the test that showed it.
    sample({"a": {4}})
    write_coverage(tmp_path / COVERAGE_FILE)
    with pytest.raises(PanaceaError, match=r"a=4 of test\.merging\.undeclared is not declared"):
        functional.merge([tmp_path / COVERAGE_FILE])


@pytest.mark.parametrize("points", [{"a": {"4": 1}}, {"c": {"1": 1}}])
def test_an_unknown_bin_fails(declared, tmp_path, points):
    with pytest.raises(PanaceaError, match="is not declared"):
        functional.merge([export(tmp_path, points)])


@pytest.mark.parametrize("name", [COVERAGE_FILE, f"{COVERAGE_FILE}.gz"])
def test_a_damaged_file_is_told(declared, tmp_path, name):
    path = export(tmp_path, {"a": {"1": 1}}, name)
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(PanaceaError, match="no coverage file"):
        functional.merge([path])


def test_holes_are_printed(declared, tmp_path, capsys):
    export(tmp_path, {"a": {"1": 1, "2": 1, "3": 1}, "b": {"True": 1}})
    assert functional.main([str(tmp_path)]) == 1
    assert "hole: test.merging.b: False" in capsys.readouterr().out
    export(tmp_path / "more", {"b": {"False": 1}, "a_x_b": {
        "(2, False)": 1, "(3, False)": 1, "(3, True)": 1,
    }})  # fmt: skip
    assert functional.main([str(tmp_path)]) == 0
    assert functional.main([str(tmp_path / "missing")]) == 2
    assert "missing does not exist" in capsys.readouterr().err


def test_bins_that_only_some_seeds_reach_are_told(declared, tmp_path, capsys):
    export(tmp_path / "runs/unit.a-icarus-1", {"a": {"1": 3, "2": 1}})
    export(tmp_path / "runs/unit.a-icarus-2", {"a": {"1": 3}})
    assert luck([str(tmp_path)]) == 1
    told = "test.merging.a: 2: in 1 of 2 nights\n2 nights; 1 bins close by luck\n"
    assert capsys.readouterr().out.endswith(told)
    export(tmp_path / "runs/unit.b-icarus-7", {"a": {"2": 1}}, f"{COVERAGE_FILE}.gz")
    assert luck([str(tmp_path)]) == 0


def test_a_bench_is_sampled_beside_it(tmp_path):
    run(
        BENCHES["stream_fifo"].build("verilator"),
        test_module=BENCHES["stream_fifo"].module,
        seed=5,
        workdir=tmp_path,
    ).check()
    hits = functional.merge(functional.exports([tmp_path]))
    left = functional.holes(hits)
    assert not [name for name in left if name.startswith("unit.stream_fifo.")]
    assert "unit.opc.w" in left


def test_operands_are_sampled_as_they_are():
    pins = SimpleNamespace(opc_w=0x8F70, opc_x=0xF012, opc_p=0x7F_88_00_69)
    view = opc.COVERS[0].look(pins, {})
    assert view["w"] == {0, 7, -1, -8} and view["x"] == {2, 1, 0, 15}
    assert view["p"] == {"highest", "zero", "lowest", "positive"}


def test_bursts_are_sampled_as_they_were():
    kinds = [Kind.AR, Kind.AW, Kind.R, Kind.W, Kind.R, Kind.R, Kind.B, Kind.AR, Kind.R]
    lengths, ends = {0: 3, 1: 1, 7: 1}, {5, 8}
    records = np.zeros(len(kinds), RECORD)
    for at, kind in enumerate(kinds):
        info = kind << 29 | (at in ends) << 18 | (lengths.get(at, 1) - 1) << 8
        records[at] = (0, 0, 4096 * at, info, at)
    traffic = BusTraffic(records)
    assert beat_places(traffic, write=False) == [
        {"first"}, {"middle"}, {"last"}, {"first", "last"},
    ]  # fmt: skip
    assert open_bursts(traffic, Kind.AR).tolist() == [1, 1, 1, 1, 1, 0, 0, 1, 0]
    assert open_bursts(traffic, Kind.AW).tolist() == [0, 1, 1, 1, 1, 1, 0, 0, 0]


def test_interrupts_are_sampled_with_their_enables():
    view = RegisterView()

    def access(name: str, data: int, *, write: bool) -> dict[str, set]:
        return view(
            RegisterAccess(
                cycle=0, write=write, address=ADDRESS[name], data=data, strobes=15, okay=True
            )
        )

    access("IRQ_ENABLE", 5, write=True)
    assert access("CTRL", 1, write=True)["busy"] == {False}
    seen = access("IRQ_STATUS", 0b110, write=False)
    assert seen["enabled"] == {5} and seen["event"] == {"error", "start_ignored"}
    assert seen["busy"] == {True}
    access("IRQ_STATUS", 2, write=True)
    assert access("STATUS", 0, write=False)["busy"] == {False}
