"""The public event types: what Waymark tells the world, for ever.

One module a service. A type is a frozen struct with a name and a version; its JSON Schema and its page under
`docs/events/` are generated from it (`make catalogue`), golden samples under `tests/unit/events/golden/` hold every version.
Within a version only optional additions are allowed; anything else is a new version beside an upcaster.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Union

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


class _Pair(msgspec.Struct, array_like=True):
    event: Event


_pairs = [
    msgspec.defstruct("Pair", [("event", each)], bases=(_Pair,), tag=name, array_like=True, forbid_unknown_fields=True)
    for name, each in EVENTS.items()
]
_body: msgspec.json.Decoder[list[_Pair]] = msgspec.json.Decoder(list[Union[*_pairs]])
"""A commit's [type, event] pairs in one go: half the time of one by one."""


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
        if (decoder := _decoders.get(name)) is not None and name not in UPCASTERS:
            return decoder.decode(raw)  # nearly always
    except (msgspec.MsgspecError, UnicodeDecodeError):
        pass  # decode says what is wrong
    try:
        return decode(name, raw)
    except Undecodable as problem:
        return Unreadable(name=name, raw=bytes(raw), reason=str(problem))


def decode_all(body: bytes) -> Sequence[Event]:
    """The events of a commit's body, each as `decode_or_keep` answers it."""
    try:
        return [pair.event for pair in _body.decode(body)]
    except (msgspec.MsgspecError, UnicodeDecodeError):  # an old or unknown type, or one that does not fit: one by one they tell
        return [decode_or_keep(name, raw) for name, raw in split(body)]


def type_name(event: Event) -> str:
    """The published name of an event, also of one that this program does not know or cannot read."""
    return event.name if isinstance(event, Unknown | Unreadable) else event.type
