"""`python -m tests.proofs.relays <mongodb url>#<database> <bootstrap> <topic> <dies at> [<broken>]`: a relay's process.

It publishes what there is and ends, unless it is to die (SIGKILL) at its n-th operation: a transaction's begin, flush and
commit, and before and after the checkpoint moves.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

from tests.proofs.writers import a_store
from waymark.events import relay
from waymark.events.catalogue import Topic
from waymark.events.cloud import Outgoing
from waymark.events.envelope import PARTITIONS
from waymark.events.kafka import KafkaPublisher
from waymark.events.mongo.outbox import MongoOutbox
from waymark.events.relay import Relay

BATCH = 3  # commits
POINTS = ("begin_transaction", "flush", "commit_transaction", "before the checkpoint", "after the checkpoint")


class Mortal:
    """Counts the operations of what it stands before, and dies at one of them."""

    def __init__(self, dies_at: int) -> None:
        self._left = dies_at

    def point(self) -> None:
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def producer(self, real: Any) -> Any:
        return _Producer(real, self)


class _Producer:
    def __init__(self, real: Any, mortal: Mortal) -> None:
        self._real, self._mortal = real, mortal

    def __getattr__(self, name: str) -> Any:
        if name in POINTS:
            self._mortal.point()
        return getattr(self._real, name)


class Outbox:
    """The real one, beside the store, with a point before and after the checkpoint moves."""

    def __init__(self, real: MongoOutbox, mortal: Mortal) -> None:
        self._real, self._mortal = real, mortal
        self.adopt, self.position, self.lease = real.adopt, real.position, real.lease

    def reached(self, position: int) -> None:
        self._mortal.point()
        self._real.reached(position)
        self._mortal.point()


class Hasty(KafkaPublisher):
    """Broken: moves the checkpoint, then publishes."""

    outbox: Outbox

    def publish(self, records: Sequence[Outgoing]) -> None:
        self.outbox.reached(int(dict(records[-1].headers)["ce_sequence"].partition(b"-")[0]))
        super().publish(records)


def run(where: str, bootstrap: str, name: str, dies_at: int, how: str) -> None:
    topic, mortal = Topic(name, f"{name}.events.v1", PARTITIONS), Mortal(dies_at)
    store = a_store(where)
    outbox = Outbox(MongoOutbox(store._commits.database, name), mortal)  # type: ignore[union-attr]

    def connect() -> KafkaPublisher:
        publisher = (Hasty if how else KafkaPublisher)({"bootstrap_servers": bootstrap}, topic)
        publisher._producer = mortal.producer(publisher._producer)
        if isinstance(publisher, Hasty):
            publisher.outbox = outbox
        return publisher

    relay.BATCH = BATCH
    one: Any = Relay(store, outbox, connect, str(os.getpid()))
    while one.step(0):
        pass
    one._disconnect()


def relaying(where: str, bootstrap: str, name: str, dies_at: int, how: str = "") -> int:
    """Run such a process to its end; its exit code."""
    command = [sys.executable, "-m", "tests.proofs.relays", where, bootstrap, name, str(dies_at), how]
    return subprocess.run(command, check=False, timeout=60).returncode


if __name__ == "__main__":
    run(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), sys.argv[5])
