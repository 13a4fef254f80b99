"""The keyring on SQLite. Deleted keys are overwritten (secure_delete) and the log is truncated after a forget or a rotation."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Final

from cryptography.exceptions import InvalidTag

from waymark.events.keys import PersonForgotten, Progress, Rotated
from waymark.events.sqlite.database import Database
from waymark.events.store import Unavailable
from waymark.events.wrapping import MasterWrong, MonthClosed, MonthKeys, Wrapping, by_master, month, new_key, over, utc_now, wrap

_CHUNK = 500
TRIES: Final = 3
SECURE = ("secure_delete=ON",)
"""The pragmas that the keyring's Database must be opened with."""


class SqliteKeys:
    """`waymark.events.keys.Keys` in one file of its own."""

    def __init__(self, database: Database, master: bytes, clock: Callable[[], datetime] = utc_now) -> None:
        self._database, self._master, self._clock = database, master, clock
        self._months = MonthKeys(lambda name: _month(database.read(), name), lambda: self._master)
        with database.write() as db:
            db.execute("CREATE TABLE IF NOT EXISTS months (month TEXT PRIMARY KEY, wrapped BLOB NOT NULL)")  # empty: destroyed
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
                current, wrapping = self._wrapping(db)
                made = {each: new_key() for each in people if each not in held}
                db.executemany(
                    "INSERT INTO people VALUES (?, ?, ?)",
                    [(each, current, wrapping.wrap(key, each)) for each, key in made.items()],
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
                return by_master(self._master, row[0], district)
            key = new_key()
            db.execute("INSERT INTO districts VALUES (?, ?)", (district, wrap(self._master, key, district)))
            return key

    def rotate(self, progress: Progress) -> Rotated:
        now = self._clock()
        with self._database.write() as db:
            current, _ = self._wrapping(db)
        done, last = 0, ""
        total = self._database.read().execute("SELECT count(*) FROM people WHERE month < ?", (current,)).fetchone()[0]
        while last is not None:
            count, last = self._rewrap_after(last, current)
            done += count
            if count:
                progress(done, max(done, total))
        destroyed, kept = self._destroy(current, now)
        self._months.drop()
        self._database.checkpoint()  # what was overwritten must not stay in the log
        return Rotated(month=current, rewrapped=done, destroyed=tuple(destroyed), kept=tuple(kept))

    def rewrap(self, master: bytes) -> int:
        changed = 0
        with self._database.write() as db:
            for table, name in (("months", "month"), ("districts", "district")):
                for each, wrapped in db.execute(f"SELECT {name}, wrapped FROM {table} WHERE wrapped <> x''").fetchall():
                    try:
                        by_master(master, wrapped, each)
                    except MasterWrong:
                        anew = wrap(master, by_master(self._master, wrapped, each), each)
                        changed += db.execute(f"UPDATE {table} SET wrapped = ? WHERE {name} = ?", (anew, each)).rowcount
        self._master = master
        self._months.drop()
        self._database.checkpoint()
        return changed

    def _rewrap_after(self, person: str, current: str) -> tuple[int, str | None]:
        """One batch, in one transaction: how many were wrapped anew, and the last of them (None: nobody was left)."""
        with self._database.write() as db:
            rows = db.execute(
                "SELECT person, month, wrapped FROM people WHERE person > ? AND month < ? ORDER BY person LIMIT ?",
                (person, current, _CHUNK),
            ).fetchall()
            months = {each: self._opened(db, each) for each in {current, *(made_in for _, made_in, _ in rows)}}
            anew = [(current, months[current].wrap(months[made_in].unwrap(key, each), each), each) for each, made_in, key in rows]
            db.executemany("UPDATE people SET month = ?, wrapped = ? WHERE person = ?", anew)
            return len(rows), rows[-1][0] if rows else None

    def _destroy(self, current: str, now: datetime) -> tuple[list[str], list[str]]:
        """Destroys the keys that nothing hangs on any more; those destroyed now, and those that must stay for now."""
        with self._database.write() as db:  # no key can be made under a month between the look and its end
            standing = db.execute("SELECT month FROM months WHERE month < ? AND wrapped <> x'' ORDER BY month", (current,)).fetchall()
            used = {each for (each,) in db.execute("SELECT DISTINCT month FROM people WHERE month IS NOT NULL").fetchall()}
            destroyed = [each for (each,) in standing if each not in used and over(each, now)]
            db.executemany("UPDATE months SET wrapped = x'' WHERE month = ?", [(each,) for each in destroyed])
        return destroyed, [each for (each,) in standing if each not in destroyed]

    def _wrapping(self, db: sqlite3.Connection) -> tuple[str, Wrapping]:
        """The month to wrap under and its key, made where there is none. A clock that is far behind gets the newest month."""
        name = month(self._clock())
        newest = db.execute("SELECT max(month) FROM months WHERE wrapped <> x''").fetchone()[0]
        row = db.execute("SELECT wrapped FROM months WHERE month = ?", (name,)).fetchone()
        if row is None:
            db.execute("INSERT INTO months VALUES (?, ?)", (name, wrap(self._master, new_key(), name)))
        elif not row[0]:
            if newest is None or newest < name:
                raise Unavailable(f"keyring: the key of {name} was destroyed, and there is no newer one; look at this machine's clock")
            name = newest
        return name, self._opened(db, name)

    def _opened(self, db: sqlite3.Connection, name: str) -> Wrapping:
        """A month's key as this transaction sees it."""
        return Wrapping(by_master(self._master, _month(db, name), name))

    def _held(self, db: sqlite3.Connection, people: Collection[str]) -> dict[str, bytes | None]:
        wanted, held = list(people), dict[str, bytes | None]()
        for start in range(0, len(wanted), _CHUNK):
            held |= self._chunk(db, wanted[start : start + _CHUNK])
        return held

    def _chunk(self, db: sqlite3.Connection, people: list[str]) -> dict[str, bytes | None]:
        for _ in range(TRIES):
            rows = db.execute(f"SELECT person, month, wrapped FROM people WHERE person IN ({', '.join('?' * len(people))})", people)
            try:
                return {
                    person: None if wrapped is None else self._months.of(made_in).unwrap(wrapped, person)
                    for person, made_in, wrapped in rows.fetchall()
                }
            except (MonthClosed, InvalidTag):  # a rotation between the row and its month: the row names another by now
                self._months.drop()
        raise Unavailable("keyring: people's keys do not open under the keys of their months")


def _month(db: sqlite3.Connection, name: str) -> bytes:
    row = db.execute("SELECT wrapped FROM months WHERE month = ?", (name,)).fetchone()
    return row[0] if row else b""
