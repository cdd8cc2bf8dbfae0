"""Mutants are made where they should be, fit their files, and are judged as what they are."""

import json
import os
from dataclasses import asdict, replace

import pytest
import yaml

from models.errors import PanaceaError
from verif.build_spec import ROOT, read_filelist
from verif.mutation import outcome
from verif.mutation.__main__ import main
from verif.mutation.campaign import Verdicts, checks_left, draw, killers_before, quickest_first
from verif.mutation.checks import checks, modules
from verif.mutation.compare import equal
from verif.mutation.equivalence import prove, valid_of
from verif.mutation.explained import explanations, place_of
from verif.mutation.judge import MUTATION, Verdict, judge
from verif.mutation.mutant import Mutant
from verif.mutation.operators import mutants
from verif.mutation.outcome import Outcome
from verif.toolchain.tools import ToolError

OPC = "rtl/pea/opc.sv"


def mutant(file: str, old: str, new: str) -> Mutant:
    """A mutant of the only place in a file that reads so."""
    text = (ROOT / file).read_text(encoding="utf-8")
    assert text.count(old) == 1
    start = text.index(old)
    fields = {"line": text[:start].count("\n") + 1, "operator": "by hand"}
    return Mutant(file=file, start=start, end=start + len(old), old=old, new=new, **fields)


@pytest.fixture(autouse=True)
def _folder():
    MUTATION.mkdir(parents=True, exist_ok=True)


def test_every_module_with_logic_has_mutants_and_checks():
    for name, path in modules().items():
        assert checks(name), f"no test sees {name}"
        assert mutants(path) or name in ("payload_check",), f"{name} has no mutants"


def test_checks_of_a_build_stand_together():
    """Those that build quickly come first, and a mutant is built once for all checks of a build."""
    found = [(check.variant, check.build()) for check in checks("weight_dma")]
    order = list(dict.fromkeys(found))
    assert found == sorted(found, key=order.index)
    assert len(order) < len(found)
    assert [variant for variant, _ in found] == sorted(variant for variant, _ in found)


