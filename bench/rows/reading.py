"""2. Reading: a stream of 10, 100 or 1,000 events, and everything, decoded into structs."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from eventsourcing.domain import Aggregate
from eventsourcing.persistence import DatetimeAsISO, JSONTranscoder, Mapper, StoredEvent
from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteFactory

from bench import samples
from bench.measure import Lap, Size, race, ratio, repeated
from bench.report import Report, share, times
from waymark.events.catalogue.plans import ItemUpdated
from waymark.events.envelope import split
from waymark.events.sqlite.database import Database
from waymark.events.sqlite.store import SqliteStore
from waymark.events.store import NewCommit

OURS, ANCHOR, RAW, BYTES = "ours", "eventsourcing", "raw select + decode", "raw select, not decoded"
RECORDER = "eventsourcing's recorder, decoded with msgspec"
LENGTHS = (10, 100, 1_000)
PAGE = 500  # commits, or notifications, a scan
Step = Callable[[], int]


def run(size: Size) -> Report:
    report = Report(
        number=2,
        work="Reading, decoded into structs",
        durability="Reads of one file each, in the page cache. The anchor reads as its users do, with its own mapper; its recorder alone, with msgspec, stands beside it.",
    )
    for events in (1, 10):
        with tempfile.TemporaryDirectory() as folder:
            _courses(report, size, Path(folder), events)
    return report


def _courses(report: Report, size: Size, folder: Path, events: int) -> None:
    """Streams of each length, and `size` others around them, in commits of `events`."""
    pool = samples.events(2_000)
    store, recorder = SqliteStore(Database(folder / "ours.db", "NORMAL"), "plans"), _anchor(folder, "recorder")
    own = _anchor(folder, "anchor")
    lengths = [*LENGTHS, *([20] * size.of(500, 5_000))]
    for number, length in enumerate(lengths):
        _fill(store, recorder, own, number, [pool[(number + at) % len(pool)] for at in range(length)], events)
    connection = sqlite3.connect(folder / "ours.db", isolation_level=None)
    connection.execute("PRAGMA cache_size=-16000")
    commits = f"in commits of {events}" if events > 1 else "one a commit"
    for number, length in enumerate(LENGTHS):
        steps = {
            OURS: partial(_read_ours, store, samples.stream(number)),
            ANCHOR: partial(_read_anchor, own, UUID(int=number)),
            RECORDER: partial(_read_recorder, recorder, UUID(int=number)),
            RAW: partial(_read_raw, connection, samples.stream(number), True),
            BYTES: partial(_read_raw, connection, samples.stream(number), False),
        }
        _ask(report, size, f"a stream of {length:,}, {commits}", steps)
    steps = {
        OURS: partial(_scan_ours, store),
        ANCHOR: partial(_scan_anchor, own),
        RECORDER: partial(_scan_recorder, recorder),
        RAW: partial(_scan_raw, connection, True),
        BYTES: partial(_scan_raw, connection, False),
    }
    _ask(report, size, f"everything ({sum(lengths):,} events), {commits}", steps)


def _ask(report: Report, size: Size, what: str, steps: dict[str, Step]) -> None:
    series = race({name: partial[Lap](repeated, step, size.lap * 0.6) for name, step in steps.items()}, size)
    of_limit, of_anchor = ratio(series[OURS], series[RAW]), ratio(series[OURS], series[ANCHOR])
    report.course(what, "events", series, RAW)
    report.ask(
        f"read {what}",
        series[OURS],
        "60 % of limit, 2 times anchor",
        of_limit >= 0.6 and of_anchor >= 2,
        f"{share(of_limit)}, {times(of_anchor)}",
        anchor=series[ANCHOR],
        limit=series[RAW],
        reason=""
        if of_limit >= 0.6
        else "each event also gets its place (stream, version, position, time), which raw rows leave in the row",
    )


class Plan(Aggregate):
    """The anchor's aggregate, and the same facts as its event."""

    class Updated(Aggregate.Event):
        template: str
        student: str
        item: str
        value: int
        effective: str
        by: str
        role: str


