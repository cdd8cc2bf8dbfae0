"""Gates do what the RTL does and a wrong gate is noticed; reports are read right.

A leaf with a memory stands for the whole flow; `make synth` maps the chip.
"""

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from models.errors import PanaceaError
from verif.netlist import library
from verif.netlist.__main__ import main
from verif.netlist.activity import changes_per_cycle
from verif.netlist.analysis import longest_path, read_gate_power, read_timing
from verif.netlist.area import REST, Area, block_of, measure_area
from verif.netlist.claims import SHIFTERS, check_claims
from verif.netlist.design import DESIGNS, Design
from verif.netlist.gate_level import gate_build
from verif.netlist.gates import MOST_LOADS, Instance, read_gates
from verif.netlist.library import LIBRARY, cell_areas
from verif.netlist.mapping import (
    FOLDER,
    Netlist,
    NetlistError,
    map_design,
    plain_names,
)
from verif.netlist.memory_library import Memory, memories, write_library
from verif.netlist.power import measure_power
from verif.netlist.power_up import with_random_start
from verif.runner import RunResult, run
from verif.toolchain.tools import ToolError
from verif.unit.catalogue import BENCHES

needs_library = pytest.mark.skipif(not LIBRARY.is_file(), reason="no cell library installed")
needs_analyser = pytest.mark.skipif(shutil.which("sta") is None, reason="no OpenSTA installed")

LEAF = Design(top="psum_buffer", parameters={"Len": 4}, blocks={"sums": "^psum_buffer"})
BENCH = BENCHES["psum_buffer"]

BLOCKS = {
    "compensator": "s_acc",
    "group_buffer": "group_buffer",
    "wbuf": "weight_loader",
    "weight_loader": "weight_loader",
}
"""Blocks of a PEA, in default size, with the benches that drive them."""

TIMING = """\
Startpoint: a_g1 (rising edge-triggered flip-flop clocked by clk)
Endpoint: b_g2 (rising edge-triggered flip-flop clocked by clk)

   0.000    0.000 ^ a_g1/CLK (DFFPOSX1)
   0.250    0.250 v a_g1/Q (DFFPOSX1)
   1.000    1.250 ^ g7/Y (INVX1)
   0.000    1.250 ^ b_g2/D (DFFPOSX1)
            1.250   data arrival time

  -0.161    9.839   library setup time
            9.839   data required time
"""

WAVES = """\
$scope module i_core $end
$var wire 1 ! go $end
$scope module i_netlist $end
$var wire 1 # clk_i $end
$var wire 1 $ go $end
$var wire 1 % end $end
$var wire 1 & n $end
$var wire 3 ' p [2:0] $end
$upscope $end
$upscope $end
$enddefinitions $end
#0
0#
x$
0%
x&
bx '
#5
1#
1&
0&
b0 '
#10
0#
1$
#15
1#
1&
b101 '
#20
0#
1%
b1 '
#25
1#
1!
0&
0%
#30
0#
1&
"""


@pytest.fixture(scope="module")
def netlist() -> Netlist:
    """The leaf, mapped."""
    return map_design(LEAF, name="test")


def _run(netlist: Netlist) -> RunResult:
    build = gate_build(BENCH.build("icarus"), netlist)
    return run(build, test_module=BENCH.module, seed=3, quiet=True, plusargs=("+activity", "-vcd"))


@pytest.fixture(scope="module")
def waves(netlist: Netlist) -> Path:
    """Waves of the leaf's bench on its gates, which passes."""
    return _run(netlist).check().workdir / "activity.vcd"


@needs_library
def test_bench_passes_on_gates_and_counts_them(netlist: Netlist, waves: Path) -> None:
    area = measure_area(netlist)
    assert set(area.blocks) == {"sums"} and 0 < area.registers < area.total
    assert [memory.bits for memory in area.memories] == [16 * 4 * 32]
    nets = read_gates(netlist.folder / "gates.v").drivers()
    assert len(nets) == area.cells
    changes, cycles = changes_per_cycle(waves, first="upd_valid_i", last="rd_valid_i")
    assert cycles > 100 and changes["clk_i"] == 2.0
    assert 0.01 < sum(changes[net] for net in nets.values()) / area.cells < 1


@needs_library
@pytest.mark.parametrize(("block", "bench"), BLOCKS.items())
def test_blocks_pass_their_benches_on_gates(block: str, bench: str) -> None:
    netlist = map_design(Design(top=block), name=f"block_{block}")
    build = gate_build(BENCHES[bench].build("icarus"), netlist)
    run(build, test_module=BENCHES[bench].module, seed=3).check()


@needs_library
def test_a_wrong_gate_is_noticed(netlist: Netlist, tmp_path: Path) -> None:
    wrong = replace(netlist, folder=FOLDER / "wrong")
    shutil.copytree(netlist.folder, wrong.folder, dirs_exist_ok=True)
    gates = wrong.folder / "gates.v"
    text = gates.read_text()
    assert "XNOR2X1 " in text
    gates.write_text(text.replace("  XNOR2X1 ", "  XOR2X1 ", 1))
    assert not _run(wrong).passed


