"""Around every request: who gets in, what is refused before any handler sees it, what every answer carries."""

import io
import json
import logging
from typing import Any

import pytest
from flask import Flask
from gunicorn.http.errors import InvalidChunkSize
from prometheus_client import REGISTRY

from waymark.service.testing import Client, TestDistrict

SCALES = "/plans/v1/scales"


@pytest.fixture
def client(district: TestDistrict, app: Flask) -> Client:
    return district.client(app, district.administrator())


def refusal(answer: Any) -> tuple[int, str]:
    assert answer.mimetype == "application/problem+json"
    body = answer.json
    assert set(body) >= {"type", "title", "status", "detail", "code", "instance", "errors"}
    assert (body["status"], body["type"], body["instance"]) == (
        answer.status_code,
        f"/problems/{body['code']}",
        answer.headers["X-Request-Id"],
    )
    return answer.status_code, body["code"]


# ---- who gets in


def test_nobody_gets_in_without_a_token(district: TestDistrict, app: Flask) -> None:
    answer = district.client(app).get(SCALES)
    assert refusal(answer) == (401, "token-missing")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_an_expired_token_is_told_apart(district: TestDistrict, app: Flask, client: Client) -> None:
    old = district.token(district.administrator(), exp=1)
    assert refusal(client.get(SCALES, headers={"Authorization": f"Bearer {old}"})) == (401, "token-expired")


@pytest.mark.parametrize("way", ["unknown", "deactivated", "forgotten", "disabled"])
def test_who_may_not_enter_gets_403_even_where_no_scope_is_asked_for(district: TestDistrict, app: Flask, way: str) -> None:
    person = "stranger" if way == "unknown" else district.administrator(enabled=way != "disabled")
    if way == "deactivated":
        district.deactivate(person)
    if way == "forgotten":
        district.forget(person)
    client = district.client(app, person)
    assert refusal(client.get("/plans/v1/scales-in-memory")) == (403, "person-unknown")
    assert refusal(client.post(SCALES, json={})) == (403, "person-unknown")


def test_a_token_of_another_district_sees_nothing_of_this_one(district: TestDistrict, app: Flask, client: Client) -> None:
    scale = client.post(SCALES, json={"title": "Effort"}).json["id"]
    neighbour = district.neighbour()
    other = neighbour.client(app, neighbour.administrator())
    assert refusal(other.get(f"{SCALES}/{scale}")) == (404, "not-found")
    assert other.get(SCALES).json["items"] == []


def test_before_the_first_import_a_named_subject_may_administer(district: TestDistrict, app: Flask) -> None:
    from tests.unit.service.scales_service import create_app

    ports = district.ports("plans")
    bootstrapped = create_app(ports, district.settings(bootstrap_admins=frozenset({"first@district.example"})))
    assert district.client(bootstrapped, "first@district.example").post(SCALES, json={"title": "Effort"}).status_code == 201
    assert refusal(district.client(bootstrapped, "second@district.example").get(SCALES)) == (403, "person-unknown")

    gone = district.administrator(subject="first@district.example", enabled=False)
    assert refusal(district.client(bootstrapped, gone).get(SCALES)) == (403, "person-unknown")


def test_a_foreign_student_is_not_found_and_the_own_has_a_reason(district: TestDistrict, app: Flask) -> None:
    mine, other = district.student(), district.student()
    teacher = district.client(app, district.teacher(district.section(title="Art", students=[mine])))
    assert teacher.get(f"/plans/v1/students/{mine}/reason").json == {"why": "teaches Art today", "role": "teacher"}
    assert refusal(teacher.get(f"/plans/v1/students/{other}/reason")) == (404, "not-found")


# ---- what is refused before any handler sees it


