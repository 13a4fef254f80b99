"""8. Projecting from a store into views: a plain counter beside its anchor and its limit; sheets and span rows."""

from __future__ import annotations

import sqlite3
import tempfile
from collections import Counter
from collections.abc import Sequence
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, cast
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.dispatch import singledispatchmethod
from eventsourcing.domain import Aggregate, event
from eventsourcing.persistence import Tracking
from eventsourcing.projection import Projection as AnchorProjection
from eventsourcing.projection import ProjectionRunner
from eventsourcing.sqlite import SQLiteDatastore, SQLiteTrackingRecorder

from bench import engines, plans
from bench.folds import count_id, counter
from bench.measure import Lap, Size, once, race, ratio
from bench.report import Report, share, short, times
from waymark.events.catalogue import decode
from waymark.events.catalogue.plans import PlanEvent
from waymark.events.envelope import split
from waymark.events.feed import StoreFeed
from waymark.events.mongo.database import Documents
from waymark.events.mongo.views import MongoViews
from waymark.events.project import Projection
from waymark.events.sqlite.database import Database
from waymark.events.sqlite.store import SqliteStore
from waymark.events.sqlite.views import SqliteViews
from waymark.events.views import Views
from waymark.events.worker import BATCH, Worker
from waymark.reporting.views import past_rows, sheets

OURS, ANCHOR, RAW = "ours: a counter", "eventsourcing's projection: a counter", "raw select, decode, batched upsert"
SHEETS, ROWS, DECODED, MONGO = "ours: sheets", "ours: span rows", "ours, decoded and not folded", "ours: a counter, views on MongoDB"
ANCHORED = 300  # events a turn of the anchor


def run(size: Size) -> Report:
    report = Report(
        number=8,
        work="Projecting",
        durability="Views in WAL, synchronous=NORMAL, for every contestant (they can be rebuilt): the anchor's connections are set so.",
    )
    url = engines.mongodb()
    with tempfile.TemporaryDirectory() as folder:
        store = SqliteStore(Database(Path(folder) / "events.db", "NORMAL"), "plans")
        plans.fill(store, size.of(10_000, 100_000))
        numbers = count()
        turns = {
            OURS: partial(_ours, store, (counter,), Path(folder), numbers),
            ANCHOR: partial(_anchor, Path(folder), numbers),
            RAW: partial(_raw, Path(folder), numbers),
            DECODED: partial(_decoded, store),
            SHEETS: partial(_ours, store, (sheets,), Path(folder), numbers),
            ROWS: partial(_ours, store, (past_rows,), Path(folder), numbers),
        }
        if url is None:
            series = race(turns, size)
            report.notes.append("No MongoDB answers (make engines-up): views on MongoDB were not measured.")
        else:
            with engines.documents(url) as database:
                series = race({**turns, MONGO: partial(_mongo, store, database, numbers)}, size)
    report.course(f"events, from the store to the view, {BATCH} a batch", "events", series, RAW)
    of_limit, of_anchor = ratio(series[OURS], series[RAW]), ratio(series[OURS], series[ANCHOR])
    report.ask(
        "project a counter",
        series[OURS],
        "50 % of limit, 20 times anchor",
        of_limit >= 0.5 and of_anchor >= 20,
        f"{share(of_limit)}, {times(of_anchor)}",
        anchor=series[ANCHOR],
        limit=series[RAW],
        reason="raw neither places events nor keeps marks" if of_limit < 0.5 else "the anchor writes without waiting for the disk too",
    )
    for name, bound in ((SHEETS, "rewriting a sheet for each event in it"), (ROWS, "packing and saving the rows of the months touched")):
        decoded = 1 / series[DECODED].rate * series[name].rate
        told = f"{share(decoded)} of the time is decoding; bound by {bound}"
        report.ask(f"project {name.removeprefix('ours: ')}", series[name], "stated", None, told)
    if url is not None:
        report.ask("project a counter into MongoDB", series[MONGO], "stated", None, f"{short(series[MONGO].rate)} a second")
    return report


def _ours(store: SqliteStore, projections: Sequence[Projection[Any]], folder: Path, numbers: Any) -> Lap:
    database = Database(folder / f"views-{next(numbers)}.db", "NORMAL")
    return _caught_up(store, projections, SqliteViews(database, "reporting"))


