"""A check finds what is not as the facts say, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.unit.events.facts import STAFF, Staff, a_store, granted, record, revoked, some_views
from waymark.events.check import Finding, Report, check
from waymark.events.feed import Checkpoint, StoreFeed
from waymark.events.park import discard, retry
from waymark.events.sqlite.store import SqliteStore
from waymark.events.sqlite.views import SqliteViews
from waymark.events.store import NotDense
from waymark.events.views import Change
from waymark.events.worker import Worker


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("waymark.events.check.PATIENCE", 0.3)
    monkeypatch.setattr("waymark.events.check.LOOK", 0.01)


@pytest.fixture
def store(tmp_path: Path) -> SqliteStore:
    store = a_store(tmp_path)
    for number in range(60):
        record(store, f"p{number % 20}", granted(f"p{number % 20}", f"org{number % 7}"))
    record(store, "p3", revoked("p3", "org3"))
    return store


@pytest.fixture
def views(tmp_path: Path, store: SqliteStore) -> SqliteViews:
    views = some_views(tmp_path)
    Worker(StoreFeed(store), [STAFF], views).catch_up()
    return views


def checked(store: SqliteStore, views: SqliteViews, sample: int = 100, aside: frozenset[str] = frozenset()) -> Report:
    return check(StoreFeed(store), [STAFF], views, sample, {"staff": aside}, lambda *_: None)


def tampered(views: SqliteViews, key: str, **changed: object) -> None:
    held = views.load(STAFF.view, [key])[key]
    change = Change(id=key, document=held.document, marks=held.marks, parked=held.parked, revision=held.revision)
    assert not views.save(STAFF.view, "roster", [replace(change, **changed)], (), {})


def test_what_is_as_the_facts_say_gives_no_finding(store: SqliteStore, views: SqliteViews) -> None:
    assert checked(store, views) == Report(source="roster", events=61, streams=20, documents=7, not_compared=0, findings=())


def test_a_sample_is_no_larger_than_asked_and_half_at_least(tmp_path: Path) -> None:
    store, views = a_store(tmp_path), some_views(tmp_path)
    for number in range(200):
        record(store, "p", granted("p", f"org{number}"))
    Worker(StoreFeed(store), [STAFF], views).catch_up()
    report = checked(store, views, sample=40)
    assert 10 <= report.documents <= 40
    assert report.findings == ()


def test_a_document_that_differs_is_named(store: SqliteStore, views: SqliteViews) -> None:
    tampered(views, "d/staff/org2", document=Staff("org2", ("nobody",)))
    assert checked(store, views).findings == (Finding(where="staff@1 d/staff/org2", what="is not what the facts fold to"),)


def test_a_document_that_lacks_an_event_is_named(store: SqliteStore, views: SqliteViews) -> None:
    held = views.load(STAFF.view, ["d/staff/org2"])["d/staff/org2"]
    part = next(iter(held.marks))
    tampered(views, "d/staff/org2", marks={each: mark for each, mark in held.marks.items() if each != part})
    (finding,) = checked(store, views).findings
    assert finding == Finding(where="staff@1 d/staff/org2", what=f"lacks an event of partition {part} that was passed")


def test_a_checkpoint_beyond_the_end_is_named(store: SqliteStore, views: SqliteViews) -> None:
    views.save(STAFF.view, "roster", (), (), {3: Checkpoint(sequence=99_999_999, offset=99_999, topic="roster")})
    assert [each.where for each in checked(store, views).findings] == ["staff@1 partition 3"]


def test_a_hole_in_a_stream_is_named_and_one_in_the_store_stops_it(store: SqliteStore, views: SqliteViews) -> None:
    with store._database.write() as db:
        db.execute("UPDATE roster_commits SET version = 7 WHERE stream = 'd/person/p4' AND version = 3")
    assert Finding(where="d/person/p4", what="version 7 where 3 was expected") in checked(store, views).findings
    with store._database.write() as db:
        db.execute("DELETE FROM roster_commits WHERE position = 5")
    with pytest.raises(NotDense):
        checked(store, views)


def test_what_is_parked_given_up_or_behind_is_no_finding(store: SqliteStore, views: SqliteViews) -> None:
    record(store, "x", granted("poison", "org2"))
    Worker(StoreFeed(store), [STAFF], views).catch_up()
    report = checked(store, views)
    assert (report.findings, report.documents, report.not_compared) == ((), 6, 1)
    discard(STAFF.view, views, "d/person/x")
    report = checked(store, views, aside=frozenset({"d/person/x"}))
    assert (report.findings, report.documents, report.not_compared) == ((), 6, 1)
    record(store, "y", granted("y", "org1"))  # and no worker folds it
    report = checked(store, views, aside=frozenset({"d/person/x"}))
    assert (report.findings, report.documents, report.not_compared) == ((), 5, 2)


def test_a_stream_that_was_retried_is_as_the_facts_say(store: SqliteStore, views: SqliteViews) -> None:
    faulty = replace(STAFF, evolve=lambda *_: 1 / 0)
    record(store, "z", granted("z", "org2"))
    Worker(StoreFeed(store), [faulty], views).catch_up()
    record(store, "a", granted("a", "org2"))
    Worker(StoreFeed(store), [STAFF], views).catch_up()
    assert retry(STAFF, STAFF.view, views, "d/person/z") == 1
    assert checked(store, views).findings == ()


def test_an_event_that_should_lie_in_the_parking_lot_is_named(store: SqliteStore, views: SqliteViews) -> None:
    record(store, "x", granted("poison", "org2"))
    Worker(StoreFeed(store), [STAFF], views).catch_up()
    discard(STAFF.view, views, "d/person/x")  # and nobody wrote down that it was
    assert [each.where for each in checked(store, views).findings] == ["staff@1 d/person/x/1"]
