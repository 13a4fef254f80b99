"""From the store through a real broker into views: nothing lost, doubled or passed over, whoever comes, goes or is fenced."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from kafka import KafkaAdminClient

from tests.contract.brokers import OnKafka, Outbox, a_topic, delete_topics, relay_all
from tests.integration.tales import tales, told, truth
from tests.integration.threads import eventually, running
from waymark.events.catalogue import Topic
from waymark.events.cloud import Malformed, Outgoing, outgoing
from waymark.events.contract.feed import drain, facts, records, write
from waymark.events.feed import Feed
from waymark.events.kafka import KafkaFeed, KafkaPublisher, WrongTopic, check_topic, create_topics
from waymark.events.relay import Relay
from waymark.events.sqlite.database import Database
from waymark.events.sqlite.views import SqliteViews
from waymark.events.store import Store, Unavailable
from waymark.events.views import Views
from waymark.events.worker import Worker

pytestmark = pytest.mark.kafka
Client = Mapping[str, Any]


@pytest.fixture
def views(tmp_path: Path) -> Iterator[Views]:
    database = Database(tmp_path / "views.db", "NORMAL")
    yield SqliteViews(database, "plans")
    database.close()


def all_outgoing(store: Store) -> list[Outgoing]:
    return [each for commit in store.scan(0, 1000) for each in outgoing(store.service, commit)]


def fold(feed: Feed, topic: Topic, views: Views) -> None:
    """As a worker's process that starts, folds what there is, and leaves the group."""
    Worker(feed, [tales(topic.service)], views).catch_up()
    feed.close()


class TestRelay(OnKafka):
    def test_what_is_relayed_folds_to_what_the_store_says(
        self, store: Store, topic: Topic, publish: Callable[[], None], a_feed: Callable[[], Feed], views: Views
    ) -> None:
        for number in range(300):
            write(store, number, count=1 + number % 4)
        publish()
        fold(a_feed(), topic, views)
        assert told(views, tales(topic.service).view) == truth(store)
        for number in range(300, 320):
            write(store, number)
        publish()
        fold(a_feed(), topic, views)
        assert told(views, tales(topic.service).view) == truth(store)

    def test_a_relay_that_sends_everything_again_changes_nothing(
        self, store: Store, client: Client, topic: Topic, a_feed: Callable[[], Feed], views: Views
    ) -> None:
        for number in range(50):
            write(store, number)
        relay_all(store, client, topic, Outbox())
        fold(a_feed(), topic, views)
        write(store, 50)
        relay_all(store, client, topic, Outbox())  # its checkpoint was lost
        fold(a_feed(), topic, views)
        assert told(views, tales(topic.service).view) == truth(store)
        feed = a_feed()
        feed.start(dict)
        for batch in drain(feed):
            assert all(batch.checkpoints[each.partition].sequence >= each.sequence for each in batch.records)

    def test_of_two_relays_the_older_is_fenced_and_nothing_of_it_is_seen(
        self, store: Store, client: Client, topic: Topic, a_feed: Callable[[], Feed]
    ) -> None:
        for number in range(10):
            write(store, number)
        older = KafkaPublisher(client, topic)
        older.publish(all_outgoing(store)[:4])
        newer = KafkaPublisher(client, topic)
        with pytest.raises(Unavailable):
            older.publish(all_outgoing(store)[4:7])
        newer.publish(all_outgoing(store)[4:])
        feed = a_feed()
        feed.start(dict)
        read = records(drain(feed))
        assert sorted(each.sequence for each in read) == [each.sequence for each in facts(store)]
        older.close()
        newer.close()

    def test_an_aborted_or_abandoned_transaction_is_never_read(
        self, store: Store, client: Client, topic: Topic, a_feed: Callable[[], Feed]
    ) -> None:
        for number in range(6):
            write(store, number)
        wanted = all_outgoing(store)
        first = KafkaPublisher(client, topic)
        _send(first, topic, wanted[:3])
        first._producer.abort_transaction()
        _send(first, topic, wanted[:5])  # and dies: nobody ends this one but its successor
        second = KafkaPublisher(client, topic)
        second.publish(wanted)
        feed = a_feed()
        feed.start(dict)
        assert len(records(drain(feed))) == 6
        first.close()
        second.close()

    def test_two_relays_at_once_lose_nothing(
        self, store: Store, client: Client, topic: Topic, a_feed: Callable[[], Feed], views: Views
    ) -> None:
        """Both believe that it is their turn: they fence each other, start over, and readers drop what came twice."""
        outbox = Outbox()
        relays = [Relay(store, outbox, lambda: KafkaPublisher(client, topic), owner) for owner in ("one", "two")]
        with running(*(each.run for each in relays)):
            for number in range(40):
                write(store, number)
                time.sleep(0.02)
            assert eventually(lambda: outbox.position() == store.head())
        fold(a_feed(), topic, views)
        assert told(views, tales(topic.service).view) == truth(store)

    def test_workers_that_join_and_leave_fold_every_event_once(
        self, store: Store, client: Client, topic: Topic, a_feed: Callable[[], Feed], views: Views
    ) -> None:
        outbox = Outbox()
        relay = Relay(store, outbox, lambda: KafkaPublisher(client, topic), "one")
        feeds = [a_feed(), a_feed()]
        first, second = (Worker(each, [tales(topic.service)], views) for each in feeds)
        with running(relay.run, first.run) as stop:
            for number in range(60):
                write(store, number)
            assert eventually(lambda: len(told(views, tales(topic.service).view)) > 3)
            with running(second.run):
                assert eventually(lambda: all(_assigned(each) for each in feeds))
                assert sum(_assigned(each) for each in feeds) <= topic.partitions
                for number in range(60, 120):
                    write(store, number)
                    time.sleep(0.01)
                stop(1)
                for number in range(120, 150):
                    write(store, number)
                assert eventually(lambda: told(views, tales(topic.service).view) == truth(store))

    def test_a_topic_made_anew_is_read_from_its_beginning_and_changes_nothing(
        self, store: Store, client: Client, topic: Topic, a_feed: Callable[[], Feed], views: Views
    ) -> None:
        for number in range(60):
            write(store, number)
        relay_all(store, client, topic, Outbox())
        view = tales(topic.service).view
        fold(a_feed(), topic, views)
        before, known = check_topic(client, topic), views.checkpoints(view, topic.service)
        delete_topics(client, topic.name)
        assert eventually(lambda: topic.name not in _topics(client))
        create_topics(client, 1, [topic])
        assert check_topic(client, topic) != before
        relay_all(store, client, topic, Outbox())
        for number in range(60, 80):
            write(store, number)
        fold(a_feed(), topic, views)
        assert told(views, view)["d/tale/of-all"].count == 60
        after = views.checkpoints(view, topic.service)
        assert {part: each.sequence for part, each in after.items()} == {part: each.sequence for part, each in known.items()}
        assert {each.topic for each in after.values()} == {check_topic(client, topic)}, "the next start need not read it all again"
        relay_all(store, client, topic, Outbox())
        fold(a_feed(), topic, views)
        assert told(views, view) == truth(store)

    def test_a_record_that_somebody_else_wrote_stops_the_reader(self, client: Client, topic: Topic, a_feed: Callable[[], Feed]) -> None:
        stranger = KafkaPublisher(client, topic)
        stranger.publish([Outgoing(key=b"k", value=b"{}", headers=[("ce_id", b"x")], partition=0)])
        stranger.close()
        feed = a_feed()
        feed.start(dict)
        with pytest.raises(Malformed, match=r"partition 0"):
            drain(feed)


