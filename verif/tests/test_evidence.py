"""Proofs, planted bugs and mutants count if they are of the sources as they are, else not."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import pytest

from verif.build_spec import ROOT
from verif.formal.catalogue import PROOFS
from verif.mutation.explained import place_of
from verif.mutation.operators import mutants
from verif.mutation.score import MUTANTS
from verif.planted.suite import ALL_BUGS
from verif.regression.history import Metric
from verif.signoff import evidence
from verif.signoff.evidence import measure_evidence

OPC = ROOT / "rtl/pea/opc.sv"
HEAD, OTHER = "a" * 40, "b" * 40


def leave(folder: Path, revision: str = HEAD, *, dirty: bool = False) -> None:
    """What the tools leave when all is well, but for one mutant."""
    of = {"revision": revision, "dirty": dirty}
    for name, proof in PROOFS.items():
        path = folder / "formal" / name / "result.json"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(of | {"holds": True, "bugs": dict.fromkeys(proof.bugs, True)}))
    trials = {name: {"caught": True} for name in ALL_BUGS}
    (folder / "bugs.json").write_text(json.dumps(of | {"bugs": trials}))
    statuses = ["killed", "survived", "killed", "equivalent", "stillborn"]
    lines = [
        json.dumps({"mutant": asdict(mutant), "status": status})
        for mutant, status in zip(mutants(OPC), statuses, strict=False)
    ]
    # The first one was not killed at the first attempt; the last line was cut off.
    lines = [lines[0].replace("killed", "survived"), *lines, lines[0][:30]]
    path = folder / "mutation" / revision[:12] / "verdicts.jsonl"
    path.parent.mkdir(parents=True)
    path.write_text("\n".join(lines))


def shares(metrics: list[Metric]) -> Mapping[str, tuple[int, int]]:
    """Sums by kind."""
    kinds = {row.kind for row in metrics}
    return {
        kind: (
            sum(row.hit for row in metrics if row.kind == kind),
            sum(row.total for row in metrics if row.kind == kind),
        )
        for kind in kinds
    }


BUGS = len(ALL_BUGS) + sum(len(proof.bugs) for proof in PROOFS.values())


def test_of_these_sources(tmp_path: Path) -> None:
    leave(tmp_path)
    assert shares(measure_evidence(HEAD, folder=tmp_path)) == {
        "proofs": (len(PROOFS), len(PROOFS)),
        "bugs": (BUGS, BUGS),
        "mutation": (2, 3),
        "explained": (2, 3),
        "mutants": (4, MUTANTS),
    }


def test_an_explained_survivor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    leave(tmp_path)
    why = {place_of(mutants(OPC)[1]): "it cannot matter"}
    monkeypatch.setattr(evidence, "explanations", lambda: why)
    found = shares(measure_evidence(HEAD, folder=tmp_path))
    assert (found["mutation"], found["explained"]) == ((2, 3), (3, 3))


@pytest.mark.parametrize("revision, dirty", [(OTHER, False), (HEAD, True)])
def test_of_other_sources(tmp_path: Path, revision: str, dirty: bool) -> None:
    leave(tmp_path, revision, dirty=dirty)
    found = shares(measure_evidence(HEAD, folder=tmp_path))
    assert (found["proofs"], found["bugs"]) == ((0, len(PROOFS)), (0, BUGS))


def test_what_is_missing_is_not_shown(tmp_path: Path) -> None:
    """A proof that fails, a bug that its proof misses, one that was not planted."""
    leave(tmp_path)
    first, second = list(PROOFS)[:2]
    path = tmp_path / "formal" / first / "result.json"
    path.write_text(path.read_text().replace('"holds": true', '"holds": false'))
    path = tmp_path / "formal" / second / "result.json"
    path.write_text(path.read_text().replace(": true}", ": false}"))
    path = tmp_path / "bugs.json"
    content = json.loads(path.read_text())
    del content["bugs"][next(iter(ALL_BUGS))]
    path.write_text(json.dumps(content))
    found = measure_evidence(HEAD, folder=tmp_path)
    open_ = {row.scope: row.kind for row in found if row.hit < row.total and row.kind != "mutants"}
    bug = f"proof {second}"
    assert open_ == {first: "proofs", bug: "bugs", next(iter(ALL_BUGS)): "bugs", "opc": "explained"}


def test_nothing_was_run(tmp_path: Path) -> None:
    found = shares(measure_evidence(HEAD, folder=tmp_path))
    assert {hit for hit, _ in found.values()} == {0}
    assert "mutation" not in found
