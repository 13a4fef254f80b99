"""Property 12 of engine.md: our records are CloudEvents to the official SDK, and its records are events to us, in both modes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from cloudevents.core.base import BaseCloudEvent
from cloudevents.core.bindings.kafka import KafkaMessage, from_kafka_event, to_binary_event, to_structured_event
from cloudevents.core.exceptions import BaseCloudEventException
from cloudevents.core.v1.event import CloudEvent
from msgspec import json
from msgspec.structs import replace

from tests.proofs.proof import Variant, Violated, must, proof
from tests.unit.events.samples import golden
from waymark.events.cloud import Malformed, Outgoing, incoming, outgoing
from waymark.events.envelope import PARTITIONS, Commit, Recorded, partition

ON = "SDK"
Sending = Callable[[str, Commit], Iterator[Outgoing]]
COMMITS = [(name, file.commit(name)) for name, file in golden().items()]


def renamed(old: str, new: str) -> Callable[[Sending], Sending]:
    """Records with one header under another name."""

    def sending(send: Sending) -> Sending:
        def sent(service: str, commit: Commit) -> Iterator[Outgoing]:
            for each in send(service, commit):
                yield replace(each, headers=[(new if name == old else name, value) for name, value in each.headers])

        return sent

    return sending


def local_time(send: Sending) -> Sending:
    """Records whose time has no zone."""

    def sent(service: str, commit: Commit) -> Iterator[Outgoing]:
        for each in send(service, commit):
            yield replace(each, headers=[(name, value.removesuffix(b"Z") if name == "ce_time" else value) for name, value in each.headers])

    return sent


def by_the_sdk(sent: Outgoing) -> BaseCloudEvent:
    try:
        return from_kafka_event(KafkaMessage(headers=dict(sent.headers), key=sent.key, value=sent.value))
    except (BaseCloudEventException, ValueError) as problem:
        raise Violated(f"the SDK refuses our record: {str(problem).splitlines()[0]}") from problem


def by_us(message: KafkaMessage) -> Recorded:
    key = message.key if isinstance(message.key, str) else (message.key or b"").decode()
    try:
        return incoming(message.value, list(message.headers.items()), partition(key, PARTITIONS))
    except Malformed as problem:
        raise Violated(f"we refuse the SDK's record: {problem}") from problem


@proof(
    {
        "HTTP's prefix": renamed("ce_source", "ce-source"),
        "no type": renamed("ce_type", "type"),
        "an attribute with an underscore": renamed("ce_partitionkey", "ce_partition_key"),
        "a time without zone": local_time,
    }
)
def test_property_12_what_we_send_is_a_cloudevent_to_the_official_sdk(variant: Variant) -> None:
    send: Sending = variant(outgoing)
    for name, commit in COMMITS:
        for sent, recorded in zip(send("roster", commit), commit.recorded(), strict=True):
            read = by_the_sdk(sent)
            said = read.get_attributes()
            must(said.get("id") == f"{recorded.stream}/{recorded.version}", "the id is another")
            must((said.get("type"), said.get("source")) == (name, "/waymark/roster"), "type or source are others")
            must((said.get("subject"), said.get("time")) == (recorded.stream, recorded.at), "subject or time are others")
            must((said.get("datacontenttype"), read.get_data()) == ("application/json", json.decode(sent.value)), "the content is another")
            extensions = {each: read.get_extension(each) for each in ("partitionkey", "district", "sequence")}
            expected = {
                "partitionkey": recorded.key,
                "district": recorded.district,
                "sequence": f"{recorded.position:015d}-{recorded.index:03d}",
            }
            must(extensions == expected, f"the extensions are {extensions}")


def base64_lost(message: KafkaMessage) -> KafkaMessage:
    """A record whose content a reader takes for absent."""
    return KafkaMessage(headers=message.headers, key=message.key, value=message.value.replace(b'"data', b'"datum'))


def a_cloudevent(recorded: Recorded, name: str, content: Any) -> CloudEvent:
    """As somebody else's program would make it."""
    return CloudEvent(
        {
            "id": f"{recorded.stream}/{recorded.version}",
            "source": "/waymark/roster",
            "type": name,
            "subject": recorded.stream,
            "time": recorded.at,
            "datacontenttype": "application/json",
            "sequence": f"{recorded.position:015d}-{recorded.index:03d}",
            "partitionkey": recorded.key,
            "district": recorded.district,
            "traceparent": recorded.traceparent,
        },
        content,
    )


@proof({"the content gets lost": base64_lost, "the headers get lost": lambda message: KafkaMessage({}, message.key, message.value)})
def test_property_12_what_the_official_sdk_sends_is_read_as_it_was_recorded_in_both_modes(variant: Variant) -> None:
    for name, commit in COMMITS:
        for sent, recorded in zip(outgoing("roster", commit), commit.recorded(), strict=True):
            made = a_cloudevent(recorded, name, json.decode(sent.value))
            as_bytes = a_cloudevent(recorded, name, bytes(sent.value))
            for mode, message in (
                ("binary", to_binary_event(made)),
                ("structured", to_structured_event(made)),
                ("structured, as base64", to_structured_event(as_bytes)),
            ):
                must(by_us(variant(message)) == recorded, f"{name} in {mode} mode reads differently")