def test_mutants_have_names_of_their_own_and_fit():
    found = [one for path in read_filelist()[0] for one in mutants(path)]
    assert len({one.name for one in found}) == len(found)
    for one in found[:: len(found) // 50]:
        assert one.new in one.text() and one.diff().startswith(f"--- {one.file}")


def test_signs_constants_and_conditions_are_mutated():
    found = {(one.operator, one.old, one.new) for one in mutants(ROOT / "rtl/pea/s_acc.sv")}
    assert ("operator", "acc_q + cur", "(acc_q - cur)") in found
    assert ("assignment_dropped", "acc_q <= '0;", ";") in found
    assert ("condition_stuck", "flush_i", "1'b0") in found
    assert any(operator == "signedness" for operator, *_ in found)
    assert not any("clk_i" in new for *_, new in found)


def test_a_file_that_changed_is_refused():
    one = replace(mutants(ROOT / OPC)[0], old="something else")
    with pytest.raises(PanaceaError, match="has changed"):
        one.text()


def test_drawing_is_in_proportion_and_repeatable():
    drawn = draw("", 500, 1)
    assert drawn == draw("", 500, 1) != draw("", 500, 2)
    assert {one.file for one in drawn} >= {OPC, "rtl/pea/dynamic_scheduler.sv"}
    with pytest.raises(PanaceaError, match="BLOCK = 'nothing' fits no module"):
        draw("nothing", 1, 1)


def test_a_mutant_is_killed_by_the_bench_of_its_module():
    bench = checks("opc")[0]
    assert bench.name == "unit.opc-icarus"
    wrong = Verdict(mutant=mutant(OPC, "w * x", "w + x"))
    verdict = judge(wrong, (bench,), {bench.name: 10.0})
    assert (verdict.status, verdict.check, verdict.tried) == ("killed", bench.name, (bench.name,))
    same = Verdict(mutant=mutant(OPC, "w * x", "x * w"))
    assert judge(same, (bench,), {bench.name: 10.0}).status == "survived"
    broken = Verdict(mutant=mutant(OPC, "w * x", "w *"))
    assert judge(broken, (bench,), {bench.name: 10.0}).status == "stillborn"


@pytest.mark.parametrize(
    ("file", "old", "new", "equal"),
    [
        ("csr/axil_slave", "arready_o = !r_valid_q", "arready_o = r_valid_q == '0", True),
        ("csr/axil_slave", "arready_o = !r_valid_q", "arready_o = r_valid_q", False),
        # What stands there while nothing is valid does not count, what is valid does.
        ("csr/axil_slave", "rdata_o   = r_data_q", "rdata_o = r_valid_q ? r_data_q : '1", True),
        ("csr/axil_slave", "rdata_o   = r_data_q", "rdata_o = r_error_q ? '1 : r_data_q", False),
        # Only what a RAM holds is different.
        ("mem/replay_fifo", ".wr_data_i (data_i)", ".wr_data_i (~data_i)", False),
        # Equal whatever the instances in it do.
        ("baselines/ws_array", "last_q  <= '0;", ";", True),
    ],
)
def test_equal_mutants_are_proven_and_others_are_not(file, old, new, equal):
    found = prove(Verdict(mutant=mutant(f"rtl/{file}.sv", old, new)))
    assert found.status == ("equivalent" if equal else "survived")


def gates(*inputs: str) -> bytes:
    """An AIGER file: the output is a register that takes the first input and not the second."""
    symbols = "".join(f"i{place} {name}\n" for place, name in enumerate(inputs))
    return f"aig 4 2 1 1 1\n8\n6\n\3\3{symbols}o0 q\n".encode()


def test_gates_are_compared_by_names(tmp_path):
    """Whatever order inputs have in a file; the same order with other names is another design."""
    (tmp_path / "gold.aig").write_bytes(gates("a", "b"))
    for inputs, same in ((("a", "b"), True), (("b", "a"), False), (("a", "c"), False)):
        (tmp_path / "gate.aig").write_bytes(gates(*inputs))
        assert equal(tmp_path) == same


@pytest.mark.parametrize(
    ("name", "valid"),
    [
        ("data_o", "valid_o"),
        ("req_o", "req_valid_o"),
        ("m_axi_arlen_o", "m_axi_arvalid_o"),
        ("i_ram.wr_data_i", "i_ram.wr_en_i"),
        ("i_ram.wr_en_i", None),
        ("req_valid_o", None),
        # Said at any time, though the name begins like a stream's.
        ("req_error_o", None),
        ("req_large_o", None),
        ("req_ready_o", None),
        ("m_axi_rready_o", None),
    ],
)
def test_only_payloads_wait_for_their_valid(name, valid):
    outputs = {"valid_o", "data_o", "req_valid_o", "req_o", "m_axi_arvalid_o", "req_error_o"}
    assert valid_of(name, outputs) == valid


def test_a_proof_without_its_tool(monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ToolError, match="berkeley-abc: not found"):
        prove(Verdict(mutant=mutants(ROOT / OPC)[0]))


def test_verdicts_survive_a_cut_line(tmp_path):
    verdict = Verdict(mutant=mutants(ROOT / OPC)[0], status="killed", check="unit.opc-icarus")
    path = tmp_path / "verdicts.jsonl"
    Verdicts(path).add(verdict)
    path.write_text(path.read_text() + json.dumps(asdict(verdict))[:40])
    assert Verdicts(path).found == {verdict.mutant.name: verdict}


def test_the_closest_checks_are_few_and_first():
    for name in ("opc", "pea", "simd_lane"):
        near = [check.near for check in checks(name)]
        assert near == sorted(near, reverse=True) and 0 < sum(near) < len(near) / 3
    assert [check.name for check in checks("opc") if check.near] == ["unit.opc-icarus"]


def test_only_what_has_an_instance_sees_a_module():
    names = [check.name for check in checks("pooled_array")]
    assert names and all("pooled" in name for name in names)
    assert {name.split(".")[1] for name in (check.name for check in checks("ws_pe"))} == {"sa_ws"}


def test_quick_checks_go_first():
    some = checks("activation_dma")
    seconds = {check.name: float(number % 7) for number, check in enumerate(some)}
    seconds[some[3].name] = -1.0
    order = quickest_first(some, seconds, some[-1].name)
    assert next(check.name for check in order) == some[-1].name
    rest = [check for check in order if check.build() != some[-1].build()]
    assert rest[0].build() == some[3].build() and rest[0].name == some[3].name
    assert sorted(order, key=str) == sorted(some, key=str)


def test_what_killed_a_mutant_before_is_tried_first(tmp_path):
    one = Verdict(mutant=mutants(ROOT / OPC)[0])
    killer = checks("opc")[-1].name
    for revision, check in (("old", "unit.opc-icarus"), ("newer", killer), ("own", "")):
        path = tmp_path / revision / "verdicts.jsonl"
        Verdicts(path).add(replace(one, status="killed", check=check))
        os.utime(path, (len(check),) * 2)  # the longer name is the newer file
    assert killers_before(path) == {one.mutant.name: killer}
    near = checks_left(one, lambda check: check.near, killer)
    assert [check.name for check in near] == [killer, "unit.opc-icarus"]
    tried = replace(one, tried=(killer,))
    assert next(check.name for check in checks_left(tried, lambda _: True)) == "unit.opc-icarus"


def test_explanations_fit_mutants_of_the_rtl():
    for place in explanations():
        found = {place_of(one) for one in mutants(ROOT / place.file)}
        assert place in found, f"no mutant is {place}"


def test_survivors_are_told_with_their_explanation(tmp_path, monkeypatch):
    first, second, third = mutants(ROOT / OPC)[:3]
    place = place_of(second)
    path = tmp_path / "explained.yaml"
    path.write_text(yaml.safe_dump([vars(place) | {"why": "it cannot\n  matter"}]))
    monkeypatch.setattr(outcome, "explanations", lambda: explanations(path))
    statuses = {first: "killed", second: "survived", third: "survived"}
    found = Outcome([Verdict(mutant=one, status=status) for one, status in statuses.items()])
    assert found.score == pytest.approx(1 / 3)
    assert found.unexplained == [third.name]
    assert f"{second.diff()}it cannot matter" in found.text()
    assert f"{third.diff()}NOT EXPLAINED" in found.text()
    for wrong in ({"why": ""}, {"where": "here"}):
        path = tmp_path / f"{next(iter(wrong))}.yaml"
        path.write_text(yaml.safe_dump([vars(place) | {"why": "so"} | wrong]))
        with pytest.raises(PanaceaError, match="entry 1: needs file, line, old, new and why"):
            explanations(path)
    path.write_text(yaml.safe_dump([vars(place) | {"why": "so"}] * 2))
    with pytest.raises(PanaceaError, match=r"entry 2: .* is explained already"):
        explanations(path)


def test_checkers_are_no_hardware():
    """They stand last in their files."""
    file = ROOT / "rtl/axi/axi_reader.sv"
    assert max(one.end for one in mutants(file)) < file.read_text().index("payload_check #(")


def test_waves_of_a_mutant_and_of_the_design(capsys):
    one = next(m for m in mutants(ROOT / OPC) if m.old == "w * x" and m.new == "(w + x)")
    assert main(["--mutant", one.name]) == 0
    out = capsys.readouterr().out
    assert one.file in out and "design passes" in out and "mutant fails: " in out
    waves = [line.strip() for line in out.splitlines() if line.endswith("waves.fst")]
    assert len(waves) == 2 and all((ROOT / path).stat().st_size > 1000 for path in waves)


@pytest.mark.parametrize(
    "arguments", [["--count", "none"], ["--block", "nothing"], ["--mutant", "opc-1-none-000000"]]
)
def test_bad_arguments_are_told(arguments, capsys):
    assert main(arguments) == 2
    assert capsys.readouterr().err.startswith("error: ")
