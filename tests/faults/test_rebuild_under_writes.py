"""Rebuild, rollback and retire of a large view while facts come and readers read, with the real pauses.

WAYMARK_REBUILD_EVENTS=1000000 is the long run; by default there are few enough for every day.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import Struct

from tests.integration.threads import running
from waymark.events.catalogue.roster import RoleGranted
from waymark.events.envelope import Meta
from waymark.events.feed import StoreFeed
from waymark.events.project import Projection
from waymark.events.rebuild import Verdict, rebuild, retire, rollback
from waymark.events.sqlite.database import Database
from waymark.events.sqlite.store import SqliteStore
from waymark.events.sqlite.views import SqliteViews
from waymark.events.store import NewCommit
from waymark.events.views import System, Views
from waymark.events.worker import Worker

EVENTS = int(os.environ.get("WAYMARK_REBUILD_EVENTS", "20000"))
ORGS = 997
HOT = "d/count/7"


class Count(Struct, frozen=True):
    n: int


COUNTS: Projection[Count] = Projection(
    name="counts",
    version=1,
    source="roster",
    types=(RoleGranted,),
    document=Count,
    keys=lambda recorded: (f"d/count/{recorded.event.org}",),  # type: ignore[attr-defined]
    evolve=lambda _key, count, _recorded: Count((count.n if count else 0) + 1),
)


class House:
    """A store, and views as each process opens them."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._databases = folder, list[Database]()
        self.store = SqliteStore(self._open("events", "FULL"), "roster")
        self.written = self.answers = 0
        self.wrong: list[str] = []

    def _open(self, name: str, durability: str) -> Database:
        self._databases.append(Database(self._folder / f"{name}.db", durability))  # type: ignore[arg-type]
        return self._databases[-1]

    def views(self) -> SqliteViews:
        return SqliteViews(self._open("views", "NORMAL"), "plans")

    def fill(self, count: int) -> None:
        for start in range(0, count, 20_000):
            numbers = range(start, min(count, start + 20_000))
            self.store.append_many([_commit(number, str(number % ORGS)) for number in numbers])

    def write(self, stop: threading.Event) -> None:
        number = self.store.head()
        while not stop.wait(0.005):
            new = _commit(number, "7")
            self.store.append(new.stream, new.key, new.events, 0, new.commit_id, new.meta)
            number += 1
            self.written += 1

    def read(self, stop: threading.Event) -> None:
        """Each answer held against the one before."""
        views, newest = self.views(), 0
        while not stop.wait(0.002):
            try:
                count = count_of(views)
                if count < newest:
                    self.wrong.append(f"{count} after {newest}")
                newest = max(newest, count)
                self.answers += 1
            except Exception as problem:  # noqa: BLE001 -- a failed answer is what is looked for
                self.wrong.append(repr(problem))

    def close(self) -> None:
        self.store.close()
        for each in self._databases:
            each.close()


def count_of(views: Views) -> int:
    return views.get(System("d"), COUNTS.view, [HOT])[HOT].n


def _commit(number: int, org: str) -> NewCommit:
    granted = RoleGranted(person=str(number), role="teacher", org=org)
    return NewCommit(stream=f"d/person/{number}", key=str(number), events=[granted], expected=0, commit_id=str(number), meta=Meta())


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path)
    yield house
    house.close()


@pytest.mark.timeout(3600)
def test_p18_p19_many_events_are_rebuilt_under_writes_without_an_older_answer(house: House) -> None:
    house.fill(EVENTS)
    views, verdicts = house.views(), list[Verdict]()
    Worker(StoreFeed(house.store), [COUNTS], views).catch_up()
    with running(Worker(StoreFeed(house.store), [COUNTS], house.views()).run, house.write, house.read):
        began = time.monotonic()
        assert rebuild(COUNTS, StoreFeed(house.store), views, lambda *_: None, told=verdicts.append).key == "counts@1.1"
        seconds = time.monotonic() - began
        assert rollback(COUNTS, views).key == "counts@1"
        assert retire(COUNTS, views) == ["counts@1.1"]
        before = count_of(views)
        deadline = time.monotonic() + 30
        while count_of(views) == before:
            assert time.monotonic() < deadline, "nobody folds any more"
            time.sleep(0.05)
    print(f"{EVENTS:,} events rebuilt in {seconds:.1f} s beside {house.written:,} writes and {house.answers:,} answers")
    assert house.wrong == []
    assert house.written > 0
    assert house.answers > 100
    assert verdicts[0].different == ()
    assert verdicts[0].compared >= min(EVENTS, ORGS) - 1
