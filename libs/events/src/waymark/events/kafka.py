"""Topics on a real broker: made explicitly, written in transactions, read committed."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer
from kafka.admin import ConfigResource, ConfigResourceType
from kafka.consumer.subscription_state import ConsumerRebalanceListener
from kafka.coordinator.assignors.cooperative_sticky import CooperativeStickyAssignor  # pyright: ignore[reportMissingTypeStubs]  the package has none
from kafka.errors import KafkaError
from kafka.structs import TopicPartition

from waymark.events.catalogue import TOPICS, Topic
from waymark.events.cloud import Malformed, Outgoing, incoming
from waymark.events.envelope import Recorded
from waymark.events.feed import Batch, Checkpoint
from waymark.events.stalls import Stalls
from waymark.events.store import Unavailable

REQUEST_MS = 5_000  # until a request that is not answered counts as failed
SURE = 0.05  # seconds: no topic is deleted, made anew and written beyond where a reader stands in less
GONE = 30.0  # seconds that a broker takes at most to delete a topic
LOOK = 5.0  # seconds between looks at a topic that gives nothing
CONNECTING = {"bootstrap_timeout_ms": REQUEST_MS, "reconnect_backoff_max_ms": 1_000}
"""A broker that was away is found within a second or so of its return; by default a client may look away for 30."""

KEPT_FOR_EVER = {"cleanup.policy": "delete", "retention.ms": "-1", "retention.bytes": "-1"}
"""Never compacted: the key is a student, and compaction would keep one event of each."""

Client = Mapping[str, Any]
"""What every client of the broker is given: bootstrap_servers and, where there are any, TLS and SASL settings."""


class WrongTopic(Exception):
    """The broker's topic would lose or misplace events; nothing reads or writes it."""


def create_topics(client: Client, replicas: int, topics: Collection[Topic] = tuple(TOPICS.values())) -> None:
    """Make the topics that are missing. Raises Unavailable, WrongTopic when one exists with other settings."""
    wanted = {
        each.name: {
            "num_partitions": each.partitions,
            "replication_factor": replicas,
            "configs": {**KEPT_FOR_EVER, "compression.type": "producer"},
        }
        for each in topics
    }
    admin = _admin(client)
    try:
        missing = {name: each for name, each in wanted.items() if _described(admin, name) is None}
        if missing:
            admin.create_topics(missing, raise_errors=False, wait_for_metadata=True)
        for each in topics:
            _check(admin, each)
    except KafkaError as problem:
        raise Unavailable(f"topics: {problem!r}") from problem
    finally:
        admin.close()


def check_topic(client: Client, topic: Topic) -> str:
    """The topic's id, once its partitions and retention are as they must be. Raises WrongTopic, Unavailable."""
    watch = TopicWatch(client, topic)
    watch.close()
    return watch.id


class TopicWatch:
    """One topic as it was found, and whether it still is that one. Raises WrongTopic, Unavailable.

    A topic that was deleted and made anew has the same name, other offsets, and nothing but the name in most requests: whoever
    stands in the middle of the old one would go on in the middle of the new one.
    """

    def __init__(self, client: Client, topic: Topic) -> None:
        self._topic, self._admin = topic, _admin(client)
        self._sure = time.monotonic()
        try:
            self.id = _check(self._admin, topic)
        except BaseException as problem:
            self.close()
            if isinstance(problem, KafkaError):
                raise Unavailable(f"{topic.name}: {problem!r}") from problem
            raise

    def look(self, every: float) -> None:
        """Raises Unavailable unless the topic was the same one at most `every` seconds ago."""
        now = time.monotonic()
        if now - self._sure <= every:
            return
        try:
            found = _described(self._admin, self._topic.name)
        except KafkaError as problem:
            raise Unavailable(f"{self._topic.name}: {problem!r}") from problem
        if found is None:
            raise Unavailable(f"{self._topic.name} was deleted")
        if str(found["topic_id"]) != self.id:
            raise Unavailable(f"{self._topic.name} was made anew")
        self._sure = now

    def close(self) -> None:
        self._admin.close()


def _admin(client: Client) -> Any:
    try:
        return KafkaAdminClient(**CONNECTING, **client, request_timeout_ms=REQUEST_MS)
    except KafkaError as problem:
        raise Unavailable(f"broker: {problem!r}") from problem


def _described(admin: Any, name: str) -> Any:
    found = admin.describe_topics([name])[0]
    return None if found["error_code"] else found


def _check(admin: Any, topic: Topic) -> str:
    found = _described(admin, topic.name)
    if found is None:
        raise Unavailable(f"{topic.name} does not exist (yet)")
    if len(found["partitions"]) != topic.partitions:
        raise WrongTopic(f"{topic.name} has {len(found['partitions'])} partitions, its version has {topic.partitions}")
    answer = admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, topic.name)], config_filter="all")
    settings = answer["topic"][topic.name]
    for name, value in KEPT_FOR_EVER.items():
        if name in settings and settings[name]["value"] != value:
            raise WrongTopic(f"{topic.name}: {name} is {settings[name]['value']}, must be {value}: events would be lost")
    return str(found["topic_id"])


