"""A topic is deleted and made anew under a running relay, a worker and writers: they notice by themselves, and nothing is missing."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from kafka import KafkaAdminClient

from tests.contract.brokers import OnKafka, Outbox, delete_topics, relay_all
from tests.faults.writers import Writers
from tests.integration.tales import WHOLE, Tale, tales, told, truth
from tests.integration.threads import eventually, running
from waymark.events.catalogue import Topic
from waymark.events.cloud import outgoing
from waymark.events.contract.feed import drain, facts, records, write
from waymark.events.feed import Feed
from waymark.events.kafka import KafkaPublisher, check_topic, create_topics
from waymark.events.relay import Relay
from waymark.events.sqlite.database import Database
from waymark.events.sqlite.views import SqliteViews
from waymark.events.store import Store, Unavailable
from waymark.events.worker import Worker

pytestmark = pytest.mark.kafka
Client = Mapping[str, Any]


class KeepingOutbox(Outbox):
    """In memory, and true to what it says of topics."""

    def __init__(self) -> None:
        super().__init__()
        self.topic = ""

    def adopt(self, topic: str) -> None:
        if topic != self.topic:
            self.topic, self.at = topic, 0


def make_anew(client: Client, topic: Topic) -> None:
    delete_topics(client, topic.name)
    admin: Any = KafkaAdminClient(**client)
    assert eventually(lambda: topic.name not in set(admin.list_topics()))
    admin.close()
    create_topics(client, 1, [topic])


def poll_in_vain(feed: Feed) -> None:
    """Fails at the first record that comes."""
    for _ in range(100):
        assert not feed.poll(500, 0.1).records


class TestTopicMadeAnew(OnKafka):
    @pytest.mark.timeout(180)
    def test_relay_and_worker_go_on_with_the_new_one(
        self, store: Store, client: Client, topic: Topic, a_feed: Callable[[], Feed], tmp_path: Path
    ) -> None:
        documents = Database(tmp_path / "views.db", "NORMAL")
        views, projection, outbox = SqliteViews(documents, "plans"), tales(topic.service), KeepingOutbox()
        relay = Relay(store, outbox, lambda: KafkaPublisher(client, topic), "one")
        worker, writers = Worker(a_feed(), [projection], views), Writers(store, pause=0.05)
        with running(relay.run, worker.run):
            with running(*writers.loops()):
                assert eventually(lambda: told(views, projection.view).get(WHOLE, Tale()).count > 100)
                before = check_topic(client, topic)
                make_anew(client, topic)
                made = time.monotonic()
                assert eventually(lambda: outbox.topic not in ("", before))
                print(f"the relay writes the new topic {time.monotonic() - made:.1f} s after it was made")
                time.sleep(1)
            assert eventually(lambda: told(views, projection.view) == truth(store), seconds=60)
            print(f"caught up {time.monotonic() - made:.1f} s after it was made, {store.head()} commits")
            assert eventually(lambda: relay.waits == worker.waits == "")
        writers.check()
        feed = a_feed()
        feed.start(dict)
        assert sorted({each.sequence for each in records(drain(feed))}) == [each.sequence for each in facts(store)]
        documents.close()

    def test_a_reader_in_the_middle_of_the_old_one_does_not_go_on_in_the_middle_of_the_new_one(
        self, store: Store, client: Client, topic: Topic, a_feed: Callable[[], Feed]
    ) -> None:
        """The new one already goes beyond where the reader stands: no offset is out of range."""
        for number in range(60):
            write(store, number)
        relay_all(store, client, topic, Outbox())
        feed = a_feed()
        feed.start(dict)
        drain(feed)
        make_anew(client, topic)
        for _ in range(3):
            relay_all(store, client, topic, Outbox())
        with pytest.raises(Unavailable, match=r"made anew|deleted|not exist"):
            poll_in_vain(feed)

    def test_a_transaction_that_began_on_the_old_one_is_not_ended_on_the_new_one(self, store: Store, client: Client, topic: Topic) -> None:
        for number in range(10):
            write(store, number)
        publisher = KafkaPublisher(client, topic)
        sending = [each for commit in store.scan(0, 10) for each in outgoing(store.service, commit)]
        publisher.publish(sending[:4])
        publisher.check()
        make_anew(client, topic)
        with pytest.raises(Unavailable):
            publisher.check()
        with pytest.raises(Unavailable):
            publisher.publish(sending[4:])
        publisher.close()
