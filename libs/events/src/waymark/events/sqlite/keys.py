"""The keyring on SQLite. Deleted keys are overwritten (secure_delete) and the log is truncated after a forget."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping

from waymark.events.keys import PersonForgotten
from waymark.events.sqlite.database import Database
from waymark.events.wrapping import month, new_key, unwrap, wrap

_CHUNK = 500
SECURE = ("secure_delete=ON",)
"""The pragmas that the keyring's Database must be opened with."""


class SqliteKeys:
    """`waymark.events.keys.Keys` in one file of its own."""

    def __init__(self, database: Database, master: bytes) -> None:
        self._database, self._master = database, master
        self._months: dict[str, bytes] = {}
        with database.write() as db:
            db.execute("CREATE TABLE IF NOT EXISTS months (month TEXT PRIMARY KEY, wrapped BLOB NOT NULL)")
            db.execute(
                "CREATE TABLE IF NOT EXISTS people (person TEXT PRIMARY KEY, month TEXT, wrapped BLOB) WITHOUT ROWID"
            )  # a tombstone has neither month nor key
            db.execute("CREATE TABLE IF NOT EXISTS districts (district TEXT PRIMARY KEY, wrapped BLOB NOT NULL)")

    def get(self, people: Collection[str]) -> Mapping[str, bytes]:
        return {each: key for each, key in self._held(self._database.read(), people).items() if key is not None}

    def create(self, people: Collection[str]) -> Mapping[str, bytes]:
        held = self._held(self._database.read(), people)
        if any(each not in held for each in people):
            with self._database.write() as db:
                held = self._held(db, people)  # again, under the write lock: another process may have been first
                current = month()
                wrapping = self._month(db, current)
                made = {each: new_key() for each in people if each not in held}
                db.executemany(
                    "INSERT INTO people VALUES (?, ?, ?)",
                    [(each, current, wrap(wrapping, key, each)) for each, key in made.items()],
                )
                held |= made
        gone = [each for each, key in held.items() if key is None]
        if gone:
            raise PersonForgotten(gone)
        return {each: key for each, key in held.items() if key is not None}

    def forget(self, person: str) -> None:
        with self._database.write() as db:
            db.execute(
                "INSERT INTO people VALUES (?, NULL, NULL) ON CONFLICT (person) DO UPDATE SET month = NULL, wrapped = NULL", (person,)
            )
        self._database.checkpoint()

    def forgotten(self, people: Collection[str]) -> Collection[str]:
        return [each for each, key in self._held(self._database.read(), people).items() if key is None]

    def district_key(self, district: str) -> bytes:
        with self._database.write() as db:
            row = db.execute("SELECT wrapped FROM districts WHERE district = ?", (district,)).fetchone()
            if row:
                return unwrap(self._master, row[0], district)
            key = new_key()
            db.execute("INSERT INTO districts VALUES (?, ?)", (district, wrap(self._master, key, district)))
            return key

    def _held(self, db: sqlite3.Connection, people: Collection[str]) -> dict[str, bytes | None]:
        wanted, held = list(people), dict[str, bytes | None]()
        for start in range(0, len(wanted), _CHUNK):
            chunk = wanted[start : start + _CHUNK]
            rows = db.execute(f"SELECT person, month, wrapped FROM people WHERE person IN ({', '.join('?' * len(chunk))})", chunk)
            for person, made_in, wrapped in rows.fetchall():
                held[person] = None if wrapped is None else unwrap(self._month(db, made_in), wrapped, person)
        return held

    def _month(self, db: sqlite3.Connection, name: str) -> bytes:
        if name not in self._months:
            row = db.execute("SELECT wrapped FROM months WHERE month = ?", (name,)).fetchone()
            if row:
                self._months[name] = unwrap(self._master, row[0], name)
            else:
                key = new_key()
                db.execute("INSERT INTO months VALUES (?, ?)", (name, wrap(self._master, key, name)))
                self._months[name] = key
        return self._months[name]
