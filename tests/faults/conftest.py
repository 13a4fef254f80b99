"""What tests of dying engines share."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.brokers import delete_groups, delete_topics
from tests.faults.places import SERVICE, MakePlace, Place
from waymark.events.catalogue import Topic
from waymark.events.envelope import PARTITIONS
from waymark.events.kafka import create_topics
from waymark.events.mongo.database import connect
from waymark.tools.engines import KafkaEngine, MongodbEngine, start_kafka, start_mongodb


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[KafkaEngine]:
    """One of this test's own, to be killed."""
    with start_kafka(tmp_path / "kafka") as broker:
        yield broker


@pytest.fixture
def documents(tmp_path: Path) -> Iterator[MongodbEngine]:
    """One of this test's own, to be killed."""
    with start_mongodb(tmp_path / "mongodb") as documents:
        yield documents


@pytest.fixture
def on_the_engines(request: pytest.FixtureRequest) -> Iterator[MakePlace]:
    """Places in a database, and where a topic is wanted with a topic, that nobody else has."""
    places: list[Place] = []
    url: str = request.getfixturevalue("mongodb_url")

    def make(folder: Path, topic: bool) -> Place:
        name = f"crash-{uuid.uuid4().hex[:12]}"
        place = Place(folder=folder, mongodb=url, database=name)
        if topic:
            place = Place(folder=folder, mongodb=url, database=name, kafka=request.getfixturevalue("kafka_bootstrap"), topic=name)
            create_topics({"bootstrap_servers": place.kafka}, 1, [Topic(SERVICE, place.topic, PARTITIONS)])
        places.append(place)
        return place

    yield make
    for place in places:
        documents = connect(url, place.database)
        documents.client.drop_database(place.database)
        documents.client.close()
        if place.kafka:
            client = {"bootstrap_servers": place.kafka}
            delete_topics(client, place.topic)
            delete_groups(client, f"{place.topic}-readers", f"{place.topic}-checker")
