"""A view of a topic is rebuilt under writes, in a group of its own, beside a running worker: no answer older than one before."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.contract.brokers import OnKafka, Outbox, delete_groups
from tests.integration.tales import WHOLE, Tale, tales, truth
from tests.integration.threads import eventually, running
from waymark.events.catalogue import Topic
from waymark.events.contract.feed import write
from waymark.events.feed import Feed
from waymark.events.kafka import KafkaFeed, KafkaPublisher
from waymark.events.mongo.database import connect
from waymark.events.mongo.views import MongoViews
from waymark.events.rebuild import rebuild, retire, rollback
from waymark.events.relay import Relay
from waymark.events.sqlite.database import Database
from waymark.events.sqlite.views import SqliteViews
from waymark.events.store import Store
from waymark.events.views import System, Views
from waymark.events.worker import Worker

D = System("d")
IDS = [*(f"d/tale/p{n}" for n in range(7)), WHOLE]


class RebuiltUnderWrites(OnKafka):
    """Give `a_view`, which makes the views as another process has them."""

    @pytest.fixture
    def apart(self, client: Mapping[str, Any], topic: Topic) -> Iterator[Callable[[], KafkaFeed]]:
        groups: list[str] = []

        def make() -> KafkaFeed:
            groups.append(f"{topic.service}-readers-rebuild-{uuid.uuid4().hex[:8]}")
            return KafkaFeed(client, topic, groups[-1])

        yield make
        delete_groups(client, *groups)

    @pytest.mark.timeout(180)
    def test_p18_p19_no_reader_sees_a_failed_empty_or_older_answer(
        self,
        store: Store,
        client: Mapping[str, Any],
        topic: Topic,
        a_feed: Callable[[], Feed],
        apart: Callable[[], KafkaFeed],
        a_view: Callable[[], Views],
    ) -> None:
        projection, views, over, problems = tales(topic.service), a_view(), threading.Event(), list[str]()
        for number in range(400):
            write(store, number)

        def documents(of: Views) -> dict[str, Tale]:
            return of.get(D, projection.view, IDS)

        def go_on_writing(_: threading.Event) -> None:
            number = 400
            while not over.wait(0.01):
                write(store, number)
                number += 1

        def read(_: threading.Event) -> None:
            own, newest = a_view(), 0
            while not over.is_set():
                try:
                    count = documents(own)[WHOLE].count
                    if count < newest:
                        problems.append(f"{count} after {newest}")
                    newest = max(newest, count)
                except Exception as problem:  # noqa: BLE001 -- a failed answer is what is looked for
                    problems.append(repr(problem))

        relay = Relay(store, Outbox(), lambda: KafkaPublisher(client, topic), "one")
        with running(relay.run, Worker(a_feed(), [projection], views).run):
            assert eventually(lambda: views.live("tales") == "tales@1" and len(documents(views)) == len(IDS))
            with running(go_on_writing, read):
                try:
                    assert rebuild(projection, apart(), views, lambda *_: None).key == "tales@1.1"
                    assert rollback(projection, views).key == "tales@1"
                finally:
                    over.set()
            assert problems == []
            assert eventually(lambda: documents(views) == truth(store))
            assert rebuild(projection, apart(), views, lambda *_: None).key == "tales@1.2"
            assert documents(views) == truth(store)
            assert retire(projection, views) == ["tales@1", "tales@1.1"]


@pytest.mark.kafka
class TestOnSqlite(RebuiltUnderWrites):
    @pytest.fixture
    def a_view(self, tmp_path: Path) -> Iterator[Callable[[], Views]]:
        databases: list[Database] = []

        def make() -> Views:
            databases.append(Database(tmp_path / "views.db", "NORMAL"))
            return SqliteViews(databases[-1], "plans")

        yield make
        for each in databases:
            each.close()


@pytest.mark.engines
class TestOnMongo(RebuiltUnderWrites):
    @pytest.fixture
    def a_view(self, mongodb_url: str) -> Iterator[Callable[[], Views]]:
        database = connect(mongodb_url, f"rebuild-{uuid.uuid4().hex[:12]}")
        yield lambda: MongoViews(database, "plans")
        database.client.drop_database(database.name)
        database.client.close()
