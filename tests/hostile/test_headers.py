"""Headers that say nothing usable: refused where they matter, passed over where they do not, and never a fault."""

from __future__ import annotations

import json
from typing import Final
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from tests.authz.programme import SHARED_SCALE, SHARED_TEMPLATE
from tests.authz.requests import SCALE, TEMPLATE
from tests.hostile.doors import SEED, house
from tests.hostile.wire import Answer, Unchanged, refused, send

QUICK: Final = settings(
    max_examples=150,
    deadline=None,
    database=None,
    suppress_health_check=(HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large),
)
LATIN: Final = st.text(st.characters(max_codepoint=255, exclude_characters="\r\n\0"), max_size=60)
SCALES, TEMPLATES = b"/plans/v1/scales", b"/plans/v1/templates"
JSON: Final = {"Content-Type": "application/json"}
ETAGS: Final = (
    "",
    '"',
    '""',
    "1",
    "*",
    'W/"1"',
    '"1","1"',
    '"1", "2"',
    '"x"',
    '"-1"',
    '"1.0"',
    '" 1"',
    "'1'",
    '"1"x',
    '"٣"',
    '"' + "9" * 16 + '"',
    "x" * 9000,
    '"0x1"',
)
KEYS: Final = ("", " ", '"', '""', "a b", "a,b", "ключ", "é", "a\tb", "x" * 129, "x" * 9000, "{}", '"a', "a;b", "a\\b")


def create(key: str | None) -> Answer:
    return send("POST", SCALES, headers=JSON | ({} if key is None else {"Idempotency-Key": key}), body=json.dumps(SCALE).encode())


def latin(text: str) -> str:
    """The text as its UTF-8 bytes look to a server."""
    return text.encode().decode("latin-1")


@pytest.mark.parametrize("etag", ETAGS)
def test_an_if_match_that_is_none_is_refused(etag: str) -> None:
    scale, headers = f"/plans/v1/scales/{SHARED_SCALE}".encode(), JSON | {"If-Match": latin(etag), "Idempotency-Key": "k1"}
    with Unchanged():
        answer = refused(send("PUT", scale, headers=headers, body=json.dumps(SCALE).encode()), 400, 412)
        assert answer.json["errors"][0]["pointer"] == "header:If-Match"
        assert answer.json["code"] == "header-malformed"


@pytest.mark.parametrize("key", KEYS)
def test_an_idempotency_key_that_is_none_is_refused(key: str) -> None:
    with Unchanged():
        answer = refused(create(latin(key)), 400)
        assert answer.json["errors"][0]["pointer"] == "header:Idempotency-Key"


def test_what_is_created_needs_a_key() -> None:
    with Unchanged():
        assert refused(create(None), 400).json["code"] == "idempotency-key-missing"


def test_one_key_creates_one_thing_and_serves_no_other_request() -> None:
    key = str(uuid4())
    first = create(key)
    assert first.status == 201
    with Unchanged():
        again = create(key)
        assert (again.status, again.body) == (first.status, first.body)
        headers = JSON | {"Idempotency-Key": key}
        other = refused(send("POST", SCALES, headers=headers, body=json.dumps(SCALE | {"title": "Other"}).encode()), 422)
        assert other.json["code"] == "idempotency-key-reused"


def test_somebody_elses_key_is_no_key_of_mine() -> None:
    key = str(uuid4())
    headers, body = JSON | {"Idempotency-Key": key}, json.dumps(TEMPLATE).encode()
    made = [send("POST", TEMPLATES, caller=each, headers=headers, body=body) for each in ("district-administrator", "principal")]
    assert [each.status for each in made] == [201, 201]
    assert made[0].json["id"] != made[1].json["id"]


AUTHORIZATIONS: Final = (
    "", "Bearer", "Bearer ", "bearer x", "Bearer x.y.z", "Bearer ..", "Bearer a.b", "Bearer a.b.c.d", "Bearer " + "a" * 8193, "Bearer " + "." * 8000,
    "Bearer é.é.é", "Basic YTpi", "Digest x", "Bearer e30.e30.", "Bearer e30.e30.e30", "Bearer W10.W10.W10", "Bearer bnVsbA.bnVsbA.bnVsbA",
    "Bearer eyJhbGciOm51bGx9.e30.e30", "Bearer eyJhbGciOiJFUzI1NiIsImtpZCI6W119.e30.e30", "Bearer eyJhbGciOiJFUzI1NiIsImI2NCI6ZmFsc2V9.e30.e30",
    "Bearer eyJhbGciOiJIUzI1NiJ9.e30.e30", "Bearer eyJhbGciOiJFUzI1NiIsImNyaXQiOlsiYjY0Il19.e30.e30",
)  # fmt: skip


