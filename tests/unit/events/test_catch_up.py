"""A worker that is to catch up does not take a feed's slow start for its end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from tests.unit.events.facts import STAFF, a_store, granted, record, some_views
from waymark.events.feed import Batch, Checkpoint, StoreFeed
from waymark.events.worker import Worker


class SlowStart(StoreFeed):
    """As a consumer that has not joined its group yet: nothing to read, and nobody knows how much waits."""

    def start(self, resume: Callable[[], Mapping[int, Checkpoint]]) -> None:
        super().start(resume)
        self.polls = 0

    def poll(self, limit: int, timeout: float) -> Batch:
        self.polls += 1
        return super().poll(limit, timeout) if self.polls > 3 else Batch(records=(), checkpoints={})

    def behind(self) -> int:
        return super().behind() if self.polls > 3 else 1


def test_catching_up_waits_for_a_feed_that_starts_slowly(tmp_path: Path) -> None:
    store, views = a_store(tmp_path), some_views(tmp_path)
    record(store, "p", granted("p", "a"))
    Worker(SlowStart(store), [STAFF], views).catch_up()
    assert views.load(STAFF.view, ["d/staff/a"])
    assert views.live("staff") == STAFF.view.key
