"""Property 11: a broker that dies and stays away longer than every time-out costs time, and nothing else."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.contract.brokers import Outbox
from tests.faults.lengths import lasting
from tests.faults.seen import metric
from tests.integration.tales import tales, told, truth
from tests.integration.threads import eventually, running
from waymark.events.catalogue import Topic
from waymark.events.contract.feed import drain, facts, records, write
from waymark.events.kafka import KafkaFeed, KafkaPublisher, create_topics
from waymark.events.relay import Relay
from waymark.events.sqlite.database import Database
from waymark.events.sqlite.store import SqliteStore
from waymark.events.sqlite.views import SqliteViews
from waymark.events.worker import Worker
from waymark.tools.engines import KafkaEngine

AWAY = lasting(14.0, at_length=600.0)  # seconds; a batch gives up after 8 to 10
TOPIC = Topic("outage", "outage.events.v1", 12)


@pytest.mark.kafka
@pytest.mark.usefixtures("quiet")
@pytest.mark.timeout(300 + 2 * AWAY)
@pytest.mark.filterwarnings("ignore:unclosed")  # the client forgets the sockets of connections that were refused
def test_what_was_recorded_while_the_broker_was_dead_arrives_whole_and_in_order(broker: KafkaEngine, tmp_path: Path) -> None:
    client = {"bootstrap_servers": broker.bootstrap}
    create_topics(client, 1, [TOPIC])
    events, documents = Database(tmp_path / "events.db", "NORMAL"), Database(tmp_path / "views.db", "NORMAL")
    store, views, outbox = SqliteStore(events, TOPIC.service), SqliteViews(documents, "plans"), Outbox()
    projection = tales(TOPIC.service)
    relay = Relay(store, outbox, lambda: KafkaPublisher(client, TOPIC), "one")
    worker = Worker(KafkaFeed(client, TOPIC, "readers"), [projection], views)
    number = 0
    with running(relay.run, worker.run):
        for number in range(30):
            write(store, number)
        assert eventually(lambda: told(views, projection.view) == truth(store))
        assert (relay.waits, metric("relay_unavailable", service="outage"), metric("feed_unavailable", source="outage")) == ("", 0, 0)
        died = time.monotonic()
        broker.kill()
        while time.monotonic() - died < AWAY:  # recording goes on without it
            number += 1
            write(store, number, count=1 + number % 3)
            time.sleep(0.25)
        # It is seen who waits for what, and how much: relay and worker for the broker, ever more for the relay.
        assert eventually(lambda: metric("relay_unavailable", service="outage") == 1 and relay.waits != "", seconds=15)
        assert eventually(lambda: metric("feed_unavailable", source="outage") == 1, seconds=15)
        assert eventually(lambda: metric("store_position", service="outage") == store.head(), seconds=15)
        assert metric("relay_position", service="outage") == outbox.position() < store.head()
        assert told(views, projection.view) != truth(store)
        broker.restart()
        back = time.monotonic()
        assert eventually(lambda: told(views, projection.view) == truth(store), seconds=60)
        print(f"away {AWAY:.0f} s, {store.head() - 30} commits meanwhile; caught up {time.monotonic() - back:.1f} s after it was back")
        assert outbox.position() == store.head()
        assert eventually(lambda: relay.waits == "" and metric("feed_unavailable", source="outage") == 0)
    feed = KafkaFeed(client, TOPIC, "somebody-else")
    feed.start(dict)
    read = records(drain(feed))
    feed.close()
    first_time = list(dict.fromkeys(each.sequence for each in read))
    assert sorted(first_time) == [each.sequence for each in facts(store)]
    for part in range(TOPIC.partitions):
        own = list(dict.fromkeys(each.sequence for each in read if each.partition == part))
        assert own == sorted(own), "nothing passes an earlier event of its partition"
    store.close()
    events.close()
    documents.close()
