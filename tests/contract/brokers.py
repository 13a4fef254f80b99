"""Topics of one's own on the real broker, deleted afterwards, and a relay into them."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from kafka import KafkaAdminClient

from waymark.events.catalogue import Topic
from waymark.events.envelope import PARTITIONS
from waymark.events.feed import Feed
from waymark.events.kafka import KafkaFeed, KafkaPublisher, create_topics
from waymark.events.relay import Relay
from waymark.events.sqlite.database import Database
from waymark.events.sqlite.store import SqliteStore
from waymark.events.store import Store


class Outbox:
    """Where a relay stands, in memory."""

    def __init__(self) -> None:
        self.at = 0

    def adopt(self, topic: str) -> None: ...

    def position(self) -> int:
        return self.at

    def reached(self, position: int) -> None:
        self.at = max(self.at, position)

    def lease(self, owner: str, seconds: float) -> bool:
        return True


def a_topic() -> Topic:
    name = f"t{uuid.uuid4().hex[:12]}"
    return Topic(name, f"{name}.events.v1", PARTITIONS)


def delete_topics(client: Mapping[str, Any], *names: str) -> None:
    admin: Any = KafkaAdminClient(**client)
    admin.delete_topics(list(names), raise_errors=False)
    admin.close()


def delete_groups(client: Mapping[str, Any], *groups: str) -> None:
    admin: Any = KafkaAdminClient(**client)
    admin.delete_groups(list(groups))
    admin.close()


def relay_all(store: Store, client: Mapping[str, Any], topic: Topic, outbox: Outbox) -> None:
    """As a relay that starts, publishes what there is, and stops."""
    publisher = KafkaPublisher(client, topic)
    relay = Relay(store, outbox, lambda: publisher, "test")
    while relay.step(0):
        pass
    publisher.close()


class OnKafka:
    """A store, relayed into a topic of its own, and feeds of it."""

    @pytest.fixture
    def client(self, kafka_bootstrap: str) -> Mapping[str, Any]:
        return {"bootstrap_servers": kafka_bootstrap}

    @pytest.fixture
    def topic(self, client: Mapping[str, Any]) -> Iterator[Topic]:
        topic = a_topic()
        create_topics(client, 1, [topic])
        yield topic
        delete_topics(client, topic.name)

    @pytest.fixture
    def store(self, tmp_path: Path, topic: Topic) -> Iterator[Store]:
        database = Database(tmp_path / "events.db", "NORMAL")
        store = SqliteStore(database, topic.service)
        yield store
        store.close()
        database.close()

    @pytest.fixture
    def publish(self, client: Mapping[str, Any], topic: Topic, store: Store) -> Callable[[], None]:
        outbox = Outbox()
        return lambda: relay_all(store, client, topic, outbox)

    @pytest.fixture
    def a_feed(self, client: Mapping[str, Any], topic: Topic) -> Iterator[Callable[[], Feed]]:
        group = f"{topic.service}-readers"
        feeds: list[KafkaFeed] = []

        def make() -> Feed:
            feeds.append(KafkaFeed(client, topic, group))
            return feeds[-1]

        yield make
        for each in feeds:
            each.close()
        delete_groups(client, group)
