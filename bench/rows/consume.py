"""7. Consume: the feed over a topic, beside a raw poll loop that decodes the same."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from itertools import cycle
from typing import Any

import msgspec
from kafka import KafkaConsumer, KafkaProducer
from kafka.structs import TopicPartition

from bench import engines, samples
from bench.measure import Lap, Size, once, race, ratio
from bench.report import Report, share
from bench.rows.relay import SETTINGS
from waymark.events.catalogue import EVENTS, Topic, encode
from waymark.events.cloud import incoming, outgoing
from waymark.events.envelope import PARTITIONS, Commit
from waymark.events.feed import Checkpoint
from waymark.events.kafka import KafkaFeed

OURS, RAW, POLLED, DECODED = "ours", "raw poll, headers and struct decoded", "raw poll, nothing decoded", "ours, from memory"
_AT = datetime(2027, 5, 3, 12, 0, 0, 123456, UTC)
LIMIT = 500  # records a poll


def run(size: Size) -> Report:
    report = Report(number=7, work="Consume from Kafka", durability="read_committed everywhere; nothing is written.")
    bootstrap = engines.kafka()
    if bootstrap is None:
        return engines.absent(report, "consume", "Kafka")
    with engines.topic(bootstrap) as topic:
        events = size.of(10_000, 100_000)
        kept = fill(bootstrap, topic, events)
        turns = {
            OURS: partial(_ours, bootstrap, topic, events),
            RAW: partial(_raw, bootstrap, topic, events, True),
            POLLED: partial(_raw, bootstrap, topic, events, False),
            DECODED: partial(_from_memory, kept),
        }
        series = race(turns, size)
    report.course(f"{events:,} records of one event", "events", series, RAW)
    reached = ratio(series[OURS], series[RAW])
    report.ask(
        "consume",
        series[OURS],
        "85 % of a raw poll that decodes the same",
        reached >= 0.85,
        share(reached),
        limit=series[RAW],
        reason="each event also gets its place (stream, version, position, time) out of the headers",
    )
    return report


def fill(bootstrap: str, topic: Topic, events: int) -> list[tuple[bytes, list[tuple[str, bytes]], int]]:
    """The topic's records; some of them as they are read again."""
    producer: Any = KafkaProducer(bootstrap_servers=bootstrap, **SETTINGS)
    kept: list[tuple[bytes, list[tuple[str, bytes]], int]] = []
    for position, event in zip(range(1, events + 1), cycle(samples.events(2_000)), strict=False):
        name = samples.stream(position % 5_000)
        commit = Commit(
            position=position,
            stream=name,
            version=position // 5_000 + 1,
            count=1,
            key=samples.key(name),
            commit_id="c",
            at=_AT,
            meta=samples.META,
            body=encode((event,)),
        )
        for each in outgoing("plans", commit):
            producer.send(topic.name, key=each.key, value=each.value, headers=each.headers, partition=each.partition)
            kept.append((each.value, each.headers, each.partition))
    producer.flush()
    producer.close()
    return kept


def _nothing_yet() -> Mapping[int, Checkpoint]:
    return {}


def _ours(bootstrap: str, topic: Topic, events: int) -> Lap:
    """The first batch comes after the group was joined, and is not timed."""
    feed = KafkaFeed({"bootstrap_servers": bootstrap}, topic, f"bench-{secrets.token_hex(4)}")
    feed.start(_nothing_yet)
    first = 0
    while not first:
        first = len(feed.poll(LIMIT, 1).records)

    def rest() -> int:
        done = first
        while done < events:
            done += len(feed.poll(LIMIT, 1).records)
        return done - first

    lap = once(rest)
    feed.close()
    return lap


def _raw(bootstrap: str, topic: Topic, events: int, decoded: bool) -> Lap:
    consumer: Any = KafkaConsumer(
        bootstrap_servers=bootstrap,
        auto_offset_reset="earliest",
        isolation_level="read_committed",
        enable_auto_commit=False,
        fetch_max_wait_ms=100,
    )
    consumer.assign([TopicPartition(topic.name, each) for each in range(PARTITIONS)])
    decoders = {name: msgspec.json.Decoder(each) for name, each in EVENTS.items()}

    def poll() -> int:
        done = 0
        for found in consumer.poll(timeout_ms=1000, max_records=LIMIT).values():
            done += len(found)
            if decoded:
                for record in found:
                    headers = {name: value.decode() for name, value in record.headers}
                    decoders[headers["ce_type"]].decode(record.value)
        return done

    first = 0
    while not first:
        first = poll()

    def rest() -> int:
        done = first
        while done < events:
            done += poll()
        return done - first

    lap = once(rest)
    consumer.close(autocommit=False)
    return lap


def _from_memory(kept: list[tuple[bytes, list[tuple[str, bytes]], int]]) -> Lap:
    """The decoder's limit: no broker, no client."""
    return once(lambda: len([incoming(value, headers, where) for value, headers, where in kept]))
