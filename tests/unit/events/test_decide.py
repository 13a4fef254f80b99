"""Deciding: once a commit id, on what is known now, never past somebody else's commit unseen."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.events.facts import a_store, granted, record
from waymark.events.catalogue.roster import RoleGranted
from waymark.events.decide import TRIES, Aggregate, OtherRequest, decide, load
from waymark.events.envelope import Event, Meta
from waymark.events.sqlite.store import SqliteStore
from waymark.events.store import Conflict

STREAM = "d/person/p"


def evolve(orgs: tuple[str, ...] | None, event: RoleGranted) -> tuple[str, ...]:
    return (*(orgs or ()), event.org)


ROLES: Aggregate[tuple[str, ...]] = Aggregate(evolve=evolve, key=lambda stream: stream.rpartition("/")[2])


@pytest.fixture
def store(tmp_path: Path) -> SqliteStore:
    return a_store(tmp_path)


def grant(org: str) -> Event:
    return granted(org=org)


def test_a_decision_sees_the_folded_state_and_its_events_are_kept(store: SqliteStore) -> None:
    decide(store, STREAM, ROLES, lambda _: [grant("a"), grant("b")], "1", Meta())
    decided = decide(store, STREAM, ROLES, lambda orgs: [grant("c")] if orgs == ("a", "b") else [], "2", Meta())
    assert (decided.state, decided.version) == (("a", "b", "c"), 3)
    assert load(store, STREAM, ROLES) == (("a", "b", "c"), 3)


def test_a_decision_without_events_adds_no_commit(store: SqliteStore) -> None:
    record(store, "p", grant("a"))
    decided = decide(store, STREAM, ROLES, lambda _: [], "1", Meta())
    assert (decided.state, decided.version, decided.appended, store.head()) == (("a",), 1, None, 1)


def test_a_repeated_request_is_answered_from_its_commit_although_others_came_between(store: SqliteStore) -> None:
    first = decide(store, STREAM, ROLES, lambda _: [grant("a")], "mine", Meta(fingerprint="f"))
    record(store, "p", grant("b"))

    def never(_: object) -> list[Event]:
        raise AssertionError("decided twice")

    again = decide(store, STREAM, ROLES, never, "mine", Meta(fingerprint="f"), expected=0)
    assert (again.state, again.version, again.appended, again.repeated) == (("a",), 1, first.appended, True)
    assert store.head() == 2


def test_the_same_commit_id_for_another_request_is_refused(store: SqliteStore) -> None:
    decide(store, STREAM, ROLES, lambda _: [grant("a")], "mine", Meta(fingerprint="f"))
    with pytest.raises(OtherRequest):
        decide(store, STREAM, ROLES, lambda _: [grant("b")], "mine", Meta(fingerprint="g"))


def test_another_version_than_the_caller_expects_is_a_conflict(store: SqliteStore) -> None:
    record(store, "p", grant("a"))
    with pytest.raises(Conflict) as conflict:
        decide(store, STREAM, ROLES, lambda _: [grant("b")], "1", Meta(), expected=0)
    assert conflict.value.actual == 1


def test_a_decision_that_loses_a_race_is_made_again_on_what_won(store: SqliteStore) -> None:
    seen: list[tuple[str, ...] | None] = []

    def slowly(orgs: tuple[str, ...] | None) -> list[Event]:
        seen.append(orgs)
        if len(seen) == 1:
            record(store, "p", grant("theirs"))
        return [grant("ours")]

    decided = decide(store, STREAM, ROLES, slowly, "1", Meta())
    assert seen == [None, ("theirs",)]
    assert decided.state == ("theirs", "ours")


def test_whoever_loses_every_race_gives_up_after_some_tries_and_nothing_of_it_stands(store: SqliteStore) -> None:
    tries: list[tuple[str, ...] | None] = []

    def slowly(orgs: tuple[str, ...] | None) -> list[Event]:
        tries.append(orgs)
        record(store, "p", grant(f"theirs{len(tries)}"))
        return [grant("ours")]

    with pytest.raises(Conflict) as conflict:
        decide(store, STREAM, ROLES, slowly, "mine", Meta())
    assert conflict.value.actual < 0, "nobody knows which version it is at by now"
    assert len(tries) == TRIES
    assert "ours" not in (load(store, STREAM, ROLES)[0] or ())


def test_with_an_expected_version_a_lost_race_is_a_conflict(store: SqliteStore) -> None:
    def slowly(orgs: tuple[str, ...] | None) -> list[Event]:
        record(store, "p", grant("theirs"))
        return [grant("ours")]

    with pytest.raises(Conflict):
        decide(store, STREAM, ROLES, slowly, "1", Meta(), expected=0)
    assert load(store, STREAM, ROLES)[0] == ("theirs",)


def test_an_aggregate_completes_each_event_from_before_and_after(store: SqliteStore) -> None:
    def complete(before: tuple[str, ...] | None, event: RoleGranted, after: tuple[str, ...] | None, stream: str) -> RoleGranted:
        return RoleGranted(person=stream.rpartition("/")[2], role="teacher", org=f"{len(before or ())}>{len(after or ())}:{event.org}")

    decide(store, STREAM, Aggregate(evolve=evolve, complete=complete), lambda _: [grant("a"), grant("b")], "1", Meta())
    assert load(store, STREAM, ROLES)[0] == ("0>1:a", "1>2:b")