class KafkaPublisher:
    """`waymark.events.relay.Publisher`: a transaction a batch under one id a service, so that an old relay is fenced."""

    def __init__(self, client: Client, topic: Topic) -> None:
        self._topic, self._watch = topic, TopicWatch(client, topic)
        try:
            self._producer: Any = KafkaProducer(
                **CONNECTING,
                **client,
                transactional_id=f"{topic.name.removesuffix('.events.v1')}-relay",
                enable_idempotence=True,
                acks="all",
                compression_type="gzip",
                linger_ms=5,
                batch_size=262_144,
                max_request_size=1_048_576,
                retry_backoff_ms=5,  # at the default of 100 a transaction takes 125 ms
                transaction_timeout_ms=10_000,
                delivery_timeout_ms=8_000,
                request_timeout_ms=REQUEST_MS,
                max_block_ms=8_000,
                allow_auto_create_topics=False,
            )
        except KafkaError as problem:
            self._watch.close()
            raise Unavailable(f"{topic.name}: {problem!r}") from problem
        try:
            self._producer.init_transactions()
        except KafkaError as problem:
            self.close()
            raise Unavailable(f"{topic.name}: {problem!r}") from problem

    @property
    def topic(self) -> str:
        return self._watch.id

    def check(self) -> None:
        self._watch.look(every=0)

    def publish(self, records: Sequence[Outgoing]) -> None:
        try:
            self._producer.begin_transaction()
            sent: list[Any] = [
                self._producer.send(self._topic.name, key=each.key, value=each.value, headers=each.headers, partition=each.partition)
                for each in records
            ]
            self._producer.flush(timeout=10)
            for each in sent:
                each.get(timeout=10)  # one failed record fails the batch: later ones must not pass it
            self._watch.look(every=0)  # a part of these may be on the old topic, and what is before them is not on a new one
            self._producer.commit_transaction()
        except (KafkaError, AssertionError) as problem:
            # The relay makes a new publisher, whose init_transactions aborts what is left of this transaction.
            raise Unavailable(f"{self._topic.name}: {problem!r}") from problem

    def close(self) -> None:
        self._watch.close()
        try:
            self._producer.close(timeout=1)
        except KafkaError:
            # Its buffer holds records of a transaction that is void, and no public call drops them while the broker is away.
            self._producer._sender.force_close()
            self._producer._sender.join(REQUEST_MS / 1000 + 1)
            self._producer.close(timeout=1)


class KafkaTopic:
    """`waymark.events.republish.Published`: a topic that can be made anew."""

    def __init__(self, client: Client, topic: Topic) -> None:
        self._client, self._topic = client, topic

    def connect(self) -> KafkaPublisher:
        return KafkaPublisher(self._client, self._topic)

    def held(self) -> int:
        first, last = self._ends()
        return sum(last[each] - first[each] for each in last)

    def waiting(self, checkpoints: Mapping[int, Checkpoint]) -> int:
        """About how many records wait beyond these checkpoints: the marks of transactions, which take offsets too, cannot be told
        from records; 0 is exact."""
        first, last = self._ends()
        ident = check_topic(self._client, self._topic)
        reached = {part: each.offset + 1 for part, each in checkpoints.items() if each.topic == ident}
        return sum(max(0, last[part] - reached[part] - 1) if part in reached else last[part] - first[part] for part in last)

    def _ends(self) -> tuple[Mapping[int, int], Mapping[int, int]]:
        places = [TopicPartition(self._topic.name, each) for each in range(self._topic.partitions)]
        try:
            reader: Any = KafkaConsumer(**CONNECTING, **self._client, allow_auto_create_topics=False)
            try:
                first, last = (
                    {place.partition: offset for place, offset in ends.items()}
                    for ends in (reader.beginning_offsets(places), reader.end_offsets(places))
                )
            finally:
                reader.close()
        except KafkaError as problem:
            raise Unavailable(f"{self._topic.name}: {problem!r}") from problem
        return first, last

    def make_anew(self) -> None:
        admin = _admin(self._client)
        try:
            found = _described(admin, self._topic.name)
            if found is None:
                raise Unavailable(f"{self._topic.name} does not exist: make it, as for a first start")
            replicas = len(found["partitions"][0]["replica_nodes"])
            admin.delete_topics([self._topic.name])
            deadline = time.monotonic() + GONE
            while _described(admin, self._topic.name) is not None:
                if time.monotonic() > deadline:
                    raise Unavailable(f"{self._topic.name} was to be deleted and is still there after {GONE:.0f} s")
                time.sleep(0.1)
        except KafkaError as problem:
            raise Unavailable(f"{self._topic.name}: {problem!r}") from problem
        finally:
            admin.close()
        create_topics(self._client, replicas, [self._topic])


