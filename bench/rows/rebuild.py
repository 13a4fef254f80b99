"""10. Rebuild: events a second of a processor's core, and what readers notice of the flip while new events arrive."""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Callable
from functools import partial
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

from bench import plans
from bench.folds import COUNTERS, counter
from bench.measure import Lap, Series, Size, once, processor, race
from bench.report import Report, milliseconds, short
from waymark.events.feed import StoreFeed
from waymark.events.project import Projection
from waymark.events.rebuild import rebuild
from waymark.events.sqlite.database import Database
from waymark.events.sqlite.store import SqliteStore
from waymark.events.sqlite.views import SqliteViews
from waymark.events.views import System
from waymark.events.worker import Worker
from waymark.reporting.views import past_rows, sheets

COUNTER, SHEETS, ROWS, READ = "ours: a counter", "ours: sheets", "ours: span rows", "read and decoded alone"
NEW = 200  # events a second that arrive while readers are flipped


def run(size: Size) -> Report:
    report = Report(number=10, work="Rebuild", durability="Views in WAL, synchronous=NORMAL; events in WAL, FULL.")
    with tempfile.TemporaryDirectory() as folder:
        store = SqliteStore(Database(Path(folder) / "events.db", "FULL"), "plans")
        events = plans.fill(store, size.of(15_000, 1_000_000))
        numbers = count()
        turns = {
            COUNTER: partial(_built, store, events, counter, Path(folder), numbers),
            SHEETS: partial(_built, store, events, sheets, Path(folder), numbers),
            ROWS: partial(_built, store, events, past_rows, Path(folder), numbers),
            READ: partial(_read, store),
        }
        series = race(turns, size)
        report.course(f"{events:,} events, from the first one to the flip", "events", series, READ)
        a_core = 1000 / series[COUNTER].cpu
        report.ask(
            "rebuild a counter",
            series[COUNTER],
            "50,000 events a second a core",
            a_core >= 50_000,
            f"{short(a_core)} a processor second",
            limit=series[READ],
            reason="each event is decoded, placed, and marked in its documents",
        )
        for name in (SHEETS, ROWS):
            told = f"{short(1000 / series[name].cpu)} a processor second"
            report.ask(f"rebuild {name.removeprefix('ours: ')}", series[name], "stated", None, told)
        _flip(report, store, SqliteViews(Database(Path(folder) / "flip.db", "NORMAL"), "reporting"))
    return report


def _quick(seconds: float) -> None:
    time.sleep(min(seconds, 0.01))


def _built(store: SqliteStore, events: int, projection: Projection[Any], folder: Path, numbers: Any) -> Lap:
    views = SqliteViews(Database(folder / f"views-{next(numbers)}.db", "NORMAL"), "reporting")

    def work() -> int:
        rebuild(projection, StoreFeed(store), views, lambda _folded, _waiting: None, wait=_quick)
        return events

    return once(work)


def _read(store: SqliteStore) -> Lap:
    def work() -> int:
        feed, done = StoreFeed(store), 0
        while records := feed.poll(2_000, 0).records:
            done += len(records)
        return done

    return once(work)


def _flip(report: Report, store: SqliteStore, views: SqliteViews) -> None:
    """A live worker, a writer and a reader, while the view is built anew beside them."""
    worker, stop = Worker(StoreFeed(store), (counter,), views), threading.Event()
    Worker(StoreFeed(store), (counter,), views).catch_up()
    waits: list[float] = []
    seen = {"failed": 0, "empty": 0, "older": 0}
    before: dict[str, int] = {}
    ids = [f"bench/count/{each}" for each in range(COUNTERS)]
    chance = Random(11)

    def read() -> None:
        began = time.perf_counter()
        try:
            found = views.get(System("bench"), counter.view, ids)
        except Exception:  # noqa: BLE001 -- the figure is how often it fails
            seen["failed"] += 1
            return
        waits.append(time.perf_counter() - began)
        seen["empty"] += len(found) < len(before)
        seen["older"] += any(each.events < before.get(key, 0) for key, each in found.items())
        before.update({key: each.events for key, each in found.items()})
        time.sleep(0.002)

    def write() -> None:
        store.append_many([plans.later(chance)])
        time.sleep(2.5 / NEW)  # about as many events a commit

    threads = [threading.Thread(target=worker.run, args=(stop,), daemon=True)]
    threads += [threading.Thread(target=_until, args=(stop, each), daemon=True) for each in (read, write)]
    for each in threads:
        each.start()
    time.sleep(1)
    used, began = processor(), time.perf_counter()
    rebuild(counter, StoreFeed(store), views, lambda _folded, _waiting: None)
    seconds = time.perf_counter() - began
    time.sleep(1.5)
    stop.set()
    for each in threads:
        each.join(10)
    lap = Lap(units=len(waits), seconds=seconds + 2.5, cpu=processor() - used, waits=waits, counts={k: float(v) for k, v in seen.items()})
    series = {"reads": Series(name="reads of 100 documents", laps=[lap])}
    report.course(f"reads during a rebuild of {seconds:.1f} s and its flip, {NEW} events a second arriving", "reads", series)
    reached = f"{seen['failed']} failed, {seen['empty']} empty, {seen['older']} older of {len(waits):,}; p99 {milliseconds(series['reads'].wait(0.99))}"
    report.ask(
        "reads during the flip",
        series["reads"],
        "none failed, empty or older",
        not any(seen.values()),
        reached,
        reason="see the row's counts",
    )


def _until(stop: threading.Event, step: Callable[[], None]) -> None:
    while not stop.is_set():
        step()
