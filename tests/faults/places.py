"""Where a piece of work is done: a folder of SQLite files, or a database and a topic of one's own on the real engines."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from tests.contract.brokers import Outbox
from waymark.events.catalogue import Topic
from waymark.events.envelope import PARTITIONS
from waymark.events.feed import Feed, StoreFeed
from waymark.events.kafka import KafkaFeed, KafkaPublisher
from waymark.events.keys import Keys
from waymark.events.mongo.database import connect
from waymark.events.mongo.keys import MongoKeys
from waymark.events.mongo.outbox import MongoOutbox
from waymark.events.mongo.store import MongoStore
from waymark.events.mongo.views import MongoViews
from waymark.events.relay import Relay
from waymark.events.sqlite.database import Database
from waymark.events.sqlite.keys import SECURE, SqliteKeys
from waymark.events.sqlite.store import SqliteStore
from waymark.events.sqlite.views import SqliteViews
from waymark.events.store import Store
from waymark.events.views import Views

MASTER = b"m" * 32
SERVICE = "roster"


class Place(Struct, frozen=True, kw_only=True):
    """Addresses only, so that it can be sent to another process; what is opened belongs to the process that opens it."""

    folder: Path
    mongodb: str | None = None
    database: str = ""
    kafka: str | None = None
    topic: str = ""

    def open(self) -> Opened:
        return Opened(self)


MakePlace = Callable[[Path, bool], Place]
"""In a folder, with a topic or without."""


class Opened:
    """The adapters over a place, as one process has them."""

    def __init__(self, place: Place) -> None:
        self._place, self.folder = place, place.folder
        self.store: Store
        self.views: Views
        self.keys: Keys
        if place.mongodb:
            self.documents = documents = connect(place.mongodb, place.database)
            self.store, self.views = MongoStore(documents, SERVICE), MongoViews(documents, SERVICE)
            self.keys, self.outbox = MongoKeys(documents, MASTER), MongoOutbox(documents, SERVICE)
            self._close: list[Callable[[], object]] = [self.store.close, documents.client.close]
        else:
            events, views = Database(place.folder / "events.db", "FULL"), Database(place.folder / "views.db", "NORMAL")
            keys = Database(place.folder / "keys.db", "FULL", SECURE)
            self.store, self.views = SqliteStore(events, SERVICE), SqliteViews(views, SERVICE)
            self.keys, self.outbox = SqliteKeys(keys, MASTER), Outbox()
            self._close = [self.store.close, events.close, views.close, keys.close]

    @property
    def topic(self) -> Topic:
        return Topic(SERVICE, self._place.topic, PARTITIONS)

    def feed(self) -> Feed:
        """Of the store itself, as a service reads its own events."""
        return StoreFeed(self.store)

    def topic_feed(self, group: str) -> KafkaFeed:
        return KafkaFeed(self._client, self.topic, group)

    def relay(self, owner: str = "only") -> Relay:
        return Relay(self.store, self.outbox, lambda: KafkaPublisher(self._client, self.topic), owner)

    def close(self) -> None:
        for each in self._close:
            each()

    @property
    def _client(self) -> dict[str, str]:
        assert self._place.kafka is not None
        return {"bootstrap_servers": self._place.kafka}
