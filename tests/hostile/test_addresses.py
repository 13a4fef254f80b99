"""Paths and queries that cannot be meant: refused in the one shape, never redirected, never a fault."""

from __future__ import annotations

from functools import cache
from typing import Final
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from tests.authz.house import SERVICES, Operation, operations
from tests.authz.objects import objects
from tests.authz.requests import DEFAULTS
from tests.hostile.doors import SEED, house
from tests.hostile.wire import Answer, Unchanged, refused, send

NAMES: Final = [each.name for each in SERVICES]
QUICK: Final = settings(
    max_examples=150,
    deadline=None,
    database=None,
    suppress_health_check=(HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large),
)
MALFORMED: Final = (b"%00", b"%ff", b"%c0%80", b"%ed%a0%bd", b"%f5%80%80%80", b"%e2%82", b"\xff", b"a%00b")
"""NUL, no UTF-8, an overlong NUL, half a surrogate pair, beyond Unicode, cut short, unencoded, inside."""


@cache
def reads() -> tuple[Operation, ...]:
    """All operations that only read, whatever service."""
    found = [each for name in NAMES for each in operations(house().app(name), name)]
    return tuple(each for each in found if each.method == "GET")


def filled(path: str, **instead: str) -> str:
    """A path of the document with something that exists in every place."""
    world = house().world
    named = DEFAULTS | {
        kind: objects(world, kind)[letter] for kind, letter in (("plan", "A"), ("student", "A"), ("scale", "S"), ("person", "P"))
    }
    named |= {"import_id": world.imports["I"]} | instead
    for name, value in named.items():
        path = path.replace(f"{{{name}}}", value)
    return path


def target(operation: Operation, query: bytes) -> bytes:
    needed = b"segment=1&" if "segment" in operation.queries else b""
    return filled(operation.path).encode() + b"?" + needed + query


@pytest.mark.parametrize("name", NAMES)
@seed(SEED)
@QUICK
@given(
    tail=st.lists(st.binary(max_size=8) | st.sampled_from((b"..", b".", b"%2e%2e", b"%2f", b"//", b"templates", *MALFORMED)), max_size=6)
)
def test_no_path_is_a_fault(name: str, tail: list[bytes]) -> None:
    path = f"/{name}/v1/".encode() + b"/".join(tail)
    with Unchanged():
        for method in ("GET", "POST", "PUT", "DELETE"):
            answer = send(method, path, headers={"Idempotency-Key": "k", "If-Match": '"1"'})
            if answer.status >= 300:
                refused(answer)


@pytest.mark.parametrize("bad", MALFORMED)
def test_a_malformed_piece_of_a_path_is_refused_in_every_place(bad: bytes) -> None:
    for name in NAMES:
        for operation in operations(house().app(name), name):
            steps = operation.path.encode().split(b"/")
            for at, step in enumerate(steps):
                if step.startswith(b"{"):
                    whole = filled(b"/".join([*steps[:at], b"MARK", *steps[at + 1 :]]).decode()).encode().replace(b"MARK", bad)
                    with Unchanged():
                        refused(send(operation.method, whole, headers={"Idempotency-Key": "k", "If-Match": '"1"'}), 400)


@pytest.mark.parametrize("method", ["PATCH", "TRACE", "CONNECT", "PROPFIND", "X", "G" * 300])
def test_a_method_that_is_not_served_is_refused_with_those_that_are(method: str) -> None:
    for operation in reads():
        answer = refused(send(method, filled(operation.path).encode()), 405)
        assert "GET" in answer.json["allowed"]
        assert set(answer.headers["Allow"].split(", ")) == set(answer.json["allowed"])


def test_an_address_with_a_slash_too_many_is_not_found_and_not_redirected() -> None:
    for operation in reads():
        path = filled(operation.path)
        for strange in (f"{path}/", f"/{operation.path.split('/')[1]}//v1{path.partition('/v1')[2]}", path.replace("/v1/", "/v1//")):
            refused(send("GET", strange.encode()), 404)


