"""What operators did: each service records it in its own store, and it travels on that service's topic.

Stream `platform/operation/<what>` (key: the stream); no district is called `platform`. No fold of the service takes these.
"""

from __future__ import annotations

from typing import ClassVar

from waymark.events.envelope import Event

DISTRICT = "platform"


class Operation(Event, frozen=True, kw_only=True):
    """Something that an operator did."""

    by: str
    reason: str = ""


class ViewRebuilt(Operation, frozen=True, kw_only=True):
    """A view was built anew from the first event, compared with the live one, and given to readers."""

    type: ClassVar[str] = "operations.view-rebuilt.v1"
    view: str
    before: str
    folded: int
    compared: int
    not_compared: int
    different: int = 0


class ViewRolledBack(Operation, frozen=True, kw_only=True):
    """Readers were given the view before the last rebuild again."""

    type: ClassVar[str] = "operations.view-rolled-back.v1"
    view: str
    before: str


class StreamRetried(Operation, frozen=True, kw_only=True):
    """A parked stream's events were folded after all."""

    type: ClassVar[str] = "operations.stream-retried.v1"
    view: str
    stream: str
    folded: int


class StreamDiscarded(Operation, frozen=True, kw_only=True):
    """A parked stream's events were given up: the view goes on without them."""

    type: ClassVar[str] = "operations.stream-discarded.v1"
    view: str
    stream: str
    discarded: int


class StreamRedacted(Operation, frozen=True, kw_only=True):
    """Fields were taken out of a parked event's copy, and its stream was folded after all. The fact itself stays as it was."""

    type: ClassVar[str] = "operations.stream-redacted.v1"
    view: str
    stream: str
    version: int
    fields: tuple[str, ...]
    folded: int


class TopicRepublished(Operation, frozen=True, kw_only=True):
    """The topic was written anew from the store. Its offsets start again, sequences and ids stay."""

    type: ClassVar[str] = "operations.topic-republished.v1"
    topic: str
    commits: int


class KeysRotated(Operation, frozen=True, kw_only=True):
    """People's keys were wrapped under the current month's key, and months that nobody's key names were destroyed."""

    type: ClassVar[str] = "operations.keys-rotated.v1"
    rewrapped: int
    destroyed: tuple[str, ...] = ()
    new_master: bool = False


class Checked(Operation, frozen=True, kw_only=True):
    """Positions, versions, checkpoints and a sample of documents were held against the store."""

    type: ClassVar[str] = "operations.checked.v1"
    commits: int
    documents: int
    wrong: int = 0


EVENTS: tuple[type[Event], ...] = (
    ViewRebuilt,
    ViewRolledBack,
    StreamRetried,
    StreamDiscarded,
    StreamRedacted,
    TopicRepublished,
    KeysRotated,
    Checked,
)
