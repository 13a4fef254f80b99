"""4. Append on the MongoDB protocol: one writer, and 16 threads of one process."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import count

from pymongo.collection import Collection

from bench import engines, samples
from bench.measure import Lap, Size, race, ratio, repeated
from bench.report import Report, milliseconds, share, times
from bench.threads import side_by_side
from waymark.events.appender import Appender, Outcome, Pending
from waymark.events.catalogue import encode
from waymark.events.mongo.database import Documents
from waymark.events.mongo.store import MongoStore
from waymark.events.store import Appended

OURS, MANY, BARE, SAME, NOTHING = (
    "ours",
    "ours, 16 threads",
    "bare insert_one: _id alone",
    "insert_one of the same document",
    "ours, placing nothing",
)
RAW_MANY = "insert_one of the same document, 16 threads"
THREADS = 16
Step = Callable[[], int]


def run(size: Size) -> Report:
    report = Report(number=4, work="Append on the MongoDB protocol", durability="Every write asks for majority.")
    url = engines.mongodb()
    if url is None:
        return engines.absent(report, "append on MongoDB", "MongoDB")
    with engines.documents(url) as database:
        store = MongoStore(database, "plans")
        lap = size.lap * 1.6
        turns = {
            OURS: partial[Lap](repeated, ours(store, 0), lap, timed=True),
            MANY: partial(side_by_side, [ours(store, each) for each in range(1, THREADS + 1)], lap),
            BARE: partial[Lap](repeated, bare(database["bare"]), lap, timed=True),
            SAME: partial[Lap](repeated, same(database, 0), lap, timed=True),
            RAW_MANY: partial(side_by_side, [same(database, each) for each in range(1, THREADS + 1)], lap),
            NOTHING: partial[Lap](repeated, nothing(), lap, timed=True),
        }
        series = race(turns, size)
        server = database.client.server_info()
    report.course("one event a commit", "commits", series, BARE)
    report.notes.append(f"Server: {server.get('version')}{', ' + str(server['ferretdb']) if 'ferretdb' in server else ''}.")
    report.notes.append("An event a document, `insert_many` inside a transaction, is left out: the server has no transactions.")
    one, many = ratio(series[OURS], series[BARE]), ratio(series[MANY], series[BARE])
    report.ask(
        "append, 1 writer",
        series[OURS],
        "50 % of a bare insert_one",
        one >= 0.5,
        f"{share(one)}; {share(ratio(series[OURS], series[SAME]))} of inserting the same document",
        limit=series[BARE],
        reason="a commit is larger than a bare _id and stands in a second unique index",
    )
    report.ask(
        "append, 16 threads of one process",
        series[MANY],
        "5 times a bare insert_one",
        many >= 5,
        f"{times(many)}; p99 {milliseconds(series[MANY].wait(0.99))}",
        limit=series[BARE],
        reason=f"server and client share two cores; 16 threads of insert_one, each for itself, reach {times(ratio(series[RAW_MANY], series[BARE]))}",
    )
    return report


def ours(store: MongoStore, seed: int) -> Step:
    """Ten commits to a stream, then the next stream."""
    numbers, pool = count(), samples.events(500)

    def step() -> int:
        number = next(numbers)
        name, expected = samples.stream(seed * 10**9 + number // 10), number % 10
        store.append(name, samples.key(name), (pool[number % 500],), expected, f"commit-{seed}-{number}", samples.META)
        return 1

    return step


def bare(collection: Collection[dict[str, object]]) -> Step:
    numbers = count()

    def step() -> int:
        collection.insert_one({"_id": next(numbers)})
        return 1

    return step


def same(database: Documents, seed: int) -> Step:
    """The document that ours writes, into a collection with the same indexes, its place known beforehand."""
    collection = database["same"]
    collection.create_index([("stream", 1), ("version", 1)], unique=True)
    numbers, pool = count(seed * 10**9), samples.events(500)

    def step() -> int:
        number = next(numbers)
        name = samples.stream(number // 10)
        collection.insert_one(
            {
                "_id": number,
                "stream": name,
                "version": number % 10 + 1,
                "count": 1,
                "key": samples.key(name),
                "commit_id": f"commit-{number}",
                "at": 1.0,
                "meta": '{"actor":"p-000001","fingerprint":"' + "f" * 43 + '"}',
                "body": encode((pool[number % 500],)).decode(),
            }
        )
        return 1

    return step


def nothing() -> Step:
    def place(group: Sequence[Pending]) -> Sequence[Outcome]:
        return [Appended(position=1, version=1, partition=0, sequence=1000) for _ in group]

    appender, pool = Appender("bench", place), samples.events(1)

    def step() -> int:
        appender.append(Pending("bench/plan/reading/1", "1", pool, 0, "c", samples.META))
        return 1

    return step
