"""Every service a process of its own, over Kafka and MongoDB; the two engines stay up."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any

import msgspec
from kafka import KafkaConsumer
from kafka.structs import TopicPartition
from pymongo import MongoClient

from tests.campaign.history import Kept, Published
from tests.campaign.installation import digest_of, kept_commit, output_to
from tests.campaign.schedule import Step, distributed_steps
from tests.e2e.house import BOOTSTRAP
from waymark.events.kafka import create_topics
from waymark.service.distributed import topics
from waymark.standalone.distributed import Process, environment, start, stop
from waymark.standalone.home import Home

ORDER = ("position", "stream", "version", "count", "key", "commit_id", "body")


class Distributed:
    """The processes of `waymark.standalone.distributed`, watched over from here."""

    mode = "distributed"

    def __init__(self, folder: Path, port: int, engines: Mapping[str, str], district: str = "demo") -> None:
        self.folder, self.district = folder, district
        folder.mkdir(parents=True, exist_ok=True)
        self._home = Home(folder=folder, host="127.0.0.1", port=port, district=district)
        self.address = self._home.address
        self._engines = engines
        self._env = environment(self._home, engines) | {"WAYMARK_BOOTSTRAP_ADMINS": BOOTSTRAP}
        self._processes: dict[str, Process] = {}
        self._environments: dict[str, dict[str, str]] = {}

    def start(self) -> None:
        names = tuple(topics(self._env["WAYMARK_PREFIX"]).values())
        create_topics({"bootstrap_servers": self._env["WAYMARK_KAFKA_BOOTSTRAP"]}, 1, names)
        with output_to(self.folder / "log"):
            self._processes = {each.name: each for each in start(self._home, self._env)}
        self._environments = {name: _environment_of(each) for name, each in self._processes.items()}

    def kill(self, parts: Iterable[str]) -> None:
        self.signal(parts, signal.SIGKILL)
        for each in parts:
            self._processes[each].running.wait()

    def begin(self, parts: Iterable[str]) -> None:
        for name in parts:
            command: Any = self._processes[name].running.args
            with (self.folder / "log").open("ab") as log:
                running = subprocess.Popen(command, env=self._environments[name], stdout=log, stderr=log, start_new_session=True)
            self._processes[name] = Process(name, running)

    def signal(self, parts: Iterable[str], number: signal.Signals) -> None:
        for each in parts:
            with suppress(ProcessLookupError):
                os.killpg(self._processes[each].running.pid, number)

    def ended(self) -> list[str]:
        return [name for name, each in self._processes.items() if each.running.poll() is not None]

    def stop(self) -> None:
        stop(list(self._processes.values()))
        self._processes = {}

    def steps(self, seed: int, episode: int, kills: int) -> list[Step]:
        return distributed_steps(seed, episode, kills)

    def kept(self, base: int) -> list[Kept]:
        with self._plans() as plans:
            return [kept_commit(*_row(each)) for each in plans.plans_commits.find({"_id": {"$gt": base}}).sort("_id", 1)]

    def head(self) -> int:
        with self._plans() as plans:
            last = plans.plans_commits.find_one({}, {"_id": 1}, sort=[("_id", -1)])
            return last["_id"] if last else 0

    def digest(self, position: int) -> str:
        with self._plans() as plans:
            return digest_of(_row(each) for each in plans.plans_commits.find({"_id": {"$lte": position}}).sort("_id", 1))

    def mark(self) -> Mapping[int, int]:
        consumer = self._consumer()
        try:
            parts = self._partitions(consumer)
            return {each.partition: offset for each, offset in consumer.end_offsets(parts).items()}
        finally:
            consumer.close()

    def published(self, mark: Mapping[int, int]) -> list[Published]:
        consumer = self._consumer()
        try:
            parts = self._partitions(consumer)
            ends = consumer.end_offsets(parts)
            consumer.assign(parts)
            for each in parts:
                consumer.seek(each, mark.get(each.partition, 0))
            found: list[Published] = []
            while any(consumer.position(each) < ends[each] for each in parts):
                for polled in consumer.poll(timeout_ms=500).values():
                    found += [_published(record) for record in polled]
            return found
        finally:
            consumer.close()

    def sound(self) -> list[str]:
        return []

    def keep(self, target: Path) -> None:
        """The log, and the documents of all services as JSON lines."""
        target.mkdir(parents=True, exist_ok=True)
        (target / "log").write_bytes((self.folder / "log").read_bytes())
        for service in ("roster", "plans", "reporting"):
            with self._database(service) as database:
                for collection in database.list_collection_names():
                    lines = (msgspec.json.encode(each, enc_hook=repr) for each in database[collection].find())
                    (target / f"{service}.{collection}.jsonl").write_bytes(b"\n".join(lines))

    def _plans(self) -> AbstractContextManager[Any]:
        return self._database("plans")

    @contextmanager
    def _database(self, service: str) -> Iterator[Any]:
        client: Any = MongoClient(self._engines["WAYMARK_MONGODB_URL"])
        try:
            yield client[f"{self._env['WAYMARK_PREFIX']}-{service}"]
        finally:
            client.close()

    def _consumer(self) -> Any:
        return KafkaConsumer(
            bootstrap_servers=self._env["WAYMARK_KAFKA_BOOTSTRAP"],
            isolation_level="read_committed",
            group_id=None,
            enable_auto_commit=False,
        )

    def _partitions(self, consumer: Any) -> list[Any]:
        topic = topics(self._env["WAYMARK_PREFIX"])["plans"]
        return [TopicPartition(topic.name, number) for number in range(topic.partitions)]


def _row(document: dict[str, Any]) -> tuple[Any, ...]:
    document = document | {"position": document["_id"], "body": document["body"].encode()}
    return tuple(document[name] for name in ORDER)


def _published(record: Any) -> Published:
    headers = {name: content.decode() for name, content in record.headers}
    stream, _, version = headers["ce_id"].rpartition("/")
    position, _, index = headers["ce_sequence"].partition("-")
    return Published(
        partition=record.partition, offset=record.offset, stream=stream, version=int(version), position=int(position), index=int(index)
    )


def _environment_of(process: Process) -> dict[str, str]:
    """What it was started with: it is started again the same way."""
    content = Path(f"/proc/{process.running.pid}/environ").read_bytes().decode()
    return dict(each.split("=", 1) for each in content.split("\0") if each)
