"""What every event store does."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from waymark.events.catalogue.roster import OrganisationRetired, RoleGranted
from waymark.events.envelope import MAX_EVENTS, Event, Meta
from waymark.events.store import Appended, Conflict, KeyChanged, NewCommit, Store, TooLarge


def granted(org: str = "school") -> Event:
    return RoleGranted(person="p", role="teacher", org=org)


def append(store: Store, stream: str = "d/person/p", expected: int = 0, commit_id: str = "c", events: Sequence[Event] = ()) -> Appended:
    return store.append(stream, "p", events or [granted()], expected, commit_id, Meta())


class StoreContract:
    """Give `store` (a fresh, empty one) and `another` (a second process's view of the same one) as fixtures."""

    def test_positions_are_dense_and_versions_gapless(self, store: Store) -> None:
        first = append(store, events=[granted("a"), granted("b")])
        second = append(store, "d/person/q", commit_id="x")
        third = append(store, expected=2, commit_id="y")
        assert [first.position, second.position, third.position] == [1, 2, 3]
        assert [first.version, second.version, third.version] == [2, 1, 3]
        assert [each.version for each in store.read("d/person/p", 0)] == [1, 3]
        assert store.head() == 3

    def test_a_commit_comes_back_as_it_was_given(self, store: Store) -> None:
        meta = Meta(actor="somebody", fingerprint="f", traceparent="00-ab-cd-01")
        appended = store.append("d/org/ø", "d/org/ø", [granted("ünï"), OrganisationRetired(org="o")], 0, "id", meta)
        (commit,) = store.scan(0, 10)
        first, second = commit.recorded()
        assert (commit.meta, commit.commit_id, commit.key) == (meta, "id", "d/org/ø")
        assert (first.event, second.event) == (granted("ünï"), OrganisationRetired(org="o"))
        assert (first.version, second.version, second.index) == (1, 2, 1)
        assert second.sequence == appended.sequence
        assert first.partition == appended.partition

    def test_another_version_than_expected_is_a_conflict_that_names_it(self, store: Store) -> None:
        append(store)
        with pytest.raises(Conflict) as conflict:
            append(store, expected=0, commit_id="other")
        assert conflict.value.actual == 1
        assert store.head() == 1

    def test_a_stream_keeps_its_record_key(self, store: Store) -> None:
        append(store)
        with pytest.raises(KeyChanged):
            store.append("d/person/p", "another", [granted()], 1, "c2", Meta())

    def test_a_commit_has_limits(self, store: Store) -> None:
        with pytest.raises(TooLarge):
            append(store, events=[granted()] * (MAX_EVENTS + 1))
        with pytest.raises(TooLarge):
            append(store, events=[granted("x" * 1000)] * 499 + [granted("y" * 500_000)])
        assert store.head() == 0

    def test_of_many_racers_with_one_expectation_exactly_one_wins(self, store: Store, another: Store) -> None:
        append(store)

        def race(number: int) -> bool:
            try:
                append((store, another)[number % 2], expected=1, commit_id=str(number))
            except Conflict:
                return False
            return True

        with ThreadPoolExecutor(16) as pool:
            assert sum(pool.map(race, range(16))) == 1
        assert store.head() == 2

    def test_writers_in_two_processes_leave_neither_hole_nor_overlap(self, store: Store, another: Store) -> None:
        def work(number: int) -> None:
            for step in range(10):
                append((store, another)[number % 2], f"d/person/{number}", expected=step, commit_id=str(step))

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(work, range(8)))
        commits = store.scan(0, 1000)
        assert [each.position for each in commits] == list(range(1, 81))
        for number in range(8):
            assert [each.version for each in store.read(f"d/person/{number}", 0)] == list(range(1, 11))

    def test_many_commits_stand_together_in_their_order(self, store: Store) -> None:
        commits = [
            NewCommit(stream=f"d/person/{n}", key="p", events=[granted()], expected=0, commit_id="c", meta=Meta()) for n in range(1200)
        ]
        appended = store.append_many(commits)
        assert [each.position for each in appended] == list(range(1, 1201))
        assert [each.stream for each in store.scan(0, 2000)] == [each.stream for each in commits]

    def test_many_commits_stop_at_a_conflict_and_leave_a_prefix(self, store: Store) -> None:
        append(store, "d/person/2", commit_id="of somebody else")
        commits = [NewCommit(stream=f"d/person/{n}", key="p", events=[granted()], expected=0, commit_id="c", meta=Meta()) for n in range(5)]
        with pytest.raises(Conflict):
            store.append_many(commits)
        placed = [each.stream for each in store.scan(0, 10)][1:]
        assert placed == [each.stream for each in commits][: len(placed)]
        assert len(placed) <= 2

    def test_scanning_pages_and_reading_start_beyond_what_is_known(self, store: Store) -> None:
        for number in range(7):
            append(store, f"d/person/{number}")
        assert [each.position for each in store.scan(2, 3)] == [3, 4, 5]
        append(store, "d/person/1", expected=1, commit_id="z")
        assert [each.version for each in store.read("d/person/1", 1)] == [2]

    def test_a_waiting_reader_hears_of_a_new_commit(self, store: Store, another: Store) -> None:
        heard: list[bool] = []
        waiting = threading.Thread(target=lambda: heard.append(another.wait(0, 5)))
        waiting.start()
        append(store)
        waiting.join()
        assert heard == [True]
        assert store.wait(1, 0.05) is False
