"""Stores broken on purpose: each takes a real adapter and does one thing wrong with it. Nothing of this is in the product."""

from __future__ import annotations

import random
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from waymark.events.appender import Outcome, Pending
from waymark.events.envelope import Commit, Event, Meta
from waymark.events.mongo.store import MongoStore
from waymark.events.sqlite.store import SqliteStore
from waymark.events.store import Appended, Conflict, Store


class Around:
    """A store as it is; a subclass says what it does otherwise."""

    def __init__(self, store: Store) -> None:
        self.real = store

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)


class OneByOne(Around):
    """Each event is a commit of its own."""

    def append(self, stream: str, key: str, events: Sequence[Event], expected: int, commit_id: str, meta: Meta) -> Appended:
        for number, event in enumerate(events):
            appended = self.real.append(stream, key, [event], expected + number, f"{commit_id}.{number}", meta)
        return appended


class Yielding(Around):
    """On a conflict it takes what is there and appends all the same."""

    def append(self, stream: str, key: str, events: Sequence[Event], expected: int, commit_id: str, meta: Meta) -> Appended:
        while True:
            try:
                return self.real.append(stream, key, events, expected, commit_id, meta)
            except Conflict as conflict:
                expected = conflict.actual


class Forgetful(Around):
    """The commit ids that it was given are not there when a stream is read."""

    def read(self, stream: str, after: int) -> Iterator[Commit]:
        return (replace(each, commit_id="") for each in self.real.read(stream, after))


class Early(Around):
    """Answers at once and writes afterwards."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self._behind = threading.Semaphore(0)
        self._waiting: list[tuple[Any, ...]] = []
        threading.Thread(target=self._write, daemon=True).start()

    def append(self, stream: str, key: str, events: Sequence[Event], expected: int, commit_id: str, meta: Meta) -> Appended:
        self._waiting.append((stream, key, events, expected, commit_id, meta))
        self._behind.release()
        time.sleep(0.002)
        return Appended(position=1, version=expected + len(events), partition=0, sequence=0)

    def _write(self) -> None:
        while self._behind.acquire():
            time.sleep(0.02)
            self.real.append(*self._waiting.pop(0))


def believing(store: SqliteStore | MongoStore) -> Store:
    """The version is what the caller says, not what the stream's head says."""
    store.__dict__["_refusal" if isinstance(store, SqliteStore) else "_answered"] = lambda *_: None
    return store


def counting(store: SqliteStore | MongoStore) -> Store:
    """A position is taken from a counter first, and inserted a moment later."""
    take = _sqlite_counter(store) if isinstance(store, SqliteStore) else _mongo_counter(store)
    place = store._place
    insert: Callable[..., Any] = store._insert
    taken: dict[int, int] = {}

    def counted(group: Sequence[Pending], stop_at_first: bool = False) -> Sequence[Outcome]:
        taken.update({id(each): take() for each in group})
        time.sleep(random.uniform(0, 0.005))
        return place(group, stop_at_first)

    def inserted(*given: Any) -> Any:
        if isinstance(store, SqliteStore):
            db, pending, _, at = given
            return insert(db, pending, taken[id(pending)], at)
        (placing,) = given
        return insert([(pending, taken[id(pending)]) for pending, _ in placing])

    store.__dict__["_place"] = store._appender.__dict__["_place"] = counted
    store.__dict__["_insert"] = inserted
    return store


def _sqlite_counter(store: SqliteStore) -> Callable[[], int]:
    path = Path(store._database._path).with_name("counter.db")

    def take() -> int:
        db = sqlite3.connect(path, timeout=30)
        try:
            db.execute("CREATE TABLE IF NOT EXISTS counter (id INTEGER PRIMARY KEY, taken INTEGER)")
            sql = "INSERT INTO counter VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET taken = taken + 1 RETURNING taken"
            (number,) = db.execute(sql).fetchall()[0]
            db.commit()
            return number
        finally:
            db.close()

    return take


def _mongo_counter(store: MongoStore) -> Callable[[], int]:
    counters = store._commits.database["counters"]

    def take() -> int:
        counter = counters.find_one_and_update({"_id": 1}, {"$inc": {"taken": 1}}, upsert=True, return_document=True)
        assert counter
        return counter["taken"]

    return take
