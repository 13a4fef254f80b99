"""The embedded deployment: every service's databases in one folder of three SQLite files, and topics that are tables."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from waymark.events.catalogue import TOPICS
from waymark.events.feed import Checkpoint, Feed, StoreFeed, waiting_in
from waymark.events.keys import Keyring
from waymark.events.sqlite.database import Database
from waymark.events.sqlite.keys import SECURE, SqliteKeys
from waymark.events.sqlite.store import SqliteStore
from waymark.events.sqlite.views import SqliteViews
from waymark.service.directory import Counselors, Directory
from waymark.service.identity import Identity
from waymark.service.ports import Ports, utc_now


class Folder:
    """`events.db`, `views.db`, `keys.db`. `pragmas` are for tests, which need no durability."""

    def __init__(self, path: Path, master: bytes, pragmas: tuple[str, ...] = ()) -> None:
        self._events = Database(path / "events.db", "FULL", pragmas)
        self._views = Database(path / "views.db", "NORMAL", pragmas)
        self._keys = Database(path / "keys.db", "FULL", (*pragmas, *SECURE))
        self._stores: dict[str, SqliteStore] = {}
        self._lock = threading.Lock()
        self.keyring = Keyring(SqliteKeys(self._keys, master))

    def store(self, service: str) -> SqliteStore:
        """The store of one service: the same one each time, so that its feeds hear at once of what is appended."""
        with self._lock:
            if service not in self._stores:
                self._stores[service] = SqliteStore(self._events, service)
            return self._stores[service]

    @property
    def feeds(self) -> Mapping[str, Callable[[], Feed]]:
        """By publishing service, what makes a feed of its topic."""
        return {service: self._feed_of(service) for service in TOPICS}

    def ports(self, service: str, identity: Identity, *, counselors: Counselors = "none", clock: Callable[[], datetime] = utc_now) -> Ports:
        """What a service is handed here. Only a service that publishes has a store."""
        views = SqliteViews(self._views, service)
        return Ports(
            service=service,
            store=self.store(service) if service in TOPICS else None,
            views=views,
            keyring=self.keyring,
            directory=Directory(views, self.keyring, counselors),
            identity=identity,
            clock=clock,
        )

    def relay(self) -> None:
        """Nothing to publish: the topics are the stores' own tables."""

    def publishing(self) -> None:
        """The same."""

    def feed_apart(self, source: str) -> Feed:
        """Each reads the table for itself."""
        return StoreFeed(self.store(source))

    def waiting(self, source: str, checkpoints: Mapping[int, Checkpoint]) -> int:
        """Commits beyond the least advanced partition."""
        return waiting_in(self.store(source), checkpoints)

    def close(self) -> None:
        """Place what waits, and let the files go."""
        for store in self._stores.values():
            store.close()
        for database in (self._events, self._views, self._keys):
            database.close()

    def _feed_of(self, service: str) -> Callable[[], Feed]:
        return lambda: StoreFeed(self.store(service))
