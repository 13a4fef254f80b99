"""Partitions change hands while a batch is being folded: whoever lost them finishes it, whoever got them begins at the checkpoints."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from kafka import KafkaAdminClient
from msgspec.structs import replace

from tests.contract.brokers import OnKafka, Outbox, relay_all
from tests.integration.tales import Tale, fold, tales, told, truth
from tests.integration.threads import eventually, running
from waymark.events.catalogue import Topic
from waymark.events.contract.feed import write
from waymark.events.envelope import Recorded
from waymark.events.feed import Feed
from waymark.events.sqlite.database import Database
from waymark.events.sqlite.views import SqliteViews
from waymark.events.store import Store
from waymark.events.worker import Worker

HELD = 50


@pytest.mark.kafka
class TestRebalance(OnKafka):
    @pytest.mark.timeout(120)
    def test_a_worker_joins_while_another_is_in_the_middle_of_a_batch(
        self, store: Store, client: Mapping[str, Any], topic: Topic, a_feed: Callable[[], Feed], tmp_path: Path
    ) -> None:
        documents = Database(tmp_path / "views.db", "NORMAL")
        views, projection = SqliteViews(documents, "plans"), tales(topic.service)
        holds, go_on = threading.Event(), threading.Event()

        def held(key: str, tale: Tale | None, recorded: Recorded) -> Tale:
            if recorded.position == HELD and not go_on.is_set():
                holds.set()
                go_on.wait(30)
            return fold(key, tale, recorded)

        outbox = Outbox()
        for number in range(40):
            write(store, number)
        relay_all(store, client, topic, outbox)
        first, second = a_feed(), a_feed()
        slow, other = (Worker(each, [replace(projection, evolve=held)], views) for each in (first, second))
        with running(slow.run):
            assert eventually(lambda: told(views, projection.view) == truth(store))
            for number in range(40, 70):
                write(store, number)
            relay_all(store, client, topic, outbox)
            assert holds.wait(20)
            with running(other.run):
                assert eventually(lambda: members(client, f"{topic.service}-readers") == 2), "it has asked to join"
                for number in range(70, 80):
                    write(store, number)
                relay_all(store, client, topic, outbox)
                go_on.set()
                assert eventually(lambda: told(views, projection.view) == truth(store), seconds=60)
                assert eventually(lambda: 0 < assigned(second) < topic.partitions), "it got its part"
                for number in range(80, 120):
                    write(store, number)
                relay_all(store, client, topic, outbox)
                assert eventually(lambda: told(views, projection.view) == truth(store), seconds=60)
        assert not views.parked_streams(projection.view)
        documents.close()


def members(client: Mapping[str, Any], group: str) -> int:
    admin: Any = KafkaAdminClient(**client)
    try:
        found = admin.describe_groups([group])
        return len(found[group]["members"])
    finally:
        admin.close()


def assigned(feed: Any) -> int:
    return len(feed._consumer.assignment()) if feed._consumer else 0
