"""The store is the outbox: a relay publishes its commits in position order, a transaction a batch.

Only after a batch is on the topic does the checkpoint move, so a crash between the two sends that batch again; readers drop
it by sequence. Any failure aborts the transaction and the relay starts over from its checkpoint: nothing is ever passed over.
"""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import Protocol

from prometheus_client import Gauge

from waymark.events.cloud import Outgoing, outgoing
from waymark.events.envelope import Commit
from waymark.events.store import Store, Unavailable

BATCH = 200  # commits a transaction
BATCH_BYTES = 8_000_000  # about: a transaction must end before the broker ends it, or it would be tried for ever
WAIT = 0.2  # seconds for the first commit of a batch
PATIENCE = 10.0  # seconds, the longest pause between tries
LEASE_SECONDS = 15.0
log = logging.getLogger(__name__)

_store_position = Gauge("store_position", "The last position of the event store", ["service"])
_relay_position = Gauge("relay_position", "The last position that is on the topic", ["service"])
_waits = Gauge("relay_unavailable", "1 while the topic or the store does not answer", ["service"])


class Publisher(Protocol):
    """A topic that takes batches whole. Construction fences whoever published before."""

    def publish(self, records: Sequence[Outgoing]) -> None:
        """All of these, durably, in order, or none. Raises Unavailable."""
        ...

    def close(self) -> None: ...


class Outbox(Protocol):
    """Where a relay remembers how far it got, and whose turn it is. Beside the store."""

    def position(self) -> int: ...

    def reached(self, position: int) -> None:
        """Everything up to `position` is on the topic. Never moves back."""
        ...

    def lease(self, owner: str, seconds: float) -> bool:
        """Whether `owner` is the relay for the next `seconds`. Chooses the usual one; safety is the publisher's fencing."""
        ...


class Relay:
    """Publishes one service's store. `connect` makes a fresh publisher, fencing any older one."""

    def __init__(self, store: Store, outbox: Outbox, connect: Callable[[], Publisher], owner: str) -> None:
        self._store, self._outbox, self._connect, self._owner = store, outbox, connect, owner
        self._publisher: Publisher | None = None
        self._position = 0

    def run(self, stop: threading.Event) -> None:
        """Publish until `stop`. Outages are waited out with growing pauses."""
        tries = 0
        while not stop.is_set():
            try:
                if not self._outbox.lease(self._owner, LEASE_SECONDS):
                    self._disconnect()
                    stop.wait(LEASE_SECONDS / 3)
                    continue
                self.step(WAIT)
                tries = 0
                _waits.labels(self._store.service).set(0)
            except Unavailable as problem:
                tries += 1
                _waits.labels(self._store.service).set(1)
                log.warning("relay waits", extra={"service": self._store.service, "reason": str(problem)})
                self._disconnect()
                stop.wait(min(PATIENCE, 0.05 * 2**tries) * random.uniform(0.5, 1))  # noqa: S311 -- jitter, no secret
        self._disconnect()

    def step(self, wait: float) -> int:
        """Publish the next batch; returns how many commits it had. Raises Unavailable."""
        if self._publisher is None:
            self._publisher = self._connect()
            self._position = self._outbox.position()
        if not self._store.wait(self._position, wait):
            return 0
        commits = _first(self._store.scan(self._position, BATCH), BATCH_BYTES)
        if commits:
            self._publisher.publish([each for commit in commits for each in outgoing(self._store.service, commit)])
            self._position = commits[-1].position
            self._outbox.reached(self._position)
        _store_position.labels(self._store.service).set(self._store.head())
        _relay_position.labels(self._store.service).set(self._position)
        return len(commits)

    def _disconnect(self) -> None:
        publisher, self._publisher = self._publisher, None
        if publisher is not None:
            publisher.close()


def _first(commits: Sequence[Commit], size: int) -> Sequence[Commit]:
    """As many as `size` bytes take, at least one."""
    for count, total in enumerate(accumulate(len(each.body) for each in commits)):
        if total > size:
            return commits[: max(1, count)]
    return commits