def test_an_overlong_address_is_answered_like_a_short_one() -> None:
    for operation in reads():
        refused(send("GET", filled(operation.path).encode() + b"/" + b"x" * 100_000), 404)
        refused(send("GET", target(operation, b"unheard-of=" + b"x" * 100_000)), 422)


@pytest.mark.parametrize("bad", MALFORMED)
def test_a_malformed_query_is_refused_in_every_place(bad: bytes) -> None:
    for operation in reads():
        for name in (*operation.queries, "unheard-of"):
            for query in (name.encode() + b"=" + bad, bad + b"=1", b"&&" + bad):
                refused(send("GET", target(operation, query)), 400)


def test_an_unknown_and_a_repeated_parameter_are_refused_by_name() -> None:
    many = {"school", "grade", "section", "home_language", "file", "severity"}  # those which take any of several
    for operation in reads():
        answer = refused(send("GET", target(operation, b"colour=red")), 422)
        assert [(each["pointer"], each["code"]) for each in answer.json["errors"]] == [("query:colour", "unknown-field")]
        for name in operation.queries - many - {"segment"}:
            value = {"limit": b"5", "status": b"all", "sort": b"title"}.get(name, b"plans:1:5")
            answer = refused(send("GET", target(operation, b"%b=%b&%b=%b" % (name.encode(), value, name.encode(), value))), 422)
            assert f"query:{name}" in {each["pointer"] for each in answer.json["errors"]}


WRONG: Final[dict[str, tuple[str, ...]]] = {
    "limit": ("0", "-1", "201", "1.5", "ten", "", "1e2", "9" * 400, "NaN", "%2B", "0x10"),
    "as_of": ("2026-02-30", "0000-01-01", "10000-01-01", "2999-01-01", "today", "", "2026-1-1", "2026-09-01T00:00:00", "-1", "9" * 400),
    "sort": ("", "grade", "title,updated", "--title", "9" * 400),
    "status": ("", "gone", "OPEN", "9" * 400),
    "value": ("x", "2x", "none2", "1e400", "NaN", "Infinity", "--1", "1.", "9" * 400, "%D9%A3"),
    "severity": ("", "error", "9" * 400),
    "segment": ("", "level", "0", "251", "-1", "1.0", "none", "NOT-YET", "9" * 400),
    "after": (
        "",
        "plans",
        "plans:1",
        "plans:12:1",
        "plans:-1:1",
        "plans:1:-1",
        "plans:1:x",
        "plans:1:1,",
        ":1:1",
        "plans:1:" + "9" * 30,
        "x" * 4000,
    ),
    "cursor": ("", "x", "AAAA", "A" * 16, "=" * 8, "A" * 4001, "%2B%2F", "not*base64", "null", "eyJhIjoxfQ"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_value_that_a_parameter_cannot_have_is_refused_by_name(name: str) -> None:
    asked = [each for each in reads() if name in each.queries]
    assert asked
    for operation in asked:
        for value in WRONG[name]:
            wanted = b"" if name == "segment" else b"segment=1&" if "segment" in operation.queries else b""
            whole = filled(operation.path).encode() + b"?" + wanted + f"{name}={value}".encode()
            answer = refused(send("GET", whole), 400, 422)
            assert f"query:{name}" in {each["pointer"] for each in answer.json["errors"]}, (value, answer.json)


@seed(SEED)
@settings(QUICK, max_examples=60)
@given(data=st.data())
def test_no_text_in_a_parameter_is_a_fault(data: st.DataObject) -> None:
    operation = data.draw(st.sampled_from([each for each in reads() if each.queries]))
    name = data.draw(st.sampled_from(sorted(operation.queries)))
    value = data.draw(st.text(max_size=40) | st.from_regex(r"[-+0-9.eE:,_]{1,30}", fullmatch=True))
    answer = ask(operation, name, value)
    if answer.status not in (200, 304):
        refused(answer)


def ask(operation: Operation, name: str, value: str) -> Answer:
    return send("GET", target(operation, f"{name}={quote(value, safe='')}".encode()))
