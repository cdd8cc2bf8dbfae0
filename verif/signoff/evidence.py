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
from verif.mutation.score import MUTANTS
from verif.planted.suite import ALL_BUGS
from verif.regression.history import Metric

__all__ = ["measure_evidence"]

_JUDGED = ("killed", "survived", "equivalent")


def measure_evidence(revision: str, *, folder: Path = SIM_BUILD) -> list[Metric]:
    """Metrics `proofs`, `bugs`, `mutants` and `mutation` of a revision.

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
    """Killed mutants by module, and how many were judged."""
    status: dict[str, tuple[str, str]] = {}  # the last verdict of a mutant stands
    for line in file.read_text(encoding="utf-8").splitlines() if file.is_file() else ():
        try:
            verdict = json.loads(line)
        except json.JSONDecodeError:  # a campaign that was killed while it wrote
            continue
        mutant = verdict["mutant"]
        status[json.dumps(mutant, sort_keys=True)] = Path(mutant["file"]).stem, verdict["status"]
    killed = Counter(module for module, found in status.values() if found == "killed")
    alive = Counter(module for module, found in status.values() if found == "survived")
    for module in sorted(killed | alive):
        total = killed[module] + alive[module]
        yield Metric(scope=module, kind="mutation", hit=killed[module], total=total)
    judged = sum(found in _JUDGED for _, found in status.values())
    yield Metric(scope="sampled", kind="mutants", hit=min(judged, MUTANTS), total=MUTANTS)


def _of_revision(revision: str, file: Path) -> dict:
    """A tool's file, or nothing if it is of other sources."""
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return {}
    same = content.get("revision") == revision and not content.get("dirty")
    return content if same else {}
