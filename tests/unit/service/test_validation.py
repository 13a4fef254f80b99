"""Every fault that marshmallow can find has a stable code and a place."""

import datetime as dt
import enum
import inspect
from typing import Any

import marshmallow as ma
import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import fields, validate

from waymark.service.body import parse_json
from waymark.service.problems import Fault, Problem
from waymark.service.validation import Invalid, Whole, coded, faults


class Colour(enum.Enum):
    RED = 1


def found(schema: ma.Schema, body: Any, location: str = "json") -> list[Fault]:
    with pytest.raises(ma.ValidationError) as refused:
        schema.load(body)
    return faults({location: refused.value.messages})


def one(field: fields.Field[Any], value: Any) -> tuple[str, str, Any]:
    (fault,) = found(ma.Schema.from_dict({"x": field})(), {"x": value})
    return fault.pointer, fault.code, fault.allowed


@pytest.mark.parametrize(
    "field, value, code, allowed",
    [
        (fields.String(), 1, "not-a-text", None),
        (fields.String(), None, "not-null", None),
        (fields.Integer(strict=True), 1.5, "not-a-number", None),
        (fields.Integer(), "x", "not-a-number", None),
        (fields.Float(), "x", "not-a-number", None),
        (fields.Float(), float("nan"), "not-a-number", None),
        (fields.Decimal(), "x", "not-a-number", None),
        (fields.Boolean(), "x", "not-a-boolean", None),
        (fields.Date(), "2026-02-30", "not-a-date", None),
        (fields.DateTime(), "x", "not-a-time", None),
        (fields.AwareDateTime(), "2026-02-03T04:05:06", "not-a-time", None),
        (fields.Time(), "x", "not-a-time", None),
        (fields.TimeDelta(), "x", "not-a-time", None),
        (fields.UUID(), "x", "not-an-id", None),
        (fields.URL(), "x", "not-a-url", None),
        (fields.Email(), "x", "not-an-email", None),
        (fields.IP(), "x", "not-an-address", None),
        (fields.List(fields.String()), "x", "not-a-list", None),
        (fields.Dict(), "x", "not-an-object", None),
        (fields.Nested(ma.Schema), "x", "not-an-object", None),
        (fields.Enum(Colour), "BLUE", "not-allowed", ["RED"]),
        (fields.String(validate=validate.OneOf(["a", "b"])), "c", "not-allowed", ["a", "b"]),
        (fields.List(fields.String(), validate=validate.ContainsOnly(["a", "b"])), ["c"], "not-allowed", ["a", "b"]),
        (fields.String(validate=validate.NoneOf(["a"])), "a", "not-allowed", None),
        (fields.String(validate=Whole("none|[0-9]")), "1x", "wrong-format", None),
        (fields.String(validate=Whole("^a$")), "a\n", "wrong-format", None),
        (fields.String(validate=validate.Equal("a")), "b", "not-allowed", ["a"]),
        (fields.String(validate=validate.Length(max=2)), "abc", "too-long", {"maximum": 2}),
        (fields.String(validate=validate.Length(min=2)), "a", "too-short", {"minimum": 2}),
        (fields.String(validate=validate.Length(1, 2)), "abc", "wrong-length", {"minimum": 1, "maximum": 2}),
        (fields.String(validate=validate.Length(equal=2)), "abc", "wrong-length", {"minimum": 2, "maximum": 2}),
        (fields.Integer(validate=validate.Range(min=1)), 0, "too-small", {"minimum": 1}),
        (fields.Float(validate=validate.Range(max=1.5)), 2, "too-large", {"maximum": 1.5}),
        (fields.Integer(validate=validate.Range(1, 3)), 4, "out-of-range", {"minimum": 1, "maximum": 3}),
        (fields.Date(validate=validate.Range(max=dt.date(2026, 1, 1))), "2026-02-01", "too-large", {"maximum": "2026-01-01"}),
        (fields.String(validate=validate.Regexp("a+")), "b", "wrong-format", None),
        (fields.String(validate=validate.Length(max=2, error="Keep it short.")), "abc", "invalid", None),
    ],
)
def test_a_fault_has_a_code_and_what_is_allowed(field: fields.Field[Any], value: Any, code: str, allowed: Any) -> None:
    assert one(field, value) == ("/x", code, allowed)


def test_every_message_of_every_field_has_a_code_of_its_own() -> None:
    kinds = [each for _, each in inspect.getmembers(fields, inspect.isclass) if issubclass(each, fields.Field)]
    messages = {str(text) for each in kinds for text in each.default_error_messages.values()}
    messages |= {str(text) for text in ma.Schema._default_error_messages.values()}
    unknown = {each for each in messages if coded(each).code == "invalid"}
    written_not_read = {"{input!r} cannot be formatted as a timedelta."}
    filled_in = {
        "Not a valid {obj_type}.",
        "Not a valid {awareness} {obj_type}.",
        '"{input}" cannot be formatted as a {obj_type}.',
    }  # above
    assert unknown == written_not_read | filled_in


