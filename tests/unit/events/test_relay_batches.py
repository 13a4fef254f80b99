"""A transaction stays small enough to end in time, however large its commits are."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.unit.events.facts import a_store, granted, record
from waymark.events import relay as module
from waymark.events.cloud import Outgoing
from waymark.events.relay import Relay


class Topic:
    def __init__(self) -> None:
        self.topic = "t"
        self.batches: list[int] = []

    def check(self) -> None: ...

    def publish(self, records: Sequence[Outgoing]) -> None:
        self.batches.append(len(records))

    def close(self) -> None: ...


class Outbox:
    def __init__(self) -> None:
        self.at = 0

    def adopt(self, topic: str) -> None: ...

    def position(self) -> int:
        return self.at

    def reached(self, position: int) -> None:
        self.at = position

    def lease(self, owner: str, seconds: float) -> bool:
        return True


@pytest.mark.parametrize("size,batches", [(10_000_000, [9]), (2_500, [2, 2, 2, 2, 1]), (10, [1] * 9)], ids=["small", "two", "each alone"])
def test_a_batch_takes_commits_up_to_a_size_and_at_least_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int, batches: list[int]
) -> None:
    monkeypatch.setattr(module, "BATCH_BYTES", size)
    store, topic, outbox = a_store(tmp_path), Topic(), Outbox()
    for number in range(9):
        record(store, f"p{number}", granted(org="x" * 1000))
    relay = Relay(store, outbox, lambda: topic, "me")
    while relay.step(0):
        pass
    assert topic.batches == batches
    assert outbox.at == 9
