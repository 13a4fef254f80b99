"""11. kill -9 under load, and how long until the first correct answer: each component as a process of its own."""

from __future__ import annotations

import secrets
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path

import requests

from bench import engines, samples
from bench.folds import counter
from bench.house import kill, prepare, soon, start
from bench.measure import Lap, Series, Size
from bench.report import Report, Verdict
from tests.e2e.people import People
from tests.integration.test_standalone_kill import write_on
from waymark.events.catalogue import Topic
from waymark.events.envelope import PARTITIONS
from waymark.events.kafka import KafkaPublisher, check_topic
from waymark.events.mongo.database import connect
from waymark.events.mongo.outbox import MongoOutbox
from waymark.events.mongo.store import MongoStore
from waymark.events.relay import Relay
from waymark.events.sqlite.database import Database
from waymark.events.sqlite.store import SqliteStore
from waymark.events.sqlite.views import SqliteViews

LOAD = 0.7  # seconds of load before each kill


def run(size: Size) -> Report:
    report = Report(
        number=11, work="Restart after kill -9 under load", durability="As deployed. Killed with SIGKILL, started again at once."
    )
    repetitions = size.of(2, 9)
    _tell(report, "event store on SQLite", "every acknowledged commit read", [_store(each) for each in range(repetitions)])
    _platform(report, repetitions)
    bootstrap, url = engines.kafka(), engines.mongodb()
    if bootstrap is None or url is None:
        return engines.absent(report, "restart of worker and relay", "Kafka and MongoDB")
    _distributed(report, size.of(1, 5), bootstrap, url)
    return report


def _tell(report: Report, component: str, answer: str, seconds: list[float], reason: str = "") -> None:
    laps = [Lap(units=1, seconds=each, cpu=0) for each in seconds]
    report.course(f"{component}: from the start of the process until {answer}", "restarts", {component: Series(name=component, laps=laps)})
    report.verdicts.append(
        Verdict(
            what=f"restart: {component}",
            ours=f"{sorted(seconds)[len(seconds) // 2]:.2f} s",
            target="under 5 s",
            reached=f"{answer} after {min(seconds):.2f} to {max(seconds):.2f} s",
            met=max(seconds) < 5,
            reason=reason,
        )
    )


def child(*arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "bench.rows.restart", *arguments], stdout=subprocess.PIPE, start_new_session=True)


def _store(_number: int) -> float:
    with tempfile.TemporaryDirectory() as folder:
        process = child("append", folder)
        assert process.stdout is not None
        acknowledged = 0
        deadline = time.monotonic() + LOAD + 1
        while time.monotonic() < deadline and (line := process.stdout.readline()):
            acknowledged = int(line)
        kill(process)
        began = time.perf_counter()
        again = child("count", folder)
        assert again.stdout is not None
        there = int(again.stdout.readline())
        seconds = time.perf_counter() - began
        kill(again)
        assert there >= acknowledged > 0, (there, acknowledged)
    return seconds


def _platform(report: Report, repetitions: int) -> None:
    answered, charted = list[float](), list[float]()
    with tempfile.TemporaryDirectory() as folder:
        house, package, plan = prepare(Path(folder))
        acknowledged: list[str] = []
        template = plan.partition(".")[0]
        for number in range(repetitions + 1):
            admin = People(house, package).client("districtAdministrator")
            began = time.perf_counter()
            process = start(house)
            try:
                _await(lambda admin=admin: set(acknowledged) <= _notes(admin.get(f"/plans/v1/plans/{plan}")))
                told = time.perf_counter() - began
                _await(lambda admin=admin: admin.get(f"/reporting/v1/templates/{template}/bars").json()["overall"]["n"] == 1)
                if number:  # the first one had nothing to recover from
                    answered.append(told)
                    charted.append(time.perf_counter() - began)
                writers = [
                    threading.Thread(
                        target=write_on, args=(People(house, package).client("districtAdministrator"), plan, acknowledged), daemon=True
                    )
                    for _ in range(4)
                ]
                for each in writers:
                    each.start()
                time.sleep(LOAD)
            finally:
                kill(process)
            for each in writers:
                each.join(30)
    _tell(report, "standalone, a plan", "every acknowledged update is shown", answered)
    _tell(report, "standalone, a chart", "the bar is right", charted)


