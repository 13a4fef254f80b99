"""Poison: a stream whose event cannot be folded is set aside, whole and in order, and may be tried again.

The parking lot is in the views' own database and is written before the checkpoint moves. Later events of a parked stream
follow it there; every other stream goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec.structs import replace

from waymark.events.catalogue import decode_or_keep, type_name
from waymark.events.envelope import Recorded, Unknown, Unreadable
from waymark.events.views import Change, Held, Parked, View, Views

if TYPE_CHECKING:
    from waymark.events.project import Projection

FOLLOWS = "follows a parked event of its stream"
MOST_STREAMS = 1000  # more than this is no poison but a faulty fold: the projection stops


class TooManyParked(Exception):
    """So many streams are parked that the fold itself must be wrong."""


class NotPast(Exception):
    """The worker has not passed the parked event yet; retry when it has."""


class NotParked(Exception):
    """No such event lies in the lot."""


class NotRedactable(Exception):
    """The event has no such field, or does not fit its type without it."""


def parked_record(recorded: Recorded, reason: str) -> Parked:
    """An event as it lies in the parking lot."""
    event = recorded.event
    return Parked(
        stream=recorded.stream,
        partition=recorded.partition,
        sequence=recorded.sequence,
        version=recorded.version,
        key=recorded.key,
        position=recorded.position,
        index=recorded.index,
        at=recorded.at.timestamp(),
        type=type_name(event),
        body=event.raw if isinstance(event, Unknown | Unreadable) else msgspec.json.encode(event),
        reason=reason,
    )


def recorded_again(parked: Parked) -> Recorded:
    """The parked event as it was recorded, decoded anew (a newer program may read what an older could not)."""
    return Recorded(
        event=decode_or_keep(parked.type, parked.body),
        stream=parked.stream,
        version=parked.version,
        key=parked.key,
        partition=parked.partition,
        position=parked.position,
        index=parked.index,
        at=datetime.fromtimestamp(parked.at, UTC),
    )


def retry(projection: Projection[Any], view: View[Any], views: Views, stream: str) -> int:
    """Fold a parked stream's events again, in order; returns how many are folded and out of the lot.

    Guarded by the document's own mark of this stream: the partition's mark has long passed these events. Readers that keep
    documents in memory are told before the lot is empty, so that a retry which is killed is run again and tells them. Raises
    what the fold raises (what was folded before is out of the lot, the rest stays parked), NotPast.
    """
    done = 0
    while waiting := views.parked(view, stream):
        through = -1
        try:
            for parked in waiting:
                checkpoint = views.checkpoints(view, projection.source).get(parked.partition)
                if checkpoint is None or checkpoint.sequence < parked.sequence:
                    raise NotPast(f"{view.key} has not passed {stream}/{parked.version}")
                _replay(projection, view, views, recorded_again(parked))
                through = parked.sequence
                done += 1
        finally:
            if through >= 0:
                views.stir(view.name)
                views.unpark(view, stream, through)
    return done


def discard(view: View[Any], views: Views, stream: str) -> int:
    """Give a parked stream's waiting events up; returns how many. Its later events are folded again."""
    waiting = views.parked(view, stream)
    if waiting:
        views.unpark(view, stream, waiting[-1].sequence)
    return len(waiting)


def redact(
    projection: Projection[Any],
    view: View[Any],
    views: Views,
    stream: str,
    version: int,
    remove: Sequence[str],
    null: Sequence[str] = (),
) -> int:
    """Take fields out of one parked event (or set them to null), then retry its stream; returns how many events were folded.

    `version` names the event within its stream, `remove` and `null` are JSON pointers into its body (RFC 6901: `/note`). Only the
    copy in the parking lot changes: the fact stays in the store as it was recorded, and on the topic. A later rebuild therefore
    meets it again, parks it again and stops, naming the stream; redact it there too (in the view that is being built), and run
    the rebuild again. Raises NotParked, NotRedactable, and what `retry` raises: the redaction then stays in the lot.
    """
    found = next((each for each in views.parked(view, stream) if each.version == version), None)
    if found is None:
        raise NotParked(f"{stream}/{version} is not parked in {view.key}")
    body: Any = msgspec.json.decode(found.body)
    for pointer in remove:
        _take_out(body, pointer, null=False)
    for pointer in null:
        _take_out(body, pointer, null=True)
    redacted = replace(found, body=msgspec.json.encode(body))
    if isinstance(event := recorded_again(redacted).event, Unreadable):
        raise NotRedactable(f"without it the event does not fit its type: {event.reason}")
    views.save(view, projection.source, (), [redacted], {})
    return retry(projection, view, views, stream)


def _take_out(body: Any, pointer: str, null: bool) -> None:
    if not pointer.startswith("/"):
        raise NotRedactable(f"{pointer!r} is no JSON pointer: they begin with a slash, such as /note")
    *path, last = (each.replace("~1", "/").replace("~0", "~") for each in pointer[1:].split("/"))
    try:
        for name in path:
            body = body[_place(body, name)]
        place = _place(body, last)
        _ = body[place]
        if null:
            body[place] = None
        else:
            del body[place]
    except (KeyError, IndexError, ValueError, TypeError):
        raise NotRedactable(f"the event has no {pointer}") from None


def _place(container: object, name: str) -> Any:
    return int(name) if isinstance(container, list) and name.isdecimal() else name


def _replay(projection: Projection[Any], view: View[Any], views: Views, recorded: Recorded) -> None:
    if isinstance(recorded.event, Unreadable):
        raise ValueError(recorded.event.reason)
    keys: Callable[[Recorded], Any] = projection.keys
    while True:
        ids = set(keys(recorded))
        held = views.load(view, ids)
        changes: list[Change[Any]] = []
        for each in ids:
            before: Held[Any] = held.get(each, Held())
            if before.parked.get(recorded.stream, -1) >= recorded.sequence:
                continue
            mark = max(before.marks.get(recorded.partition, -1), recorded.sequence)
            changes.append(
                Change(
                    id=each,
                    document=projection.evolve(each, before.document, recorded),
                    marks=before.marks | {recorded.partition: mark},
                    parked=before.parked | {recorded.stream: recorded.sequence},
                    revision=before.revision,
                )
            )
        if not views.save(view, projection.source, changes, (), {}):
            return
