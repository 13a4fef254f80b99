"""Ordered batches of events for a projection: from a topic (`waymark.events.kafka`) or from a store (here)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from msgspec import Struct

from waymark.events.envelope import PARTITIONS, Recorded, sequence
from waymark.events.store import Store


class Checkpoint(Struct, frozen=True, kw_only=True):
    """How far a projection has folded one partition.

    `sequence` is the truth; `offset` says where to go on reading in the feed's own terms; another `topic` id means that the
    topic was made anew: start at 0 and rely on sequences. `at` is when the newest folded fact was recorded (epoch seconds).
    """

    sequence: int
    offset: int
    topic: str
    at: float = 0.0


class Batch(Struct, frozen=True, kw_only=True):
    """Records in order within each partition, and the checkpoints to save once they are folded."""

    records: Sequence[Recorded]
    checkpoints: Mapping[int, Checkpoint]


class Feed(Protocol):
    """One service's events."""

    @property
    def source(self) -> str:
        """The publishing service."""
        ...

    def start(self, resume: Callable[[], Mapping[int, Checkpoint]]) -> None:
        """Go on after what `resume` answers: asked before the first `poll`, and again whenever partitions are assigned anew."""
        ...

    def poll(self, limit: int, timeout: float) -> Batch:
        """The next records, at most about `limit`, waiting up to `timeout` seconds for the first. Raises Unavailable, NotDense."""
        ...

    def behind(self) -> int:
        """How many events (or commits, where the source counts those) are known to wait beyond what was polled."""
        ...

    def close(self) -> None: ...


class StoreFeed:
    """A service's own store as a feed; embedded, also other services' "topic".

    Every record gets `partition(key, 12)`, and the checkpoints of all partitions move together to the last commit scanned.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._after = 0

    @property
    def source(self) -> str:
        return self._store.service

    def start(self, resume: Callable[[], Mapping[int, Checkpoint]]) -> None:
        self._after = _least(resume())  # marks drop what was folded of the others

    def poll(self, limit: int, timeout: float) -> Batch:
        commits = self._store.scan(self._after, limit)
        if not commits and timeout > 0 and self._store.wait(self._after, timeout):
            commits = self._store.scan(self._after, limit)
        if not commits:
            return Batch(records=(), checkpoints={})
        records = [recorded for commit in commits for recorded in commit.recorded()]
        last = commits[-1]
        self._after = last.position
        reached = Checkpoint(sequence=sequence(last.position, 999), offset=last.position, topic=self.source, at=last.at.timestamp())
        return Batch(records=records, checkpoints=dict.fromkeys(range(PARTITIONS), reached))

    def behind(self) -> int:
        return max(0, self._store.head() - self._after)

    def close(self) -> None: ...


def waiting_in(store: Store, checkpoints: Mapping[int, Checkpoint]) -> int:
    """How many commits of a store wait beyond these checkpoints."""
    return max(0, store.head() - _least(checkpoints))


def _least(checkpoints: Mapping[int, Checkpoint]) -> int:
    """How far the least advanced partition is read. One without a checkpoint has seen nothing."""
    return min(checkpoints[each].offset if each in checkpoints else 0 for each in range(PARTITIONS))
