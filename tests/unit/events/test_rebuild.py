"""Rebuilding under writes: what is built anew is compared, folded in step, and given to readers without an older answer."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from tests.unit.events.facts import STAFF, Staff, a_store, granted, record, some_views
from waymark.events.feed import Feed, StoreFeed
from waymark.events.project import Projection, Projector
from waymark.events.rebuild import Different, NotPossible, Verdict, abandon, compare, rebuild, retire, rollback
from waymark.events.sqlite.database import Database
from waymark.events.sqlite.store import SqliteStore
from waymark.events.sqlite.views import SqliteViews
from waymark.events.views import Change, Standing, System, pinned
from waymark.events.worker import Worker, folded_views

D = System("d")


class Killed(Exception):
    """Where a process would have died."""


def quiet(_folded: int, _waiting: int) -> None: ...


def people(views: SqliteViews, org: str = "school") -> tuple[str, ...]:
    found = views.get(D, STAFF.view, [f"d/staff/{org}"])
    return found[f"d/staff/{org}"].people if found else ()


def stands(views: SqliteViews) -> Standing:
    return replace(views.standing("staff"), flipped=0.0)


def rebuilt(store: SqliteStore, views: SqliteViews, projection: Projection[Staff] = STAFF, accept: bool = False) -> str:
    return rebuild(projection, StoreFeed(store), views, quiet, accept=accept, wait=lambda _: None).key


@pytest.fixture
def store(tmp_path: Path) -> SqliteStore:
    return a_store(tmp_path)


@pytest.fixture
def views(tmp_path: Path, store: SqliteStore) -> SqliteViews:
    """With thirty people folded."""
    for number in range(30):
        record(store, f"p{number:02}", granted(f"p{number:02}"))
    views = some_views(tmp_path)
    Worker(StoreFeed(store), [STAFF], views).catch_up()
    return views


@contextmanager
def working(feed: Feed, views: SqliteViews, projection: Projection[Staff] = STAFF) -> Iterator[Worker]:
    stop, worker = threading.Event(), Worker(feed, [projection], views)
    thread = threading.Thread(target=worker.run, args=(stop,))
    thread.start()
    try:
        yield worker
    finally:
        stop.set()
        thread.join()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything ten times as fast, in the same proportions."""
    monkeypatch.setattr("waymark.events.worker.LOOK", 0.2)
    monkeypatch.setattr("waymark.events.worker.WAIT", 0.02)
    monkeypatch.setattr("waymark.events.standing.SEEN_SECONDS", 0.1)
    monkeypatch.setattr("waymark.events.standing.SETTLED_SECONDS", 0.4)
    monkeypatch.setattr("waymark.events.rebuild.SEEN_SECONDS", 0.1)
    monkeypatch.setattr("waymark.events.rebuild.LOOK", 0.01)


def test_the_old_view_stands_as_the_previous_one_until_it_is_retired(store: SqliteStore, views: SqliteViews) -> None:
    before = people(views)
    assert rebuilt(store, views) == "staff@1.1"
    assert stands(views) == Standing(live="staff@1.1", previous="staff@1", builds=1)
    record(store, "q", granted("q"))
    Worker(StoreFeed(store), [STAFF], views).catch_up()
    assert rollback(STAFF, views).key == "staff@1"
    assert people(views) == (*before, "q"), "the previous view was folded on"
    assert stands(views) == Standing(live="staff@1", previous="staff@1.1", builds=1)
    assert retire(STAFF, views, lambda _: None) == ["staff@1.1"]
    assert stands(views) == Standing(live="staff@1", builds=1)
    assert set(views.built("staff")) == {"staff@1"}
    with pytest.raises(NotPossible, match="no previous"):
        rollback(STAFF, views)


def test_no_number_is_used_twice_and_what_was_left_behind_is_dropped(store: SqliteStore, views: SqliteViews) -> None:
    assert [rebuilt(store, views), rebuilt(store, views)] == ["staff@1.1", "staff@1.2"]
    assert views.standing("staff").previous == "staff@1.1"
    assert retire(STAFF, views, lambda _: None) == ["staff@1", "staff@1.1"]
    assert rebuilt(store, views) == "staff@1.3"


def test_what_readers_may_be_flipped_to_is_folded_before_what_they_read() -> None:
    def folded(projection: Projection[Staff], standing: Standing, now: float = 100) -> list[str]:
        return [each.key for each in folded_views(projection, standing, now)]

    standing = Standing(live="staff@1.1", candidate="staff@1.2", previous="staff@1", flipped=50)
    assert folded(STAFF, standing) == ["staff@1.2", "staff@1", "staff@1.1"]
    assert folded(STAFF, standing, now=51) == ["staff@1.2", "staff@1.1", "staff@1"], "somebody may still read the previous one"
    newer = replace(STAFF, version=2)
    assert folded(newer, standing) == ["staff@2"]
    assert folded(newer, replace(standing, live="staff@2.3")) == ["staff@2.3"]
    back = Standing(live="staff@2", previous="staff@1.1")
    assert folded(STAFF, back) == ["staff@1.1"], "an older program started again takes its own view"


