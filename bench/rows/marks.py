"""9. What the marks cost: the projector beside a fold that keeps none, with the same documents."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
from pymongo import ReplaceOne

from bench import engines, plans, samples
from bench.folds import Count, counter, each_its_own
from bench.measure import Lap, Size, once, race, ratio
from bench.report import Report, share
from waymark.events.envelope import PARTITIONS, Recorded, partition
from waymark.events.feed import Batch, Checkpoint
from waymark.events.mongo.database import Documents
from waymark.events.mongo.views import MongoViews
from waymark.events.project import Projection, Projector
from waymark.events.sqlite.database import Database
from waymark.events.sqlite.store import SqliteStore
from waymark.events.sqlite.views import SqliteViews
from waymark.events.views import Views
from waymark.reporting.folds.sheet import Sheet
from waymark.reporting.views import sheets

GUARDED, UNGUARDED = "ours", "the same fold without marks, revisions and parking"
BATCH = 500
_AT = datetime(2027, 5, 3, 12, tzinfo=UTC)
_encode = msgspec.msgpack.Encoder().encode


def run(size: Size) -> Report:
    report = Report(number=9, work="The price of the marks", durability="SQLite: WAL, synchronous=NORMAL. MongoDB: majority.")
    with tempfile.TemporaryDirectory() as folder:
        for projection, what in ((counter, "100 documents a batch"), (each_its_own, "a document an event")):
            database = Database(Path(folder) / f"{projection.name}.db", "NORMAL")
            batches = size.of(20, 100)
            records = samples_recorded(BATCH * batches * (size.repetitions + 1))
            turns = Turns(projection, SqliteViews(database, "reporting"), OnSqlite(database, Count), batches, records)
            _ask(report, size, f"SQLite, {what}", turns)
        batches = size.of(4, 20)
        records = plans_recorded(Path(folder), BATCH * batches * (size.repetitions + 1))
        database = Database(Path(folder) / "sheets.db", "NORMAL")
        turns = Turns(sheets, SqliteViews(database, "reporting"), OnSqlite(database, Sheet), batches, records)
        _ask(report, size, "SQLite, sheets", turns)
    url = engines.mongodb()
    if url is None:
        return engines.absent(report, "price of the marks on MongoDB", "MongoDB")
    with engines.documents(url) as database:
        for projection, what in ((counter, "100 documents a batch"), (each_its_own, "a document an event")):
            batches = size.of(3, 30)
            records = samples_recorded(BATCH * batches * (size.repetitions + 1))
            turns = Turns(projection, MongoViews(database, "reporting"), OnMongo(database, projection.name), batches, records)
            _ask(report, size, f"MongoDB, {what}", turns)
    report.notes.append("A transaction over all documents of a batch is left out on MongoDB: the server has none. On SQLite both are one.")
    return report


def _ask(report: Report, size: Size, what: str, turns: Turns) -> None:
    series = race({GUARDED: turns.guarded, UNGUARDED: turns.unguarded}, size)
    report.course(f"{what}, {BATCH} records a batch, already decoded", "events", series, UNGUARDED)
    slower = 1 / ratio(series[GUARDED], series[UNGUARDED]) - 1
    report.ask(
        f"marks, {what}",
        series[GUARDED],
        "at most 25 % slower",
        slower <= 0.25,
        f"{share(slower)} slower",
        limit=series[UNGUARDED],
        reason="some 4 us an event, whatever the fold: mark compared and kept, revision and parking carried, each event all or none",
    )


class Turns:
    """Each turn folds the next batches; both fold the same ones."""

    def __init__(
        self, projection: Projection[Any], views: Views, plain: OnSqlite | OnMongo, batches: int, records: Sequence[Recorded]
    ) -> None:
        made = batched(records)
        self._ours, self._theirs, self._batches = iter(made), iter(made), batches
        self._projector, self._projection, self._plain = Projector(projection, views), projection, plain
        self._projector.resume()

    def guarded(self) -> Lap:
        def fold() -> int:
            for _ in range(self._batches):
                self._projector.apply(next(self._ours))
            return self._batches * BATCH

        return once(fold)

    def unguarded(self) -> Lap:
        def fold() -> int:
            for _ in range(self._batches):
                self._fold(next(self._theirs))
            return self._batches * BATCH

        return once(fold)

    def _fold(self, batch: Batch) -> None:
        touched = [tuple(self._projection.keys(each)) for each in batch.records]
        documents: dict[str, Any] = dict(self._plain.load({key for keys in touched for key in keys}))
        for recorded, keys in zip(batch.records, touched, strict=True):
            for key in keys:
                documents[key] = self._projection.evolve(key, documents.get(key), recorded)
        self._plain.save(documents, max(each.sequence for each in batch.checkpoints.values()))


class OnSqlite:
    """Documents and a checkpoint in one transaction."""

    def __init__(self, database: Database, document: type) -> None:
        self._database, self._decode = database, msgspec.msgpack.Decoder(document).decode
        with database.write() as db:
            db.execute("CREATE TABLE plain (id TEXT PRIMARY KEY, district TEXT, body BLOB) WITHOUT ROWID")
            db.execute("CREATE TABLE plain_checkpoint (one INTEGER PRIMARY KEY, sequence INTEGER)")

    def load(self, ids: set[str]) -> dict[str, Any]:
        wanted = list(ids)
        rows = self._database.read().execute(f"SELECT id, body FROM plain WHERE id IN ({', '.join('?' * len(wanted))})", wanted)
        return {key: self._decode(body) for key, body in rows}

    def save(self, documents: dict[str, Any], sequence: int) -> None:
        with self._database.write() as db:
            db.executemany("INSERT OR REPLACE INTO plain VALUES (?, 'bench', ?)", [(key, _encode(each)) for key, each in documents.items()])
            db.execute("INSERT OR REPLACE INTO plain_checkpoint VALUES (1, ?)", (sequence,))


class OnMongo:
    """An unordered bulk, then the checkpoint."""

    def __init__(self, database: Documents, name: str) -> None:
        self._documents, self._checkpoint = database[f"plain_{name}"], database["plain_checkpoint"]

    def load(self, ids: set[str]) -> dict[str, Any]:
        return {each["_id"]: _count(each["body"]) for each in self._documents.find({"_id": {"$in": list(ids)}})}

    def save(self, documents: dict[str, Any], sequence: int) -> None:
        writes = [
            ReplaceOne({"_id": key}, {"_id": key, "district": "bench", "body": _encode(each)}, upsert=True)
            for key, each in documents.items()
        ]
        self._documents.bulk_write(writes, ordered=False)
        self._checkpoint.update_one({"_id": 1}, {"$set": {"sequence": sequence}}, upsert=True)


_count = msgspec.msgpack.Decoder(Count).decode


def plans_recorded(folder: Path, events: int) -> list[Recorded]:
    """So many of what teachers do."""
    store = SqliteStore(Database(folder / "events.db", "NORMAL"), "plans")
    plans.fill(store, events)
    return [each for commit in store.scan(0, events) for each in commit.recorded()][:events]


def samples_recorded(events: int) -> list[Recorded]:
    """Decoded events at consecutive positions."""
    pool = samples.events(5_000)
    return [
        Recorded(
            event=(event := pool[number % len(pool)]),
            stream=f"bench/plan/reading/{event.student}",
            version=number // len(pool) + 1,
            key=event.student,
            partition=partition(event.student, PARTITIONS),
            position=number + 1,
            index=0,
            at=_AT,
        )
        for number in range(events)
    ]


def batched(records: Sequence[Recorded]) -> list[Batch]:
    batches: list[Batch] = []
    for at in range(0, len(records), BATCH):
        some = records[at : at + BATCH]
        reached = Checkpoint(sequence=some[-1].sequence, offset=some[-1].position, topic="plans", at=some[-1].at.timestamp())
        batches.append(Batch(records=some, checkpoints=dict.fromkeys(range(PARTITIONS), reached)))
    return batches
