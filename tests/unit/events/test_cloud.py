"""Kafka records are CloudEvents: exactly our headers out, both modes in, anything else refused."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.events.facts import granted, revoked
from waymark.events.catalogue import encode
from waymark.events.cloud import Malformed, Outgoing, incoming, outgoing
from waymark.events.envelope import Commit, Meta

HEADERS = [
    "content-type",
    "ce_specversion",
    "ce_id",
    "ce_source",
    "ce_type",
    "ce_subject",
    "ce_time",
    "ce_sequence",
    "ce_partitionkey",
    "ce_district",
    "traceparent",
]


def a_commit(stream: str = "d/person/p", version: int = 4, at: float = 1_790_000_000.123456, traceparent: str = "00-1-2-01") -> Commit:
    return Commit(
        position=42,
        stream=stream,
        version=version,
        count=2,
        key="p",
        commit_id="c",
        at=datetime.fromtimestamp(at, UTC),
        meta=Meta(traceparent=traceparent),
        body=encode([granted(), revoked()]),
    )


def test_headers_are_exactly_these() -> None:
    first, second = outgoing("roster", a_commit())
    assert [name for name, _ in first.headers] == HEADERS
    named = dict(second.headers)
    assert named["ce_id"] == b"d/person/p/5"
    assert named["ce_source"] == b"/waymark/roster"
    assert named["ce_type"] == b"roster.role-revoked.v1"
    assert named["ce_sequence"] == b"000000000000042-001"
    assert named["ce_district"] == b"d"
    assert named["ce_partitionkey"] == second.key == b"p"


@given(
    stream=st.text(min_size=1, max_size=20).map(lambda rest: f"d/x/{rest}"),
    version=st.integers(1, 10**6),
    at=st.integers(0, 4 * 10**9),
)
def test_what_is_read_is_what_was_recorded(stream: str, version: int, at: int) -> None:
    commit = a_commit(stream, version, at)
    read = [incoming(each.value, each.headers, each.partition) for each in outgoing("roster", commit)]
    assert read == list(commit.recorded())


def structured(record: Outgoing) -> bytes:
    attributes = {name.removeprefix("ce_"): each.decode() for name, each in record.headers if name.startswith("ce_")}
    return msgspec.json.encode({**attributes, "traceparent": "00-1-2-01", "data": msgspec.Raw(record.value)})


def test_structured_mode_is_read_too() -> None:
    commit = a_commit()
    first, _ = outgoing("roster", commit)
    read = incoming(structured(first), [("content-type", b"application/CloudEvents+json; charset=utf-8")], first.partition)
    assert read == next(iter(commit.recorded()))


@pytest.mark.parametrize("missing", ["ce_id", "ce_type", "ce_sequence", "ce_time", "ce_partitionkey"])
def test_a_record_that_lacks_an_attribute_is_refused(missing: str) -> None:
    first, _ = outgoing("roster", a_commit())
    with pytest.raises(Malformed):
        incoming(first.value, [each for each in first.headers if each[0] != missing], 0)


@given(value=st.binary(max_size=50), headers=st.lists(st.tuples(st.sampled_from(HEADERS), st.binary(max_size=12))))
def test_no_bytes_raise_anything_but_malformed(value: bytes, headers: list[tuple[str, bytes]]) -> None:
    try:
        incoming(value, headers, 0)
    except Malformed:
        pass
