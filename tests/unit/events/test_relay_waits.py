"""A relay that cannot work waits longer each time, up to a limit, says what for, and starts over when it can."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.unit.events.facts import a_store, granted, record
from waymark.events import relay as module
from waymark.events.cloud import Outgoing
from waymark.events.relay import Relay
from waymark.events.store import Unavailable


class Topic:
    """Takes batches once it has been asked for often enough; gives up its publishers in between."""

    topic = "t"

    def __init__(self, refusals: int) -> None:
        self.refusals, self.taken, self.closed = refusals, 0, 0

    def publish(self, records: Sequence[Outgoing]) -> None:
        if self.refusals:
            self.refusals -= 1
            raise Unavailable("the broker is away")
        self.taken += len(records)

    def check(self) -> None: ...

    def close(self) -> None:
        self.closed += 1


class Outbox:
    def __init__(self, turns: Sequence[bool] = ()) -> None:
        self.at, self.turns = 0, list(turns)

    def adopt(self, topic: str) -> None: ...

    def position(self) -> int:
        return self.at

    def reached(self, position: int) -> None:
        self.at = position

    def lease(self, owner: str, seconds: float) -> bool:
        return self.turns.pop(0) if self.turns else True


class Watched(threading.Event):
    """Ends the relay after so many waits, and remembers them with what the relay said meanwhile."""

    def __init__(self, waits: int) -> None:
        super().__init__()
        self.waits: list[float] = []
        self.said: list[str] = []
        self.relay: Relay | None = None
        self._left = waits

    def wait(self, timeout: float | None = None) -> bool:
        assert timeout is not None
        assert self.relay is not None
        self.waits.append(timeout)
        self.said.append(self.relay.waits)
        self._left -= 1
        if not self._left:
            self.set()
        return self.is_set()


@pytest.fixture(autouse=True)
def no_jitter(monkeypatch: pytest.MonkeyPatch) -> None:
    def highest(low: float, high: float) -> float:
        assert 0 < low < high <= 1, "part of the pause, and always some"
        return high

    monkeypatch.setattr("waymark.events.relay.random.uniform", highest)
    monkeypatch.setattr(module, "WAIT", 0.0)


def run(folder: Path, topic: Topic, outbox: Outbox, waits: int) -> Watched:
    store = a_store(folder)
    record(store, "p", granted())
    watched = Watched(waits)
    watched.relay = Relay(store, outbox, lambda: topic, "me")
    watched.relay.run(watched)
    return watched


def test_its_pauses_grow_to_a_limit(tmp_path: Path) -> None:
    topic = Topic(refusals=100)
    watched = run(tmp_path, topic, Outbox(), waits=12)
    assert watched.waits == [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 10.0, 10.0, 10.0, 10.0, 10.0]
    assert set(watched.said) == {"the broker is away"}
    assert topic.closed == 12, "each try begins with a publisher of its own"


def test_while_it_is_anothers_turn_it_publishes_nothing_and_waits_for_no_broker(tmp_path: Path) -> None:
    topic, outbox = Topic(0), Outbox([False] * 3)
    watched = run(tmp_path, topic, outbox, waits=3)
    assert watched.waits == [module.LEASE_SECONDS / 4] * 3
    assert watched.said == [""] * 3
    assert (topic.taken, outbox.at) == (0, 0)


def test_after_an_outage_it_begins_with_short_pauses_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    topic = Topic(refusals=3)
    steps = Relay.step

    def step(self: Relay, wait: float) -> int:
        taken = steps(self, wait)
        if not taken:
            raise Unavailable("and again")  # the second outage, once everything was published
        return taken

    monkeypatch.setattr(Relay, "step", step)
    watched = run(tmp_path, topic, Outbox(), waits=5)
    assert watched.waits == [0.1, 0.2, 0.4, 0.1, 0.2]
    assert watched.said == ["the broker is away"] * 3 + ["and again"] * 2
    assert topic.taken == 1
