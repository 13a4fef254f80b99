"""A kept event <-> the bytes of a Kafka record: CloudEvents 1.0, written in binary mode, read in both. Pure.

Headers cost decoding time, so they are exactly those of `headers`; the value is the event's JSON as it stands in the store.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
from msgspec import Struct

from waymark.events.catalogue import decode_or_keep
from waymark.events.envelope import PARTITIONS, Commit, Recorded, district_of, partition, split

Headers = Sequence[tuple[str, bytes]]


class Outgoing(Struct, frozen=True, kw_only=True):
    """One Kafka record to be sent."""

    key: bytes
    value: bytes
    headers: list[tuple[str, bytes]]
    partition: int


class Malformed(Exception):
    """A record on the topic is no CloudEvent of ours. The reader stops: the topic was written by somebody else."""


def outgoing(service: str, commit: Commit) -> Iterator[Outgoing]:
    """The records of a commit, in order."""
    where, key = partition(commit.key, PARTITIONS), commit.key.encode()
    for index, (name, raw) in enumerate(split(commit.body)):
        yield Outgoing(key=key, value=bytes(raw), headers=headers(service, commit, index, name), partition=where)


def headers(service: str, commit: Commit, index: int, name: str) -> list[tuple[str, bytes]]:
    """The headers of a commit's event number `index`. `ce_sequence` orders a partition as text."""
    return [
        ("content-type", b"application/json"),
        ("ce_specversion", b"1.0"),
        ("ce_id", f"{commit.stream}/{commit.version + index}".encode()),
        ("ce_source", f"/waymark/{service}".encode()),
        ("ce_type", name.encode()),
        ("ce_subject", commit.stream.encode()),
        ("ce_time", commit.at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z").encode()),
        ("ce_sequence", f"{commit.position:015d}-{index:03d}".encode()),
        ("ce_partitionkey", commit.key.encode()),
        ("ce_district", district_of(commit.stream).encode()),
        ("traceparent", commit.meta.traceparent.encode()),
    ]


def incoming(value: bytes | None, headers: Headers, where: int) -> Recorded:
    """A record read from partition `where`. Raises Malformed."""
    try:
        named = dict(headers)  # of which only those are decoded that are needed
        if named.get("content-type", b"").lower().startswith(b"application/cloudevents"):
            named, value = _structured(value or b"")
        position, _, index = named["ce_sequence"].partition(b"-")
        stream, _, version = named["ce_id"].decode().rpartition("/")
        return Recorded(
            decode_or_keep(named["ce_type"].decode(), value or b"null"),
            stream,
            int(version),
            named["ce_partitionkey"].decode(),
            where,
            int(position),
            int(index),
            datetime.fromisoformat(named["ce_time"].decode()),
            (named.get("traceparent") or named.get("ce_traceparent", b"")).decode(),  # others know it as an extension like any
        )
    except (KeyError, ValueError, msgspec.MsgspecError) as problem:
        raise Malformed(f"partition {where}: {problem!r}") from problem


def _structured(value: bytes) -> tuple[dict[str, bytes], bytes]:
    """The headers and the value that the same event has in binary mode."""
    envelope = msgspec.json.decode(value, type=dict[str, msgspec.Raw])
    content = bytes(envelope.pop("data", msgspec.Raw(b"null")))
    if boxed := envelope.pop("data_base64", None):  # a writer whose content was bytes to it
        content = msgspec.json.decode(boxed, type=bytes)
    attributes: dict[str, Any] = {name: msgspec.json.decode(raw) for name, raw in envelope.items()}
    return {f"ce_{name}": str(each).encode() for name, each in attributes.items()}, content
