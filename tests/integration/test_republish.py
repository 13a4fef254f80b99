"""A topic made anew from the store: complete, in order, in the newest versions, whoever else relays and whoever reads meanwhile."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.contract.brokers import OnKafka
from tests.integration.tales import tales, told, truth
from tests.integration.threads import eventually, running
from waymark.events.catalogue import UPCASTERS, Topic
from waymark.events.contract.feed import by_place, drain, facts, records, write
from waymark.events.feed import Feed
from waymark.events.kafka import KafkaPublisher, KafkaTopic, check_topic
from waymark.events.mongo.database import connect
from waymark.events.mongo.outbox import MongoOutbox
from waymark.events.relay import Relay
from waymark.events.republish import TopicNotEmpty, republish
from waymark.events.sqlite.database import Database
from waymark.events.sqlite.views import SqliteViews
from waymark.events.store import Store
from waymark.events.views import Views
from waymark.events.worker import Worker

pytestmark = pytest.mark.engines
Client = Mapping[str, Any]


def silent(_position: int, _head: int) -> None: ...


class TestRepublish(OnKafka):
    @pytest.fixture
    def outboxes(self, mongodb_url: str, topic: Topic) -> Iterator[Callable[[], MongoOutbox]]:
        database = connect(mongodb_url, f"republish-{uuid.uuid4().hex[:12]}")
        yield lambda: MongoOutbox(database, topic.service)
        database.client.drop_database(database.name)
        database.client.close()

    @pytest.fixture
    def views(self, tmp_path: Path) -> Iterator[Views]:
        database = Database(tmp_path / "views.db", "NORMAL")
        yield SqliteViews(database, "plans")
        database.close()

    @pytest.mark.timeout(180)
    def test_a_full_topic_is_made_anew_beside_a_running_relay_and_a_running_reader(
        self,
        store: Store,
        client: Client,
        topic: Topic,
        outboxes: Callable[[], MongoOutbox],
        a_feed: Callable[[], Feed],
        views: Views,
    ) -> None:
        for number in range(300):
            write(store, number, count=1 + number % 3)
        projection = tales(topic.service)
        views.prepare(projection.view)
        relay = Relay(store, outboxes(), lambda: KafkaPublisher(client, topic), "the usual one")
        with running(relay.run, Worker(a_feed(), [projection], views).run):
            assert eventually(lambda: told(views, projection.view) == truth(store))
            before = check_topic(client, topic)
            with pytest.raises(TopicNotEmpty, match="records are on the topic"):
                republish(store, outboxes(), KafkaTopic(client, topic), silent)
            assert check_topic(client, topic) == before
            steps: list[tuple[int, int]] = []
            assert republish(store, outboxes(), KafkaTopic(client, topic), lambda *step: steps.append(step), anew=True) == 300
            assert (steps[-1], check_topic(client, topic) != before) == ((300, 300), True)
            for number in range(300, 330):
                write(store, number)
            assert eventually(lambda: told(views, projection.view) == truth(store)), "the usual relay and the reader go on"
        feed = a_feed()
        feed.start(dict)
        assert by_place(records(drain(feed))) == facts(store)

    def test_an_empty_topic_is_filled_in_the_newest_versions(
        self,
        store: Store,
        client: Client,
        topic: Topic,
        outboxes: Callable[[], MongoOutbox],
        a_feed: Callable[[], Feed],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        write(store, 1, count=2)
        written = facts(store)
        body = store.scan(0, 1)[0].body
        store._database._writer.execute(  # type: ignore[attr-defined]  as a program of years ago recorded it
            f"UPDATE {topic.service}_commits SET body = ?",
            (body.replace(b'"roster.role-granted.v1"', b'"roster.role-given.v1"').replace(b'"org"', b'"place"'),),
        )

        def upcast(said: dict[str, object]) -> tuple[str, dict[str, object]]:
            return "roster.role-granted.v1", {"org" if name == "place" else name: each for name, each in said.items()}

        monkeypatch.setitem(UPCASTERS, "roster.role-given.v1", upcast)
        republish(store, outboxes(), KafkaTopic(client, topic), silent)
        monkeypatch.delitem(UPCASTERS, "roster.role-given.v1")  # a reader in ten years, who never heard of it
        feed = a_feed()
        feed.start(dict)
        assert [msgspec.json.encode(each.event) for each in records(drain(feed))] == [msgspec.json.encode(each.event) for each in written]