@pytest.mark.parametrize("authorization", AUTHORIZATIONS)
def test_an_authorization_that_is_none_is_401(authorization: str) -> None:
    answer = refused(send("GET", SCALES, headers={"Authorization": latin(authorization)}), 401)
    assert answer.json["code"] in ("token-missing", "token-invalid")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_token_given_twice_is_no_token() -> None:
    token = house().credentials["teacher"]()["Authorization"]
    for repeated in (f"{token},{token}", f"{token}, {token}", f"{token} {token}"):
        refused(send("GET", SCALES, headers={"Authorization": repeated}), 401)


@seed(SEED)
@QUICK
@given(value=LATIN)
def test_no_authorization_is_a_fault_and_none_made_up_lets_in(value: str) -> None:
    refused(send("GET", SCALES, headers={"Authorization": value}), 401)
    refused(send("GET", SCALES, headers={"Authorization": f"Bearer {value}"}), 401)


@seed(SEED)
@settings(QUICK, max_examples=60)
@given(data=st.data())
def test_a_token_changed_in_one_place_is_401(data: st.DataObject) -> None:
    token = house().credentials["district-administrator"]()["Authorization"]
    at = data.draw(st.integers(len("Bearer "), len(token) - 2))
    instead = data.draw(st.sampled_from([each for each in "Az09-_.=+/ " if each != token[at]]))
    refused(send("GET", SCALES, headers={"Authorization": token[:at] + instead + token[at + 1 :]}), 401)


@pytest.mark.parametrize("etag", ["*", 'W/"x"', '"1"', '"', "x" * 9000])
def test_no_if_none_match_hides_that_there_is_nothing(etag: str) -> None:
    for path in ("/reporting/v1/templates/nothing/bars", "/plans/v1/templates/nothing/students", "/roster/v1/sections/nothing/students"):
        refused(send("GET", path.encode(), headers={"If-None-Match": etag}), 404)


IDLE: Final = ("Accept", "Accept-Encoding", "Accept-Language", "User-Agent", "Referer", "Origin", "Cookie", "traceparent", "X-Request-Id", "Range",
               "If-None-Match", "If-Modified-Since", "X-Forwarded-For", "X-Forwarded-Host", "X-HTTP-Method-Override", "Forwarded", "Host",
               "Content-Type", "Content-Length", "Transfer-Encoding", "Connection", "Expect", "Date")  # fmt: skip


@pytest.mark.parametrize("name", IDLE)
@seed(SEED)
@settings(QUICK, max_examples=40)
@given(value=LATIN | st.from_regex(r"[-+0-9a-f;,=/*\"W :.]{0,80}", fullmatch=True))
def test_no_value_of_a_header_that_does_not_matter_is_a_fault(name: str, value: str) -> None:
    answer = send("GET", f"/plans/v1/templates/{SHARED_TEMPLATE}/students?limit=1".encode(), headers={name: value})
    if answer.status not in (200, 206, 304):
        refused(answer)
    assert answer.headers["X-Request-Id"].isascii()
    assert all(each.isprintable() for each in answer.headers.values())


@pytest.mark.parametrize("given", ["short", "x" * 65, "a b c d e f", "<script>alert</script>", "äöüäöüäöü", "12345678\t9"])
def test_a_request_id_that_is_none_is_replaced(given: str) -> None:
    answer = send("GET", SCALES, headers={"X-Request-Id": latin(given)})
    assert answer.headers["X-Request-Id"] != latin(given)
    assert len(answer.headers["X-Request-Id"]) == 32


def test_the_method_cannot_be_overridden() -> None:
    with Unchanged():
        answer = send("GET", SCALES, headers={"X-HTTP-Method-Override": "POST", "Idempotency-Key": "k9"} | JSON)
        assert answer.status == 200
