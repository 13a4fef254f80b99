"""The relay: a crash between any two of its steps loses nothing, keeps order, and re-sends at most a batch."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.events.facts import STAFF, a_store, granted, record, some_views
from waymark.events import relay as module
from waymark.events.cloud import Outgoing, incoming
from waymark.events.feed import Batch, Checkpoint, StoreFeed
from waymark.events.project import Projector
from waymark.events.relay import Relay
from waymark.events.store import Unavailable
from waymark.events.worker import Worker


class Crash(Exception):
    """The process died here."""


class Topic:
    """A topic that takes batches whole, and dies before or after taking one when told to."""

    def __init__(self) -> None:
        self.topic = "t"
        self.records: list[Outgoing] = []
        self.dies: list[str] = []

    def check(self) -> None: ...

    def publish(self, records: Sequence[Outgoing]) -> None:
        when = self.dies.pop(0) if self.dies else ""
        if when == "before":
            raise Unavailable("broker away")
        self.records += records
        if when == "after":
            raise Crash

    def close(self) -> None: ...


class Outbox:
    def __init__(self) -> None:
        self.at, self.dies = 0, list[str]()

    def adopt(self, topic: str) -> None: ...

    def position(self) -> int:
        return self.at

    def reached(self, position: int) -> None:
        if self.dies and self.dies.pop(0):
            raise Crash
        self.at = position

    def lease(self, owner: str, seconds: float) -> bool:
        return True


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(publishing=st.lists(st.sampled_from(["", "before", "after"]), max_size=6), reaching=st.lists(st.sampled_from(["", "x"]), max_size=4))
def test_crashes_anywhere_lose_nothing_and_keep_order(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, publishing: list[str], reaching: list[str]
) -> None:
    monkeypatch.setattr(module, "BATCH", 3)
    folder = tmp_path_factory.mktemp("relay")
    store, topic, outbox = a_store(folder), Topic(), Outbox()
    topic.dies, outbox.dies = list(publishing), list(reaching)
    for number in range(10):
        record(store, f"p{number % 4}", granted(f"p{number}", "a"))
    while outbox.position() < store.head():
        relay = Relay(store, outbox, lambda: topic, "me")  # a fresh process
        try:
            while relay.step(0):
                pass
        except (Crash, Unavailable):
            continue
    read = [incoming(each.value, each.headers, each.partition) for each in topic.records]
    firsts = list(dict.fromkeys(each.sequence for each in read))
    assert firsts == [each.sequence for commit in store.scan(0, 100) for each in commit.recorded()]
    assert len(read) <= 10 + 3 * (len(publishing) + len(reaching))

    through_topic, direct = some_views(folder, "topic"), some_views(folder, "direct")
    Worker(StoreFeed(store), [STAFF], direct).catch_up()
    projector = Projector(STAFF, through_topic)
    for each in read:
        reached = Checkpoint(sequence=each.sequence, offset=0, topic="t")
        projector.apply(Batch(records=[each], checkpoints={each.partition: reached}))
    assert (
        through_topic.load(STAFF.view, ["d/staff/a"])["d/staff/a"].document == direct.load(STAFF.view, ["d/staff/a"])["d/staff/a"].document
    )


def test_a_broker_that_is_away_makes_the_relay_start_over_from_its_checkpoint(tmp_path: Path) -> None:
    store, topic, outbox = a_store(tmp_path), Topic(), Outbox()
    record(store, "p", granted())
    topic.dies = ["before"]
    relay = Relay(store, outbox, lambda: topic, "me")
    with pytest.raises(Unavailable):
        relay.step(0)
    assert outbox.position() == 0
    assert relay.step(0) == 1
    assert outbox.position() == 1
