"""A scratch file that gathers what a package says of each person, whatever file it stands in, and gives it back person by person.

It lives as long as one run of an import. People stand in it under their ids, and what tells who they are is sealed by the
caller, so that a file left behind by a killed process says nothing.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from types import TracebackType

StagedRow = tuple[int, int, bytes]
"""Kind, row number, content."""
_BATCH = 5000  # rows a statement
_PAGE = 500  # people a question


class Staging:
    """`add` rows, then `sort` once, then read. `change` marks people whose streams must be written."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._remove()
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        # Nothing here must survive a crash: no journal to recover from, no waiting for the disk.
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "locking_mode=EXCLUSIVE", "cache_size=-32000", "temp_store=FILE"):
            self._db.execute(f"PRAGMA {pragma}")
        self._db.execute("CREATE TABLE gathered (person TEXT, kind INTEGER, number INTEGER, body BLOB)")
        self._db.execute("CREATE TABLE changed (person TEXT PRIMARY KEY) WITHOUT ROWID")
        self._db.execute("BEGIN")
        self._waiting: list[tuple[str, int, int, bytes]] = []

    def __enter__(self) -> Staging:
        return self

    def __exit__(self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None) -> None:
        self._db.close()
        self._remove()

    def add(self, person: str, kind: int, number: int, body: bytes) -> None:
        """One thing said of a person, in row `number` of its file."""
        self._waiting.append((person, kind, number, body))
        if len(self._waiting) >= _BATCH:
            self._flush()

    def gathered(self, kind: int) -> Iterator[tuple[str, int, bytes]]:
        """Everything of one kind added so far: person, row number, content."""
        self._flush()
        return iter(self._db.execute("SELECT person, number, body FROM gathered WHERE kind = ?", (kind,)))

    def sort(self) -> None:
        """Order everything by person. Nothing can be added afterwards."""
        self._flush()
        self._db.execute("CREATE TABLE sorted AS SELECT person, kind, number, body FROM gathered ORDER BY person, kind, number")
        self._db.execute("DROP TABLE gathered")
        self._db.execute("CREATE INDEX sorted_person ON sorted (person)")

    def count(self) -> int:
        """How many people something is said of."""
        return int(self._db.execute("SELECT count(DISTINCT person) FROM sorted").fetchone()[0])

    def people(self) -> Iterator[tuple[str, list[StagedRow]]]:
        """Everybody of whom something is said, by id, with all of it."""
        rows = self._db.execute("SELECT person, kind, number, body FROM sorted ORDER BY rowid")
        for person, group in groupby(rows, itemgetter(0)):
            yield person, [(kind, number, body) for _, kind, number, body in group]

    def change(self, people: Iterable[str]) -> None:
        self._db.executemany("INSERT OR IGNORE INTO changed VALUES (?)", ((each,) for each in people))

    def count_changed(self) -> int:
        return int(self._db.execute("SELECT count(*) FROM changed").fetchone()[0])

    def changed(self) -> Iterator[tuple[str, list[StagedRow]]]:
        """The people marked by `change`, by id, with everything said of them (perhaps nothing)."""
        after = ""
        while True:
            page = self._db.execute("SELECT person FROM changed WHERE person > ? ORDER BY person LIMIT ?", (after, _PAGE)).fetchall()
            if not page:
                return
            # CROSS: the few changed people first, then their rows by the index; the planner would rather read everything each time.
            rows = self._db.execute(
                """SELECT sorted.person, kind, number, body FROM changed CROSS JOIN sorted ON sorted.person = changed.person
                WHERE changed.person BETWEEN ? AND ? ORDER BY changed.person, sorted.rowid""",
                (page[0][0], page[-1][0]),
            )
            said: dict[str, list[StagedRow]] = {person: [] for (person,) in page}
            for person, kind, number, body in rows:
                said[person].append((kind, number, body))
            yield from said.items()
            after = page[-1][0]

    def _flush(self) -> None:
        self._db.executemany("INSERT INTO gathered VALUES (?, ?, ?, ?)", self._waiting)
        self._waiting.clear()

    def _remove(self) -> None:
        for suffix in ("", "-journal", "-wal", "-shm"):
            self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
