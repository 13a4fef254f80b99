"""Write a service's topic anew from its store: after the topic was lost, for a new partition count, or to spare readers old versions.

The outbox knows which topic its position is about, so whoever is killed half-way leaves a topic that the usual relay goes on
with, from where this one came to; only what is left is then sent as it stands in the store.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from typing import Protocol

import msgspec
from msgspec.structs import replace

from waymark.events.catalogue import UPCASTERS, decode
from waymark.events.cloud import outgoing
from waymark.events.envelope import Commit, Undecodable, split
from waymark.events.relay import BATCH, BATCH_BYTES, LEASE_SECONDS, Outbox, Publisher, first_of
from waymark.events.store import Store, Unavailable

PATIENCE = 60.0  # seconds without a batch that was placed


class Turn(Outbox, Protocol):
    """An outbox whose lease can be taken from whoever holds it."""

    def take(self, owner: str) -> None:
        """It is `owner`'s turn now; who had it before hears so at the next look."""
        ...

    def published(self) -> int:
        """How far the last topic is known to be written."""
        ...


class Published(Protocol):
    """A topic that can be made anew."""

    def connect(self) -> Publisher:
        """What publishes there, fencing whoever did before."""
        ...

    def held(self) -> int:
        """How many records are on it."""
        ...

    def make_anew(self) -> None:
        """Delete it and make it again, empty, under another id."""
        ...


class TopicNotEmpty(Exception):
    """Records are on the topic. Sent again behind them, the same events would be out of order for a new reader."""


def republish(store: Store, outbox: Turn, topic: Published, progress: Callable[[int, int], object], anew: bool = False) -> int:
    """Publish every commit from the first on, old versions of events upcast to the newest; returns how many commits.

    The usual relay is kept away by the lease, and one that does not hear of it by the fence. Readers see a topic with another id,
    read it from its beginning, and drop by sequence what they have folded. `anew`: a topic that is not empty is deleted and made
    again. `progress(position, head)` is called after each batch. Raises TopicNotEmpty, Unavailable, NotDense, WrongTopic.
    """
    owner = uuid.uuid4().hex
    outbox.take(owner)
    topic.connect().close()  # whoever is in the middle of a batch now is fenced
    if anew:
        topic.make_anew()
    elif held := topic.held():
        raise TopicNotEmpty(f"{held:,} records are on the topic of {store.service}")
    since, position = time.monotonic(), 0
    while True:
        publisher: Publisher | None = None
        try:
            publisher = topic.connect()
            outbox.adopt(publisher.topic)
            position = outbox.position()
            while commits := first_of(store.scan(position, BATCH), BATCH_BYTES):
                if not outbox.lease(owner, LEASE_SECONDS):
                    raise Unavailable("another relay took the turn")
                publisher.publish([each for commit in commits for each in outgoing(store.service, newest(commit))])
                since, position = time.monotonic(), commits[-1].position
                outbox.reached(position)
                progress(position, store.head())
            return position
        except Unavailable:
            if time.monotonic() - since > PATIENCE:
                raise
            time.sleep(0.2)
            outbox.take(owner)
        finally:
            if publisher is not None:
                publisher.close()


def newest(commit: Commit) -> Commit:
    """The commit with its events in their newest versions. One that cannot be decoded stays as it is: its readers park it."""
    pairs = split(commit.body)
    if not any(name in UPCASTERS for name, _ in pairs):
        return commit
    return replace(commit, body=msgspec.json.encode([_newest(name, raw) for name, raw in pairs]))


def _newest(name: str, raw: msgspec.Raw) -> tuple[str, object]:
    if name in UPCASTERS:
        try:
            event = decode(name, raw)
        except Undecodable:
            return name, raw
        return event.type, event
    return name, raw
