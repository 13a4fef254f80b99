"""A publisher that fails leaves no producer behind, and closing one never raises into the relay."""

from __future__ import annotations

from typing import Any

import pytest
from kafka.errors import KafkaError, KafkaTimeoutError

from waymark.events import kafka as module
from waymark.events.catalogue import TOPICS
from waymark.events.kafka import KafkaPublisher
from waymark.events.store import Unavailable


class Sender:
    def __init__(self, producer: Producer) -> None:
        self._producer = producer

    def force_close(self) -> None:
        self._producer.buffered = False

    def join(self, timeout: float) -> None: ...


class Producer:
    """kafka-python's producer, as far as it goes when the broker is away: it does not close while its buffer is full."""

    made: list[Producer]

    def __init__(self, **_: Any) -> None:
        self.buffered, self.closed, self._sender = False, False, Sender(self)
        Producer.made.append(self)

    def init_transactions(self) -> None:
        raise KafkaError("the coordinator is away")

    def close(self, timeout: float) -> None:
        if self.buffered:
            raise KafkaTimeoutError("Timeout waiting for future")
        self.closed = True


class Watch:
    """A topic that is there."""

    id = "id"

    def __init__(self, *_: Any) -> None: ...

    def close(self) -> None: ...


@pytest.fixture(autouse=True)
def away(monkeypatch: pytest.MonkeyPatch) -> None:
    Producer.made = []
    monkeypatch.setattr(module, "KafkaProducer", Producer)
    monkeypatch.setattr(module, "TopicWatch", Watch)


def test_a_publisher_that_cannot_begin_closes_its_producer() -> None:
    with pytest.raises(Unavailable):
        KafkaPublisher({}, TOPICS["roster"])
    assert [each.closed for each in Producer.made] == [True]


def test_closing_drops_what_can_no_longer_be_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Producer, "init_transactions", lambda _: None)
    publisher = KafkaPublisher({}, TOPICS["roster"])
    (producer,) = Producer.made
    producer.buffered = True
    publisher.close()
    assert producer.closed
