"""3. Load, decide, append: one client, 16 threads, 8 processes on distinct streams and on one hot stream."""

from __future__ import annotations

import sqlite3
import tempfile
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from itertools import count
from pathlib import Path
from random import Random
from typing import cast
from uuid import UUID, uuid4

import msgspec
from eventsourcing.application import AggregateNotFoundError, Application
from eventsourcing.domain import Aggregate as Anchored
from eventsourcing.domain import event
from eventsourcing.persistence import IntegrityError, OperationalError

from bench import samples
from bench.crew import Crew, Worker
from bench.measure import Lap, Series, Size, race, ratio, repeated
from bench.report import Report, milliseconds, times
from bench.threads import side_by_side
from waymark.events.catalogue.plans import ItemUpdated
from waymark.events.decide import Aggregate, decide
from waymark.events.sqlite.database import Database
from waymark.events.sqlite.store import SqliteStore
from waymark.events.store import Conflict, Unavailable

OURS, ANCHOR, RAW, SLOW = "ours", "eventsourcing Application.save", "raw select, decode, compare and insert", "ours, commits of 5 ms"
SLOW_SECONDS = 0.005
LENGTH = 10  # events; then a step goes on to a fresh stream, so that every contestant loads the same
THREADS, PROCESSES = 16, 8
HOT = "bench/plan/reading/hot"
Step = Callable[[], int]

COUNTING = Aggregate[int](evolve=lambda state, _event: (state or 0) + 1)


def run(size: Size) -> Report:
    report = Report(
        number=3,
        work="Load, decide, append",
        durability=f"SQLite, WAL, synchronous=FULL everywhere. Streams grow to {LENGTH} events and are then left.",
    )
    with tempfile.TemporaryDirectory() as folder:
        one = _one_client(report, size, Path(folder))
        _threads(report, size, Path(folder), one)
    for hot in (False, True):
        with tempfile.TemporaryDirectory() as folder:
            _processes(report, size, Path(folder), hot)
    return report


def _one_client(report: Report, size: Size, folder: Path) -> Series:
    store = SqliteStore(Database(folder / "ours.db", "FULL"), "plans")
    application = _application(folder / "anchor.db")
    steps = {OURS: ours(store), ANCHOR: anchored(application), RAW: raw(folder / "raw.db")}
    series = race({name: partial[Lap](repeated, step, size.lap, timed=True) for name, step in steps.items()}, size)
    report.course("1 client", "decisions", series, RAW)
    told = f"p99 {milliseconds(series[OURS].wait(0.99))}, {times(ratio(series[OURS], series[ANCHOR]))} anchor"
    report.ask("decide, 1 client", series[OURS], "stated", None, told, anchor=series[ANCHOR], limit=series[RAW])
    return series[OURS]


def _threads(report: Report, size: Size, folder: Path, one: Series) -> None:
    fast, slow = (SqliteStore(_database(folder / f"threads-{seconds}.db", seconds), "plans") for seconds in (0, SLOW_SECONDS))
    turns = {
        "ours, 1 thread": partial(side_by_side, [ours(fast)], size.lap),
        "ours, 16 threads": partial(side_by_side, [ours(fast, number) for number in range(THREADS)], size.lap),
        "the processor's limit: 16 threads, commits that wait for no disk": partial(
            side_by_side, [ours(_undurable(folder), number) for number in range(THREADS)], size.lap
        ),
        f"{SLOW}, 1 thread": partial(side_by_side, [ours(slow, THREADS)], size.lap),
        f"{SLOW}, 16 threads": partial(side_by_side, [ours(slow, number) for number in range(THREADS)], size.lap),
    }
    series = race(turns, size)
    report.course("16 threads of one process", "decisions", series)
    single, many, limit, slow_single, slow_many = series.values()
    reached, possible, slowed = ratio(many, single), ratio(limit, single), ratio(slow_many, slow_single)
    report.ask(
        "decide, 16 threads (this disk)",
        many,
        "5 times 1 thread",
        reached >= 5,
        f"{times(reached)}; without any disk {times(possible)}; p99 {milliseconds(many.wait(0.99))}",
        limit=limit,
        reason=f"this disk commits faster than Python decides: 16 threads that wait for no disk at all reach {times(possible)}",
    )
    report.ask(
        "decide, 16 threads (a disk of 5 ms)",
        slow_many,
        "5 times 1 thread",
        slowed >= 5,
        f"{times(slowed)}; p99 {milliseconds(slow_many.wait(0.99))}",
    )


