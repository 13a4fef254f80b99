"""What is kept and what travels: events, the commit that recorded them, and where each one stands.

A *stream* is the history of one thing and is named `<district>/<kind>/<ids...>`; a *commit* is what one decision added to
a stream: one or more events, all or none. A commit's *position* is dense within its store (1, 2, 3 ... no holes); an
event's *version* is gapless within its stream (1, 2, 3 ...).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from struct import unpack_from
from typing import ClassVar

import msgspec
from msgspec import Struct

MAX_EVENTS = 500  # a commit; a sequence leaves three digits for the index within it
MAX_BYTES = 900_000  # a commit: a Kafka record must fit
PARTITIONS = 12  # of every topic; part of the topic's version


class Event(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """The shape every published event shares. `type` is its public name and version, never a Python path.

    No garbage collection: what is decoded from JSON and never changes is in no circle, and looking for some took half of the time
    in which a batch is folded.
    """

    type: ClassVar[str]


class Meta(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """What is kept beside a commit's events.

    `actor` is the person id of who asked (empty for the system), `fingerprint` an HMAC of the request,
    `traceparent` the W3C trace context under which it was asked.
    """

    actor: str = ""
    fingerprint: str = ""
    traceparent: str = ""


class Recorded(Struct, frozen=True, gc=False):
    """One event where it stands. `at` is when the system learned it (UTC). (By position it is made in a third of the time.)"""

    event: Event
    stream: str
    version: int
    key: str
    partition: int
    position: int
    index: int
    at: datetime
    traceparent: str = ""

    @property
    def sequence(self) -> int:
        """Order within the partition: the commit's position and the event's index in it, as one integer."""
        return self.position * 1000 + self.index  # as `sequence`, without the call: it is asked of every event read

    @property
    def district(self) -> str:
        return district_of(self.stream)


class Commit(Struct, frozen=True, gc=False):
    """One record of the store. `version` is that of its first event; `body` the encoded events (catalogue.encode)."""

    position: int
    stream: str
    version: int
    count: int
    key: str
    commit_id: str
    at: datetime
    meta: Meta
    body: bytes

    @property
    def last_version(self) -> int:
        return self.version + self.count - 1

    def recorded(self) -> Iterator[Recorded]:
        """The events of this commit, decoded (and upcast) one by one; one that cannot be decoded comes as Unreadable."""
        stream, version, key, position, at, trace = self.stream, self.version, self.key, self.position, self.at, self.meta.traceparent
        where = partition(key, PARTITIONS)
        for index, event in enumerate(catalogue.decode_all(self.body)):
            yield Recorded(event, stream, version + index, key, where, position, index, at, trace)


class Unknown(Event, frozen=True, kw_only=True):
    """An event whose type this program does not know: counted and skipped live, the end of a rebuild."""

    type: ClassVar[str] = ""
    name: str
    raw: bytes


class Unreadable(Event, frozen=True, kw_only=True):
    """An event of a known type whose bytes do not fit it. A fold that wants the type parks the stream."""

    type: ClassVar[str] = ""
    name: str
    raw: bytes
    reason: str


class Undecodable(Exception):
    """The stored bytes are not what their type says."""


_split = msgspec.json.Decoder(list[tuple[str, msgspec.Raw]])


def split(body: bytes) -> Sequence[tuple[str, msgspec.Raw]]:
    """A commit's body as (type, JSON) pairs, without decoding the events."""
    return _split.decode(body)


def position_of(sequence: int) -> int:
    """The position of the commit that an event of this sequence is in."""
    return sequence // 1000


def sequence(position: int, index: int) -> int:
    return position * 1000 + index


def district_of(stream: str) -> str:
    return stream.partition("/")[0]


@lru_cache(maxsize=65_536)
def partition(key: str, count: int) -> int:
    """The partition of a record key, equal to Kafka's default: `(murmur2(key) & 0x7fffffff) % count`.

    Remembered for the keys that were asked for last: hashing a key takes longer than decoding its event.
    """
    return (murmur2(key.encode()) & 0x7FFFFFFF) % count


def murmur2(data: bytes) -> int:
    """Kafka's variant of MurmurHash2 (seed 0x9747b28c), an unsigned 32-bit integer."""
    m, mask = 0x5BD1E995, 0xFFFFFFFF
    length = len(data)
    h = 0x9747B28C ^ length
    for k in unpack_from(f"<{length // 4}I", data):
        k = (k * m) & mask  # noqa: PLW2901 -- as the algorithm is written
        k ^= k >> 24  # noqa: PLW2901 -- the same
        h = ((h * m) ^ (k * m)) & mask
    rest = data[length - length % 4 :]
    if rest:
        h ^= int.from_bytes(rest, "little")
        h = (h * m) & mask
    h ^= h >> 13
    h = (h * m) & mask
    h ^= h >> 15
    return h


from waymark.events import catalogue  # noqa: E402 -- its modules import Event from here, so this comes last
