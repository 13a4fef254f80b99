"""6. The relay: from a store to Kafka in transactions, and from an append to a view that shows it."""

from __future__ import annotations

import tempfile
import threading
import time
from bisect import bisect_left
from collections.abc import Callable, Sequence
from functools import partial
from itertools import count, cycle
from pathlib import Path
from typing import Any

from kafka import KafkaProducer

from bench import engines, samples
from bench.folds import counter
from bench.house import kill, soon
from bench.measure import Lap, Series, Size, race, ratio, repeated
from bench.report import Report, milliseconds, share
from bench.rows.restart import child
from bench.threads import side_by_side
from waymark.events.catalogue import Topic
from waymark.events.cloud import Outgoing, outgoing
from waymark.events.kafka import KafkaFeed, KafkaPublisher
from waymark.events.mongo.store import MongoStore
from waymark.events.relay import BATCH, Outbox, Publisher, Relay
from waymark.events.sqlite.database import Database
from waymark.events.sqlite.store import SqliteStore
from waymark.events.sqlite.views import SqliteViews
from waymark.events.store import NewCommit, Store
from waymark.events.views import Views
from waymark.events.worker import Worker

OURS, RAW, RAW_TRANSACTIONS, ENCODED, NOTHING = (
    "ours: store to topic",
    "raw kafka-python, without transactions",
    "raw kafka-python, a transaction a batch",
    "records made, not sent",
    "ours, publishing nothing",
)
SETTINGS: dict[str, Any] = {  # as KafkaPublisher's
    "enable_idempotence": True,
    "acks": "all",
    "compression_type": "gzip",
    "linger_ms": 5,
    "batch_size": 262_144,
    "retry_backoff_ms": 5,
}
NEVER = 1_000.0  # seconds: how long one counts as waiting that was not seen
RATE = 500  # events a second, from append to view on SQLite
Step = Callable[[], int]


def run(size: Size) -> Report:
    report = Report(number=6, work="Relay to Kafka", durability="acks=all and gzip everywhere; the stores as in rows 1 and 4.")
    bootstrap, url = engines.kafka(), engines.mongodb()
    if bootstrap is None:
        return engines.absent(report, "relay", "Kafka")
    with tempfile.TemporaryDirectory() as folder:
        store = SqliteStore(Database(Path(folder) / "events.db", "NORMAL"), "plans")
        fill(store, size.of(10_000, 50_000))
        with engines.topic(bootstrap) as topic:
            _throughput(report, size, bootstrap, topic, store)
    with tempfile.TemporaryDirectory() as folder, engines.topic(bootstrap) as topic:
        files = Path(folder)
        fresh = SqliteStore(Database(files / "events.db", "FULL"), "plans")
        views = SqliteViews(Database(files / "views.db", "NORMAL"), "reporting")
        _visible(report, size, "SQLite", f"p99 under 250 ms at {RATE} a second", RATE, fresh, Remembered(), views, bootstrap, topic)
    if url is None:
        return engines.absent(report, "append to view on MongoDB", "MongoDB")
    with engines.documents(url) as database, engines.topic(bootstrap) as topic:
        mongo = MongoStore(database, "plans")
        numbers = [count(each * 10**9) for each in range(16)]
        rate = side_by_side([partial(_append, mongo, each) for each in numbers], size.lap * 4).rate / 2
        _visible_apart(report, size, rate, mongo, database.name, bootstrap, topic)
    return report


def fill(store: Store, events: int) -> None:
    """Commits of one event on many streams."""
    pool, numbers = cycle(samples.events(2_000)), range(events)
    names = [samples.stream(number) for number in numbers]
    store.append_many(
        [
            NewCommit(stream=each, key=samples.key(each), events=(next(pool),), expected=0, commit_id="c", meta=samples.META)
            for each in names
        ]
    )


class Remembered:
    """An outbox that forgets with the process."""

    def __init__(self) -> None:
        self._position = 0

    def adopt(self, topic: str) -> None:
        pass  # it lives for one topic

    def position(self) -> int:
        return self._position

    def reached(self, position: int) -> None:
        self._position = position

    def lease(self, owner: str, seconds: float) -> bool:
        return True


class _Nothing:
    topic = "nothing"

    def check(self) -> None: ...

    def publish(self, records: Sequence[Outgoing]) -> None: ...

    def close(self) -> None: ...


