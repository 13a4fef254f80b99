"""The store is the outbox: a relay publishes its commits in position order, a transaction a batch.

Only after a batch is on the topic does the checkpoint move, so a crash between the two sends that batch again; readers drop
it by sequence. Any failure aborts the transaction and the relay starts over from its checkpoint: nothing is ever passed over.
A topic that was made anew holds nothing, whatever the checkpoint of the old one says: it is written from the first commit.
"""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import Protocol

from prometheus_client import Gauge

from waymark.events.cloud import Outgoing, outgoing
from waymark.events.envelope import Commit
from waymark.events.store import NotDense, Store, Unavailable
from waymark.events.watchdog import watched

BATCH = 200  # commits a transaction
BATCH_BYTES = 8_000_000  # about: a transaction must end before the broker ends it, or it would be tried for ever
WAIT = 0.2  # seconds for the first commit of a batch
PATIENCE = 10.0  # seconds, the longest pause between tries
LEASE_SECONDS = 4.0  # until another relay takes over from one that died
LOOK = 5.0  # seconds between looks at a topic that there is nothing to send to
STUCK = 120.0  # seconds; whatever a relay waits for gives up within 30
log = logging.getLogger(__name__)

_store_position = Gauge("store_position", "The last position of the event store", ["service"])
_relay_position = Gauge("relay_position", "The last position that is on the topic", ["service"])
_waits = Gauge("relay_unavailable", "1 while the topic or the store does not answer", ["service"])


class Publisher(Protocol):
    """A topic that takes batches whole. Construction fences whoever published before."""

    @property
    def topic(self) -> str:
        """The topic's id: one that was deleted and made anew has another."""
        ...

    def publish(self, records: Sequence[Outgoing]) -> None:
        """All of these, durably, in order, or none. Raises as `check`."""
        ...

    def check(self) -> None:
        """Raises Unavailable when the topic does not answer, or is no longer the one it was: then make another publisher."""
        ...

    def close(self) -> None: ...


class Outbox(Protocol):
    """Where a relay remembers how far it got, and whose turn it is. Beside the store."""

    def adopt(self, topic: str) -> None:
        """What follows is about the topic of this id. Nothing of it is known to be on a topic made anew."""
        ...

    def position(self) -> int: ...

    def reached(self, position: int) -> None:
        """Everything up to `position` is on the topic. Never moves back, and says nothing of a topic adopted since."""
        ...

    def lease(self, owner: str, seconds: float) -> bool:
        """Whether `owner` is the relay for the next `seconds`. Chooses the usual one; safety is the publisher's fencing."""
        ...


class Relay:
    """Publishes one service's store. `connect` makes a fresh publisher, fencing any older one.

    `waits` says what it waits for while it cannot work, and is empty while it can (or while it is another relay's turn).
    """

    def __init__(self, store: Store, outbox: Outbox, connect: Callable[[], Publisher], owner: str) -> None:
        self._store, self._outbox, self._connect, self._owner = store, outbox, connect, owner
        self._publisher: Publisher | None = None
        self._position = 0
        self._leased = self._looked = float("-inf")
        self.waits = ""

    def run(self, stop: threading.Event) -> None:
        """Publish until `stop`. Outages are waited out with growing pauses; a relay that is stuck ends its process."""
        tries = 0
        with watched(f"relay of {self._store.service}", STUCK) as alive:
            while not stop.is_set():
                alive()
                try:
                    if self._has_lease():
                        self.step(WAIT)
                    else:
                        self._disconnect()
                        stop.wait(LEASE_SECONDS / 4)
                    tries = 0
                    self._tell("")
                except Unavailable as problem:
                    tries += 1
                    self._tell(str(problem))
                    self._disconnect()
                    stop.wait(min(PATIENCE, 0.05 * 2**tries) * random.uniform(0.5, 1))  # noqa: S311 -- jitter, no secret
        self._disconnect()

    def step(self, wait: float) -> int:
        """Publish the next batch; returns how many commits it had. Raises Unavailable, NotDense."""
        if self._publisher is None:
            _store_position.labels(self._store.service).set(self._store.head())  # what waits for a topic that is away is seen to grow
            self._publisher = self._connect()
            self._outbox.adopt(self._publisher.topic)
            self._position = self._outbox.position()
            if self._position > (head := self._store.head()):
                raise NotDense(f"{self._store.service}: commit {self._position} is on the topic, the store ends at {head}: an older copy?")
        commits: Sequence[Commit] = ()
        if self._store.wait(self._position, wait):
            commits = first_of(self._store.scan(self._position, BATCH), BATCH_BYTES)
            self._publisher.publish([each for commit in commits for each in outgoing(self._store.service, commit)])
            self._position = commits[-1].position
            self._outbox.reached(self._position)
            self._looked = time.monotonic()
        elif time.monotonic() - self._looked > LOOK:
            self._publisher.check()
            self._looked = time.monotonic()
        _store_position.labels(self._store.service).set(self._store.head() if commits else self._position)
        _relay_position.labels(self._store.service).set(self._position)
        return len(commits)

    def _has_lease(self) -> bool:
        if time.monotonic() - self._leased > LEASE_SECONDS / 4:
            asked = time.monotonic()
            if not self._outbox.lease(self._owner, LEASE_SECONDS):
                return False
            self._leased = asked
        return True

    def _tell(self, problem: str) -> None:
        self.waits = problem
        _waits.labels(self._store.service).set(1 if problem else 0)
        if problem:
            log.warning("relay waits", extra={"service": self._store.service, "reason": problem})

    def _disconnect(self) -> None:
        publisher, self._publisher = self._publisher, None
        if publisher is not None:
            publisher.close()


def first_of(commits: Sequence[Commit], size: int) -> Sequence[Commit]:
    """As many as `size` bytes take, at least one."""
    for count, total in enumerate(accumulate(len(each.body) for each in commits)):
        if total > size:
            return commits[: max(1, count)]
    return commits
