"""1. Durable append on SQLite of 1, 10 and 100 events a commit."""

from __future__ import annotations

import sqlite3
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from itertools import count
from pathlib import Path
from uuid import UUID

import msgspec
from eventsourcing.persistence import StoredEvent
from eventsourcing.sqlite import SQLiteFactory

from bench import samples
from bench.measure import Lap, Size, race, ratio, repeated
from bench.report import Report, share, times
from waymark.events.appender import Appender, Outcome, Pending
from waymark.events.catalogue import encode
from waymark.events.envelope import Event
from waymark.events.sqlite.database import Database
from waymark.events.sqlite.store import SqliteStore
from waymark.events.store import Appended

TARGETS = {1: 1.5, 10: 1.5, 100: 3.0}
OURS, ANCHOR, RAW, BARE, NOTHING = "ours", "eventsourcing", "raw row a commit", "raw row of position and body", "ours, placing nothing"
Step = Callable[[], int]


def run(size: Size) -> Report:
    report = Report(
        number=1,
        work="Durable append on SQLite",
        durability="Every contestant encodes its events with msgspec and waits for WAL, synchronous=FULL.",
    )
    for events in TARGETS:
        _course(report, size, events, large=False)
    if size.full:
        _course(report, size, 10, large=True)
    return report


def _course(report: Report, size: Size, events: int, large: bool) -> None:
    pool = samples.events(2_000, large)
    with tempfile.TemporaryDirectory() as folder:
        steps: dict[str, Step] = {
            OURS: ours(Path(folder), pool, events),
            ANCHOR: anchor(Path(folder), pool, events),
            RAW: raw(Path(folder), pool, events),
            BARE: bare(Path(folder), pool, events),
            NOTHING: nothing(pool, events),
        }
        turns = {name: partial[Lap](repeated, step, size.lap, timed=True) for name, step in steps.items()}
        series = race(turns, size)
    of_limit, of_anchor = ratio(series[OURS], series[RAW]), ratio(series[OURS], series[ANCHOR])
    what = f"{events} event{'s' if events > 1 else ''} a commit{' (2 kB each)' if large else ''}"
    report.course(what, "events", series, RAW)
    report.ask(
        f"append, {what}",
        series[OURS],
        f"80 % of limit, {TARGETS[events]:g} times anchor",
        of_limit >= 0.8 and of_anchor >= TARGETS[events],
        f"{share(of_limit)}, {times(of_anchor)}",
        anchor=series[ANCHOR],
        limit=series[RAW],
        reason="beside the insert, the stream's head is verified and the caller's answer built"
        if of_limit < 0.8
        else f"all three wait once for the same disk, which is most of a commit here; processor time a commit is {share(series[OURS].cpu / series[ANCHOR].cpu)} of the anchor's",
    )


def ours(folder: Path, pool: Sequence[Event], events: int) -> Step:
    store = SqliteStore(Database(folder / "ours.db", "FULL"), "plans")
    versions, chosen, bodies = dict[int, int](), samples.zipf(), samples.commits(pool, events)
    numbers = count()

    def step() -> int:
        number = next(chosen)
        name = samples.stream(number)
        done = store.append(name, samples.key(name), next(bodies), versions.get(number, 0), f"commit-{next(numbers)}", samples.META)
        versions[number] = done.version
        return events

    return step


def anchor(folder: Path, pool: Sequence[Event], events: int) -> Step:
    recorder = SQLiteFactory({"SQLITE_DBNAME": str(folder / "anchor.db")}).application_recorder()
    versions, chosen, bodies = dict[int, int](), samples.zipf(), samples.commits(pool, events)
    encoder = msgspec.json.Encoder()

    def step() -> int:
        number = next(chosen)
        version, stream = versions.get(number, 0), UUID(int=number)
        recorder.insert_events(
            [
                StoredEvent(originator_id=stream, originator_version=version + at, topic=each.type, state=encoder.encode(each))
                for at, each in enumerate(next(bodies), 1)
            ]
        )
        versions[number] = version + events
        return events

    return step


def raw(folder: Path, pool: Sequence[Event], events: int) -> Step:
    """One row a commit, the same columns and the same unique index as ours, nothing read."""
    connection = _connection(folder / "raw.db")
    connection.execute(
        """CREATE TABLE commits (position INTEGER PRIMARY KEY, stream TEXT NOT NULL, version INTEGER NOT NULL, count INTEGER NOT NULL,
        key TEXT NOT NULL, commit_id TEXT NOT NULL, at REAL NOT NULL, meta BLOB NOT NULL, body BLOB NOT NULL)"""
    )
    connection.execute("CREATE UNIQUE INDEX stream_version ON commits (stream, version)")
    versions, chosen, bodies = dict[int, int](), samples.zipf(), samples.commits(pool, events)
    numbers = count(1)

    def step() -> int:
        number, position = next(chosen), next(numbers)
        name, version = samples.stream(number), versions.get(number, 0)
        values = (position, name, version + 1, events, samples.key(name), f"commit-{position}", time.time())
        connection.execute(
            "INSERT INTO commits VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", (*values, msgspec.json.encode(samples.META), encode(next(bodies)))
        )
        versions[number] = version + events
        return events

    return step


def bare(folder: Path, pool: Sequence[Event], events: int) -> Step:
    """What any durable row costs: no stream, no index."""
    connection = _connection(folder / "bare.db")
    connection.execute("CREATE TABLE commits (position INTEGER PRIMARY KEY, body BLOB NOT NULL)")
    bodies = samples.commits(pool, events)

    def step() -> int:
        connection.execute("INSERT INTO commits (body) VALUES (?)", (encode(next(bodies)),))
        return events

    return step


def nothing(pool: Sequence[Event], events: int) -> Step:
    """Our appender in front of a store that answers at once: what the engine itself costs."""

    def place(group: Sequence[Pending]) -> Sequence[Outcome]:
        return [Appended(position=1, version=each.expected + each.count, partition=0, sequence=1000) for each in group]

    appender, bodies = Appender("bench", place), samples.commits(pool, events)

    def step() -> int:
        appender.append(Pending("bench/plan/reading/1", "1", next(bodies), 0, "c", samples.META))
        return events

    return step


def _connection(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("synchronous=FULL", "cache_size=-16000", "journal_mode=WAL"):
        connection.execute(f"PRAGMA {pragma}")
    return connection