def test_a_difference_stops_before_the_flip_and_is_named(store: SqliteStore, views: SqliteViews) -> None:
    (key, held), *_ = views.scan(STAFF.view, "", 10)
    damage(views, key)
    verdicts: list[Verdict] = []
    with pytest.raises(Different) as told:
        rebuild(STAFF, StoreFeed(store), views, quiet, told=verdicts.append)
    assert told.value.verdict == Verdict(compared=1, not_compared=0, different=(key,))
    assert verdicts == [told.value.verdict]
    assert (views.live("staff"), people(views)) == ("staff@1", ("damaged",))
    assert held.document is not None
    assert rebuilt(store, views, accept=True) == "staff@1.1"
    assert people(views) == held.document.people


def damage(views: SqliteViews, key: str) -> None:
    """As a fault or a hand may."""
    held = views.load(STAFF.view, [key])[key]
    wrong = Change(id=key, document=Staff("school", ("damaged",)), marks=held.marks, parked={}, revision=held.revision)
    assert not views.save(STAFF.view, "roster", [wrong], (), {})


def test_only_documents_with_equal_marks_are_compared(store: SqliteStore, views: SqliteViews) -> None:
    second = STAFF.view.at("staff@1.1")
    rebuilt(store, views)
    record(store, "q", granted("q", "elsewhere"))
    record(store, "r", granted("r"))
    projector = Projector(STAFF, views, second)
    feed = StoreFeed(store)
    feed.start(projector.resume)
    projector.apply(feed.poll(100, 0))
    assert compare(second, STAFF.view, views) == Verdict(compared=0, not_compared=2)


def test_a_stream_that_only_the_new_view_cannot_fold_stops_it(store: SqliteStore, views: SqliteViews) -> None:
    record(store, "x", granted("poison", "elsewhere"))
    mended = replace(STAFF, evolve=lambda key, staff, each: Staff(key.rpartition("/")[2], ("somebody",)))
    Worker(StoreFeed(store), [mended], views).catch_up()
    with pytest.raises(Different) as told:
        rebuilt(store, views)
    assert told.value.verdict.parked == ("d/person/x",)
    assert views.live("staff") == "staff@1"


def test_a_stream_that_neither_can_fold_does_not(store: SqliteStore, views: SqliteViews) -> None:
    record(store, "x", granted("poison", "elsewhere"))
    Worker(StoreFeed(store), [STAFF], views).catch_up()
    assert rebuilt(store, views) == "staff@1.1"


def test_an_abandoned_build_is_dropped_and_the_next_begins_anew(store: SqliteStore, views: SqliteViews) -> None:
    damage(views, "d/staff/school")
    with pytest.raises(Different):
        rebuilt(store, views)
    assert views.standing("staff").building == "staff@1.1"
    assert abandon(STAFF, views, lambda _: None) == ["staff@1.1"]
    assert set(views.built("staff")) == {"staff@1"}
    assert rebuilt(store, views, accept=True) == "staff@1.2"


def test_another_versions_live_view_is_left_to_its_worker(store: SqliteStore, views: SqliteViews) -> None:
    with pytest.raises(NotPossible, match="staff@1 is live"):
        rebuilt(store, views, replace(STAFF, version=2))


@pytest.mark.parametrize("step", ["begin", "save", "scan", "announce", "standing", "flip"])
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_killed_at_any_step_running_it_again_goes_on(
    store: SqliteStore, views: SqliteViews, monkeypatch: pytest.MonkeyPatch, step: str, after: bool
) -> None:
    before = people(views)
    call: Callable[..., object] = getattr(views, step)

    def dying(*given: object) -> object:
        if after:
            call(*given)
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(views, step, dying)
        with pytest.raises(Killed):
            rebuilt(store, views)
    assert people(views) == before
    record(store, "q", granted("q"))
    Worker(StoreFeed(store), [STAFF], views).catch_up()
    flipped = step == "flip" and after
    assert rebuilt(store, views) == ("staff@1.2" if flipped else "staff@1.1")
    assert people(views) == (*before, "q")
    assert retire(STAFF, views, lambda _: None)
    assert len(views.built("staff")) == 1


