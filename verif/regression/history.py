"""The history of all regressions: one SQLite file, each finished result in it at once.

Every write is a transaction of its own, so that a killed writer loses nothing finished, and
several may write. The file must lie on a local disk: its locks do not work on a network's.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, astuple, dataclass, field, replace
from pathlib import Path
from typing import Any

from verif.regression.disk import disk_errors
from verif.regression.records import Job, Outcome, Triage

__all__ = ["History", "Metric", "Regression"]

BUSY_SECONDS = 60.0
"""How long a writer waits for another one."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS regression (
  id TEXT PRIMARY KEY, kind TEXT, started TEXT, ended TEXT, revision TEXT, dirty INTEGER,
  base_seed INTEGER, seeds INTEGER, options TEXT);
CREATE TABLE IF NOT EXISTS run (
  regression TEXT, test TEXT, variant TEXT, seed INTEGER, status TEXT, reason TEXT,
  signature TEXT, seconds REAL, peak_mb INTEGER, started TEXT, command TEXT, workdir TEXT,
  PRIMARY KEY (regression, test, variant, seed));
CREATE TABLE IF NOT EXISTS triage (
  regression TEXT, number INTEGER, signature TEXT, runs INTEGER, test TEXT, variant TEXT,
  seed INTEGER, same INTEGER, reason TEXT, command TEXT, workdir TEXT,
  PRIMARY KEY (regression, number));
CREATE TABLE IF NOT EXISTS metric (
  regression TEXT, scope TEXT, kind TEXT, hit INTEGER, total INTEGER, waived INTEGER,
  PRIMARY KEY (regression, scope, kind));
"""


@dataclass(frozen=True, kw_only=True)
class Regression:
    """One regression.

    Attributes:
        id: time and kind; also the name of its folder.
        kind: `regress`, `nightly` or `rerun`.
        started: UTC, ISO 8601.
        ended: the same; `None` until it is complete.
        revision: commit of the repository.
        dirty: the work tree differed from it.
        base_seed: what the jobs' seeds derive from.
        seeds: of a test of weight 1.
        options: what else chose the jobs.
    """

    id: str
    kind: str
    started: str
    ended: str | None = None
    revision: str
    dirty: bool
    base_seed: int
    seeds: int
    options: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Metric:
    """A figure of a regression: `hit` of `total` points, `waived` of them left out of both.

    `scope` is a block (`pea/idxd`) or a level (`core`), `kind` what was counted (`line`).
    """

    scope: str
    kind: str
    hit: int
    total: int
    waived: int = 0


class History:
    """The database of a file, which is made if need be. A context manager."""

    def __init__(self, path: Path) -> None:
        self._folder = path.parent
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, timeout=BUSY_SECONDS)
        self._db.row_factory = sqlite3.Row
        with disk_errors(self._folder):
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.executescript(_SCHEMA)

    def __enter__(self) -> "History":
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()

    def begin(self, regression: Regression) -> None:
        """Add a regression, not complete yet."""
        row = asdict(regression) | {"options": json.dumps(regression.options)}
        with self._writing() as db:
            db.execute(f"INSERT INTO regression VALUES ({_marks(row)})", tuple(row.values()))

    def finish(self, regression: str, ended: str) -> None:
        """Mark a regression as complete at a time."""
        with self._writing() as db:
            db.execute("UPDATE regression SET ended = ? WHERE id = ?", (ended, regression))

    def add_outcome(self, regression: str, outcome: Outcome) -> None:
        """Add what came of a job, for good as soon as this returns."""
        facts = asdict(outcome)
        self._replace("run", [(regression, *facts.pop("job").values(), *facts.values())])

    def add_triage(self, regression: str, triage: Triage) -> None:
        """Add what the second run of a bucket showed."""
        facts = asdict(triage)
        job = facts.pop("job")
        head = (facts.pop("number"), facts.pop("signature"), facts.pop("runs"))
        self._replace("triage", [(regression, *head, *job.values(), *facts.values())])

    def add_metrics(self, regression: str, metrics: Iterable[Metric]) -> None:
        """Add figures; those of the same scope and kind are replaced."""
        self._replace("metric", [(regression, *astuple(metric)) for metric in metrics])

    def outcomes(self, regression: str) -> list[Outcome]:
        """All results of a regression, in order of the jobs."""
        rows = self._rows(
            "SELECT * FROM run WHERE regression = ? ORDER BY test, variant, seed", regression
        )
        return [Outcome(**_with_job(row)) for row in rows]

    def triage(self, regression: str) -> list[Triage]:
        """The buckets of a regression that were run again, the largest first."""
        rows = self._rows("SELECT * FROM triage WHERE regression = ? ORDER BY number", regression)
        triage = (Triage(**_with_job(row)) for row in rows)
        return [replace(one, same=bool(one.same)) for one in triage]

    def metrics(self, regression: str) -> list[Metric]:
        """All figures of a regression."""
        rows = self._rows(
            "SELECT scope, kind, hit, total, waived FROM metric WHERE regression = ? "
            "ORDER BY scope, kind",
            regression,
        )
        return [Metric(**row) for row in rows]

    def regressions(self, *kinds: str, complete: bool | None = None) -> list[Regression]:
        """All regressions, of the given kinds if any; the latest first."""
        rows = self._rows("SELECT * FROM regression ORDER BY started DESC, rowid DESC")
        return [
            Regression(**row | {"dirty": bool(row["dirty"]), "options": json.loads(row["options"])})
            for row in rows
            if (not kinds or row["kind"] in kinds) and complete in (None, row["ended"] is not None)
        ]

    def latest(self, *kinds: str, complete: bool | None = True) -> Regression | None:
        """The last regression, of the given kinds if any; by default a complete one."""
        return next(iter(self.regressions(*kinds, complete=complete)), None)

    def trend(self, scope: str, kind: str) -> list[tuple[Regression, Metric]]:
        """A figure over the complete regressions that have it, the oldest first."""
        return [
            (regression, metric)
            for regression in reversed(self.regressions(complete=True))
            for metric in self.metrics(regression.id)
            if (metric.scope, metric.kind) == (scope, kind)
        ]

    def seconds(self) -> dict[tuple[str, str], float]:
        """How long a test of a variant takes on average, by all its runs."""
        rows = self._rows(
            "SELECT test, variant, AVG(seconds) s FROM run WHERE seconds > 0 GROUP BY test, variant"
        )
        return {(row["test"], row["variant"]): row["s"] for row in rows}

    def _rows(self, query: str, *values: Any) -> list[dict[str, Any]]:
        with disk_errors(self._folder):
            return [dict(row) for row in self._db.execute(query, values)]

    def _replace(self, table: str, rows: list[tuple]) -> None:
        if rows:
            with self._writing() as db:
                db.executemany(f"INSERT OR REPLACE INTO {table} VALUES ({_marks(rows[0])})", rows)

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with disk_errors(self._folder), self._db:
            # Waits for other writers here, where waiting works, not in the middle.
            self._db.execute("BEGIN IMMEDIATE")
            yield self._db


def _marks(row: Iterable[Any]) -> str:
    return ", ".join("?" for _ in row)


def _with_job(row: dict[str, Any]) -> dict[str, Any]:
    del row["regression"]
    job = Job(test=row.pop("test"), variant=row.pop("variant"), seed=row.pop("seed"))
    return row | {"job": job}
