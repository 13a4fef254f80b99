"""Properties 9 to 11 of engine.md: what a relay promises, on a real broker."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from kafka import KafkaProducer
from kafka.errors import KafkaError

from tests.contract.adapters import OnMongo
from tests.contract.brokers import OnKafka, Outbox
from tests.integration.tales import tales, told, truth
from tests.integration.threads import eventually, running
from tests.proofs.proof import Variant, must, proof
from tests.proofs.relays import BATCH, POINTS, relaying
from waymark.events import kafka as module
from waymark.events.catalogue import Topic
from waymark.events.cloud import Outgoing, outgoing
from waymark.events.contract.feed import drain, facts, records, write
from waymark.events.envelope import PARTITIONS, Recorded
from waymark.events.kafka import KafkaFeed, KafkaPublisher, create_topics
from waymark.events.mongo.database import Documents
from waymark.events.mongo.store import MongoStore
from waymark.events.relay import Relay
from waymark.events.sqlite.database import Database
from waymark.events.sqlite.store import SqliteStore
from waymark.events.sqlite.views import SqliteViews
from waymark.events.store import Store, Unavailable
from waymark.events.worker import Worker
from waymark.tools.engines import KafkaEngine, start_kafka

ON = "Kafka"
Client = Mapping[str, Any]


def read(client: Client, topic: Topic) -> list[Recorded]:
    """Everything on the topic that a reader of committed transactions sees, as it lies there."""
    feed = KafkaFeed(client, topic, f"{topic.service}-{uuid.uuid4().hex[:6]}")
    feed.start(dict)
    found = records(drain(feed))
    feed.close()
    return found


def must_be_whole(found: Sequence[Recorded], store: Store) -> None:
    """Every event is there, and none stands for the first time behind a later one of its partition."""
    missing = {each.sequence for each in facts(store)} - {each.sequence for each in found}
    must(not missing, f"{len(missing)} of {len(facts(store))} events are not on the topic")
    for part in range(PARTITIONS):
        first = list(dict.fromkeys(each.sequence for each in found if each.partition == part))
        must(first == sorted(first), f"an event of partition {part} was passed by a later one")


def producing(**settings: Any) -> Any:
    return KafkaProducer(**settings)


def own_ids(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "KafkaProducer", lambda **settings: producing(**settings | {"transactional_id": uuid.uuid4().hex}))


@pytest.mark.engines
class TestKilled(OnMongo, OnKafka):
    ON = "MongoDB to Kafka"

    @pytest.fixture
    def store(self, database: Documents, topic: Topic) -> Iterator[MongoStore]:
        store = MongoStore(database, "roster")
        yield store
        store.close()

    @pytest.mark.timeout(180)
    @proof({"the checkpoint moves before the batch is published": lambda _: "hasty"})
    def test_property_09_a_relay_killed_between_any_two_operations_loses_nothing_and_sends_at_most_a_batch_again(
        self, variant: Variant, store: MongoStore, client: Client, topic: Topic, mongodb_url: str, database: Documents
    ) -> None:
        how, where = variant(""), f"{mongodb_url}#{database.name}"
        for dies_at in range(1, len(POINTS) + 1):
            for number in range(2 * BATCH):
                write(store, number + 100 * dies_at, count=2)
            code = relaying(where, client["bootstrap_servers"], topic.service, dies_at, how)
            assert code == -9, f"it was to die at {POINTS[dies_at - 1]}, and ended with {code}"
        assert relaying(where, client["bootstrap_servers"], topic.service, 0, how) == 0
        found = read(client, topic)
        must_be_whole(found, store)
        most = len(facts(store)) + len(POINTS) * BATCH * 2
        must(len(found) <= most, f"{len(found)} records for {len(facts(store))} events: more than a batch was sent again")


@pytest.mark.kafka
class TestTwo(OnKafka):
    ON = "Kafka"

    @proof({"each relay has a transactional id of its own": own_ids})
    def test_property_10_of_two_relays_the_older_is_fenced(
        self, variant: Variant, store: Store, client: Client, topic: Topic, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        variant(monkeypatch)
        for number in range(10):
            write(store, number)
        sending = [each for commit in store.scan(0, 100) for each in outgoing(store.service, commit)]
        older = KafkaPublisher(client, topic)
        older.publish(sending[:4])
        newer = KafkaPublisher(client, topic)
        try:
            older.publish(sending[4:7])
            fenced = False
        except Unavailable:
            fenced = True
        newer.publish(sending[4:])
        older.close()
        newer.close()
        must(fenced, "the older relay still publishes beside the newer")
        found = [each.sequence for each in read(client, topic)]
        must(sorted(found) == [each.sequence for each in facts(store)], f"{len(found)} records for 10 events: both were heard")


# ---- a broker that is away


SHORT = {"delivery_timeout_ms": 1_200, "request_timeout_ms": 1_000, "max_block_ms": 1_500, "transaction_timeout_ms": 2_000}
AWAY = 4.0  # seconds: longer than each of these


class Plain(KafkaPublisher):
    """Broken: without transactions, and a record that could not be sent in time does not hold up the next."""

    def __init__(self, client: Client, topic: Topic) -> None:
        super().__init__(client, topic)
        self._plain: Any = KafkaProducer(
            **client, acks="all", linger_ms=5, retry_backoff_ms=5, request_timeout_ms=1_000, delivery_timeout_ms=1_200
        )

    def publish(self, records: Sequence[Outgoing]) -> None:
        for each in records:
            try:
                sent = self._plain.send(self._topic.name, key=each.key, value=each.value, headers=each.headers, partition=each.partition)
                sent.get(timeout=2)
            except KafkaError:
                continue

    def close(self) -> None:
        super().close()
        self._plain.close(timeout=1)


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KafkaEngine]:
    with start_kafka(tmp_path_factory.mktemp("kafka")) as broker:
        yield broker


@pytest.mark.kafka
@pytest.mark.usefixtures("quiet")
@pytest.mark.timeout(120)
@pytest.mark.filterwarnings("ignore:unclosed")  # the client forgets the sockets of connections that were refused
@proof({"without transactions, a failed record does not hold up the next": lambda _: Plain})
def test_property_11_a_broker_away_longer_than_every_time_out_drains_in_order_and_nothing_is_passed_over(
    variant: Variant, broker: KafkaEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publisher: type[KafkaPublisher] = variant(KafkaPublisher)
    monkeypatch.setattr(module, "KafkaProducer", lambda **settings: producing(**settings | SHORT))
    monkeypatch.setattr(module, "REQUEST_MS", 1_000)
    monkeypatch.setitem(module.CONNECTING, "bootstrap_timeout_ms", 1_000)
    name = f"t{uuid.uuid4().hex[:12]}"
    client, topic = {"bootstrap_servers": broker.bootstrap}, Topic(name, f"{name}.events.v1", PARTITIONS)
    create_topics(client, 1, [topic])
    events, documents = Database(tmp_path / "events.db", "NORMAL"), Database(tmp_path / "views.db", "NORMAL")
    store, views, outbox, projection = SqliteStore(events, name), SqliteViews(documents, "plans"), Outbox(), tales(name)
    relay = Relay(store, outbox, lambda: publisher(client, topic), "one")
    worker = Worker(KafkaFeed(client, topic, f"{name}-readers"), [projection], views)
    number = 0
    with running(relay.run, worker.run):
        for number in range(10):
            write(store, number)
        assert eventually(lambda: told(views, projection.view) == truth(store))
        broker.kill()
        died = time.monotonic()
        while time.monotonic() - died < AWAY:  # recording goes on without it
            number += 1
            write(store, number, count=1 + number % 2)
            time.sleep(0.2)
        broker.restart()
        assert eventually(lambda: outbox.position() == store.head(), seconds=40), "it never drained"
        must_be_whole(read(client, topic), store)
        caught_up = eventually(lambda: told(views, projection.view) == truth(store), seconds=40)
    must(caught_up, "the documents are not the fold of what was recorded")
    store.close()
    events.close()
    documents.close()
