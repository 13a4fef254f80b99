"""What every feed does."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence

from waymark.events.catalogue.roster import RoleGranted
from waymark.events.envelope import PARTITIONS, Event, Meta, Recorded, partition
from waymark.events.feed import Batch, Checkpoint, Feed
from waymark.events.store import Store

PATIENCE = 30.0  # seconds; a consumer joins its group in about two


def write(store: Store, number: int, count: int = 1) -> None:
    """Append one commit to one of seven people's streams."""
    person = f"p{number % 7}"
    stream = f"d/person/{person}"
    version = max((each.last_version for each in store.read(stream, 0)), default=0)
    events: list[Event] = [RoleGranted(person=person, role="teacher", org=f"{number}/{each}") for each in range(count)]
    store.append(stream, person, events, version, str(number), Meta(traceparent=f"00-{number}"))


def facts(store: Store) -> list[Recorded]:
    return [recorded for commit in store.scan(0, 10_000) for recorded in commit.recorded()]


def drain(feed: Feed, limit: int = 500) -> list[Batch]:
    """Poll until nothing waits any more."""
    batches: list[Batch] = []
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        batch = feed.poll(limit, 0.1)
        if batch.records:
            batches.append(batch)
        elif feed.behind() == 0:
            return batches
    raise AssertionError(f"the feed did not end: {len(batches)} batches, {feed.behind()} behind")


def records(batches: Sequence[Batch]) -> list[Recorded]:
    return [each for batch in batches for each in batch.records]


def reached(batches: Sequence[Batch]) -> dict[int, Checkpoint]:
    """The checkpoints after these batches."""
    return {part: each for batch in batches for part, each in batch.checkpoints.items()}


def by_place(recorded: Sequence[Recorded]) -> list[Recorded]:
    return sorted(recorded, key=lambda each: each.sequence)


class FeedContract:
    """Give as fixtures: `store`, a fresh one; `publish`, which brings what the store holds to where the feeds read it; `a_feed`,
    which makes a feed of it, each time as a new process would."""

    def test_every_event_comes_once_as_it_was_recorded_in_order_within_its_partition(
        self, store: Store, publish: Callable[[], None], a_feed: Callable[[], Feed]
    ) -> None:
        for number in range(40):
            write(store, number, count=1 + number % 3)
        publish()
        feed = a_feed()
        feed.start(dict)
        read = records(drain(feed, limit=15))
        assert by_place(read) == facts(store)
        for part in range(PARTITIONS):
            sequences = [each.sequence for each in read if each.partition == part]
            assert sequences == sorted(sequences)
        assert all(each.partition == partition(each.key, PARTITIONS) for each in read)

    def test_checkpoints_stand_at_or_beyond_the_records_they_came_with(
        self, store: Store, publish: Callable[[], None], a_feed: Callable[[], Feed]
    ) -> None:
        for number in range(20):
            write(store, number, count=2)
        publish()
        feed = a_feed()
        feed.start(dict)
        for batch in drain(feed, limit=10):
            for each in batch.records:
                assert batch.checkpoints[each.partition].sequence >= each.sequence
            newest = max(each.at.timestamp() for each in batch.records)
            assert any(abs(each.at - newest) < 0.001 for each in batch.checkpoints.values())

    def test_a_new_process_goes_on_where_the_checkpoints_stand(
        self, store: Store, publish: Callable[[], None], a_feed: Callable[[], Feed]
    ) -> None:
        for number in range(30):
            write(store, number)
        publish()
        first = a_feed()
        first.start(dict)
        folded: list[Batch] = []
        while len(records(folded)) < 12:
            folded.append(first.poll(6, 5))
        first.close()
        write(store, 30, count=3)
        publish()
        second = a_feed()
        second.start(lambda: reached(folded))
        rest = drain(second)
        assert by_place([*records(folded), *records(rest)]) == facts(store)
        second.close()
        third = a_feed()
        third.start(lambda: reached([*folded, *rest]))
        assert drain(third) == []

    def test_how_much_waits_is_known_and_falls_to_nothing(
        self, store: Store, publish: Callable[[], None], a_feed: Callable[[], Feed]
    ) -> None:
        for number in range(25):
            write(store, number)
        publish()
        feed = a_feed()
        feed.start(dict)
        seen: list[int] = []
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and sum(seen) < 25:
            seen.append(len(feed.poll(5, 1).records))
            if 0 < sum(seen) < 25:
                assert feed.behind() >= 25 - sum(seen)
        assert sum(seen) == 25
        drain(feed)
        assert feed.behind() == 0
        write(store, 25)
        publish()
        while time.monotonic() < deadline and not feed.behind():
            time.sleep(0.01)  # a broker shows a transaction's end a moment after it was committed
        assert feed.behind() >= 1

    def test_an_empty_source_gives_nothing_and_is_not_behind(
        self, store: Store, publish: Callable[[], None], a_feed: Callable[[], Feed]
    ) -> None:
        publish()
        feed = a_feed()
        feed.start(dict)
        assert drain(feed) == []
        assert feed.behind() == 0
        assert feed.source == store.service

    def test_starting_again_asks_anew_where_to_go_on(self, store: Store, publish: Callable[[], None], a_feed: Callable[[], Feed]) -> None:
        for number in range(10):
            write(store, number)
        publish()
        feed = a_feed()
        asked: list[Mapping[int, Checkpoint]] = []

        def resume() -> Mapping[int, Checkpoint]:
            asked.append({})
            return {}

        feed.start(resume)
        assert len(records(drain(feed))) == 10
        feed.start(resume)
        assert by_place(records(drain(feed))) == facts(store)
        assert len(asked) >= 2
