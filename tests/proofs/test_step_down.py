"""Property 8 of engine.md: where WAYMARK_MONGODB_URL names a replica set, its primary may step down under eight writers."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.errors import PyMongoError

from tests.contract.adapters import OnMongo
from tests.proofs.broken import Around
from tests.proofs.proof import Variant, must, proof
from tests.proofs.test_store import everything, versions
from tests.proofs.writers import WHOLE, events
from waymark.events import appender
from waymark.events.decide import Aggregate, decide
from waymark.events.envelope import Meta
from waymark.events.store import Appended, Conflict, Store, Unavailable

SECONDS = 12.0  # of writing; the primary steps down twice meanwhile
COUNTED: Aggregate[int] = Aggregate(evolve=lambda count, _: (count or 0) + 1, key=lambda stream: stream.rpartition("/")[2])


@pytest.fixture
def step_down(mongodb_url: str) -> Any:
    """Makes the primary step down."""
    client: MongoClient[dict[str, Any]] = MongoClient(mongodb_url, serverSelectionTimeoutMS=5_000)

    def stepping_down() -> None:
        with suppress(PyMongoError):  # its connections end with it
            client.admin.command({"replSetStepDown": 3, "secondaryCatchUpPeriodSecs": 1, "force": True})

    yield stepping_down
    client.close()


class Hopeful(Around):
    """What was not answered is taken for done."""

    def append(self, *what: Any) -> Appended:
        try:
            return self.real.append(*what)
        except Unavailable:
            return Appended(position=0, version=what[3] + len(what[2]), partition=0, sequence=0)


@pytest.mark.mongodb
@pytest.mark.replica_set
class TestReplicaSet(OnMongo):
    ON = "a MongoDB replica set"

    @pytest.mark.timeout(120)
    @proof({"no answer is taken for done": Hopeful})
    def test_property_08_a_step_down_keeps_what_1_to_7_promise(
        self, variant: Variant, step_down: Any, store: Store, another: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(appender, "PATIENCE", 0.3)  # writers hear soon that nothing is known, and ask again
        acknowledged: dict[str, tuple[str, int]] = {}
        end = time.monotonic() + SECONDS

        def work(number: int) -> None:
            writing, stream, count = variant((store, another)[number % 2]), f"d/person/s{number % 6}", 0
            while time.monotonic() < end:
                commit_id = f"w{number}-{count}"
                with suppress(Unavailable, Conflict):
                    decided = decide(writing, stream, COUNTED, lambda _, name=commit_id: events(name), commit_id, Meta())
                    acknowledged[commit_id] = (stream, decided.version)
                    count += 1

        writers = [threading.Thread(target=work, args=(number,)) for number in range(8)]
        for each in writers:
            each.start()
        for _ in range(2):
            time.sleep(SECONDS / 4)
            step_down()
        for each in writers:
            each.join()
        stored = everything(store)
        placed = {(each.commit_id, each.stream, each.last_version) for each in stored}
        lost = [commit_id for commit_id, (stream, version) in acknowledged.items() if (commit_id, stream, version) not in placed]
        must(not lost, f"{len(lost)} of {len(acknowledged)} acknowledged commits are gone")
        must(len({each.commit_id for each in stored}) == len(stored), "a commit stands twice")
        must(all(each.count == WHOLE for each in stored), "half a commit is stored")
        for stream in {each.stream for each in stored}:
            found = versions(store, stream)
            must(found == list(range(1, len(found) + 1)), f"versions of {stream} are {found}")
