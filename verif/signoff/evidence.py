"""Proofs, planted bugs and mutants: what was found on exactly the sources that are here.

`make formal`, `make bugs` and `make mutate` leave files with the revision that they looked at;
files of another revision count for nothing, and what no file tells of counts as not shown.
"""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from verif.builder import SIM_BUILD
from verif.formal.catalogue import PROOFS
from verif.formal.record import RESULT
from verif.mutation.explained import explanations, place_of
from verif.mutation.mutant import Mutant
from verif.mutation.score import MUTANTS
from verif.planted.suite import ALL_BUGS
from verif.regression.history import Metric

__all__ = ["measure_evidence"]

_JUDGED = ("killed", "survived", "equivalent")


def measure_evidence(revision: str, *, folder: Path = SIM_BUILD) -> list[Metric]:
    """Metrics `proofs`, `bugs`, `mutants`, `mutation` and `explained` of a revision.

    Args:
        revision: of the sources, all committed.
        folder: where the tools leave their files.
    """
    return [
        *_proofs(revision, folder / "formal"),
        *_bugs(revision, folder / "bugs.json"),
        *_mutants(folder / "mutation" / revision[:12] / "verdicts.jsonl"),
    ]


def _proofs(revision: str, folder: Path) -> Iterator[Metric]:
    """Whether each proof holds, and how many of its bugs refute it."""
    for name, proof in PROOFS.items():
        found = _of_revision(revision, folder / name / RESULT)
        yield Metric(scope=name, kind="proofs", hit=int(found.get("holds", False)), total=1)
        caught = sum(bool(found.get("bugs", {}).get(bug)) for bug in proof.bugs)
        yield Metric(scope=f"proof {name}", kind="bugs", hit=caught, total=len(proof.bugs))


def _bugs(revision: str, file: Path) -> Iterator[Metric]:
    """Whether each planted bug is caught by its check."""
    trials = _of_revision(revision, file).get("bugs", {})
    for name in ALL_BUGS:
        caught = bool(trials.get(name, {}).get("caught"))
        yield Metric(scope=name, kind="bugs", hit=int(caught), total=1)


def _mutants(file: Path) -> Iterator[Metric]:
    """Killed mutants by module, with those that are explained, and how many were judged."""
    status: dict[Mutant, str] = {}  # the last verdict of a mutant stands
    for line in file.read_text(encoding="utf-8").splitlines() if file.is_file() else ():
        try:
            verdict = json.loads(line)
        except json.JSONDecodeError:  # a campaign that was killed while it wrote
            continue
        status[Mutant(**verdict["mutant"])] = verdict["status"]
    killed = Counter(Path(one.file).stem for one, found in status.items() if found == "killed")
    alive = [mutant for mutant, found in status.items() if found == "survived"]
    total = killed + Counter(Path(one.file).stem for one in alive)
    explained = Counter(Path(one.file).stem for one in alive if place_of(one) in explanations())
    for module in sorted(total):
        hit = killed[module]
        yield Metric(scope=module, kind="mutation", hit=hit, total=total[module])
        hit += explained[module]
        yield Metric(scope=module, kind="explained", hit=hit, total=total[module])
    judged = sum(found in _JUDGED for found in status.values())
    yield Metric(scope="sampled", kind="mutants", hit=min(judged, MUTANTS), total=MUTANTS)


def _of_revision(revision: str, file: Path) -> dict:
    """A tool's file, or nothing if it is of other sources."""
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return {}
    same = content.get("revision") == revision and not content.get("dirty")
    return content if same else {}
