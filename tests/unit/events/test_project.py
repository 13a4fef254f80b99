"""Projecting: whatever is repeated, re-sent, raced or poisoned, documents equal the fold of the facts."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.unit.events.facts import STAFF, Staff, a_store, granted, record, recorded, retired, revoked, some_views
from waymark.events.envelope import Recorded, Unknown, Unreadable
from waymark.events.feed import Batch, Checkpoint, StoreFeed
from waymark.events.park import NotPast, discard, retry
from waymark.events.project import Projection, Projector, UnknownEvent
from waymark.events.rebuild import rebuild
from waymark.events.sqlite.views import SqliteViews
from waymark.events.views import System
from waymark.events.worker import Worker

D = System("d")


def batch(*records: Recorded) -> Batch:
    ends = {each.partition: Checkpoint(sequence=each.sequence, offset=each.position, topic="t") for each in records}
    return Batch(records=records, checkpoints=ends)


def staff(views: SqliteViews) -> dict[str, tuple[str, ...]]:
    ids = [f"d/staff/{org}" for org in ("school", "a", "b", "c")]
    return {document.org: document.people for document in views.get(D, STAFF.view, ids).values()}


def a_projector(views: SqliteViews) -> Projector[Staff]:
    projector = Projector(STAFF, views)
    projector.resume()
    return projector


def test_facts_become_documents(tmp_path: Path) -> None:
    views = some_views(tmp_path)
    a_projector(views).apply(batch(recorded(granted("p"), 1), recorded(granted("q"), 2, "q"), recorded(retired(), 3)))
    assert staff(views) == {"school": ("p", "q")}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**9))
def test_repeated_and_stale_deliveries_change_nothing(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    chance = random.Random(seed)
    people, orgs = ("p", "q", "r", "s"), ("a", "b", "c")
    facts = [
        recorded(chance.choice((granted, revoked))(who := chance.choice(people), chance.choice(orgs)), position, who)
        for position in range(1, 40)
    ]
    views = some_views(tmp_path_factory.mktemp("views"))
    workers = [a_projector(views), a_projector(views)]
    at = 0
    while at < len(facts):
        # A worker may go back (a crash before its checkpoint) and another may be stale (a zombie): both deliver again.
        start = max(0, at - chance.randrange(6))
        end = at + chance.randrange(1, 8)
        worker = chance.choice(workers)
        if chance.random() < 0.3:
            worker.resume()
        worker.apply(batch(*facts[start:end]))
        at = max(at, end)
    expected: dict[str, set[str]] = {}
    for fact in facts:
        held = expected.setdefault(fact.event.org, set())  # type: ignore[attr-defined]
        (held.add if type(fact.event) is type(granted()) else held.discard)(fact.event.person)  # type: ignore[attr-defined]
    assert staff(views) == {org: tuple(sorted(held)) for org, held in expected.items() if held}


def test_without_marks_the_same_deliveries_would_count_twice(tmp_path: Path) -> None:
    counter = Projection(
        name="counter",
        version=1,
        source="roster",
        types=STAFF.types,
        document=dict[str, int],
        keys=lambda _: ["d/count"],
        evolve=lambda _id, before, _recorded: {"n": (before or {"n": 0})["n"] + 1},
    )
    facts = [recorded(granted(), n) for n in range(1, 4)]
    views = some_views(tmp_path)
    guarded, naive = Projector(counter, views), {"n": 0}
    for each in (facts[:2], facts[1:], facts):
        guarded.checkpoints = {}  # as a crash before every checkpoint leaves it
        guarded.apply(batch(*each))
        naive["n"] += len(each)
    assert views.get(D, counter.view, ["d/count"]) == {"d/count": {"n": 3}}
    assert naive == {"n": 7}


def test_two_workers_folding_one_document_at_once_lose_nothing(tmp_path: Path) -> None:
    views = some_views(tmp_path)
    first, second = a_projector(views), a_projector(views)
    original = views.load
    done: list[bool] = []

    def slowly(*asked: object) -> object:
        held = original(*asked)  # type: ignore[arg-type]
        if not done:
            done.append(True)
            second.apply(batch(recorded(granted("q"), 2, "q")))
        return held

    views.load = slowly  # type: ignore[assignment,method-assign]
    first.apply(batch(recorded(granted("p"), 1, "p")))
    assert staff(views) == {"school": ("p", "q")}


def test_poison_parks_its_stream_and_nothing_else(tmp_path: Path) -> None:
    views = some_views(tmp_path)
    poison = recorded(granted("poison", "a"), 1, "x", 1)
    follower = recorded(granted("p", "b"), 3, "x", 2)
    a_projector(views).apply(batch(poison, recorded(granted("q", "a"), 2, "q"), follower))
    assert staff(views) == {"a": ("q",)}
    assert views.parked_streams(STAFF.view) == {"d/person/x": 2}
    later = a_projector(views)
    later.apply(batch(recorded(granted("r", "b"), 4, "x", 3), recorded(granted("s", "b"), 5, "s")))
    assert staff(views) == {"a": ("q",), "b": ("s",)}
    assert [each.version for each in views.parked(STAFF.view, "d/person/x")] == [1, 2, 3]


def test_an_event_that_fails_in_one_of_its_documents_leaves_no_trace_in_the_others(tmp_path: Path) -> None:
    def evolve(key: str, _document: Staff | None, _each: Recorded) -> Staff | None:
        if key.endswith("/b"):
            raise ValueError("the second document")
        return Staff("a", ("was here",))

    views = some_views(tmp_path)
    both = replace(STAFF, keys=lambda _: ["d/staff/a", "d/staff/b"], evolve=evolve)
    Projector(both, views).apply(batch(recorded(granted(), 1)))
    assert staff(views) == {}


def test_bytes_that_do_not_fit_their_type_park_only_where_the_type_is_wanted(tmp_path: Path) -> None:
    views = some_views(tmp_path)
    unreadable = Unreadable(name="roster.role-granted.v1", raw=b'{"org":7}', reason="org: expected str")
    elsewhere = Unreadable(name="roster.class-retired.v1", raw=b"{}", reason="section is missing")
    a_projector(views).apply(batch(recorded(unreadable, 1, "x"), recorded(elsewhere, 2, "y")))
    assert views.parked_streams(STAFF.view) == {"d/person/x": 1}


def test_retrying_folds_a_parked_stream_in_order_once_the_fold_is_mended(tmp_path: Path) -> None:
    views = some_views(tmp_path)
    facts = [recorded(granted("poison", "a"), 1, "x", 1), recorded(granted("q", "a"), 2, "q"), recorded(revoked("poison", "a"), 3, "x", 2)]
    a_projector(views).apply(batch(*facts))
    mended = replace(STAFF, evolve=fold_mended)
    assert retry(mended, STAFF.view, views, "d/person/x") == 2
    assert staff(views) == {"a": ("q",)}
    assert views.parked_streams(STAFF.view) == {}
    assert retry(mended, STAFF.view, views, "d/person/x") == 0
    mended_projector = Projector(mended, views)
    mended_projector.checkpoints = {}
    mended_projector.apply(batch(*facts))  # a re-send after the retry
    assert staff(views) == {"a": ("q",)}


def fold_mended(key: str, document: Staff | None, each: Recorded) -> Staff | None:
    held = set(document.people if document else ())
    (held.add if isinstance(each.event, type(granted())) else held.discard)(each.event.person)  # type: ignore[attr-defined]
    return Staff(key.rpartition("/")[2], tuple(sorted(held)))


def test_a_retry_waits_for_the_worker_to_pass(tmp_path: Path) -> None:
    views = some_views(tmp_path)
    projector = a_projector(views)
    projector.apply(batch(recorded(granted("poison"), 5, "x")))
    with views._database.write() as db:
        db.execute("UPDATE plans_view_checkpoints SET sequence = 1")
    with pytest.raises(NotPast):
        retry(STAFF, STAFF.view, views, "d/person/x")


def test_discarding_lets_later_events_of_the_stream_fold_again(tmp_path: Path) -> None:
    views = some_views(tmp_path)
    projector = a_projector(views)
    projector.apply(batch(recorded(granted("poison", "a"), 1, "x", 1)))
    assert discard(STAFF.view, views, "d/person/x") == 1
    projector.apply(batch(recorded(granted("p", "a"), 2, "x", 2)))
    assert staff(views) == {"a": ("p",)}


def test_unknown_types_are_skipped_live_and_stop_a_rebuild(tmp_path: Path) -> None:
    views = some_views(tmp_path)
    unknown = recorded(Unknown(name="roster.tomorrow.v1", raw=b"{}"), 1)
    a_projector(views).apply(batch(unknown, recorded(granted(), 2)))
    assert staff(views) == {"school": ("p",)}
    with pytest.raises(UnknownEvent):
        Projector(STAFF, views, replace(STAFF.view, build=1), strict=True).apply(batch(unknown))


def test_a_worker_shows_a_view_once_it_has_caught_up(tmp_path: Path) -> None:
    store, views = a_store(tmp_path), some_views(tmp_path)
    for number in range(30):
        record(store, f"p{number}", granted(f"p{number}"))
    assert views.live("staff") is None
    Worker(StoreFeed(store), [STAFF], views).catch_up()
    assert views.live("staff") == STAFF.view.key
    assert len(staff(views)["school"]) == 30


def test_a_rebuild_gives_the_same_documents_and_readers_flip_at_once(tmp_path: Path) -> None:
    store, views = a_store(tmp_path), some_views(tmp_path)
    for number in range(30):
        record(store, f"p{number}", granted(f"p{number}", ("a", "b")[number % 2]))
    worker = Worker(StoreFeed(store), [STAFF], views)
    worker.catch_up()
    before = staff(views)
    steps: list[tuple[int, int]] = []
    built = rebuild(STAFF, StoreFeed(store), views, lambda folded, waiting: steps.append((folded, waiting)))
    assert (built.key, views.live("staff"), staff(views)) == ("staff@1.1", "staff@1.1", before)
    assert steps[-1] == (30, 0)
    record(store, "late", granted("late", "a"))
    Worker(StoreFeed(store), [STAFF], views).catch_up()
    assert "late" in staff(views)["a"]


def test_rebuilding_nothing_ends(tmp_path: Path) -> None:
    store, views = a_store(tmp_path), some_views(tmp_path)
    assert rebuild(STAFF, StoreFeed(store), views, lambda *_: None).build == 1
    assert staff(views) == {}


def test_a_new_version_is_built_beside_the_live_one(tmp_path: Path) -> None:
    store, views = a_store(tmp_path), some_views(tmp_path)
    record(store, "p", granted("p", "a"))
    Worker(StoreFeed(store), [STAFF], views).catch_up()
    second = replace(STAFF, version=2, evolve=lambda i, s, r: Staff(i.rpartition("/")[2], ("somebody",)))
    worker = Worker(StoreFeed(store), [second], views)
    assert staff(views) == {"a": ("p",)}
    worker.catch_up()
    assert (views.live("staff"), staff(views)) == ("staff@2", {"a": ("somebody",)})