def _throughput(report: Report, size: Size, bootstrap: str, topic: Topic, store: SqliteStore) -> None:
    client = {"bootstrap_servers": bootstrap}
    publisher = KafkaPublisher(client, topic)
    plain, transactional = KafkaProducer(**client, **SETTINGS), KafkaProducer(**client, **SETTINGS, transactional_id=f"{topic.name}-raw")
    transactional.init_transactions()
    records = [record for commit in store.scan(0, 10_000) for record in outgoing("plans", commit)]
    batches = [records[at : at + BATCH] for at in range(0, len(records) - BATCH + 1, BATCH)]
    steps: dict[str, Step] = {
        OURS: _relayed(store, publisher),
        RAW: _raw(plain, topic.name, batches, transactions=False),
        RAW_TRANSACTIONS: _raw(transactional, topic.name, batches, transactions=True),
        ENCODED: _encoded(store),
        NOTHING: _relayed(store, _Nothing()),
    }
    try:
        series = race({name: partial[Lap](repeated, step, size.lap * 2) for name, step in steps.items()}, size)
    finally:
        publisher.close()
        for each in (plain, transactional):
            each.close(timeout=5)
    report.course(f"events, {BATCH} a batch", "events", series, RAW)
    without, with_them = ratio(series[OURS], series[RAW]), ratio(series[OURS], series[RAW_TRANSACTIONS])
    report.ask(
        "relay",
        series[OURS],
        "50 % of raw without transactions, 90 % of raw with",
        without >= 0.5 and with_them >= 0.9,
        f"{share(without)}, {share(with_them)}",
        limit=f"{series[RAW].rate:,.0f} / {series[RAW_TRANSACTIONS].rate:,.0f}",
        reason="raw producers send records made beforehand; ours reads the store and makes them between two transactions",
    )


def _relayed(store: Store, publisher: Publisher) -> Step:
    def relay() -> Relay:
        return Relay(store, Remembered(), lambda: publisher, "bench")

    current = [relay()]

    def step() -> int:
        done = current[0].step(0)
        if done == 0:
            current[0] = relay()
            done = current[0].step(0)
        return done

    return step


def _raw(producer: Any, topic: str, batches: Sequence[Sequence[Outgoing]], transactions: bool) -> Step:
    endless = cycle(batches)

    def step() -> int:
        batch = next(endless)
        if transactions:
            producer.begin_transaction()
        sent = [producer.send(topic, key=each.key, value=each.value, headers=each.headers, partition=each.partition) for each in batch]
        producer.flush()
        for each in sent:
            each.get(10)
        if transactions:
            producer.commit_transaction()
        return len(batch)

    return step


def _encoded(store: Store) -> Step:
    commits = store.scan(0, BATCH)

    def step() -> int:
        return len([record for commit in commits for record in outgoing("plans", commit)])

    return step


def _append(store: Store, numbers: Any) -> int:
    number = next(numbers)
    name = samples.stream(number)
    store.append(name, samples.key(name), samples.events(1), 0, "c", samples.META)
    return 1


def _visible(
    report: Report,
    size: Size,
    what: str,
    target: str,
    rate: float,
    store: Store,
    outbox: Outbox,
    views: Views,
    bootstrap: str,
    topic: Topic,
) -> None:
    """How long after it was asked for an event is in a view, with relay and worker in this process too."""
    client, stop = {"bootstrap_servers": bootstrap}, threading.Event()
    relay = Relay(store, outbox, lambda: KafkaPublisher(client, topic), "bench")
    worker = Worker(KafkaFeed(client, topic, f"{topic.name}-bench"), (counter,), views)
    seen: list[tuple[float, int, int]] = []
    folding = threading.Event()

    def fold() -> None:
        while outbox.position() < store.head():
            time.sleep(0.05)
        worker.catch_up()
        folding.set()
        while not stop.is_set():
            worker.step(0.05)
            seen.extend((time.perf_counter(), part, each.sequence) for part, each in views.checkpoints(counter.view, "plans").items())

    threads = [threading.Thread(target=relay.run, args=(stop,), daemon=True), threading.Thread(target=fold, daemon=True)]
    for each in threads:
        each.start()
    folding.wait(30)
    used, seconds = time.process_time(), float(size.of(5, 30))
    asked = _offered(store, rate, seconds)
    time.sleep(1.5)
    stop.set()
    for each in threads:
        each.join(15)
    _tell_visible(
        report, what, target, rate, Lap(units=len(asked), seconds=seconds, cpu=time.process_time() - used, waits=_waits(asked, seen))
    )


