"""Where an event stands: partitions as Kafka computes them, bodies that come back as they were."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.events.facts import granted
from waymark.events.catalogue import decode, decode_or_keep, encode
from waymark.events.envelope import Undecodable, Unknown, Unreadable, murmur2, partition, split


@pytest.mark.parametrize("key, expected", [(b"", 275646681), (b"21", 3321034988), (b"foobar", 3504634814), (b"abc", 479470107)])
def test_murmur2_is_kafkas(key: bytes, expected: int) -> None:
    assert murmur2(key) == expected


@given(st.text(max_size=20))
def test_a_partition_is_within_the_count(key: str) -> None:
    assert 0 <= partition(key, 12) < 12


def test_a_type_that_is_not_ours_is_kept_as_it_came() -> None:
    assert decode("roster.tomorrow.v1", b'{"x":1}') == Unknown(name="roster.tomorrow.v1", raw=b'{"x":1}')


def test_bytes_that_do_not_fit_are_refused_or_kept_with_the_reason() -> None:
    with pytest.raises(Undecodable, match=r"roster\.role-granted\.v1"):
        decode("roster.role-granted.v1", b'{"person":1}')
    kept = decode_or_keep("roster.role-granted.v1", b'{"person":1}')
    assert isinstance(kept, Unreadable)
    assert kept.name == "roster.role-granted.v1"


def test_an_old_version_is_upcast_step_by_step() -> None:
    upcasters = {
        "roster.role-given.v1": lambda old: ("roster.role-given.v2", {**old, "role": "teacher"}),
        "roster.role-given.v2": lambda old: ("roster.role-granted.v1", {**old, "org": old["place"]}),
    }
    event = decode("roster.role-given.v1", b'{"person":"p","place":"school"}', upcasters)
    assert event == granted()


def test_a_reader_ignores_what_a_newer_writer_added() -> None:
    body = msgspec.json.encode({"person": "p", "role": "teacher", "org": "school", "since_tomorrow": True})
    assert decode("roster.role-granted.v1", body) == granted()


def test_a_body_splits_into_types_and_raw_events() -> None:
    ((name, raw),) = split(encode([granted()]))
    assert (name, decode(name, raw)) == ("roster.role-granted.v1", granted())