@pytest.mark.parametrize(
    "method, path, status, code",
    [
        ("GET", "/", 404, "not-found"),
        ("GET", "/plans/v1/nothing", 404, "not-found"),
        ("GET", f"{SCALES}/", 404, "not-found"),
        ("GET", f"/{SCALES}", 404, "not-found"),
        ("DELETE", SCALES, 405, "method-not-allowed"),
        ("BREW", SCALES, 405, "method-not-allowed"),
        ("GET", f"{SCALES}?x=1", 422, "invalid"),
        ("GET", f"{SCALES}/a?x=1", 422, "invalid"),
        ("GET", f"{SCALES}?limit=1&limit=2", 422, "invalid"),
        ("GET", f"{SCALES}?title=%00", 400, "address-malformed"),
        ("GET", f"{SCALES}?title=%ff", 400, "address-malformed"),
        ("GET", f"{SCALES}?title=%ED%A0%80", 400, "address-malformed"),
        ("GET", f"{SCALES}/%00", 400, "address-malformed"),
    ],
)
def test_an_address_that_is_not_ours_is_a_problem(client: Client, method: str, path: str, status: int, code: str) -> None:
    assert refusal(client.open(path, method=method)) == (status, code)


def test_a_path_that_is_not_utf_8_cannot_be_read(client: Client) -> None:
    raw = {"PATH_INFO": f"{SCALES}/\xff\xfe"}  # as a server hands it on: bytes as latin-1
    assert refusal(client.get("/", environ_overrides=raw)) == (400, "address-malformed")


def test_a_method_that_is_not_taken_is_told_which_are(client: Client) -> None:
    answer = client.delete(SCALES)
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS, POST"
    assert answer.json["allowed"] == ["GET", "HEAD", "OPTIONS", "POST"]


def test_what_may_come_twice_may(client: Client) -> None:
    assert client.get(f"{SCALES}?school=a&school=b").status_code == 200


@pytest.mark.parametrize(
    "body, media_type, status, code",
    [
        (b"{}", "text/plain", 415, "media-type"),
        (b"{}", None, 415, "media-type"),
        (b"a=1", "application/x-www-form-urlencoded", 415, "media-type"),
        (b"{", "application/json", 400, "json-malformed"),
        (b"\xff", "application/json", 400, "json-malformed"),
        (b"[" * 100_000, "application/json", 400, "json-too-deep"),
        (b'{"title":"a\\u0000"}', "application/json", 422, "invalid"),
        (b'{"title":"\\ud800"}', "application/json", 422, "invalid"),
        (b'{"maximum":1' + b"0" * 400 + b"}", "application/json", 422, "invalid"),
        (b"", "application/json", 422, "invalid"),
        (b"[]", "application/json", 422, "invalid"),
        (b"null", "application/json", 422, "invalid"),
        (b'"x"', "application/json", 422, "invalid"),
        (b" " * 2_000_001, "application/json", 413, "body-too-large"),
    ],
    ids=lambda each: str(each)[:24],
)
def test_a_body_that_cannot_be_used_is_a_problem(client: Client, body: bytes, media_type: str | None, status: int, code: str) -> None:
    assert refusal(client.post(SCALES, data=body, content_type=media_type)) == (status, code)


def test_a_body_that_breaks_off_is_the_senders_fault(client: Client) -> None:
    class Broken(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, _: Any) -> int:
            raise InvalidChunkSize(b"zz")

    environ = {
        "wsgi.input": Broken(),
        "wsgi.input_terminated": True,
        "HTTP_TRANSFER_ENCODING": "chunked",
        "CONTENT_TYPE": "application/json",
    }
    assert refusal(client.post(SCALES, environ_overrides=environ)) == (400, "request-malformed")


@pytest.mark.parametrize("media_type", ["application/json", "application/json; charset=utf-8", "application/merge-patch+json"])
def test_every_way_of_saying_json_is_read(client: Client, media_type: str) -> None:
    assert client.post(SCALES, data=b'{"title":"Effort"}', content_type=media_type).status_code == 201