@needs_library
def test_netlist_of_another_size_is_refused(netlist: Netlist) -> None:
    other = replace(netlist, design=replace(LEAF, parameters={"Len": 8}), folder=FOLDER / "other")
    shutil.copytree(netlist.folder, other.folder, dirs_exist_ok=True)
    assert "mapped with Len = 8" in _run(other).log.read_text()


@needs_library
@needs_analyser
def test_path_and_power_of_gates(netlist: Netlist, waves: Path) -> None:
    timing = longest_path(netlist)
    assert 1 < timing.period < 10 and timing.stages > 5
    assert timing.end.startswith(memories(netlist.folder)[0].module)
    power = measure_power(netlist, waves, first="upd_valid_i", last="rd_valid_i")
    assert set(power.blocks) == {"sums"} and 0 < power.still < power.total < 0.1


@needs_library
def test_what_cannot_be_mapped_is_said() -> None:
    with pytest.raises(NetlistError, match=r"refused: .*undeclared identifier"):
        map_design(replace(LEAF, parameters={"Len": "x"}), name="refused")


def test_missing_tools_are_named(monkeypatch, capsys, tmp_path: Path) -> None:
    with pytest.raises(
        ToolError, match=r"nothing not found; .*apt-get install .*qflow-tech-osu018"
    ):
        library.find_library(tmp_path / "nothing")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ToolError, match=r"sta not found on PATH; .* opensta"):
        library.find_analyser()
    assert main([]) == 2
    assert "error: " in capsys.readouterr().err


@needs_library
@needs_analyser
def test_unknown_design_is_refused(capsys) -> None:
    assert main(["--design", "nothing"]) == 2
    assert "'nothing' fits none of pea, aqs_gemm_core" in capsys.readouterr().err


def test_timing_report_is_read() -> None:
    timing = read_timing(TIMING)
    assert (timing.start, timing.end, timing.stages) == ("a_g1", "b_g2", 4)
    assert timing.period == pytest.approx(1.411)
    with pytest.raises(NetlistError, match="no path"):
        read_timing("No paths found.\n")


def test_power_report_is_read() -> None:
    text = " 3.6e-06 1.4e-06 3.5e-11 5.1e-06 a_g1\nTotal 1 2 3\n"
    assert read_gate_power(text) == {"a_g1": 5.1e-06}
    with pytest.raises(NetlistError, match="no power"):
        read_gate_power("nothing\n")


def test_changes_are_counted_between_the_ends(tmp_path: Path) -> None:
    waves = tmp_path / "waves.vcd"
    waves.write_text(WAVES)
    changes, cycles = changes_per_cycle(waves, first="go", last="end")
    assert cycles == 1
    assert changes["n"] == 2 and changes["p[0]"] == 1 and changes["p[1]"] == 0
    assert changes["p[2]"] == 2
    with pytest.raises(NetlistError, match="no other in a scope i_netlist"):
        changes_per_cycle(waves, first="go", last="other")
    with pytest.raises(NetlistError, match="nothing happens between end and go"):
        changes_per_cycle(waves, first="end", last="go")


def test_names_are_plain() -> None:
    text = r"  INVX1 \a[0].b.g12 (.A(\x.y [3]), .Y(_1_));"
    assert plain_names(text) == "  INVX1 a_0__b_g12 (.A(x_y [3]), .Y(_1_));"


def test_pins_with_names_that_were_escaped_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "gates.v"
    memory = plain_names("  m i_m  (\n    .\\a[0].q ({ n, o }),\n    .c(c)\n  );\n")
    path.write_text(f"module t(c);\n  wire n;\n{memory}{memory}endmodule\n")
    assert read_gates(path).instances[1].pins == {"a_0__q": "{ n, o }", "c": "c"}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("    .a(b, .c(d)\n  );\n  m j (\n    e\n  );\n", "j has a pin that cannot be read"),
        ("    .a(b)\n  );\n  assign c = d;\n  m j (\n    .a(b)\n  );\n", "no instance follows i"),
    ],
)
def test_what_is_no_pin_of_a_netlist_is_refused(tmp_path: Path, line: str, reason: str) -> None:
    path = tmp_path / "gates.v"
    path.write_text(f"module t(c);\n  m i (\n{line}endmodule\n")
    with pytest.raises(PanaceaError, match=reason):
        read_gates(path)