def _notes(answer: requests.Response) -> set[str]:
    return {each["note"] for each in answer.json()["items"]["overall"]["updates"]} if answer.ok else set()


def _await(true: Callable[[], bool], seconds: float = 40.0) -> None:
    for _ in soon(seconds):
        try:
            if true():
                return
        except (requests.RequestException, KeyError, ValueError):
            continue


def _distributed(report: Report, repetitions: int, bootstrap: str, url: str) -> None:
    """A relay and a worker are killed in turn while commits are appended here."""
    with engines.documents(url) as database, engines.topic(bootstrap) as topic, tempfile.TemporaryDirectory() as folder:
        store, stop = MongoStore(database, "plans"), threading.Event()
        outbox, views = MongoOutbox(database, "plans"), SqliteViews(Database(Path(folder) / "views.db", "NORMAL"), "reporting")
        views.prepare(counter.view)
        outbox.adopt(check_topic({"bootstrap_servers": bootstrap}, topic))
        numbers = count()
        pool = samples.events(100)

        def write() -> None:
            while not stop.is_set():
                number = next(numbers)
                name = samples.stream(number)
                store.append(name, samples.key(name), (pool[number % 100],), 0, "c", samples.META)
                time.sleep(0.01)

        def relayed() -> bool:
            return outbox.position() >= head

        def folded() -> bool:
            reached = views.checkpoints(counter.view, "plans")
            return bool(reached) and max(each.sequence for each in reached.values()) // 1000 >= head

        arguments = {"relay": ("relay", url, database.name, bootstrap, topic.name), "worker": ("work", bootstrap, topic.name, folder)}
        running = {name: child(*each) for name, each in arguments.items()}
        writer = threading.Thread(target=write, daemon=True)
        writer.start()
        seconds: dict[str, list[float]] = {name: [] for name in running}
        try:
            time.sleep(1)
            head = store.head()
            _await(relayed)
            _await(folded)
            for _ in range(repetitions):
                for name, true in (("relay", relayed), ("worker", folded)):
                    time.sleep(LOAD)
                    kill(running[name])
                    head = store.head()
                    began = time.perf_counter()
                    running[name] = child(*arguments[name])
                    _await(true)
                    seconds[name].append(time.perf_counter() - began)
        finally:
            stop.set()
            for each in running.values():
                kill(each)
            writer.join(10)
    lease = "the killed relay's lease must run out before another is the usual one"
    group = "the broker keeps the killed member's partitions until its session of 10 s has run out"
    _tell(report, "relay", "what was committed before is on the topic", seconds["relay"], lease)
    _tell(report, "worker of a topic", "what was committed before is in the view", seconds["worker"], group)


def append(folder: str) -> None:
    """Append without end, and say after each commit how many there are."""
    store = SqliteStore(Database(Path(folder) / "events.db", "FULL"), "plans")
    pool = samples.events(100)
    for number in count():
        name = samples.stream(number)
        store.append(name, samples.key(name), (pool[number % 100],), 0, "c", samples.META)
        print(number + 1, flush=True)


def counted(folder: str) -> None:
    """Open the store, read it through, say how many commits there are."""
    print(len(SqliteStore(Database(Path(folder) / "events.db", "FULL"), "plans").scan(0, 10**9)), flush=True)


def relay(url: str, name: str, bootstrap: str, topic: str) -> None:
    database, to = connect(url, name), Topic("plans", topic, PARTITIONS)
    publisher = lambda: KafkaPublisher({"bootstrap_servers": bootstrap}, to)  # noqa: E731 -- a publisher anew for each try
    Relay(MongoStore(database, "plans"), MongoOutbox(database, "plans"), publisher, secrets.token_hex(8)).run(threading.Event())


def work(bootstrap: str, topic: str, folder: str) -> None:
    from waymark.events.kafka import KafkaFeed
    from waymark.events.worker import Worker

    feed = KafkaFeed({"bootstrap_servers": bootstrap}, Topic("plans", topic, PARTITIONS), f"{topic}-worker")
    Worker(feed, (counter,), SqliteViews(Database(Path(folder) / "views.db", "NORMAL"), "reporting")).run(threading.Event())


if __name__ == "__main__":
    {"append": append, "count": counted, "relay": relay, "work": work}[sys.argv[1]](*sys.argv[2:])
