"""Code coverage: reading, merging, waivers, files for other tools, and the five kinds for real."""

import gzip
import re
from xml.etree import ElementTree

import pytest
from ucis.xml import validate_ucis_xml

from models.errors import PanaceaError
from verif.build_spec import FSM_POINTS, ROOT, Build, read_filelist
from verif.coverage.__main__ import main
from verif.coverage.block_page import block_page, differences
from verif.coverage.code import KINDS, Point, by_instance, merge, read, summarise
from verif.coverage.code_export import write_dat, write_ucis
from verif.coverage.code_report import report, write
from verif.coverage.luck import main as luck
from verif.coverage.waivers import Waiver, apply, load
from verif.runner import run

FILE = "rtl/pea/opc.sv"
OPC = (ROOT / FILE).read_text(encoding="utf-8").splitlines()
MODULE_LINE = next(number for number, text in enumerate(OPC, 1) if text.startswith("module"))


def raw(kind, comment, hits, *, file=f"/elsewhere/{FILE}", line=MODULE_LINE, hier="tb.a"):
    """A line as Verilator writes it."""
    fields = {"f": file, "l": line, "n": 3, "t": kind, "page": f"v_{kind}/opc", "o": comment}
    name = "".join(f"\x01{key}\x02{value}" for key, value in (fields | {"h": hier}).items())
    return f"C '{name}' {hits}\n"