def _processes(report: Report, size: Size, folder: Path, hot: bool) -> None:
    what = "one hot stream" if hot else "distinct streams"
    with Crew(PROCESSES, our_process, folder, hot) as own, Crew(PROCESSES, anchored_process, folder, hot) as others:
        series = race({OURS: partial(own, size.lap * 2), ANCHOR: partial(others, size.lap * 2)}, size)
    report.course(f"8 processes, {what}", "decisions", series)
    conflicts = series[OURS].count("conflicts") / max(1, sum(lap.units for lap in series[OURS].laps))
    told = f"p99 {milliseconds(series[OURS].wait(0.99))}, worst {milliseconds(series[OURS].wait(1))}, {conflicts:.2f} conflicts a decision"
    least = series[OURS].count("idle")
    report.ask(
        f"decide, 8 processes, {what}",
        series[OURS],
        "stated; nobody starves",
        least == 0,
        f"{told}, {least:.0f} turns without a decision",
        anchor=series[ANCHOR],
        reason="a process got nothing done in a turn",
    )


def ours(store: SqliteStore, seed: int = 0) -> Step:
    chance, numbers, loaded = Random(seed), count(), [""]
    pool = samples.events(500)

    def step() -> int:
        number = next(numbers)
        if number % LENGTH == 0:
            loaded[0] = samples.stream(chance.getrandbits(120))
        decide(store, loaded[0], COUNTING, lambda _: (pool[number % len(pool)],), f"{seed}-{number}", samples.META)
        return 1

    return step


class Plan(Anchored):
    """The anchor's aggregate: the same facts, kept the way its documentation keeps them."""

    @event("Begun")
    def __init__(self, template: str) -> None:
        self.template, self.updates = template, 0

    @event("Updated")
    def update(self, item: str, value: int, effective: str, by: str, role: str) -> None:
        self.updates += 1


class HotPlan(Plan):
    """One whose id follows from its template, so that all processes mean the same."""

    @staticmethod
    def create_id(template: str) -> UUID:
        return UUID(int=int(template))


def _application(path: Path) -> Application[UUID]:
    return Application[UUID](env={"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": str(path)})


def anchored(application: Application[UUID], begun: UUID | None = None) -> Step:
    numbers, loaded = count(), [uuid4()]
    pool = samples.events(500)

    def step() -> int:
        number = next(numbers)
        if begun is None and number % LENGTH == 0:
            plan = Plan("reading")
            loaded[0] = plan.id
        else:
            plan = cast(Plan, application.repository.get(begun or loaded[0]))
        said = pool[number % len(pool)]
        plan.update(said.item, 1, str(said.effective), said.by.person, said.by.role)
        application.save(plan)
        return 1

    return step


