"""The adapters that the contract suites are run against, made fresh for each test."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from waymark.events.contract.keys import KeysAt
from waymark.events.mongo.database import Documents, connect
from waymark.events.mongo.keys import MongoKeys
from waymark.events.mongo.snapshots import MongoSnapshots
from waymark.events.mongo.store import MongoStore
from waymark.events.mongo.views import MongoViews
from waymark.events.sqlite.database import Database
from waymark.events.sqlite.keys import SECURE, SqliteKeys
from waymark.events.sqlite.snapshots import SqliteSnapshots
from waymark.events.sqlite.store import SqliteStore
from waymark.events.sqlite.views import SqliteViews

MASTER = b"m" * 32


class OnSqlite:
    """Two sets of adapters over one folder, each with connections of its own, as two processes have them."""

    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[SqliteStore]:
        yield from _store(tmp_path)

    @pytest.fixture
    def another(self, tmp_path: Path) -> Iterator[SqliteStore]:
        yield from _store(tmp_path)

    @pytest.fixture
    def views(self, tmp_path: Path) -> Iterator[SqliteViews]:
        database = Database(tmp_path / "views.db", "NORMAL")
        yield SqliteViews(database, "plans")
        database.close()

    @pytest.fixture
    def keys(self, tmp_path: Path) -> Iterator[SqliteKeys]:
        yield from _keys(tmp_path)

    @pytest.fixture
    def other_keys(self, tmp_path: Path) -> Iterator[SqliteKeys]:
        yield from _keys(tmp_path)

    @pytest.fixture
    def keys_at(self, tmp_path: Path) -> Iterator[KeysAt]:
        opened: list[Database] = []

        def make(clock: Callable[[], datetime], master: bytes = MASTER) -> SqliteKeys:
            opened.append(Database(tmp_path / "keys.db", "FULL", SECURE))
            return SqliteKeys(opened[-1], master, clock)

        yield make
        for each in opened:
            each.close()

    @pytest.fixture
    def snapshots(self, tmp_path: Path) -> Iterator[SqliteSnapshots]:
        yield from _snapshots(tmp_path)

    @pytest.fixture
    def other_snapshots(self, tmp_path: Path) -> Iterator[SqliteSnapshots]:
        yield from _snapshots(tmp_path)


def _store(folder: Path) -> Iterator[SqliteStore]:
    database = Database(folder / "events.db", "FULL")
    store = SqliteStore(database, "roster")
    yield store
    store.close()
    database.close()


def _keys(folder: Path) -> Iterator[SqliteKeys]:
    database = Database(folder / "keys.db", "FULL", SECURE)
    yield SqliteKeys(database, MASTER)
    database.close()


def _snapshots(folder: Path) -> Iterator[SqliteSnapshots]:
    database = Database(folder / "events.db", "FULL")
    yield SqliteSnapshots(database, "roster")
    database.close()


class OnMongo:
    """The same over a real MongoDB-protocol server, in a database that is dropped afterwards."""

    @pytest.fixture
    def database(self, mongodb_url: str) -> Iterator[Documents]:
        database = connect(mongodb_url, f"contract-{uuid.uuid4().hex[:12]}")
        yield database
        database.client.drop_database(database.name)
        database.client.close()

    @pytest.fixture
    def store(self, database: Documents) -> Iterator[MongoStore]:
        store = MongoStore(database, "roster")
        yield store
        store.close()

    @pytest.fixture
    def another(self, mongodb_url: str, database: Documents) -> Iterator[MongoStore]:
        own = connect(mongodb_url, database.name)
        store = MongoStore(own, "roster")
        yield store
        store.close()
        own.client.close()

    @pytest.fixture
    def views(self, database: Documents) -> MongoViews:
        return MongoViews(database, "plans")

    @pytest.fixture
    def keys(self, database: Documents) -> MongoKeys:
        return MongoKeys(database, MASTER)

    @pytest.fixture
    def other_keys(self, mongodb_url: str, database: Documents) -> Iterator[MongoKeys]:
        own = connect(mongodb_url, database.name)
        yield MongoKeys(own, MASTER)
        own.client.close()

    @pytest.fixture
    def keys_at(self, mongodb_url: str, database: Documents) -> Iterator[KeysAt]:
        opened: list[Documents] = []

        def make(clock: Callable[[], datetime], master: bytes = MASTER) -> MongoKeys:
            opened.append(connect(mongodb_url, database.name))
            return MongoKeys(opened[-1], master, clock)

        yield make
        for each in opened:
            each.client.close()

    @pytest.fixture
    def snapshots(self, database: Documents) -> MongoSnapshots:
        return MongoSnapshots(database, "roster")

    @pytest.fixture
    def other_snapshots(self, mongodb_url: str, database: Documents) -> Iterator[MongoSnapshots]:
        own = connect(mongodb_url, database.name)
        yield MongoSnapshots(own, "roster")
        own.client.close()
