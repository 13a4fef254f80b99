"""The distributed deployment: a MongoDB-protocol server for stores, views and keys, and topics on a Kafka broker.

The same face as `waymark.service.embedded.Folder`: a service's code cannot tell which of the two it was handed.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime

from waymark.events.catalogue import TOPICS, Topic
from waymark.events.feed import Checkpoint, Feed, StoreFeed, waiting_in
from waymark.events.kafka import KafkaFeed, KafkaPublisher, KafkaTopic
from waymark.events.keys import Keyring
from waymark.events.mongo.database import connect
from waymark.events.mongo.keys import MongoKeys
from waymark.events.mongo.outbox import MongoOutbox
from waymark.events.mongo.store import MongoStore
from waymark.events.mongo.views import MongoViews
from waymark.events.relay import Relay
from waymark.service.deployment import Publishing
from waymark.service.directory import Counselors, Directory
from waymark.service.identity import Identity
from waymark.service.ports import Ports, utc_now


def topics(prefix: str) -> dict[str, Topic]:
    """By service, the topics of the installation that calls itself `prefix`: several may share a broker."""
    return {service: Topic(service, f"{prefix}.{each.name}" if prefix else each.name, each.partitions) for service, each in TOPICS.items()}


class Cluster:
    """One service's part of it: the database `<prefix>-<service>` and, shared by all services, the keyring `<prefix>-keys`."""

    def __init__(self, service: str, mongodb_url: str, kafka_bootstrap: str, master: bytes, prefix: str = "") -> None:
        self._service, self._prefix = service, prefix
        self._client, self._topics = {"bootstrap_servers": kafka_bootstrap}, topics(prefix)
        self._documents = connect(mongodb_url, f"{prefix or 'waymark'}-{service}")
        self._keys = connect(mongodb_url, f"{prefix or 'waymark'}-keys")
        self._own: MongoStore | None = None
        self._lock = threading.Lock()
        self.keyring = Keyring(MongoKeys(self._keys, master))

    def store(self, service: str) -> MongoStore:
        """The service's own store. Another service's is out of reach: what comes from there comes by its topic."""
        if service != self._service:
            raise ValueError(f"{self._service} has no access to the store of {service}")
        with self._lock:
            if self._own is None:
                self._own = MongoStore(self._documents, service)
            return self._own

    @property
    def feeds(self) -> Mapping[str, Callable[[], Feed]]:
        """By publishing service, what makes a feed: of the own store, or of another service's topic."""
        return {source: self._feed_of(source) for source in self._topics}

    def relay(self) -> Relay | None:
        """What publishes the service's store; None for a service that publishes nothing."""
        topic = self._topics.get(self._service)
        if topic is None:
            return None
        outbox = MongoOutbox(self._documents, self._service)
        return Relay(self.store(self._service), outbox, lambda: KafkaPublisher(self._client, topic), uuid.uuid4().hex)

    def publishing(self) -> Publishing | None:
        """None for a service that publishes nothing."""
        topic = self._topics.get(self._service)
        if topic is None:
            return None
        return Publishing(topic.name, MongoOutbox(self._documents, self._service), KafkaTopic(self._client, topic))

    def feed_apart(self, source: str) -> Feed:
        """A topic is read in a group of its own, new each time: nobody who died a moment ago holds partitions of it."""
        if source == self._service:
            return StoreFeed(self.store(source))
        return KafkaFeed(self._client, self._topics[source], f"{self._group(source)}-rebuild-{uuid.uuid4().hex[:8]}")

    def waiting(self, source: str, checkpoints: Mapping[int, Checkpoint]) -> int:
        """Commits of the own store; of a topic about how many records."""
        if source == self._service:
            return waiting_in(self.store(source), checkpoints)
        return KafkaTopic(self._client, self._topics[source]).waiting(checkpoints)

    def ports(self, service: str, identity: Identity, *, counselors: Counselors = "none", clock: Callable[[], datetime] = utc_now) -> Ports:
        """What the service is handed here. Only a service that publishes has a store."""
        views = self.documents_of(service)
        return Ports(
            service=service,
            store=self.store(service) if service in self._topics else None,
            views=views,
            keyring=self.keyring,
            directory=Directory(views, self.keyring, counselors),
            identity=identity,
            clock=clock,
        )

    def documents_of(self, service: str) -> MongoViews:
        """The service's views."""
        return MongoViews(self._documents, service)

    def close(self) -> None:
        """Place what waits, and let the connections go."""
        if self._own is not None:
            self._own.close()
        self._documents.client.close()
        self._keys.client.close()

    def _feed_of(self, source: str) -> Callable[[], Feed]:
        if source == self._service:
            return lambda: StoreFeed(self.store(source))
        return lambda: KafkaFeed(self._client, self._topics[source], self._group(source))

    def _group(self, source: str) -> str:
        return f"{self._prefix}.{self._service}-{source}" if self._prefix else f"{self._service}-{source}"