def raw(path: Path) -> Step:
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("synchronous=FULL", "cache_size=-16000", "journal_mode=WAL"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute(
        "CREATE TABLE commits (position INTEGER PRIMARY KEY, stream TEXT, version INTEGER, body BLOB, UNIQUE (stream, version))"
    )
    numbers, loaded, pool = count(), [""], samples.events(500)
    decoder, encoder = msgspec.json.Decoder(ItemUpdated), msgspec.json.Encoder()

    def step() -> int:
        number = next(numbers)
        if number % LENGTH == 0:
            loaded[0] = samples.stream(number)
        rows = connection.execute("SELECT version, body FROM commits WHERE stream = ? ORDER BY version", (loaded[0],)).fetchall()
        state = len([decoder.decode(body) for _, body in rows])
        body = encoder.encode(pool[number % len(pool)])
        connection.execute("INSERT INTO commits (stream, version, body) VALUES (?, ?, ?)", (loaded[0], state + 1, body))
        return 1

    return step


def _undurable(folder: Path) -> SqliteStore:
    return SqliteStore(Database(folder / "undurable.db", "FULL", ("synchronous=OFF",)), "plans")


class _SlowDatabase(Database):
    """Commits take 5 ms longer, as on a busy or a networked disk; nobody else may write meanwhile."""

    def write(self):
        transaction = super().write()
        return _Slowed(transaction)


class _Slowed:
    def __init__(self, transaction) -> None:
        self._transaction = transaction

    def __enter__(self) -> sqlite3.Connection:
        return self._transaction.__enter__()

    def __exit__(self, *raised: object) -> bool | None:
        time.sleep(SLOW_SECONDS)
        return self._transaction.__exit__(*raised)


def _database(path: Path, seconds: float) -> Database:
    return (_SlowDatabase if seconds else Database)(path, "FULL")


def our_process(number: int, folder: Path, hot: bool) -> Worker:
    store = SqliteStore(Database(folder / "ours.db", "FULL"), "plans")
    conflicts = [0]
    counted = _Counting(store, conflicts)
    numbers = count()
    pool = samples.events(100)
    distinct = ours(counted, number)  # type: ignore[arg-type]  it has what decide asks for

    def on_the_hot_one() -> int:
        at = next(numbers)
        stream = f"{HOT}-{int(time.monotonic() / 2)}"  # the same for all; a new one every 2 s, so that loading stays short
        try:
            decide(counted, stream, COUNTING, lambda _: (pool[at % 100],), f"{number}-{at}", samples.META)  # type: ignore[arg-type]  the same
        except (Conflict, Unavailable):
            conflicts[0] += 1
            return 0
        return 1

    return _process(on_the_hot_one if hot else distinct, conflicts)


class _Counting:
    """A store that counts its conflicts."""

    def __init__(self, store: SqliteStore, conflicts: list[int]) -> None:
        self.read, self._store, self._conflicts = store.read, store, conflicts

    def append(self, *arguments: object):
        try:
            return self._store.append(*arguments)  # type: ignore[arg-type]  handed on
        except Conflict:
            self._conflicts[0] += 1
            raise


def anchored_process(number: int, folder: Path, hot: bool) -> Worker:
    for _ in range(50):  # processes that open the same new file at once are refused by the anchor now and then
        try:
            application = _application(folder / "anchor.db")
            break
        except OperationalError:
            time.sleep(0.05)
    else:
        raise RuntimeError("the anchor's file does not open")
    conflicts = [0]
    distinct = anchored(application)

    def on_the_hot_one() -> int:
        number = int(time.monotonic() / 2)
        for _ in range(200):
            try:
                try:
                    plan = cast(Plan, application.repository.get(UUID(int=number)))
                except AggregateNotFoundError:
                    plan = HotPlan(str(number))
                plan.update("i1", 1, str(date(2027, 1, 1)), "p", "teacher")
                application.save(plan)
                return 1
            except (IntegrityError, OperationalError):
                conflicts[0] += 1
        return 0

    def guarded() -> int:
        try:
            return distinct()
        except OperationalError:
            conflicts[0] += 1
            return 0

    return _process(on_the_hot_one if hot else guarded, conflicts)


def _process(step: Step, conflicts: list[int]) -> Worker:
    def work(seconds: float) -> Lap:
        before = conflicts[0]
        lap = repeated(step, seconds, timed=True)
        lap.counts = {"conflicts": conflicts[0] - before, "idle": float(lap.units == 0)}
        return lap

    return work
