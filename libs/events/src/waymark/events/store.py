"""The write side's port: a store keeps commits, in one order, and answers what it holds.

Adapters: `waymark.events.sqlite.store`, `waymark.events.mongo.store`. Their shared behaviour is
`waymark.events.contract.store`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from msgspec import Struct

from waymark.events.envelope import Commit, Event, Meta


class Appended(Struct, frozen=True, kw_only=True):
    """Where a commit stands. `version` is the stream's new version: that of the commit's last event."""

    position: int
    version: int
    partition: int
    sequence: int


class NewCommit(Struct, frozen=True, kw_only=True):
    """A commit that has no position yet. `expected` is the stream's version it was decided on (0: no stream)."""

    stream: str
    key: str
    events: Sequence[Event]
    expected: int
    commit_id: str
    meta: Meta


class Store(Protocol):
    """Commits of one service, densely numbered."""

    @property
    def service(self) -> str: ...

    def append(self, stream: str, key: str, events: Sequence[Event], expected: int, commit_id: str, meta: Meta) -> Appended:
        """Add one commit, durably, before returning.

        Raises Conflict when the stream's version is not `expected`, KeyChanged when the stream has another record key,
        TooLarge past 500 events or 900 kB, Unavailable when it could not be placed within 5 s.
        """
        ...

    def append_many(self, commits: Sequence[NewCommit]) -> Sequence[Appended]:
        """Add commits of different streams at consecutive positions; a stop in the middle leaves a prefix. Raises as append."""
        ...

    def read(self, stream: str, after: int) -> Iterator[Commit]:
        """The stream's commits whose first version is beyond `after`, in order (0: from the beginning)."""
        ...

    def scan(self, after: int, limit: int) -> Sequence[Commit]:
        """The next commits of the store beyond position `after`, in order, at most `limit`. Raises NotDense."""
        ...

    def head(self) -> int:
        """The last position, 0 when empty."""
        ...

    def wait(self, after: int, timeout: float) -> bool:
        """Return as soon as `head() > after`, or False after `timeout` seconds. A hint: polling stays the truth."""
        ...


class Conflict(Exception):
    """The stream moved on. `actual` is its version now."""

    def __init__(self, stream: str, actual: int) -> None:
        super().__init__(f"{stream} is at version {actual}")
        self.stream, self.actual = stream, actual


class KeyChanged(Exception):
    """A stream has one record key for ever; this commit brought another."""


class TooLarge(Exception):
    """A commit takes at most 500 events and 900 kB."""


class Unavailable(Exception):
    """The store or the network did not answer in time; nothing is known to be wrong with the request."""


class NotDense(Exception):
    """A reader met a hole or a repeated position: the store is damaged and reading stops."""
