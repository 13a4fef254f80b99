"""What lies on the topic and does not come is seen: a transaction that nobody ends holds its partitions back until the broker does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.contract.brokers import OnKafka, Outbox, relay_all
from tests.faults.seen import metric
from tests.integration.tales import tales, told, truth
from tests.integration.threads import eventually, running
from waymark.events import stalls
from waymark.events.catalogue import Topic
from waymark.events.cloud import outgoing
from waymark.events.contract.feed import write
from waymark.events.feed import Feed
from waymark.events.kafka import KafkaPublisher
from waymark.events.sqlite.database import Database
from waymark.events.sqlite.views import SqliteViews
from waymark.events.store import Store
from waymark.events.worker import Worker


@pytest.mark.kafka
class TestStalled(OnKafka):
    @pytest.mark.timeout(120)
    def test_a_transaction_that_nobody_ends_is_seen_in_the_metrics_and_ended_by_the_broker(
        self,
        store: Store,
        client: Mapping[str, Any],
        topic: Topic,
        a_feed: Callable[[], Feed],
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(stalls, "STALLED", 2.0)
        documents = Database(tmp_path / "views.db", "NORMAL")
        views, projection, outbox = SqliteViews(documents, "plans"), tales(topic.service), Outbox()
        for number in range(20):
            write(store, number)
        relay_all(store, client, topic, outbox)
        with running(Worker(a_feed(), [projection], views).run):
            assert eventually(lambda: told(views, projection.view) == truth(store))
            write(store, 20)
            (commit,) = store.scan(20, 1)
            dying = KafkaPublisher(client, topic)
            (record,) = outgoing(store.service, commit)
            dying._producer.begin_transaction()
            dying._producer.send(topic.name, key=record.key, value=record.value, headers=record.headers, partition=record.partition)
            dying._producer.flush(timeout=10)

            def stalled() -> float:
                return metric("partition_stalled", source=topic.service, partition=str(record.partition))

            assert eventually(lambda: stalled() == 1, seconds=9), "before the broker ends it"
            assert sum(metric("partition_stalled", source=topic.service, partition=str(part)) for part in range(12)) == 1
            assert told(views, projection.view) != truth(store)
            assert eventually(lambda: stalled() == 0, seconds=30), "the broker has ended it"
            dying.close()
            relay_all(store, client, topic, outbox)
            assert eventually(lambda: told(views, projection.view) == truth(store))
        documents.close()
