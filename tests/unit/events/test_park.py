"""What lies in the parking lot is tried again, given up or redacted, and readers who keep documents hear of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.unit.events.facts import STAFF, Staff, a_store, fold_staff, granted, record, some_views
from waymark.events.catalogue.roster import RoleGranted
from waymark.events.envelope import Recorded
from waymark.events.feed import StoreFeed
from waymark.events.park import NotParked, NotRedactable, _take_out, discard, redact, retry
from waymark.events.project import Projection
from waymark.events.rebuild import Different, rebuild
from waymark.events.sqlite.store import SqliteStore
from waymark.events.sqlite.views import SqliteViews
from waymark.events.views import System
from waymark.events.worker import Worker

STREAM = "d/person/x"


def fold_no_ancients(key: str, staff: Staff | None, recorded: Recorded) -> Staff | None:
    """As the fold of the tests; what began too long ago is poison."""
    if (getattr(recorded.event, "begin", None) or date.max) < date(1900, 1, 1):
        raise ValueError("nobody is that old")
    return fold_staff(key, staff, recorded)


MODERN: Projection[Staff] = replace(STAFF, evolve=fold_no_ancients)
ANCIENT = RoleGranted(person="p", role="teacher", org="a", begin=date(1650, 1, 1))
MENDED: Projection[Staff] = replace(STAFF, evolve=lambda key, staff, each: Staff(key.rpartition("/")[2], ("mended",)))


def staff(views: SqliteViews, *orgs: str) -> dict[str, tuple[str, ...]]:
    return {each.org: each.people for each in views.get(System("d"), STAFF.view, [f"d/staff/{org}" for org in orgs]).values()}


@pytest.fixture
def store(tmp_path: Path) -> SqliteStore:
    return a_store(tmp_path)


@pytest.fixture
def views(tmp_path: Path, store: SqliteStore) -> SqliteViews:
    """With one stream parked: a poisonous event, and one that follows it."""
    views = some_views(tmp_path)
    record(store, "x", granted("poison", "a"))
    record(store, "x", granted("p", "b"))
    record(store, "q", granted("q", "b"))
    Worker(StoreFeed(store), [STAFF], views).catch_up()
    assert views.parked_streams(STAFF.view) == {STREAM: 2}
    return views


def test_a_retry_tells_readers_who_keep_documents_before_the_lot_is_empty(views: SqliteViews, monkeypatch: pytest.MonkeyPatch) -> None:
    before = views.standing("staff").stirred
    unpark = views.unpark

    def told_before(*given: object) -> None:
        assert views.standing("staff").stirred > before
        unpark(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(views, "unpark", told_before)
    assert retry(MENDED, STAFF.view, views, STREAM) == 2
    assert views.parked_streams(STAFF.view) == {}


def test_a_retry_that_fails_half_way_keeps_what_it_folded_and_parks_the_rest(views: SqliteViews) -> None:
    def only_the_first(key: str, staff: Staff | None, recorded: Recorded) -> Staff | None:
        if recorded.version == 2:
            raise ValueError("this one still fails")
        return Staff(key.rpartition("/")[2], ("mended",))

    with pytest.raises(ValueError, match="still fails"):
        retry(replace(STAFF, evolve=only_the_first), STAFF.view, views, STREAM)
    assert [each.version for each in views.parked(STAFF.view, STREAM)] == [2]
    assert staff(views, "a", "b") == {"a": ("mended",), "b": ("q",)}
    assert views.standing("staff").stirred == 1


def test_a_retry_of_nothing_stirs_nobody(views: SqliteViews) -> None:
    assert discard(STAFF.view, views, STREAM) == 2
    assert retry(STAFF, STAFF.view, views, STREAM) == 0
    assert views.standing("staff").stirred == 0


@pytest.fixture
def ancient(tmp_path: Path, store: SqliteStore) -> SqliteViews:
    """With a role that began too long ago parked, and its end."""
    views = some_views(tmp_path, "ancient")
    record(store, "x", ANCIENT, granted("x", "b"))
    Worker(StoreFeed(store), [MODERN], views).catch_up()
    assert views.parked_streams(STAFF.view) == {STREAM: 2}
    return views


@pytest.mark.parametrize("null", [True, False], ids=["set to null", "removed"])
def test_a_redacted_event_is_folded_with_its_stream_and_the_fact_stays(store: SqliteStore, ancient: SqliteViews, null: bool) -> None:
    stored = [commit.body for commit in store.read(STREAM, 0)]
    assert redact(MODERN, STAFF.view, ancient, STREAM, 1, *(([], ["/begin"]) if null else (["/begin"], []))) == 2
    assert staff(ancient, "a", "b") == {"a": ("p",), "b": ("x",)}
    assert (ancient.parked_streams(STAFF.view), ancient.standing("staff").stirred) == ({}, 1)
    assert [commit.body for commit in store.read(STREAM, 0)] == stored


def test_a_rebuild_meets_the_fact_again_and_goes_on_once_it_is_redacted_there_too(store: SqliteStore, ancient: SqliteViews) -> None:
    redact(MODERN, STAFF.view, ancient, STREAM, 1, ["/begin"])
    with pytest.raises(Different) as told:
        rebuild(MODERN, StoreFeed(store), ancient, lambda *_: None, wait=lambda _: None)
    assert told.value.verdict.parked == (STREAM,)
    building = STAFF.view.at(ancient.standing("staff").building or "")
    redact(MODERN, building, ancient, STREAM, 1, ["/begin"])
    assert rebuild(MODERN, StoreFeed(store), ancient, lambda *_: None, wait=lambda _: None) == building
    assert staff(ancient, "a", "b") == {"a": ("p",), "b": ("x",)}


@pytest.mark.parametrize(
    "version, field, complaint",
    [
        (3, "/begin", "d/person/x/3 is not parked in staff@1"),
        (1, "/end", "the event has no /end"),
        (1, "/begin/0", "the event has no /begin/0"),
        (1, "begin", "no JSON pointer"),
        (1, "/org", "does not fit its type"),
    ],
)
def test_a_redaction_that_cannot_be_is_refused_and_changes_nothing(ancient: SqliteViews, version: int, field: str, complaint: str) -> None:
    before = ancient.parked(STAFF.view, STREAM)
    with pytest.raises((NotParked, NotRedactable), match=complaint):
        redact(MODERN, STAFF.view, ancient, STREAM, version, [field])
    assert ancient.parked(STAFF.view, STREAM) == before


def test_pointers_reach_into_lists_and_unescape_names() -> None:
    body = {"a": [{"b/c": 1, "d~e": 2}, 3]}
    for pointer in ("/a/0/b~1c", "/a/0/d~0e", "/a/1"):
        _take_out(body, pointer, null=False)
    assert body == {"a": [{}]}


def test_a_place_in_a_list_is_counted_from_its_beginning() -> None:
    body = {"a": [1, 2]}
    with pytest.raises(NotRedactable):
        _take_out(body, "/a/-1", null=False)
    assert body == {"a": [1, 2]}
