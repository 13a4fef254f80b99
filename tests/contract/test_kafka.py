"""The Kafka feed passes the feeds' contract suite on a real broker, and its partitioner is Kafka's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kafka.partitioner.default import murmur2 as kafkas_murmur2

from tests.contract.brokers import OnKafka
from waymark.events.contract.feed import FeedContract
from waymark.events.envelope import murmur2


@pytest.mark.kafka
class TestKafkaFeed(OnKafka, FeedContract):
    pass


@given(st.binary(max_size=64))
def test_our_murmur2_is_kafkas(key: bytes) -> None:
    assert murmur2(key) == kafkas_murmur2(key) & 0xFFFFFFFF
