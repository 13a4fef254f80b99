"""Bodies that no program should send: refused in the one shape, with the place where one can be named, and nothing is written."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from typing import Any, Final
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, example, given, seed, settings
from hypothesis import strategies as st

from tests.authz.objects import objects
from tests.authz.requests import ASKED, CONDITIONAL, address
from tests.authz.table import Row, rows
from tests.hostile.doors import SEED, house
from tests.hostile.wire import Answer, Unchanged, refused, send

NO_JSON: Final = "create_import"  # tests/hostile/test_packages.py
WRITES: Final = [row for row in rows() if (row.operation, row.variant) in ASKED and row.method != "GET" and row.operation != NO_JSON]
QUICK: Final = settings(
    max_examples=40,
    deadline=None,
    database=None,
    suppress_health_check=(HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large),
)
MARK: Final = "a-mark-that-stands-nowhere-else"


def valid(row: Row) -> Any:
    """A body that would be taken."""
    return json.loads(json.dumps(ASKED[row.operation, row.variant](house().world, ident(row))["json"]))


def ident(row: Row) -> str:
    return next(iter(objects(house().world, row.kind).values())) if row.kind and row.question == "one" else ""


def post(row: Row, body: bytes, content_type: str | None = "application/json", **headers: str) -> Answer:
    sent = {"Idempotency-Key": str(uuid4())} | headers
    if content_type is not None:
        sent["Content-Type"] = content_type
    if row.operation in CONDITIONAL:
        sent["If-Match"] = '"1"'
    with Unchanged():
        return refused(send(row.method, address(row, ident(row)).encode(), headers=sent, body=body))


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where something stands in a body that is no object and no list."""
    if isinstance(value, dict | list):
        for key, each in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(each, (*path, key))
    else:
        yield path


def planted(body: Any, path: tuple[Any, ...], raw: str) -> bytes:
    """The body with this text of JSON, whatever it is, in one place."""
    holder = body
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = MARK
    return json.dumps(body).replace(f'"{MARK}"', raw).encode()


NEVER: Final = {
    "NUL": (r'"a\u0000b"', "not-allowed"),
    "half a surrogate pair": (r'"\ud83d"', "not-allowed"),
    "the other half": (r'"\udc00x"', "not-allowed"),
    "halves in the wrong order": (r'"\udc00\ud83d"', "not-allowed"),
    "a number beyond 2^53": ("9007199254740993", "number-too-large"),
    "a negative one": ("-9007199254740993", "number-too-large"),
    "a number of five thousand digits": ("9" * 5000, "number-too-large"),
    "a number beyond every float": ("1e400", "number-too-large"),
    "a key with NUL": (r'{"a\u0000": 1}', "not-allowed"),
    "a key with half a pair": (r'{"\ud83d": 1}', "not-allowed"),
    "NaN": ("NaN", "json-malformed"),
    "Infinity": ("Infinity", "json-malformed"),
    "-Infinity": ("-Infinity", "json-malformed"),
    "a key twice": ('{"a": 1, "a": 2}', "json-malformed"),
    "33 levels": ("[" * 33 + "]" * 33, "json-too-deep"),
    "a million levels": ("[" * 200_000 + "]" * 200_000, "json-too-deep"),
    "single quotes": ("'x'", "json-malformed"),
    "a trailing comma": ("[1,]", "json-malformed"),
    "a control character in a text": ('"a\tb"', "json-malformed"),
    "hexadecimal": ("0x10", "json-malformed"),
    "a leading zero": ("01", "json-malformed"),
    "a comment": ("1 // one", "json-malformed"),
}


@pytest.mark.parametrize("row", WRITES, ids=lambda row: row.name)
@pytest.mark.parametrize("what", NEVER)
def test_what_no_program_should_send_is_refused_wherever_it_stands(row: Row, what: str) -> None:
    raw, code = NEVER[what]
    for path in leaves(valid(row)):
        answer = post(row, planted(valid(row), path, raw))
        found = {answer.json["code"], *(each["code"] for each in answer.json["errors"])}
        assert code in found, answer.json
        if code in ("not-allowed", "number-too-large"):
            place = "".join(f"/{step}" for step in path)
            assert all(each["pointer"].startswith(place) for each in answer.json["errors"]), answer.json


@pytest.mark.parametrize("row", WRITES, ids=lambda row: row.name)
@seed(SEED)
@QUICK
@given(data=st.data())
def test_a_broken_body_is_refused(row: Row, data: st.DataObject) -> None:
    whole = json.dumps(valid(row)).encode()
    cut = data.draw(st.integers(0, len(whole) - 1), label="cut after")
    junk = data.draw(st.binary(max_size=6), label="then")
    broken = whole[:cut] + junk
    try:
        json.loads(broken)
    except ValueError:
        post(row, broken)


@pytest.mark.parametrize("row", WRITES, ids=lambda row: row.name)
@seed(SEED)
@QUICK
@given(
    body=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
        lambda each: st.lists(each, max_size=4) | st.dictionaries(st.text(max_size=8), each, max_size=4),
        max_leaves=12,
    )
)
@example(body=[])
@example(body={})
@example(body=None)
@example(body="")
@example(body=0)
def test_another_shape_is_refused(row: Row, body: Any) -> None:
    post(row, json.dumps(body).encode())


@pytest.mark.parametrize("row", WRITES, ids=lambda row: row.name)
def test_an_unknown_field_is_refused_by_name(row: Row) -> None:
    answer = post(row, json.dumps(valid(row) | {"colour~/x": 1}).encode())
    assert [(each["pointer"], each["code"]) for each in answer.json["errors"]] == [("/colour~0~1x", "unknown-field")]


TYPES: Final = ("text/plain", "application/xml", "text/html", "application/octet-stream", "application/x-www-form-urlencoded", "", "x")


@pytest.mark.parametrize("row", WRITES, ids=lambda row: row.name)
def test_a_body_of_another_type_is_refused(row: Row) -> None:
    whole = json.dumps(valid(row)).encode()
    for content_type in (*TYPES, None, "multipart/form-data; boundary=x", "multipart/form-data", "application/json5", "a" * 5000):
        assert post(row, whole, content_type).status in (400, 415)


@pytest.mark.parametrize("row", WRITES, ids=lambda row: row.name)
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "utf-8-sig", "latin-1", "utf-7", "cp037"])
def test_a_body_in_another_encoding_is_refused(row: Row, encoding: str) -> None:
    body = valid(row) | {"größe": 1}
    post(row, json.dumps(body, ensure_ascii=False).encode(encoding), f"application/json; charset={encoding}")
    post(row, json.dumps(body, ensure_ascii=False).encode(encoding))


@pytest.mark.parametrize("row", WRITES, ids=lambda row: row.name)
def test_a_compressed_an_empty_and_an_endless_body_are_refused(row: Row) -> None:
    whole = json.dumps(valid(row)).encode()
    post(row, gzip.compress(whole), **{"Content-Encoding": "gzip"})
    post(row, b"")
    post(row, b" " * 100)
    post(row, whole + b" " * 2_100_000)
    assert post(row, b'{"x": "' + b"a" * 2_100_000 + b'"}').status == 413
    post(row, whole, **{"Content-Length": "2000000001"})
    post(row, whole, **{"Content-Length": "-1"})
    post(row, whole, **{"Content-Length": "many"})
