"""What an import has to say while it runs and afterwards: its findings, how far it is, and how it ended. One small file an import.

Findings hold no personal values, so the file may stay. Any process that sees the folder can read it while another writes.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

import msgspec
from msgspec import Struct

from waymark.roster.package.findings import Finding

MOST_ALIKE = 1000  # findings of one code in one column that are kept; all are counted
_BATCH = 500
_decode = msgspec.json.Decoder(Finding).decode


class Progress(Struct, frozen=True, kw_only=True):
    """`status` is reading, checking, applying, or how the run ended: held, completed, refused, stopped.

    `unit` is what `done` of `total` counts: files or people. `code` says why a run was refused or stopped.
    """

    status: str
    done: int = 0
    total: int = 0
    unit: str = ""
    code: str = ""
    rows: dict[str, int] = {}
    recorded: dict[str, int] = {}
    refused: int = 0
    repaired: int = 0
    leaving: int = 0
    students: int = 0


class About(Struct, frozen=True, kw_only=True):
    """Which import this is. `at` is when this run began, `by` who asked for it ("" on the command line)."""

    id: str
    package: str
    size: int
    by: str
    dry_run: bool
    at: str


class Ledger:
    """The writing side, held by the process that runs the import. Opening it begins the import's report anew."""

    def __init__(self, path: Path, about: About) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, isolation_level=None, timeout=5, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=OFF")
        self._db.execute("BEGIN IMMEDIATE")
        for statement in (
            "DROP TABLE IF EXISTS findings",
            "CREATE TABLE findings (id INTEGER PRIMARY KEY, file TEXT, severity TEXT, body BLOB)",
            "CREATE INDEX findings_file ON findings (file, severity)",
            "CREATE TABLE IF NOT EXISTS progress (one INTEGER PRIMARY KEY, about BLOB, body BLOB)",
        ):
            self._db.execute(statement)
        self._about = msgspec.json.encode(about)
        self._db.execute("COMMIT")
        self._waiting: list[Finding] = []
        self._alike: Counter[tuple[str, str, str]] = Counter()
        self.counts: Counter[str] = Counter()
        """Findings by severity, those that are not kept too."""

    def report(self, finding: Finding) -> None:
        self.counts[finding.severity] += 1
        alike = (finding.file, finding.field, finding.code)
        self._alike[alike] += 1
        if self._alike[alike] <= MOST_ALIKE:
            self._waiting.append(finding)
        if len(self._waiting) >= _BATCH:
            self._flush()

    def say(self, progress: Progress) -> None:
        """Replace the progress that readers see; findings so far become readable with it."""
        self._flush()
        self._db.execute("INSERT OR REPLACE INTO progress VALUES (1, ?, ?)", (self._about, msgspec.json.encode(progress)))

    def close(self) -> None:
        for (file, field, code), count in self._alike.items():
            if count > MOST_ALIKE:
                message = f"{count - MOST_ALIKE:,} more findings of the kind {code} were counted and not listed."
                self._waiting.append(Finding(file=file, field=field, code="more-alike", severity="note", message=message))
        self._alike.clear()
        self._flush()
        self._db.close()

    def _flush(self) -> None:
        if self._waiting:
            self._db.execute("BEGIN")
            self._db.executemany(
                "INSERT INTO findings (file, severity, body) VALUES (?, ?, ?)",
                [(each.file, each.severity, msgspec.json.encode(each)) for each in self._waiting],
            )
            self._db.execute("COMMIT")
            self._waiting.clear()


def read_ledger(path: Path) -> tuple[About, Progress] | None:
    """The last run and how far it came; None where there was none."""
    if not path.exists():
        return None
    with closing(_reading(path)) as db:
        row = db.execute("SELECT about, body FROM progress").fetchone() if _has(db, "progress") else None
    return (msgspec.json.decode(row[0], type=About), msgspec.json.decode(row[1], type=Progress)) if row else None


def read_findings(path: Path, equals: Mapping[str, str], after: int, limit: int) -> list[tuple[int, Finding]]:
    """The findings beyond number `after`, in order, with their numbers; `equals` may name `file` and `severity`."""
    if not path.exists():
        return []
    wanted = [(name, equals[name]) for name in ("file", "severity") if name in equals]
    where = "".join(f" AND {name} = ?" for name, _ in wanted)
    with closing(_reading(path)) as db:
        if not _has(db, "findings"):
            return []
        rows = db.execute(
            f"SELECT id, body FROM findings WHERE id > ?{where} ORDER BY id LIMIT ?",  # noqa: S608  the names are the two above
            (after, *(value for _, value in wanted), limit),
        ).fetchall()
    return [(number, _decode(body)) for number, body in rows]


def all_findings(path: Path) -> Iterator[Finding]:
    """Every finding, read piece by piece."""
    after = 0
    while found := read_findings(path, {}, after, _BATCH):
        yield from (finding for _, finding in found)
        after = found[-1][0]


def _has(db: sqlite3.Connection, table: str) -> bool:
    """Whether the file is made already: it exists a moment before its tables do."""
    return db.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchone() is not None


def _reading(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None, timeout=5)