def test_nets_with_many_loads_get_buffers(tmp_path: Path) -> None:
    path = tmp_path / "gates.v"
    rows = [f"  INVX1 a_g{i} (\n    .A(n),\n    .Y(_{i}_)\n  );\n" for i in range(300)]
    memory = "  m i_m  (\n    .clk_i(clk_i),\n    .q({ n, _9_ })\n  );\n"
    path.write_text(f"module t(clk_i);\n  wire n;\n{''.join(rows)}{memory}endmodule\n")
    gates = read_gates(path)
    gates.buffer(ideal="clk_i")
    gates.write(path)
    again = read_gates(path)
    assert again.instances == gates.instances
    loads: dict[str, int] = {}
    for one in (one for one in again.instances if one.is_cell):
        loads[one.pins["A"]] = loads.get(one.pins["A"], 0) + 1
    assert max(loads.values()) == MOST_LOADS and sum(loads.values()) == 300 + 19 + 2
    assert loads["n"] == 2 and again.head.count("wire") == 1 + 21
    logic = again.without_memories()
    assert "(clk_i, n);" in logic.head and "input n;" in logic.head
    assert Instance(cell="m", name="i_m", pins={}) not in logic.instances
    assert len(logic.instances) == len(again.instances) - 1


def test_registers_start_with_random_values() -> None:
    text = "  reg a;\n  reg [3:0] b;\n  reg [7:0] c [15:0];\n  wire d;\n"
    started = with_random_start(text)
    assert "  reg a;\n  initial a = $random;\n" in started
    assert "for (j = 0; j <= 3; j = j + 1) b[j] = $random;" in started
    assert "for (i = 0; i <= 15; i = i + 1) for (j = 0; j <= 7; j = j + 1) c[i][j] =" in started
    assert started.count("$random") == 3


def test_areas_of_cells_are_read(tmp_path: Path) -> None:
    path = tmp_path / "cells.lib"
    path.write_text(
        "cell (INVX1) {\n cell_footprint : inv;\narea : 16;\n}\ncell (B) {\n area: 2.5;"
    )
    assert cell_areas(path) == {"INVX1": 16, "B": 2.5}


def test_library_of_memories_names_what_outputs_follow(tmp_path: Path) -> None:
    memory = Memory(
        module="m",
        words=16,
        width=8,
        reads=2,
        writes=1,
        clock="clk",
        enables=frozenset(),
        ports={"clk": (False, 1), "a": (False, 4), "q": (True, 8), "r": (True, 8)},
        launches={"q": ("a",), "r": ("clk",)},
    )
    write_library(tmp_path / "m.lib", [memory])
    text = (tmp_path / "m.lib").read_text()
    assert memory.bits == 128
    assert re.search(r'bus \(q\).*?related_bus_pins : "a";', text, re.S)
    assert re.search(r'bus \(r\).*?related_pin : "clk"; timing_type : rising_edge', text, re.S)
    assert text.count("setup_rising") == 1 and text.count("{") == text.count("}")


def test_blocks_are_told_by_name() -> None:
    pea = DESIGNS["pea"].blocks
    for name, block in (
        (
            "opc$pea.gen_split.i_datapath.i_operator_array.gen_dwo[0].i_dwo.i_opc",
            "multipliers (OPC)",
        ),
        ("s_acc$pea.gen_split.i_datapath.i_operator_array.i_compensator.i_s_acc", "compensator"),
        ("s_acc$pea.gen_split.i_datapath.i_operator_array.i_dyn_acc", "S-ACC"),
        ("psum_buffer$pea.i_csbuf", "CSBUF"),
        ("stream_fifo$pea.i_load_fifo", REST),
    ):
        assert block_of(name, pea) == block


def test_claims_compare_what_they_say() -> None:
    def area(memory_bits: dict[str, int] | None = None, **blocks: float) -> Area:
        found = tuple(
            Memory(
                module=name,
                words=1,
                width=bits,
                reads=1,
                writes=1,
                clock="c",
                enables=frozenset(),
                ports={},
                launches={},
            )
            for name, bits in (memory_bits or {}).items()
        )
        named = {key.replace("_", " "): value for key, value in blocks.items()}
        return Area(blocks=named, cells=1, registers=0.0, memories=found)

    pea = area(
        {"gen_psum_0_x": 40, "gen_psum_1_x": 40, "i_wbuf_lo": 16, "i_csbuf": 4, "group": 60},
        compensator=4.0,
        rest=96.0,
    )
    core = area(**{"APSQ engine": 100.0, "rest": 300.0})
    shifters = {name: area(all=3.0 if name.endswith("dbs") else 1.0) for name in SHIFTERS}
    ratios = [one.ratio for one in check_claims({"pea": pea, "aqs_gemm_core": core} | shifters)]
    assert ratios == pytest.approx([0.04, 4 / 160, 0.04, 50 / 160, 0.0, 100 / 2000])


def test_designs_are_of_the_rtl() -> None:
    for design in (DESIGNS["pea"], *SHIFTERS.values()):
        files, includes = design.files()
        assert files[-1] == f"rtl/{design.source.parent.name}/{design.top}.sv" and includes
    with pytest.raises(PanaceaError):
        Design(top="nothing").files()
