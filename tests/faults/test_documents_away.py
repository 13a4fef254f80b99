"""The documents' server is killed and stays away: refusals say so in time, and afterwards everybody goes on by themselves."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator

import pytest

from tests.contract.brokers import delete_groups, delete_topics
from tests.faults.lengths import lasting
from tests.faults.seen import metric
from tests.faults.writers import Writers
from tests.integration.tales import tales, told, truth
from tests.integration.threads import eventually, running
from waymark.events.kafka import create_topics
from waymark.events.worker import Worker
from waymark.service.distributed import Cluster, topics
from waymark.service.health import Health, checks_of
from waymark.service.identity import Subject
from waymark.tools.engines import MongodbEngine

AWAY = lasting(15.0, at_length=120.0)  # seconds; a call gives up after 5, a read after 10
MASTER = b"m" * 32


class Nobody:
    """Nobody asks over HTTP here."""

    def check(self, authorization: str | None) -> Subject:
        raise AssertionError(authorization)


@pytest.fixture
def prefix(kafka_bootstrap: str) -> Iterator[str]:
    """An installation's name that nobody else has on the shared broker."""
    prefix = f"away{uuid.uuid4().hex[:8]}"
    client = {"bootstrap_servers": kafka_bootstrap}
    create_topics(client, 1, topics(prefix).values())
    yield prefix
    delete_topics(client, *(each.name for each in topics(prefix).values()))
    delete_groups(client, f"{prefix}.reporting-roster")


@pytest.mark.mongodb
@pytest.mark.kafka
@pytest.mark.timeout(240 + 2 * AWAY)
def test_the_documents_server_dies_under_writers_relay_and_workers(documents: MongodbEngine, kafka_bootstrap: str, prefix: str) -> None:
    roster, reporting = (Cluster(each, documents.url, kafka_bootstrap, MASTER, prefix) for each in ("roster", "reporting"))
    store, relay = roster.store("roster"), roster.relay()
    assert relay is not None
    projection = tales("roster")
    own, others = roster.documents_of("roster"), reporting.documents_of("reporting")
    workers = [Worker(roster.feeds["roster"](), [projection], own), Worker(reporting.feeds["roster"](), [projection], others)]
    writers = Writers(store)
    health = Health(checks_of(roster.ports("roster", Nobody())))
    health.start()

    def caught_up() -> bool:
        return told(own, projection.view) == told(others, projection.view) == truth(store)

    with running(relay.run, *(each.run for each in workers)):
        with running(*writers.loops()):
            assert eventually(lambda: len(writers.acknowledged) > 50 and health.ready)
            documents.kill()
            died, before = time.monotonic(), len(writers.acknowledged)
            assert eventually(lambda: not health.ready, seconds=40), "three failed checks of 5 s each"
            print(f"not ready {time.monotonic() - died:.1f} s after the server died: {health.standing()}")
            assert not any(health.standing().values())
            assert eventually(lambda: metric("relay_unavailable", service="roster") == 1, seconds=30)
            assert eventually(lambda: metric("feed_unavailable", source="roster") == 1, seconds=30)
            time.sleep(max(0.0, died + AWAY - time.monotonic()))
            assert writers.refused
            assert max(writers.refused) < 16, "a refusal comes in time"
            documents.restart()
            back = time.monotonic()
            assert eventually(lambda: len(writers.acknowledged) > before + 50, seconds=60)
            print(f"writing again {time.monotonic() - back:.1f} s after it was back; {len(writers.refused)} refusals, ", end="")
            print(f"the longest took {max(writers.refused):.1f} s")
            assert eventually(lambda: health.ready, seconds=30)
        assert eventually(caught_up, seconds=60)
        print(f"all caught up {time.monotonic() - back:.1f} s after it was back, {store.head()} commits")
        assert eventually(lambda: metric("relay_unavailable", service="roster") + metric("feed_unavailable", source="roster") == 0)
    writers.check()
    assert not own.parked_streams(projection.view)
    assert not others.parked_streams(projection.view)
    health.stop()
    roster.close()
    reporting.close()
