"""Everything that a running platform keeps, as bytes: files, documents, records; and a way to write into its stores beside it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import bson
from kafka import KafkaConsumer
from kafka.structs import TopicPartition
from msgspec import Struct

from tests.faults.canary import Found, in_files, within
from waymark.events.catalogue import TOPICS
from waymark.events.envelope import Commit
from waymark.events.keys import Keyring
from waymark.events.mongo.database import connect
from waymark.events.mongo.keys import MongoKeys
from waymark.events.mongo.store import MongoStore
from waymark.events.mongo.views import MongoViews
from waymark.events.sqlite.database import Database
from waymark.events.sqlite.keys import SECURE, SqliteKeys
from waymark.events.sqlite.views import SqliteViews
from waymark.events.store import Store
from waymark.events.views import Views
from waymark.service.distributed import Cluster
from waymark.service.embedded import Folder
from waymark.tools.engines import KafkaEngine, MongodbEngine


class Looked(Struct, frozen=True):
    """By kind of place, what was found there and how many bytes were looked at."""

    places: dict[str, tuple[list[Found], int]]

    @property
    def found(self) -> list[Found]:
        return [each for found, _ in self.places.values() for each in found]

    @property
    def bytes(self) -> dict[str, int]:
        return {place: looked for place, (_, looked) in self.places.items()}

    def showing(self, core: str) -> set[str]:
        """The kinds of places that show this core."""
        return {place for place, (found, _) in self.places.items() if any(each.core == core for each in found)}


class Resting(Protocol):
    """One deployment's places."""

    def look(self) -> Looked:
        """Every form of the canary, wherever something is kept."""
        ...

    def keyring(self) -> Any:
        """The keyring as another process opens it: a context manager of a Keyring."""
        ...

    def store(self, service: str) -> Any:
        """A service's store, beside its process: a context manager of a Store."""
        ...

    def views(self, service: str) -> Any:
        """A service's views, beside its process: a context manager of Views."""
        ...

    def wrapped(self, person: str) -> tuple[str, bytes]:
        """The person's key as it lies there: its month, and the key wrapped."""
        ...

    def give_back(self, person: str, month: str, wrapped: bytes) -> None:
        """Undo the deletion of a key, as if it had never been made."""
        ...

    def spill(self, text: bytes) -> None:
        """Write something and delete it again, as a careless adapter would: only the engine's own remnants keep it."""
        ...


def commits(resting: Resting) -> Iterator[Commit]:
    for service in TOPICS:
        with resting.store(service) as store:
            yield from store.scan(0, 1_000_000)


