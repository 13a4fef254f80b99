"""Whatever comes in is answered in one shape, and nothing answers 500."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.service.scales_service import create_app
from waymark.service.testing import Client, TestDistrict, a_district

PATHS = st.sampled_from(
    ["/plans/v1/scales", "/plans/v1/scales/x", "/plans/v1/scales/many", "/plans/v1/scales-in-memory", "/plans/v1/students/x/reason", "/x"]
)
HEADERS = st.sampled_from(
    [
        "Authorization",
        "If-Match",
        "If-None-Match",
        "Idempotency-Key",
        "X-Request-Id",
        "traceparent",
        "Content-Type",
        "Accept",
        "Content-Length",
        "Range",
    ]
)
LATIN = st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"))
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
BODIES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["title", "maximum", "kind", "tags", "scales", "x"]), inner)
    ),
    max_leaves=8,
)


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestDistrict]:
    folder: Path = tmp_path_factory.mktemp("district")
    made = a_district(folder)
    yield made
    made.close()


@pytest.fixture(scope="module")
def app(district: TestDistrict) -> Flask:
    return create_app(district.ports("plans"), district.settings())


@pytest.fixture(scope="module")
def client(district: TestDistrict, app: Flask) -> Client:
    person = district.administrator()
    return Client(app, lambda: district.token(person), lambda: None)


def is_answered_well(answer: Any) -> bool:
    if answer.status_code < 400:
        return True
    body = answer.json
    return (
        answer.status_code < 500
        and answer.mimetype == "application/problem+json"
        and body["code"] != "internal"
        and all(set(each) <= {"pointer", "code", "message", "allowed"} and each["code"] for each in body["errors"])
    )


@given(PATHS, st.sampled_from(["GET", "POST", "PUT", "DELETE", "PATCH"]), BODIES)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
def test_any_json_on_any_route(client: Client, path: str, method: str, body: Any) -> None:
    import json

    assert is_answered_well(
        client.open(path, method=method, data=json.dumps(body).encode("utf-8", "replace"), content_type="application/json")
    )


@given(
    PATHS,
    st.sampled_from(["POST", "PUT"]),
    st.binary(max_size=60),
    st.sampled_from(["application/json", "text/plain", "multipart/form-data", ""]),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=100)
def test_any_bytes_as_any_type(client: Client, path: str, method: str, body: bytes, media_type: str) -> None:
    assert is_answered_well(client.open(path, method=method, data=body, content_type=media_type))


@given(st.binary(max_size=30), st.binary(max_size=30))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=100)
def test_any_address(client: Client, path: bytes, query: bytes) -> None:
    for before in ("/", "/plans/v1/scales/", "/plans/v1/students/"):
        environ = {"PATH_INFO": before + path.decode("latin-1"), "QUERY_STRING": query.decode("latin-1")}
        assert is_answered_well(client.get("/", environ_overrides=environ))


@given(PATHS, st.sampled_from(["GET", "PUT", "POST"]), st.dictionaries(HEADERS, LATIN, max_size=4))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
def test_any_headers(client: Client, path: str, method: str, headers: dict[str, str]) -> None:
    environ = {("" if name.startswith("Content-") else "HTTP_") + name.upper().replace("-", "_"): value for name, value in headers.items()}
    assert is_answered_well(client.open(path, method=method, environ_overrides=environ))


@given(st.dictionaries(st.sampled_from(["after", "cursor", "limit", "title", "school", "x"]), st.lists(st.text(), min_size=1, max_size=2)))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=100)
def test_any_query(client: Client, query: dict[str, list[str]]) -> None:
    cleaned = {name: [each.encode("utf-8", "replace").decode() for each in values] for name, values in query.items()}
    assert is_answered_well(client.get("/plans/v1/scales", query_string=cleaned))
