"""Poison end to end: an event that cannot be folded stops its stream and nothing else, until somebody has dealt with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from tests.contract.brokers import OnKafka, Outbox
from tests.faults.seen import metric
from tests.integration.tales import WHOLE, Tale, fold, tales, told, truth
from tests.integration.threads import eventually, running
from waymark.events import project, worker
from waymark.events.catalogue import Topic
from waymark.events.catalogue.roster import RoleGranted
from waymark.events.contract.feed import facts, write
from waymark.events.envelope import Recorded
from waymark.events.feed import Feed, StoreFeed
from waymark.events.kafka import KafkaPublisher
from waymark.events.park import discard, retry
from waymark.events.project import Projection
from waymark.events.relay import Relay
from waymark.events.sqlite.database import Database
from waymark.events.sqlite.store import SqliteStore
from waymark.events.sqlite.views import SqliteViews
from waymark.events.store import Store
from waymark.events.worker import Worker
from waymark.service.health import Health, checks_of_work


def poisoned(source: str, *numbers: int) -> Projection[Tale]:
    """Tales which cannot be told of these commits; the shared document is touched before the one that raises, or after."""

    def evolve(key: str, tale: Tale | None, recorded: Recorded) -> Tale:
        assert isinstance(recorded.event, RoleGranted)
        if key != WHOLE and int(recorded.event.org.partition("/")[0]) in numbers:
            raise ValueError("cannot be folded")
        return fold(key, tale, recorded)

    return replace(tales(source), evolve=evolve)


@pytest.fixture
def views(tmp_path: Path) -> Iterator[SqliteViews]:
    database = Database(tmp_path / "views.db", "NORMAL")
    yield SqliteViews(database, "plans")
    database.close()


@pytest.mark.kafka
class TestOnATopic(OnKafka):
    @pytest.mark.timeout(180)
    def test_p16_poison_stops_its_stream_only_and_retry_brings_the_truth(
        self, store: Store, client: Mapping[str, Any], topic: Topic, a_feed: Callable[[], Feed], views: SqliteViews
    ) -> None:
        projection = tales(topic.service)
        relay = Relay(store, Outbox(), lambda: KafkaPublisher(client, topic), "one")
        folding = Worker(a_feed(), [poisoned(topic.service, 10, 24)], views)
        with running(relay.run, folding.run):
            for number in range(42):
                write(store, number, count=1 + number % 3)
            assert eventually(lambda: folded(views, projection) == without(store, 10, 24))
            assert set(views.parked_streams(projection.view)) == {"d/person/p3"}, "10 and 24 are p3's, as are 17, 31 and 38 behind them"
            assert eventually(lambda: metric("parked_streams", projection="tales") == 1)
            for number in range(42, 49):
                write(store, number)
            assert eventually(lambda: folded(views, projection) == without(store, 10, 24)), "the others go on, it waits"
            waiting = [each.sequence for each in views.parked(projection.view, "d/person/p3")]
            assert waiting == [each.sequence for each in facts(store) if each.key == "p3" and each.position > 10]
        with running(Worker(a_feed(), [projection], views).run):  # the program was mended
            assert retry(projection, projection.view, views, "d/person/p3") == len(waiting)
            assert retry(projection, projection.view, views, "d/person/p3") == 0
            assert comparable(told(views, projection.view)) == comparable(truth(store))
            write(store, 52)
            assert told(views, projection.view)["d/tale/p3"] == truth_until(store, 49)["d/tale/p3"], "in its order"


def folded(views: SqliteViews, projection: Projection[Tale]) -> dict[str, Tale]:
    return told(views, projection.view)


def without(store: Store, *numbers: int) -> dict[str, Tale]:
    """The truth, but nothing of a stream from the first of these commits on."""
    documents: dict[str, Tale] = {}
    stopped: set[str] = set()
    for each in facts(store):
        assert isinstance(each.event, RoleGranted)
        if int(each.event.org.partition("/")[0]) in numbers:
            stopped.add(each.stream)
        if each.stream not in stopped:
            for key in (f"d/tale/{each.key}", WHOLE):
                documents[key] = fold(key, documents.get(key), each)
    return documents


def truth_until(store: Store, commits: int) -> dict[str, Tale]:
    documents: dict[str, Tale] = {}
    for each in facts(store):
        if each.position <= commits:
            for key in (f"d/tale/{each.key}", WHOLE):
                documents[key] = fold(key, documents.get(key), each)
    return documents


def comparable(documents: Mapping[str, Tale]) -> dict[str, tuple[int, tuple[str, ...]]]:
    return {key: (each.count, each.told) for key, each in documents.items()}


@pytest.mark.timeout(60)
def test_too_many_parked_streams_stop_the_projection_and_only_it_until_there_are_fewer(
    tmp_path: Path, views: SqliteViews, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(project, "MOST_STREAMS", 3)
    monkeypatch.setattr(worker, "COUNT", 0.3)
    monkeypatch.setattr(worker, "LOOK", 0.1)
    database = Database(tmp_path / "events.db", "NORMAL")
    store = SqliteStore(database, "stopped")
    sound, faulty = replace(tales("stopped"), name="sound"), poisoned("stopped", *range(7, 12))
    folding = Worker(StoreFeed(store), [faulty, sound], views)
    health = Health(checks_of_work({"folding": folding}))
    with running(folding.run):
        for number in range(7):
            write(store, number)
        assert eventually(lambda: told(views, faulty.view) == told(views, sound.view) == truth(store))
        health.look()
        assert health.ready
        for number in range(7, 14):
            write(store, number)
        assert eventually(lambda: told(views, sound.view) == truth(store)), "the other projection goes on"
        assert eventually(lambda: "streams are parked; the fold itself must be wrong" in folding.waits)
        assert metric("projection_stopped", projection="tales") == 1
        assert metric("projection_stopped", projection="sound") == 0
        for _ in range(3):
            health.look()
        assert not health.ready
        standing = told(views, faulty.view)
        for number in range(14, 21):
            write(store, number)
        assert eventually(lambda: told(views, sound.view) == truth(store))
        assert told(views, faulty.view) == standing, "it stands still"
        for number in (0, 1):  # 7 and 8 are of p0 and p1
            assert discard(faulty.view, views, f"d/person/p{number}")
        assert eventually(lambda: folding.waits == ""), "it goes on by itself"
        assert eventually(lambda: told(views, faulty.view)["d/tale/p5"] == truth(store)["d/tale/p5"])
        assert metric("projection_stopped", projection="tales") == 0
        for _ in range(2):
            health.look()
        assert health.ready
    again = Worker(StoreFeed(store), [faulty], views)
    again.catch_up()
    assert told(views, faulty.view)["d/tale/p6"] == truth(store)["d/tale/p6"]
    store.close()
    database.close()