class InFolder:
    """The embedded deployment: files, and nothing else."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._master = bytes.fromhex((folder / "master.key").read_text())

    def look(self) -> Looked:
        return Looked({"files": in_files([self._folder])})

    @contextmanager
    def keyring(self) -> Iterator[Keyring]:
        database = Database(self._folder / "keys.db", "FULL", SECURE)
        yield Keyring(SqliteKeys(database, self._master))
        database.close()

    @contextmanager
    def store(self, service: str) -> Iterator[Store]:
        folder = Folder(self._folder, self._master)
        yield folder.store(service)
        folder.close()

    @contextmanager
    def views(self, service: str) -> Iterator[Views]:
        database = Database(self._folder / "views.db", "NORMAL")
        yield SqliteViews(database, service)
        database.close()

    def wrapped(self, person: str) -> tuple[str, bytes]:
        database = Database(self._folder / "keys.db", "FULL", SECURE)
        row = database.read().execute("SELECT month, wrapped FROM people WHERE person = ?", (person,)).fetchone()
        database.close()
        return row

    def give_back(self, person: str, month: str, wrapped: bytes) -> None:
        database = Database(self._folder / "keys.db", "FULL", SECURE)
        with database.write() as db:
            db.execute("UPDATE people SET month = ?, wrapped = ? WHERE person = ?", (month, wrapped, person))
        database.close()

    def spill(self, text: bytes) -> None:
        database = Database(self._folder / "views.db", "NORMAL")
        with database.write() as db:
            db.execute("CREATE TABLE spilt (text BLOB)")
            db.execute("INSERT INTO spilt VALUES (?)", (text,))
        with database.write() as db:
            db.execute("DROP TABLE spilt")
        database.close()


class OnEngines:
    """The distributed deployment: documents, records, and the engines' own folders beneath them."""

    def __init__(self, folder: Path, documents: MongodbEngine, broker: KafkaEngine) -> None:
        self._folder, self._documents, self._broker = folder, documents, broker
        self._prefix = (folder / "prefix").read_text().strip()
        self._master = bytes.fromhex((folder / "master.key").read_text())

    def look(self) -> Looked:
        return Looked(
            {
                "files": in_files([self._folder]),
                "MongoDB's folders": in_files(self._documents.service.folders),
                "Kafka's folder": in_files(self._broker.service.folders),
                "documents": _within(self._each_document()),
                "records": _within(self._each_record()),
            }
        )

    @contextmanager
    def keyring(self) -> Iterator[Keyring]:
        database = connect(self._documents.url, f"{self._prefix}-keys")
        yield Keyring(MongoKeys(database, self._master))
        database.client.close()

    @contextmanager
    def store(self, service: str) -> Iterator[MongoStore]:
        cluster = Cluster(service, self._documents.url, self._broker.bootstrap, self._master, self._prefix)
        yield cluster.store(service)
        cluster.close()

    @contextmanager
    def views(self, service: str) -> Iterator[Views]:
        database = connect(self._documents.url, f"{self._prefix}-{service}")
        yield MongoViews(database, service)
        database.client.close()

    def wrapped(self, person: str) -> tuple[str, bytes]:
        database = connect(self._documents.url, f"{self._prefix}-keys")
        found = database["people"].find_one({"_id": person}) or {}
        database.client.close()
        return found["month"], found["wrapped"]

    def give_back(self, person: str, month: str, wrapped: bytes) -> None:
        database = connect(self._documents.url, f"{self._prefix}-keys")
        database["people"].update_one({"_id": person}, {"$set": {"month": month, "wrapped": wrapped}})
        database.client.close()

    def spill(self, text: bytes) -> None:
        database = connect(self._documents.url, f"{self._prefix}-plans")
        database["spilt"].insert_one({"_id": 1, "text": text.decode()})
        database["spilt"].delete_one({"_id": 1})
        database.client.close()

    def _each_document(self) -> Iterator[tuple[str, bytes]]:
        client = connect(self._documents.url, "admin").client
        for name in client.list_database_names():
            for collection in client[name].list_collection_names():
                for each in client[name][collection].find():
                    yield f"{name}.{collection}", bson.encode(each)
        client.close()

    def _each_record(self) -> Iterator[tuple[str, bytes]]:
        """Every record of every topic, uncommitted ones too, with its key and headers."""
        consumer = KafkaConsumer(bootstrap_servers=self._broker.bootstrap, isolation_level="read_uncommitted", enable_auto_commit=False)
        parts = [TopicPartition(topic, part) for topic in consumer.topics() for part in consumer.partitions_for_topic(topic) or ()]
        consumer.assign(parts)
        consumer.seek_to_beginning(*parts)
        ends: dict[TopicPartition, int] = consumer.end_offsets(parts)
        deadline = time.monotonic() + 120
        while any((consumer.position(each) or 0) < end for each, end in ends.items()):
            assert time.monotonic() < deadline, "the topics' ends are never reached"
            for part, records in consumer.poll(timeout_ms=500).items():
                for each in records:
                    headers = b"\n".join(name.encode() + b" " + value for name, value in each.headers)
                    yield f"{part.topic}", b"\n".join((each.key or b"", each.value or b"", headers))
        consumer.close()


def _within(pieces: Iterator[tuple[str, bytes]]) -> tuple[list[Found], int]:
    found: list[Found] = []
    looked = 0
    for where, content in pieces:
        looked += len(content)
        found += within(content, where)
    return found, looked
