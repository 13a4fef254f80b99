"""A kept event <-> the bytes of a Kafka record: CloudEvents 1.0, written in binary mode, read in both. Pure.

Headers cost decoding time, so they are exactly those of `headers`; the value is the event's JSON as it stands in the store.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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
    where = partition(commit.key, PARTITIONS)
    for index, (name, raw) in enumerate(split(commit.body)):
        yield Outgoing(key=commit.key.encode(), value=bytes(raw), headers=headers(service, commit, index, name), partition=where)


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
        named = {name: content.decode() for name, content in headers}
        if named.get("content-type", "").lower().startswith("application/cloudevents"):
            attributes, content = _structured(value or b"")
        else:
            attributes, content = {name.removeprefix("ce_"): each for name, each in named.items()}, value or b"null"
        position, _, index = attributes["sequence"].partition("-")
        stream, _, version = attributes["id"].rpartition("/")
        return Recorded(
            event=decode_or_keep(attributes["type"], content),
            stream=stream,
            version=int(version),
            key=attributes["partitionkey"],
            partition=where,
            position=int(position),
            index=int(index),
            at=datetime.fromisoformat(attributes["time"]),
            traceparent=attributes.get("traceparent", ""),
        )
    except (KeyError, ValueError, msgspec.MsgspecError) as problem:
        raise Malformed(f"partition {where}: {problem!r}") from problem


def _structured(value: bytes) -> tuple[Mapping[str, str], bytes]:
    envelope = msgspec.json.decode(value, type=dict[str, msgspec.Raw])
    content = bytes(envelope.pop("data", msgspec.Raw(b"null")))
    if boxed := envelope.pop("data_base64", None):  # a writer whose content was bytes to it
        content = msgspec.json.decode(boxed, type=bytes)
    attributes: dict[str, Any] = {name: msgspec.json.decode(raw) for name, raw in envelope.items()}
    return {name: str(each) for name, each in attributes.items()}, content