@pytest.mark.usefixtures("quick")
def test_a_running_worker_takes_the_candidate_over(store: SqliteStore, views: SqliteViews) -> None:
    with working(StoreFeed(store), views):
        key = rebuild(STAFF, StoreFeed(store), views, quiet).key
        assert views.live("staff") == key
        record(store, "q", granted("q"))
        until(lambda: "q" in people(views))
        assert rollback(STAFF, views).key == "staff@1"
        assert "q" in people(views)
        assert retire(STAFF, views) == [key]
        record(store, "r", granted("r"))
        until(lambda: "r" in people(views))
    assert views.attending("staff") == {}


@pytest.mark.usefixtures("quick")
def test_of_two_versions_that_run_at_once_the_newer_is_shown_and_the_older_only_once_it_is_alone(
    store: SqliteStore, views: SqliteViews
) -> None:
    newer = replace(STAFF, version=2, evolve=lambda key, staff, each: Staff(key.rpartition("/")[2], ("somebody",)))
    shown: set[str | None] = set()
    with working(StoreFeed(store), views):
        with working(StoreFeed(store), views, newer):
            until(lambda: views.live("staff") == "staff@2")
            for number in range(20):
                record(store, f"q{number}", granted(f"q{number}"))
                shown.add(views.live("staff"))
                time.sleep(0.03)
        until(lambda: views.live("staff") == "staff@1")
    assert shown == {"staff@2"}
    assert "q19" in people(views)


@pytest.mark.usefixtures("quick")
@pytest.mark.timeout(60)
def test_p18_p19_under_writes_no_reader_sees_a_failed_empty_or_older_answer(tmp_path: Path, store: SqliteStore, views: SqliteViews) -> None:
    """Readers with views of their own, as other processes have them; each holds what it reads against what it read before."""
    stop, problems, flips = threading.Event(), list[str](), set[str]()

    def write() -> None:
        number = 0
        while not stop.wait(0.002):
            number += 1
            record(store, f"w{number:05}", granted(f"w{number:05}"))

    def read() -> None:
        own = SqliteViews(Database(tmp_path / "views.db", "NORMAL"), "plans")
        newest, reached, kept = "", -1, Kept(own)
        while not stop.is_set():
            try:
                for seen in (max(people(own)), max(kept.people())):
                    if seen < newest:
                        problems.append(f"{seen} after {newest}")
                    newest = max(newest, seen)
                sequence = min(each.sequence for each in own.reached(STAFF.view, "roster").values())
                if sequence < reached:
                    problems.append(f"checkpoint {sequence} after {reached}")
                reached = sequence
                flips.add(own.seen("staff").live or "")
            except Exception as problem:  # noqa: BLE001 -- a failed answer is what is looked for
                problems.append(repr(problem))

    threads = [threading.Thread(target=each) for each in (write, read, read)]
    with working(StoreFeed(store), Slow(views._database, "plans")):
        for each in threads:
            each.start()
        for _ in range(3):
            rebuild(STAFF, StoreFeed(store), views, quiet)
            time.sleep(0.1)
            rollback(STAFF, views)
            time.sleep(0.1)
            rollback(STAFF, views)
            retire(STAFF, views)
        stop.set()
        for each in threads:
            each.join()
    assert problems == []
    assert len(flips) >= 3
    assert set(views.built("staff")) == {"staff@1.3"}


class Slow(SqliteViews):
    """Between folding a batch into one view and into the next, somebody may look."""

    def save(self, *given: Any) -> set[str]:
        lost = super().save(*given)
        time.sleep(0.003)
        return lost


class Kept:
    """A reader that keeps the one document in memory, as services keep theirs."""

    def __init__(self, views: SqliteViews) -> None:
        self._views, self._which, self._asked, self._people = views, object(), dict[int, int](), tuple[str, ...]()

    def people(self) -> tuple[str, ...]:
        view, which = pinned(self._views, STAFF.view)
        asked = self._asked if which == self._which else {}
        reached = {part: each.sequence for part, each in self._views.checkpoints(view, "roster").items()}
        for part, sequence in reached.items():
            if sequence != asked.get(part):
                for document in self._views.newer(D, view, {}, part, asked.get(part, -1)).values():
                    assert document is not None
                    self._people = document.people
        self._which, self._asked = which, reached
        return self._people


def test_p20_rebuilding_nothing_ends(tmp_path: Path, store: SqliteStore) -> None:
    views = some_views(tmp_path)
    assert rebuilt(store, views) == "staff@1.1"
    assert people(views) == ()


@pytest.mark.usefixtures("quick")
def test_p20_rebuilding_nothing_ends_also_beside_a_worker(tmp_path: Path, store: SqliteStore) -> None:
    views = some_views(tmp_path)
    with working(StoreFeed(store), views):
        until(lambda: views.live("staff") is not None)
        assert rebuild(STAFF, StoreFeed(store), views, quiet).key == "staff@1.1"
        record(store, "q", granted("q"))
        until(lambda: people(views) == ("q",))


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)
