"""The public event types: what Waymark tells the world, for ever.

One module a service. A type is a frozen struct with a name and a version; its JSON Schema and its page under
`docs/events/` are generated from it (`make catalogue`), golden samples under `tests/unit/events/golden/` hold every version.
Within a version only optional additions are allowed; anything else is a new version beside an upcaster.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

import msgspec

from waymark.events.catalogue import operations, plans, reporting, roster
from waymark.events.envelope import PARTITIONS, Event, Undecodable, Unknown, Unreadable, split


class Topic(msgspec.Struct, frozen=True):
    """A Kafka topic: everything one service publishes, kept for ever, never compacted."""

    service: str
    name: str
    partitions: int


TOPICS: Mapping[str, Topic] = {service: Topic(service, f"{service}.events.v1", PARTITIONS) for service in ("roster", "plans", "reporting")}
EVENTS: Mapping[str, type[Event]] = {each.type: each for module in (roster, plans, reporting, operations) for each in module.EVENTS}

Upcaster = Callable[[dict[str, object]], tuple[str, dict[str, object]]]
UPCASTERS: Mapping[str, Upcaster] = {}
"""Old type name -> a pure function from its JSON object to (next type name, its JSON object); one step each."""

_encoder = msgspec.json.Encoder()
_decoders = {name: msgspec.json.Decoder(each) for name, each in EVENTS.items()}
_bodies: Mapping[bytes, msgspec.json.Decoder[Any]] = {
    name.encode(): msgspec.json.Decoder(list[tuple[Literal[name], each]]) for name, each in EVENTS.items()
}
"""Most commits hold events of one type: their bodies are decoded in one go, in half the time."""


def encode(events: Sequence[Event]) -> bytes:
    """A commit's body: a JSON array of [type, event] pairs."""
    return _encoder.encode([(each.type, each) for each in events])


def decode(name: str, raw: msgspec.Raw | bytes, upcasters: Mapping[str, Upcaster] = UPCASTERS) -> Event:
    """One event from its type name and JSON, upcast to the newest version; Unknown when the type is not ours.

    Raises Undecodable when the JSON does not fit the type.
    """
    try:
        if name in upcasters:
            content = msgspec.json.decode(raw, type=dict[str, object])
            while name in upcasters:
                name, content = upcasters[name](content)
            return msgspec.convert(content, EVENTS[name])
        decoder = _decoders.get(name)
        return Unknown(name=name, raw=bytes(raw)) if decoder is None else decoder.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError) as problem:
        raise Undecodable(f"{name}: {problem}") from problem


def decode_or_keep(name: str, raw: msgspec.Raw | bytes) -> Event:
    """As decode, but bytes that do not fit come back as Unreadable, for the reader to park."""
    try:
        return decode(name, raw)
    except Undecodable as problem:
        return Unreadable(name=name, raw=bytes(raw), reason=str(problem))


def decode_all(body: bytes) -> Sequence[Event]:
    """The events of a commit's body, each as `decode_or_keep` answers it."""
    name = body[3 : body.find(b'"', 3)]  # of [["plans.item-updated.v1",{...}],...]
    decoder = _bodies.get(name)
    if decoder is not None and name.decode() not in UPCASTERS:
        try:
            return [event for _, event in decoder.decode(body)]
        except (msgspec.MsgspecError, UnicodeDecodeError):
            pass  # of several types, or one does not fit: one by one they tell
    return [decode_or_keep(name, raw) for name, raw in split(body)]


def type_name(event: Event) -> str:
    """The published name of an event, also of one that this program does not know or cannot read."""
    return event.name if isinstance(event, Unknown | Unreadable) else event.type
