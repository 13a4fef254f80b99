"""A clock that is set back by an hour, and forward again: nothing is decided by it."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.contract.brokers import OnKafka, Outbox
from tests.faults.seen import metric
from tests.faults.writers import Writers
from tests.integration.tales import tales, told, truth
from tests.integration.threads import eventually, running
from waymark.events.catalogue import Topic
from waymark.events.feed import Feed
from waymark.events.kafka import KafkaPublisher
from waymark.events.mongo.database import Documents, connect
from waymark.events.mongo.outbox import MongoOutbox
from waymark.events.relay import Relay
from waymark.events.sqlite.database import Database
from waymark.events.sqlite.views import SqliteViews
from waymark.events.store import Store
from waymark.events.worker import Worker

HOUR = 3600.0


class Clock:
    """This process's wall clock, which may be set. The monotonic one goes on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.off, real = 0.0, time.time
        monkeypatch.setattr(time, "time", lambda: real() + self.off)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
def database(mongodb_url: str) -> Iterator[Documents]:
    database = connect(mongodb_url, f"clock-{uuid.uuid4().hex[:12]}")
    yield database
    database.client.drop_database(database.name)
    database.client.close()


@pytest.mark.mongodb
@pytest.mark.parametrize("step", [-HOUR, HOUR], ids=["back", "forward"])
def test_a_lease_ends_when_its_time_has_passed_whatever_the_clock_says(database: Documents, clock: Clock, step: float) -> None:
    one, two = MongoOutbox(database, "roster"), MongoOutbox(database, "roster")
    assert one.lease("one", 0.5)
    assert not two.lease("two", 0.5)
    clock.off = step
    assert not two.lease("two", 0.5), "a clock that was set forward ends nobody's turn"
    for _ in range(4):
        time.sleep(0.2)
        assert one.lease("one", 0.5)
        assert not two.lease("two", 0.5), "it is renewed"
    time.sleep(0.6)
    assert two.lease("two", 0.5), "one is gone: a clock that was set back makes nobody wait"
    assert not one.lease("one", 0.5)


@pytest.mark.kafka
class TestClocks(OnKafka):
    @pytest.mark.timeout(120)
    def test_everything_goes_on_in_its_order(
        self, store: Store, client: Mapping[str, Any], topic: Topic, a_feed: Callable[[], Feed], tmp_path: Path, clock: Clock
    ) -> None:
        documents = Database(tmp_path / "views.db", "NORMAL")
        views, projection = SqliteViews(documents, "plans"), tales(topic.service)
        relay = Relay(store, Outbox(), lambda: KafkaPublisher(client, topic), "one")
        writers = Writers(store, pause=0.02)
        with running(relay.run, Worker(a_feed(), [projection], views).run):
            with running(*writers.loops()):
                for off in (0.0, -HOUR, HOUR, 0.0):
                    clock.off = off
                    at = store.head()
                    assert eventually(lambda: store.head() > at + 40)  # noqa: B023  asked at once
                    assert eventually(lambda: told(views, projection.view).keys() == truth(store).keys())
                    assert 0 <= metric("projection_age_seconds", projection="tales") < 3 * HOUR
            assert eventually(lambda: told(views, projection.view) == truth(store))
        writers.check()
        times = [each.at for each in store.scan(0, 10_000)]
        assert times != sorted(times), "the clock was indeed set back"
        documents.close()
