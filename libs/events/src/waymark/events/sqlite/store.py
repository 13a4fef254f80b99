"""The event store on SQLite: a table a service, one row a commit, one transaction a group of commits."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import msgspec

from waymark.events.appender import Appender, Outcome, Pending
from waymark.events.envelope import PARTITIONS, Commit, Event, Meta, partition, sequence
from waymark.events.sqlite.database import Database
from waymark.events.store import Appended, Conflict, KeyChanged, NewCommit, NotDense

_COLUMNS = "position, stream, version, count, key, commit_id, at, meta, body"
_meta = msgspec.json.Decoder(Meta)
POLL_SECONDS = 0.05  # between looks at the file when another process may write to it
MANY = 500  # commits a transaction of append_many


class SqliteStore:
    """`waymark.events.store.Store` in the table `<service>_commits` of one file."""

    def __init__(self, database: Database, service: str) -> None:
        self._database, self._service, self._table = database, service, f"{service}_commits"
        self._appender = Appender(service, self._place)
        self._grown = threading.Condition()
        self._into = f"INSERT INTO {self._table} ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
        self._last = f"SELECT version + count - 1, key FROM {self._table} WHERE stream = ? ORDER BY version DESC LIMIT 1"
        with database.write() as db:
            db.execute(
                f"""CREATE TABLE IF NOT EXISTS {self._table} (
                    position INTEGER PRIMARY KEY, stream TEXT NOT NULL, version INTEGER NOT NULL, count INTEGER NOT NULL,
                    key TEXT NOT NULL, commit_id TEXT NOT NULL, at REAL NOT NULL, meta BLOB NOT NULL, body BLOB NOT NULL)"""
            )
            db.execute(f"CREATE UNIQUE INDEX IF NOT EXISTS {self._table}_stream ON {self._table} (stream, version)")

    @property
    def service(self) -> str:
        return self._service

    def append(self, stream: str, key: str, events: Sequence[Event], expected: int, commit_id: str, meta: Meta) -> Appended:
        return self._appender.append(Pending(stream, key, events, expected, commit_id, meta))

    def append_many(self, commits: Sequence[NewCommit]) -> Sequence[Appended]:
        appended: list[Appended] = []
        for start in range(0, len(commits), MANY):
            group = [Pending(c.stream, c.key, c.events, c.expected, c.commit_id, c.meta) for c in commits[start : start + MANY]]
            for outcome in self._place(group, stop_at_first=True):
                if isinstance(outcome, Appended):
                    appended.append(outcome)
                elif isinstance(outcome, Exception):
                    raise outcome
        return appended

    def read(self, stream: str, after: int) -> Iterator[Commit]:
        rows = self._database.read().execute(
            f"SELECT {_COLUMNS} FROM {self._table} WHERE stream = ? AND version > ? ORDER BY version", (stream, after)
        )
        return (_commit(row) for row in rows.fetchall())

    def scan(self, after: int, limit: int) -> Sequence[Commit]:
        rows = self._database.read().execute(
            f"SELECT {_COLUMNS} FROM {self._table} WHERE position > ? ORDER BY position LIMIT ?", (after, limit)
        )
        commits = [_commit(row) for row in rows]
        for place, commit in enumerate(commits, after + 1):
            if commit.position != place:
                raise NotDense(f"{self._table}: position {place} is missing, found {commit.position}")
        return commits

    def head(self) -> int:
        return self._database.read().execute(f"SELECT coalesce(max(position), 0) FROM {self._table}").fetchone()[0]

    def wait(self, after: int, timeout: float) -> bool:
        deadline = time.monotonic() + timeout
        while self.head() <= after:
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            with self._grown:
                self._grown.wait(min(left, POLL_SECONDS))
        return True

    def close(self) -> None:
        self._appender.close()

    def _place(self, group: Sequence[Pending], stop_at_first: bool = False) -> Sequence[Outcome]:
        outcomes: list[Outcome] = []
        with self._database.write() as db:
            at = time.time()
            for pending in group:
                head = self._head(db, pending.stream)
                outcome = self._refusal(pending, head)
                if outcome is None:
                    outcome = self._insert(db, pending, None, at)
                outcomes.append(outcome)
                if stop_at_first and isinstance(outcome, Exception):
                    break
        with self._grown:
            self._grown.notify_all()
        return outcomes

    def _head(self, db: sqlite3.Connection, stream: str) -> tuple[int, str]:
        return db.execute(self._last, (stream,)).fetchone() or (0, "")

    def _refusal(self, pending: Pending, head: tuple[int, str]) -> Exception | None:
        version, key = head
        if version != pending.expected:
            return Conflict(pending.stream, version)
        if version and key != pending.key:
            return KeyChanged(f"{pending.stream} has the record key {key!r}, not {pending.key!r}")
        return None

    def _insert(self, db: sqlite3.Connection, pending: Pending, position: int | None, at: float) -> Appended:
        """Without a position SQLite takes max + 1: nothing was ever deleted, and nobody else may write now."""
        done = db.execute(
            self._into,
            (
                position,
                pending.stream,
                pending.expected + 1,
                pending.count,
                pending.key,
                pending.commit_id,
                at,
                msgspec.json.encode(pending.meta),
                pending.body,
            ),
        )
        position = done.lastrowid
        assert position is not None
        return Appended(
            position=position,
            version=pending.expected + pending.count,
            partition=partition(pending.key, PARTITIONS),
            sequence=sequence(position, pending.count - 1),
        )


def _commit(row: tuple[int, str, int, int, str, str, float, bytes, bytes]) -> Commit:
    position, stream, version, count, key, commit_id, at, meta, body = row
    return Commit(position, stream, version, count, key, commit_id, datetime.fromtimestamp(at, UTC), _meta.decode(meta), body)