@pytest.mark.parametrize(
    "settings,complaint",
    [
        ({"num_partitions": 3}, "has 3 partitions, its version has 12"),
        ({"configs": {"cleanup.policy": "compact", "retention.ms": "-1"}}, "cleanup.policy is compact, must be delete"),
        ({"configs": {"retention.ms": "604800000"}}, "retention.ms is 604800000, must be -1"),
    ],
    ids=["partitions", "compacted", "retention"],
)
class TestWrongTopic(OnKafka):
    @pytest.fixture
    def wrong(self, client: Client, settings: dict[str, Any]) -> Iterator[Topic]:
        topic = a_topic()
        admin: Any = KafkaAdminClient(**client)
        admin.create_topics({topic.name: {"num_partitions": 12, "replication_factor": 1, **settings}}, wait_for_metadata=True)
        admin.close()
        yield topic
        delete_topics(client, topic.name)

    def test_a_topic_that_would_lose_or_misplace_events_is_refused_by_all(self, client: Client, wrong: Topic, complaint: str) -> None:
        for start in (
            lambda: create_topics(client, 1, [wrong]),
            lambda: KafkaPublisher(client, wrong),
            lambda: KafkaFeed(client, wrong, f"{wrong.service}-readers").start(dict),
        ):
            with pytest.raises(WrongTopic, match=complaint):
                start()


def _send(publisher: KafkaPublisher, topic: Topic, sending: list[Outgoing]) -> None:
    """A transaction, begun and on the broker, but not ended."""
    publisher._producer.begin_transaction()
    for each in sending:
        publisher._producer.send(topic.name, key=each.key, value=each.value, headers=each.headers, partition=each.partition)
    publisher._producer.flush(timeout=10)


def _assigned(feed: Feed) -> int:
    assert isinstance(feed, KafkaFeed)
    return len(feed._consumer.assignment()) if feed._consumer else 0


def _topics(client: Client) -> set[str]:
    admin: Any = KafkaAdminClient(**client)
    try:
        return set(admin.list_topics())
    finally:
        admin.close()
