"""A store as a feed: a poll waits for the first record as long as it may, and not at all where it may not."""

from __future__ import annotations

import threading
import time
from pathlib import Path

from tests.unit.events.facts import a_store, granted, record
from waymark.events.feed import StoreFeed


def test_a_poll_that_may_wait_brings_what_is_recorded_meanwhile(tmp_path: Path) -> None:
    store = a_store(tmp_path)
    feed = StoreFeed(store)
    feed.start(dict)
    later = threading.Timer(0.2, record, (store, "p", granted()))
    later.start()
    batch = feed.poll(10, 30)
    later.join()
    assert [each.event for each in batch.records] == [granted()]
    assert {each.sequence for each in batch.checkpoints.values()} == {1999}


def test_a_poll_that_may_not_wait_asks_the_store_once(tmp_path: Path) -> None:
    store = a_store(tmp_path)
    feed = StoreFeed(store)
    feed.start(dict)
    store.wait = lambda *_: 1 / 0  # type: ignore[assignment,method-assign,return-value]
    assert feed.poll(10, 0).records == ()


def test_a_poll_returns_nothing_once_its_time_is_over(tmp_path: Path) -> None:
    feed = StoreFeed(a_store(tmp_path))
    feed.start(dict)
    begun = time.monotonic()
    assert feed.poll(10, 0.1).records == ()
    assert time.monotonic() - begun >= 0.1


def test_how_many_commits_wait_is_exact(tmp_path: Path) -> None:
    store = a_store(tmp_path)
    feed = StoreFeed(store)
    feed.start(dict)
    for number in range(25):
        record(store, f"p{number}", granted(), granted())
    assert feed.behind() == 25
    feed.poll(5, 0)
    assert feed.behind() == 20
    feed.poll(30, 0)
    assert feed.behind() == 0