def _mongo(store: SqliteStore, database: Documents, numbers: Any) -> Lap:
    return _caught_up(store, (counter,), MongoViews(database, f"reporting{next(numbers)}"))


def _caught_up(store: SqliteStore, projections: Sequence[Projection[Any]], views: Views) -> Lap:
    feed = StoreFeed(store)
    events = sum(commit.count for commit in store.scan(0, 10**9))
    worker = Worker(feed, projections, views)

    def fold() -> int:
        worker.catch_up()
        return events

    return once(fold)


def _decoded(store: SqliteStore) -> Lap:
    feed = StoreFeed(store)

    def read() -> int:
        done = 0
        while records := feed.poll(BATCH, 0).records:
            done += len(records)
        return done

    return once(read)


def _raw(folder: Path, numbers: Any) -> Lap:
    source = sqlite3.connect(folder / "events.db", isolation_level=None)
    views = sqlite3.connect(folder / f"raw-{next(numbers)}.db", isolation_level=None)
    for pragma in ("synchronous=NORMAL", "cache_size=-16000", "journal_mode=WAL"):
        views.execute(f"PRAGMA {pragma}")
    views.execute("CREATE TABLE counts (id TEXT PRIMARY KEY, events INTEGER) WITHOUT ROWID")
    views.execute("CREATE TABLE checkpoint (one INTEGER PRIMARY KEY, position INTEGER)")

    def fold() -> int:
        position = done = 0
        question = "SELECT position, body FROM plans_commits WHERE position > ? ORDER BY position LIMIT ?"
        while rows := source.execute(question, (position, BATCH)).fetchall():
            events = [cast(PlanEvent, decode(name, raw)) for _, body in rows for name, raw in split(body)]
            counted = Counter(count_id(each.student) for each in events)
            position = rows[-1][0]
            views.execute("BEGIN IMMEDIATE")
            views.executemany(
                "INSERT INTO counts VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET events = events + excluded.events", counted.items()
            )
            views.execute("INSERT OR REPLACE INTO checkpoint VALUES (1, ?)", (position,))
            views.execute("COMMIT")
            done += len(events)
        return done

    lap = once(fold)
    source.close()
    views.close()
    return lap


class Plan(Aggregate):
    """The anchor's facts."""

    @event("Begun")
    def __init__(self, template: str) -> None:
        self.template = template

    @event("Updated")
    def update(self, item: str, value: int) -> None: ...


class Plans(Application[UUID]):
    """The anchor's application, in memory: its SQLite recorder offers no subscription."""


class CountView(SQLiteTrackingRecorder):
    """The anchor's view: a count and its tracking row in one transaction, as its documentation does."""

    def __init__(self, datastore: SQLiteDatastore, **options: Any) -> None:
        super().__init__(datastore, **options)
        self.create_table_statements.append("CREATE TABLE IF NOT EXISTS counts (id TEXT PRIMARY KEY, events INTEGER)")
        make = datastore.pool._create_connection

        def relaxed() -> Any:
            connection = make()
            connection.cursor().execute("PRAGMA synchronous=NORMAL")
            return connection

        datastore.pool._create_connection = relaxed

    def add(self, name: str, tracking: Tracking) -> None:
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking)
            cursor.execute("INSERT INTO counts VALUES (?, 1) ON CONFLICT (id) DO UPDATE SET events = events + 1", (name,))


class Counting(AnchorProjection[CountView]):
    """The anchor's projection."""

    name = "counting"

    @singledispatchmethod
    def process_event(self, domain_event: Any, tracking: Tracking) -> None:
        self.view.add(count_id(str(domain_event.originator_id)), tracking)


def _anchor(folder: Path, numbers: Any) -> Lap:
    env = {"COUNTING_PERSISTENCE_MODULE": "eventsourcing.sqlite", "COUNTING_SQLITE_DBNAME": str(folder / f"anchor-{next(numbers)}.db")}
    with ProjectionRunner(application_class=Plans, projection_class=Counting, view_class=CountView, env=env) as runner:
        plan = Plan("reading")
        for each in range(ANCHORED - 1):
            plan.update(f"i{each % 20}", each)

        def fold() -> int:
            recorded = runner.app.save(plan)
            runner.wait(recorded[-1].notification.id, timeout=30)
            return ANCHORED

        return once(fold)
