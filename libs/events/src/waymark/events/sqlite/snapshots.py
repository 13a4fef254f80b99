"""Snapshots on SQLite: a row a stream, in the file of the store."""

from __future__ import annotations

import sqlite3

import msgspec

from waymark.events.snapshots import Snapshot
from waymark.events.sqlite.database import Database
from waymark.events.store import Unavailable

_commits = msgspec.json.Decoder(tuple[str, ...])


class SqliteSnapshots:
    """`waymark.events.snapshots.Snapshots` in the table `<service>_snapshots`."""

    def __init__(self, database: Database, service: str) -> None:
        self._database, self._table = database, f"{service}_snapshots"
        with database.write() as db:
            db.execute(
                f"""CREATE TABLE IF NOT EXISTS {self._table} (stream TEXT PRIMARY KEY, key TEXT NOT NULL, version INTEGER NOT NULL,
                    fold TEXT NOT NULL, state BLOB NOT NULL, commits BLOB NOT NULL)"""
            )
            db.execute(f"CREATE INDEX IF NOT EXISTS {self._table}_key ON {self._table} (key)")

    def get(self, stream: str) -> Snapshot | None:
        try:
            row = (
                self._database.read()
                .execute(f"SELECT stream, key, version, fold, state, commits FROM {self._table} WHERE stream = ?", (stream,))
                .fetchone()
            )
        except sqlite3.OperationalError as problem:
            raise Unavailable(f"{self._table}: {problem}") from problem
        if row is None:
            return None
        *_, commits = row
        return Snapshot(stream=row[0], key=row[1], version=row[2], fold=row[3], state=row[4], commits=_commits.decode(commits))

    def put(self, snapshot: Snapshot) -> None:
        values = (snapshot.stream, snapshot.key, snapshot.version, snapshot.fold, snapshot.state, msgspec.json.encode(snapshot.commits))
        with self._database.write() as db:
            db.execute(
                f"""INSERT INTO {self._table} (stream, key, version, fold, state, commits) VALUES (?, ?, ?, ?, ?, ?)
                    ON CONFLICT (stream) DO UPDATE SET key = excluded.key, version = excluded.version, fold = excluded.fold,
                        state = excluded.state, commits = excluded.commits
                    WHERE excluded.fold != fold OR excluded.version > version""",
                values,
            )

    def forget(self, key: str) -> None:
        with self._database.write() as db:
            db.execute(f"DELETE FROM {self._table} WHERE key = ?", (key,))