class KafkaFeed:
    """`waymark.events.feed.Feed` over a topic. Where to go on is read from the views, never from the broker."""

    def __init__(self, client: Client, topic: Topic, group: str) -> None:
        self._client, self._topic, self._group = client, topic, group
        self._watch: TopicWatch | None = None
        self._consumer: Any = None
        self._stalls = Stalls(topic.service)
        self._resume: Callable[[], Mapping[int, Checkpoint]] = dict
        self._assigned: set[Any] = set()

    @property
    def source(self) -> str:
        return self._topic.service

    def start(self, resume: Callable[[], Mapping[int, Checkpoint]]) -> None:
        self.close()
        self._assigned.clear()
        self._resume = resume
        self._watch = TopicWatch(self._client, self._topic)
        try:
            self._consumer = KafkaConsumer(
                **CONNECTING,
                **self._client,
                group_id=self._group,
                enable_auto_commit=False,
                auto_offset_reset="earliest",
                isolation_level="read_committed",
                partition_assignment_strategy=[CooperativeStickyAssignor],
                max_poll_interval_ms=300_000,
                session_timeout_ms=10_000,  # until the others may take over from a worker that died
                heartbeat_interval_ms=1_000,  # members hear of a rebalance with a heartbeat, and a change of workers takes two
                allow_auto_create_topics=False,
                retry_backoff_ms=20,
                fetch_max_wait_ms=100,
            )
            # The client must know the partitions before it joins: as the group's leader it would else give out none, and now and
            # then not notice what it lacks until its metadata are five minutes old.
            if not self._consumer.partitions_for_topic(self._topic.name):
                raise Unavailable(f"{self._topic.name}: the broker names no partitions (yet)")
            self._consumer.subscribe([self._topic.name], listener=_Assigned(self._assigned))
        except KafkaError as problem:
            raise Unavailable(f"{self._topic.name}: {problem!r}") from problem

    def poll(self, limit: int, timeout: float) -> Batch:
        if self._consumer is None or self._watch is None:
            raise Unavailable("the feed was not started")
        try:
            polled: Mapping[Any, Sequence[Any]] = self._consumer.poll(timeout_ms=max(int(timeout * 1000), 10), max_records=limit)
            # What a new assignment brought before we sought to our own checkpoint is dropped and read again from there.
            sought = self._seek(self._watch.id)
            self._watch.look(every=SURE if polled else LOOK)
        except KafkaError as problem:
            raise Unavailable(f"{self._topic.name}: {problem!r}") from problem
        records: list[Recorded] = []
        checkpoints: dict[int, Checkpoint] = {}
        for each, found in polled.items():
            if each in sought:
                continue
            sequence = 0
            for record in found:
                recorded = incoming(record.value, record.headers, each.partition)
                if recorded.stream[:1] in ("", "/"):
                    raise Malformed(f"{self._topic.name}/{each.partition}: offset {record.offset} names no district")
                records.append(recorded)
                sequence = max(recorded.sequence, sequence)  # a relay may have sent a batch again
            if found:
                checkpoints[each.partition] = Checkpoint(
                    sequence=sequence, offset=found[-1].offset, topic=self._watch.id, at=records[-1].at.timestamp()
                )
        return Batch(records=records, checkpoints=checkpoints)

    def behind(self) -> int:
        assigned = list(self._consumer.assignment())
        if not assigned:
            return 1  # nobody knows before the first assignment
        try:
            ends = self._consumer.end_offsets(assigned, timeout_ms=REQUEST_MS)
            positions = {each: self._consumer.position(each, timeout_ms=REQUEST_MS) for each in ends}
            # Records of a transaction that nobody has ended lie beyond the end that is told to us, below the high water mark.
            most = {each.partition: max(end, self._consumer.highwater(each) or 0) for each, end in ends.items()}
        except KafkaError as problem:
            raise Unavailable(f"{self._topic.name}: {problem!r}") from problem
        self._stalls.look({each.partition: at for each, at in positions.items()}, most)
        return sum(max(0, end - positions[each]) for each, end in ends.items())

    def close(self) -> None:
        consumer, self._consumer = self._consumer, None
        watch, self._watch = self._watch, None
        if watch is not None:
            watch.close()
        if consumer is not None:
            consumer.close(autocommit=False, timeout_ms=REQUEST_MS)

    def _seek(self, topic_id: str) -> Collection[Any]:
        assigned = set(self._assigned)
        if assigned:
            checkpoints = self._resume()
            for each in assigned & set(self._consumer.assignment()):
                known = checkpoints.get(each.partition)
                # A topic made anew has other offsets: read it from its beginning and let the sequences tell what is new.
                offset = known.offset + 1 if known and known.topic == topic_id else 0
                self._consumer.seek(TopicPartition(each.topic, each.partition), offset)
            self._assigned -= assigned
        return assigned


class _Assigned(ConsumerRebalanceListener):
    """Notes what was assigned. It runs on the client's own loop, where a seek or a read would block the heartbeats."""

    def __init__(self, assigned: set[Any]) -> None:
        self._noted = assigned

    def on_partitions_revoked(self, revoked: Collection[Any]) -> None:
        self._noted -= set(revoked)  # nothing to hand over: documents and checkpoints are saved together, batch by batch

    def on_partitions_assigned(self, assigned: Collection[Any]) -> None:
        self._noted |= set(assigned)