class Inner(ma.Schema):
    name = fields.String(required=True)


class Outer(ma.Schema):
    inner = fields.List(fields.Nested(Inner))
    slash = fields.String(data_key="a/b~c", required=True)

    @ma.validates_schema
    def together(self, content: dict[str, Any], **_: Any) -> None:
        if content.get("slash") == "whole":
            raise Invalid("too-few", "Give some.", {"minimum": 1})
        if content.get("slash") == "part":
            raise Invalid("too-few", "Give some.", {"minimum": 1}, "inner")


def test_places_are_json_pointers() -> None:
    faulty = found(Outer(), {"inner": [{"name": "x"}, {}, {"name": 1, "z": 2}]})
    assert [(each.pointer, each.code) for each in faulty] == [
        ("/inner/1/name", "required"),
        ("/inner/2/name", "not-a-text"),
        ("/inner/2/z", "unknown-field"),
        ("/a~1b~0c", "required"),
    ]


@pytest.mark.parametrize("text, pointer", [("whole", ""), ("part", "/inner")])
def test_a_rule_over_several_fields_has_its_own_code(text: str, pointer: str) -> None:
    assert found(Outer(), {"a/b~c": text}) == [Fault(pointer, "too-few", "Give some.", {"minimum": 1})]


@pytest.mark.parametrize("location, place", [("query", "query:x"), ("headers", "header:x"), ("form", "form:x"), ("files", "form:x")])
def test_a_fault_outside_the_body_names_its_part_of_the_request(location: str, place: str) -> None:
    (fault,) = found(ma.Schema.from_dict({"x": fields.List(fields.Integer())})(), {"x": ["1", "y"]}, location)
    assert fault.pointer == place


@pytest.mark.parametrize(
    "body, code",
    [
        (b"{", "json-malformed"),
        (b"", "json-malformed"),
        (b"\xff", "json-malformed"),
        ('"é"'.encode("latin-1"), "json-malformed"),
        (b"\xef\xbb\xbf{}", "json-malformed"),
        (b"NaN", "json-malformed"),
        (b"[Infinity]", "json-malformed"),
        (b'{"a":1,"a":2}', "json-malformed"),
        (b"[" * 33 + b"]" * 33, "json-too-deep"),
        (b"[" * 500_000, "json-too-deep"),
        (b'{"a":' * 100_000, "json-too-deep"),
    ],
    ids=lambda each: str(each)[:20],
)
def test_a_body_that_is_no_usable_json_is_told_so(body: bytes, code: str) -> None:
    with pytest.raises(Problem) as refused:
        parse_json(body)
    assert (refused.value.status, refused.value.code) == (400, code)


@pytest.mark.parametrize(
    "body, pointer, code",
    [
        (b'{"a":["x\\u0000"]}', "/a/0", "not-allowed"),
        (b'{"a":"\\ud800"}', "/a", "not-allowed"),
        (b'{"a\\udfffb":1}', "/a?b", "not-allowed"),
        (b'{"a":9007199254740992}', "/a", "number-too-large"),
        (b'{"a":-9007199254740992}', "/a", "number-too-large"),
        (b'{"a":' + b"9" * 10_000 + b"}", "/a", "number-too-large"),
        (b'{"a":1e999}', "/a", "number-too-large"),
    ],
    ids=lambda each: str(each)[:20],
)
def test_json_that_could_not_be_kept_names_the_place(body: bytes, pointer: str, code: str) -> None:
    with pytest.raises(Problem) as refused:
        parse_json(body)
    (fault,) = refused.value.errors
    assert (refused.value.status, fault.pointer, fault.code) == (422, pointer, code)


def test_a_pair_of_surrogates_is_a_character() -> None:
    assert parse_json(b'"\\ud83d\\ude00"') == "😀"


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner),
    max_leaves=10,
)


@given(JSON)
def test_what_is_good_json_comes_through_as_it_is(value: Any) -> None:
    import json

    assert parse_json(json.dumps(value).encode()) == value


@given(st.binary() | st.text('{}[]",:\\u0dD8e+-.naInfity 1', max_size=40).map(str.encode))
def test_whatever_the_bytes_are_they_are_json_or_a_problem(body: bytes) -> None:
    try:
        parse_json(body)
        status = 200
    except Problem as problem:
        status = problem.status
    assert status in (200, 400, 422)