_transcoder = JSONTranscoder()
_transcoder.register(DatetimeAsISO())
_mapper = Mapper[UUID](transcoder=_transcoder)


def _fill(
    store: SqliteStore,
    recorder: SQLiteApplicationRecorder,
    own: SQLiteApplicationRecorder,
    number: int,
    events: Sequence[ItemUpdated],
    count: int,
) -> None:
    name, encoder = samples.stream(number), msgspec.json.Encoder()
    store.append_many(
        [
            NewCommit(
                stream=name, key=samples.key(name), events=events[at : at + count], expected=at, commit_id=f"c{at}", meta=samples.META
            )
            for at in range(0, len(events), count)
        ]
    )
    recorder.insert_events(
        [
            StoredEvent(originator_id=UUID(int=number), originator_version=at, topic=each.type, state=encoder.encode(each))
            for at, each in enumerate(events, 1)
        ]
    )
    own.insert_events([_mapper.to_stored_event(_updated(UUID(int=number), at, each)) for at, each in enumerate(events, 1)])


def _updated(stream: UUID, version: int, event: ItemUpdated) -> Plan.Updated:
    facts: dict[str, Any] = {
        "template": event.template,
        "student": event.student,
        "item": event.item,
        "value": 1,
        "effective": str(event.effective),
        "by": event.by.person,
        "role": event.by.role,
    }
    return Plan.Updated(originator_id=stream, originator_version=version, timestamp=datetime(2027, 5, 3, tzinfo=UTC), **facts)


def _anchor(folder: Path, name: str) -> SQLiteApplicationRecorder:
    recorder = SQLiteFactory({"SQLITE_DBNAME": str(folder / f"{name}.db")}).application_recorder()
    assert isinstance(recorder, SQLiteApplicationRecorder)
    return recorder


_decode = msgspec.json.Decoder(ItemUpdated).decode


def _read_ours(store: SqliteStore, name: str) -> int:
    return len([recorded for commit in store.read(name, 0) for recorded in commit.recorded()])


def _scan_ours(store: SqliteStore) -> int:
    position = events = 0
    while commits := store.scan(position, PAGE):
        events += len([recorded for commit in commits for recorded in commit.recorded()])
        position = commits[-1].position
    return events


def _read_anchor(recorder: SQLiteApplicationRecorder, stream: UUID) -> int:
    return len([_mapper.to_domain_event(each) for each in recorder.select_events(stream)])


def _scan_anchor(recorder: SQLiteApplicationRecorder) -> int:
    start, events = 1, 0
    while found := recorder.select_notifications(start, PAGE):
        events += len([_mapper.to_domain_event(each) for each in found])
        start = found[-1].id + 1
    return events


def _read_recorder(recorder: SQLiteApplicationRecorder, stream: UUID) -> int:
    return len([(each, _decode(each.state)) for each in recorder.select_events(stream)])


def _scan_recorder(recorder: SQLiteApplicationRecorder) -> int:
    start, events = 1, 0
    while found := recorder.select_notifications(start, PAGE):
        events += len([(each, _decode(each.state)) for each in found])
        start = found[-1].id + 1
    return events


def _read_raw(connection: sqlite3.Connection, name: str, decoded: bool) -> int:
    rows = connection.execute("SELECT * FROM plans_commits WHERE stream = ? ORDER BY version", (name,)).fetchall()
    return _events(rows, decoded)


def _scan_raw(connection: sqlite3.Connection, decoded: bool) -> int:
    position = events = 0
    question = "SELECT * FROM plans_commits WHERE position > ? ORDER BY position LIMIT ?"
    while rows := connection.execute(question, (position, PAGE)).fetchall():
        events += _events(rows, decoded)
        position = rows[-1][0]
    return events


def _events(rows: Sequence[tuple[int, str, int, int, str, str, float, bytes, bytes]], decoded: bool) -> int:
    if decoded:
        return len([_decode(raw) for row in rows for _, raw in split(row[8])])
    return sum(row[3] for row in rows)