def _visible_apart(report: Report, size: Size, rate: float, store: MongoStore, name: str, bootstrap: str, topic: Topic) -> None:
    """The same with relay and worker as processes of their own, as they are deployed with MongoDB."""
    url, stop = engines.mongodb(), threading.Event()
    assert url is not None
    seen: list[tuple[float, int, int]] = []
    with tempfile.TemporaryDirectory() as folder:
        views = SqliteViews(Database(Path(folder) / "views.db", "NORMAL"), "reporting")
        views.prepare(counter.view)

        def reached() -> int:
            found = views.checkpoints(counter.view, "plans")
            seen.extend((time.perf_counter(), part, each.sequence) for part, each in found.items())
            return max((each.sequence for each in found.values()), default=0) // 1000

        def look() -> None:
            while not stop.is_set():
                reached()
                time.sleep(0.004)

        children = [child("relay", url, name, bootstrap, topic.name), child("work", bootstrap, topic.name, folder)]
        try:
            for _ in soon(40):
                if reached() >= store.head():
                    break
            looking = threading.Thread(target=look, daemon=True)
            looking.start()
            used, seconds = time.process_time(), float(size.of(5, 30))
            asked = _offered(store, rate, seconds)
            time.sleep(1.5)
            stop.set()
            looking.join(5)
        finally:
            for each in children:
                kill(each)
    target = f"p99 under 250 ms at half the append rate ({rate:.0f} a second)"
    lap = Lap(units=len(asked), seconds=seconds, cpu=time.process_time() - used, waits=_waits(asked, seen))
    _tell_visible(report, "MongoDB", target, rate, lap)


def _tell_visible(report: Report, what: str, target: str, rate: float, lap: Lap) -> None:
    series = Series(name=f"append to view, {what}", laps=[lap])
    report.course(f"from asking for an append to the view, {what}, {rate:.0f} a second offered", "events", {"ours": series})
    late = sum(1 for each in lap.waits if each == NEVER)
    report.ask(
        f"append to view, {what}",
        series,
        target,
        series.wait(0.99) < 0.25 and not late,
        f"p50 {milliseconds(series.wait(0.5))}, p99 {milliseconds(series.wait(0.99))}, {late} not seen",
        reason="writers, relay, worker and both engines share two cores",
    )


def _offered(store: Store, rate: float, seconds: float) -> list[tuple[float, int, int]]:
    """Append so many a second, whatever becomes of them: when each was due, and where it stands."""
    pool, numbers, lock = samples.events(500), count(), threading.Lock()
    asked: list[tuple[float, int, int]] = []
    began = time.perf_counter() + 0.2

    def write() -> None:
        while True:
            with lock:
                number = next(numbers)
            due = began + number / rate
            if due > began + seconds:
                return
            time.sleep(max(0.0, due - time.perf_counter()))
            name = samples.stream(10**12 + number)
            done = store.append(name, samples.key(name), (pool[number % 500],), 0, "c", samples.META)
            asked.append((due, done.partition, done.sequence))

    writers = [threading.Thread(target=write, daemon=True) for _ in range(16)]
    for each in writers:
        each.start()
    for each in writers:
        each.join(seconds + 20)
    return asked


def _waits(asked: Sequence[tuple[float, int, int]], seen: Sequence[tuple[float, int, int]]) -> list[float]:
    """For each append, the seconds until the first look at a checkpoint that had reached it."""
    reached: dict[int, tuple[list[int], list[float]]] = {}
    for at, part, sequence in seen:
        sequences, times = reached.setdefault(part, ([], []))
        if not sequences or sequence > sequences[-1]:
            sequences.append(sequence)
            times.append(at)
    waits: list[float] = []
    for at, part, sequence in asked:
        sequences, times = reached.get(part, ([], []))
        found = bisect_left(sequences, sequence)
        waits.append(times[found] - at if found < len(times) else NEVER)
    return waits
