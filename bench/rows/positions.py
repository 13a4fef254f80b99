"""5. What dense positions cost: 1, 2, 4 and 8 writer processes of 16 threads, beside two designs without them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from itertools import count
from typing import Any

from pymongo.monitoring import CommandListener, CommandStartedEvent

from bench import engines, samples
from bench.crew import Crew, Worker
from bench.measure import Lap, Series, Size, race, ratio
from bench.report import Report, milliseconds, short, times
from bench.threads import side_by_side
from waymark.events.catalogue import encode
from waymark.events.mongo.database import connect
from waymark.events.mongo.store import MongoStore

PROCESSES, THREADS = (1, 2, 4, 8), 16
OURS, COUNTER, NONE = "ours (dense)", "a counter document, then the insert (holes, late arrivals)", "no position"
Step = Callable[[], int]


def run(size: Size) -> Report:
    report = Report(number=5, work="Dense positions with several writer processes", durability="Every write asks for majority.")
    url = engines.mongodb()
    if url is None:
        return engines.absent(report, "dense positions", "MongoDB")
    with engines.documents(url) as database, ExitStack() as open_crews:
        most = [open_crews.enter_context(Crew(PROCESSES[-1], make, url, database.name)) for make in (dense, counter, plain)]
        curve: dict[str, Series] = {}
        for processes in PROCESSES:
            names = {f"{name}, {processes} x {THREADS}": crew for name, crew in zip((OURS, COUNTER, NONE), most, strict=True)}
            curve |= race({name: partial(_some, crew, processes, size.lap * 1.6) for name, crew in names.items()}, size)
    report.course("commits of one event", "commits", curve)
    one, eight = curve[f"{OURS}, 1 x {THREADS}"], curve[f"{OURS}, 8 x {THREADS}"]
    reached = ratio(eight, one)
    tries = {each: _tries(curve[f"{OURS}, {each} x {THREADS}"]) for each in PROCESSES}
    curve_told = ", ".join(f"{each}: {short(curve[f'{OURS}, {each} x {THREADS}'].rate)} ({tries[each]:.2f} tries)" for each in PROCESSES)
    report.ask(
        "append, 8 processes of 16 threads",
        eight,
        "at least 1 process",
        reached >= 1,
        f"{times(reached)}; p99 {milliseconds(eight.wait(0.99))}; by processes {curve_told}",
        limit=curve[f"{NONE}, 8 x {THREADS}"],
        reason="server and nine clients share two cores",
    )
    return report


def _tries(series: Series) -> float:
    """Documents sent for each commit that was placed."""
    return series.count("sent") / max(1, sum(lap.units for lap in series.laps))


def _some(crew: Crew, processes: int, seconds: float) -> Lap:
    return crew(seconds, processes)


class _Sent(CommandListener):
    """Counts the documents of inserts."""

    def __init__(self) -> None:
        self.documents = 0

    def started(self, event: CommandStartedEvent) -> None:
        if event.command_name == "insert":
            self.documents += len(event.command.get("documents", ()))

    def succeeded(self, event: Any) -> None: ...

    def failed(self, event: Any) -> None: ...


def dense(number: int, url: str, name: str) -> Worker:
    from pymongo import monitoring

    sent = _Sent()
    monitoring.register(sent)
    store = MongoStore(connect(url, name), "plans")
    return _worker([_ours(store, number * THREADS + each) for each in range(THREADS)], sent)


def counter(number: int, url: str, name: str) -> Worker:
    database = connect(url, name)
    database["counter"].update_one({"_id": "position"}, {"$setOnInsert": {"position": 0}}, upsert=True)

    def step_of(seed: int) -> Step:
        collection = database["counted"]
        collection.create_index([("stream", 1), ("version", 1)], unique=True)
        numbers, pool = count(seed * 10**9), samples.events(100)

        def step() -> int:
            at = next(numbers)
            taken = database["counter"].find_one_and_update({"_id": "position"}, {"$inc": {"position": 1}}, return_document=True)
            assert taken is not None, "it was made above"
            collection.insert_one({"_id": taken["position"], **_document(at, encode((pool[at % 100],)).decode())})
            return 1

        return step

    return _worker([step_of(number * THREADS + each) for each in range(THREADS)], _Sent())


def plain(number: int, url: str, name: str) -> Worker:
    database = connect(url, name)

    def step_of(seed: int) -> Step:
        collection = database["plain"]
        collection.create_index([("stream", 1), ("version", 1)], unique=True)
        numbers, pool = count(seed * 10**9), samples.events(100)

        def step() -> int:
            at = next(numbers)
            collection.insert_one({"_id": at, **_document(at, encode((pool[at % 100],)).decode())})
            return 1

        return step

    return _worker([step_of(number * THREADS + each) for each in range(THREADS)], _Sent())


def _document(at: int, body: str) -> dict[str, object]:
    return {
        "stream": samples.stream(at // 10),
        "version": at % 10 + 1,
        "count": 1,
        "key": f"{at:032x}",
        "commit_id": f"c{at}",
        "body": body,
    }


def _ours(store: MongoStore, seed: int) -> Step:
    numbers, pool = count(), samples.events(100)

    def step() -> int:
        at = next(numbers)
        name = samples.stream(seed * 10**9 + at // 10)
        store.append(name, samples.key(name), (pool[at % 100],), at % 10, f"commit-{seed}-{at}", samples.META)
        return 1

    return step


def _worker(steps: list[Step], sent: _Sent) -> Worker:
    def work(seconds: float) -> Lap:
        before = sent.documents
        lap = side_by_side(steps, seconds)
        lap.counts = {"sent": sent.documents - before} if sent.documents else {}
        return lap

    return work
