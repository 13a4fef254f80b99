"""Folding facts without a database: given events, then documents, in whatever order the streams arrive."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import TypeVar

from msgspec.structs import replace

from waymark.events.envelope import PARTITIONS, Event, Recorded, partition
from waymark.events.project import Projection

D = TypeVar("D")
AT = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)


def recorded(stream: str, *events: Event, key: str | None = None) -> list[Recorded]:
    """A stream's events as they would be read, from version 1 on. `key`: the record key, else the stream."""
    where = partition(key or stream, PARTITIONS)
    return [
        Recorded(event=event, stream=stream, version=at, key=key or stream, partition=where, position=at, index=0, at=AT)
        for at, event in enumerate(events, 1)
    ]


def interleaved(streams: Sequence[Sequence[Recorded]], chance: random.Random) -> list[Recorded]:
    """All events in one of the orders that a topic could bring them in: each stream's own order is kept."""
    turns = [at for at, stream in enumerate(streams) for _ in stream]
    chance.shuffle(turns)
    left = [iter(stream) for stream in streams]
    return [replace(next(left[at]), position=position) for position, at in enumerate(turns, 1)]


def folded(projection: Projection[D], events: Iterable[Recorded]) -> dict[str, D]:
    """The documents that a projection makes of these events."""
    documents: dict[str, D] = {}
    for each in events:
        if type(each.event) in projection.types:
            for key in projection.keys(each):
                document = projection.evolve(key, documents.get(key), each)
                if document is None:
                    documents.pop(key, None)
                else:
                    documents[key] = document
    return documents