def data(path, *lines):
    """A coverage file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "wt", encoding="utf-8") as stream:
        stream.write("# SystemC::Coverage-3\n" + "".join(lines))
    return path


def point(kind, comment):
    return Point(FILE, MODULE_LINE, 3, kind, comment)


POINTS = {point("toggle", f"y[{bit}]:{edge}"): 0 for bit in range(4) for edge in ("0->1", "1->0")}
POINTS |= {point("branch", "if"): 3, point("branch", "else"): 0}
TEXT = OPC[MODULE_LINE - 1]


def waiver(**fields):
    """A waiver of all toggles of `y`, unless `fields` say otherwise."""
    whole = {"file": FILE, "kind": "toggle", "reason": "constant", "owner": "pea"}
    return Waiver(**whole | ({"signals": ("y",)} if "kind" not in fields else {}) | fields)


def test_runs_instances_and_formats_are_merged(tmp_path):
    plain = data(tmp_path / "a.dat", raw("branch", "if", 2), raw("branch", "if", 3, hier="tb.b"))
    packed = data(tmp_path / "b.dat.gz", raw("branch", "if", 4), raw("expr", "(a==1) => 1", 0))
    assert merge(read([plain, packed])) == {
        point("branch", "if"): 9,
        point("expression", "(a==1) => 1"): 0,
    }


def test_only_the_rtl_counts_and_no_words_of_memories(tmp_path):
    lines = (
        raw("line", "block", 1, file=str(ROOT / "verif/tb/tb_core.sv")),
        raw("user", "cover", 1),
        raw("toggle", "lo_mem[3][0]:0->1", 0),
    )
    assert merge(read([data(tmp_path / "a.dat", *lines)])) == {}


def test_points_that_only_some_seeds_reach_are_told(tmp_path, capsys):
    def run(name, *hits):
        comments = ("always", "by luck", "never")
        lines = (raw("branch", text, n) for text, n in zip(comments, hits, strict=True))
        data(tmp_path / f"runs/{name}/coverage.dat", *lines)

    run("unit.a-toggle-1", 1, 0, 0)
    run("unit.a-toggle-2", 1, 1, 0)
    assert luck([str(tmp_path)]) == 1
    place = f"{FILE}:{MODULE_LINE}:3: branch: by luck: in 1 of 2 nights"
    assert capsys.readouterr().out.splitlines()[:2] == [place, "2 nights; 1 points close by luck"]
    run("unit.b-toggle-7", 0, 1, 0)  # without randomness: one run, part of both
    assert luck([str(tmp_path)]) == 0
    assert capsys.readouterr().out.startswith("2 nights; 0 points close by luck\n")


def test_luck_needs_coverage(tmp_path, capsys):
    assert luck([str(tmp_path)]) == 2
    assert f"{tmp_path} has no coverage" in capsys.readouterr().err


def test_luck_needs_two_seeds(tmp_path, capsys):
    data(tmp_path / "runs/unit.a-toggle-1/coverage.dat", raw("branch", "if", 1))
    assert luck([str(tmp_path)]) == 2
    assert "at least two seeds" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["", "nonsense\n", "# SystemC::Coverage-3\nC 'x' 1", None])
def test_damaged_data_is_refused(tmp_path, text):
    path = tmp_path / "coverage.dat"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(PanaceaError, match=r"coverage\.dat cannot be read"):
        read([path])


def test_cut_off_archives_are_refused(tmp_path):
    path = data(tmp_path / "coverage.dat.gz", *(raw("branch", str(n), n) for n in range(100)))
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(PanaceaError, match="cannot be read"):
        read([path])


def test_counts_by_block_and_kind():
    rows = {row.kind: row for row in summarise(POINTS, [point("toggle", "y[0]:0->1")])}
    assert (rows["toggle"].hit, rows["toggle"].total, rows["toggle"].waived) == (0, 8, 1)
    assert (rows["branch"].block, rows["branch"].open, rows["toggle"].open) == ("pea/opc", 1, 7)


@pytest.mark.parametrize(
    ("fields", "count"),
    [
        ({}, 8),
        ({"edge": "0->1"}, 4),
        ({"signals": ("y[2:1]",)}, 4),
        ({"signals": ("y[3]", "z*"), "edge": "1->0"}, 1),
        ({"signals": ("*",), "file": "rtl/*"}, 8),
        ({"kind": "branch", "text": TEXT, "point": "else"}, 1),
        ({"kind": "branch", "text": TEXT}, 1),
    ],
)
def test_waivers_match(fields, count):
    assert len(apply([waiver(**fields)], POINTS).points) == count


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"signals": ("x",)}, "unused: it matches nothing"),
        ({"file": "rtl/pea/gone.sv"}, "unused: it matches nothing"),
        ({"kind": "branch", "text": "no such text"}, "unused: it matches nothing"),
        ({"kind": "branch", "text": TEXT, "point": "if"}, "stale: all it matches is hit"),
    ],
)
def test_unused_and_stale_waivers_are_problems(fields, problem):
    problems = apply([waiver(**fields)], POINTS).problems
    assert len(problems) == 1 and problem in problems[0]


def test_waivers_have_a_budget():
    many = POINTS | {point("toggle", f"z[{bit}]:0->1"): 1 for bit in range(1000)}
    assert not apply([waiver()], many).problems
    (problem,) = apply([waiver()], POINTS).problems
    assert "80.00% of all points are waived, at most 2% may" in problem


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("kind: toggle, signals: [y], owner: pea", "reason is missing"),
        ("kind: toggle, signals: [y], owner: pea, reason: ' '", "reason is missing"),
        ("kind: toggle, signals: [y], reason: constant", "owner is missing"),
        ("kind: lines, text: x, owner: pea, reason: r", "kind 'lines'"),
        ("kind: toggle, owner: pea, reason: r", "needs signals"),
        ("kind: line, owner: pea, reason: r", "needs text"),
        ("kind: line, text: x, line: 3, owner: pea, reason: r", "unknown fields line"),
    ],
)
def test_faulty_waivers_are_refused(tmp_path, entry, message):
    (tmp_path / "a.yaml").write_text(f"- {{file: {FILE}, {entry}}}\n", encoding="utf-8")
    with pytest.raises(PanaceaError, match=message):
        load(tmp_path)


def test_waivers_of_the_project_name_files_that_exist():
    for one in load():
        assert list(ROOT.glob(one.file)), one


def test_merged_data_can_be_read_again(tmp_path):
    write_dat(POINTS, tmp_path / "merged.dat")
    assert merge(read([tmp_path / "merged.dat"])) == dict(sorted(POINTS.items()))


def test_pages_and_files_for_other_tools(tmp_path):
    data(tmp_path / "runs/one/coverage.dat", raw("branch", "if", 2), raw("branch", "else", 0))
    result = report(tmp_path, [])
    write(result, tmp_path / "coverage")
    info = (tmp_path / "coverage/merged.info").read_text(encoding="utf-8")
    assert f"DA:{MODULE_LINE},0" in info and f"BRDA:{MODULE_LINE},0,1,2" in info
    assert "pea" in (tmp_path / "coverage/index.html").read_text(encoding="utf-8")
    assert "branch: else" in (tmp_path / "coverage/pea/opc/index.html").read_text(encoding="utf-8")
    assert (tmp_path / "coverage/pea/opc.sv.gcov.html").is_file()
    assert [(row.hit, row.total) for row in result.metrics()] == [(1, 2)]


def test_instances_that_differ_are_told_apart(tmp_path):
    def pea(number, *, hits, top="tb_chip.i_chip.i_core"):
        return raw("branch", "if", hits, hier=f"{top}.gen_pea[{number}].i_pea.gen_x[3]")

    lines = [pea(0, hits=2), pea(1, hits=0), pea(0, hits=1, top="tb_core.i_core")]
    lines.append(raw("branch", "if", 5, hier="tb_opc.i_opc"))
    instances = by_instance(read([data(tmp_path / "a.dat", *lines)]))
    names = [f"i_core.gen_pea[{number}].i_pea" for number in (0, 1)]
    assert instances == {
        names[0]: {point("branch", "if"): 3},
        names[1]: {point("branch", "if"): 0},
    }
    assert differences(instances) == [f"line {MODULE_LINE}: branch: if: 1 not in {names[1]}"]
    page = block_page("pea/opc", {point("branch", "if"): 8}, [], instances)
    assert all(text in page for text in (names[0], "1 of 1", "0 of 1", differences(instances)[0]))


def test_ucis_file_obeys_the_schema_and_holds_all_counts(tmp_path):
    write_ucis(POINTS, [], tmp_path / "merged.ucis.xml")
    with (tmp_path / "merged.ucis.xml").open("rb") as file:
        validate_ucis_xml(file)
    counts = ElementTree.parse(tmp_path / "merged.ucis.xml").iter("contents")
    assert sorted(int(item.get("coverageCount")) for item in counts) == sorted(POINTS.values())


def test_command_tells_what_is_open_or_wrong(tmp_path, capsys):
    assert main([str(tmp_path), "--no-html"]) == 2
    assert "no code coverage" in capsys.readouterr().err
    data(tmp_path / "runs/one/coverage.dat", raw("branch", "else", 0))
    assert main([str(tmp_path), "--no-html", "--holes", "opc"]) in (1, 2)
    assert f"{FILE}:{MODULE_LINE}: branch: else" in capsys.readouterr().out


def test_every_state_machine_is_watched():
    watched = FSM_POINTS.read_text(encoding="utf-8")
    machines = [path for path in read_filelist()[0] if "state_e;" in path.read_text()]
    assert machines
    for path in machines:
        (states,) = re.findall(r"typedef enum [^;]*state_e;", path.read_text())
        assert f"module fsm_{path.stem} " in watched and f"`FSM_BIND({path.stem})" in watched
        module = watched.partition(f"module fsm_{path.stem} ")[2].partition("endmodule")[0]
        assert "".join(states.split()) in "".join(module.split())
        names = states.partition("{")[2].partition("}")[0].split(",")
        assert all(f"`FSM_STATE({name.strip()})" in module for name in names)


def test_all_kinds_are_found_in_a_design(tmp_path):
    spec = Build(top="tb_covered", sources=("verif/tests/data/tb_covered.sv",), kind="toggle")
    workdir = tmp_path / "runs/one"
    run(spec, test_module="verif.tests.data.cocotb_covered", workdir=workdir).check()
    result = report(tmp_path, [])
    wide = {
        p.comment: n
        for p, n in result.points.items()
        if p.file == "rtl/common/stream_fifo.sv" and p.comment.startswith("data_i[")
    }
    assert len(wide) == 140
    assert {comment for comment, n in wide.items() if n} == {"data_i[33]:0->1", "data_i[33]:1->0"}
    hits = {
        (p.kind, p.comment): n
        for p, n in result.points.items()
        if p.file == "rtl/top/run_control.sv"
    }
    assert {kind for kind, _ in hits} == set(KINDS)
    # An aborted run goes once through all states; a second start comes never.
    assert hits["fsm", "StIdle -> StRun"] == hits["fsm", "StStop -> StIdle"] == 1
    assert hits["toggle", "abort_i:0->1"] == 1 and hits["toggle", "abort_i:1->0"] == 0
    assert hits["toggle", "w_large_i:0->1"] == 0
    text = (ROOT / "rtl/top/run_control.sv").read_text(encoding="utf-8").splitlines()
    by_line = {(p.kind, text[p.line - 1].strip()): n for p, n in result.points.items()}
    assert by_line["line", "end else if (read_error_i) begin"] == 0
    assert by_line["branch", "if (state_q == StRun && state_d == StStop) begin"] > 0
    assert any(kind == "expression" and n for (kind, _), n in hits.items())