def test_a_route_may_take_a_larger_body_and_only_up_to_its_limit(client: Client) -> None:
    padded = json.dumps({"scales": [{"title": "A"}]}).encode() + b" " * 2_500_000
    assert client.post(f"{SCALES}/many", data=padded, content_type="application/json").status_code == 200
    assert refusal(client.post(f"{SCALES}/many", data=padded + b" " * 600_000, content_type="application/json")) == (413, "body-too-large")


def test_a_faulty_body_names_every_place_and_what_is_allowed(client: Client) -> None:
    answer = client.post(SCALES, json={"title": "", "maximum": "x", "kind": "z", "tags": ["ok", "too long"], "more": 1})
    assert {(each["pointer"], each["code"]) for each in answer.json["errors"]} == {
        ("/title", "wrong-length"),
        ("/maximum", "not-a-number"),
        ("/kind", "not-allowed"),
        ("/tags/1", "too-long"),
        ("/more", "unknown-field"),
    }
    assert next(each for each in answer.json["errors"] if each["pointer"] == "/kind")["allowed"] == ["points", "levels"]


# ---- what every answer carries


@pytest.mark.parametrize("path", [SCALES, "/nothing", f"{SCALES}?x=1"])
def test_every_answer_is_locked_down(client: Client, path: str) -> None:
    headers = client.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Vary"] == "Authorization"
    assert headers["Cache-Control"] in ("no-store", "private, no-cache")
    assert "Server" not in headers


@pytest.mark.parametrize(
    "given, kept", [("abc-123_DEF.4", True), ("short", False), ("x" * 65, False), ("a b c d e f", False), ("<script>x", False)]
)
def test_a_sane_request_id_is_kept_and_another_replaced(client: Client, given: str, kept: bool) -> None:
    told = client.get(SCALES, headers={"X-Request-Id": given}).headers["X-Request-Id"]
    assert (told == given) is kept
    assert 8 <= len(told) <= 64


@pytest.mark.parametrize("trace", ["", "x", f"00-{'0' * 32}-{'b' * 16}-01", f"01-{'a' * 32}-{'b' * 16}-01", f"00-{'A' * 32}-{'b' * 16}-01"])
def test_a_trace_that_is_none_is_replaced(caplog: pytest.LogCaptureFixture, client: Client, trace: str) -> None:
    with caplog.at_level(logging.INFO, "waymark.access"):
        client.get(SCALES, headers={"traceparent": trace})
    (line,) = caplog.records
    assert len(line.__dict__["trace_id"]) == 32
    assert set(line.__dict__["trace_id"]) != {"0"}


def test_one_line_a_request_names_the_route_and_nobody(caplog: pytest.LogCaptureFixture, district: TestDistrict, app: Flask) -> None:
    student = district.student(given="Ana")
    person = district.principal()
    with caplog.at_level(logging.INFO, "waymark.access"):
        district.client(app, person).get(f"/plans/v1/students/{student}/reason")
    (line,) = caplog.records
    fields = line.__dict__
    assert (fields["route"], fields["status"], fields["actor"], fields["district"]) == (
        "/plans/v1/students/<student>/reason",
        200,
        person,
        "d1",
    )
    assert not [value for value in fields.values() if student in str(value) or "Ana" in str(value)]


def counted(**labels: str) -> float:
    return REGISTRY.get_sample_value("request_seconds_count", labels) or 0


def test_requests_are_counted_by_route_and_never_by_what_was_asked(client: Client) -> None:
    route = {"service": "plans", "method": "GET", "route": f"{SCALES}/<scale>", "status": "404"}
    nowhere = {"service": "plans", "method": "other", "route": "unmatched", "status": "404"}
    before = counted(**route), counted(**nowhere)
    client.get(f"{SCALES}/a-very-special-id")
    client.open("/a-very-special-path", method="BREW")
    assert (counted(**route), counted(**nowhere)) == (before[0] + 1, before[1] + 1)
    samples = [sample for metric in REGISTRY.collect() for sample in metric.samples]
    assert not [each for each in samples if "special" in str(each.labels)]
