"""The document says what the routes do, and is the same bytes each time."""

import json
from typing import Any

import jsonschema
import pytest
from flask import Flask

from tests.unit.service.scales_service import create_app
from waymark.service.openapi import document
from waymark.service.testing import TestDistrict

SCALES = "/plans/v1/scales"


@pytest.fixture
def spec(district: TestDistrict, app: Flask) -> dict[str, Any]:
    answer = district.client(app).get("/plans/v1/openapi.json")
    assert answer.status_code == 200
    return answer.json


def headers(operation: dict[str, Any]) -> dict[str, bool]:
    return {each["name"]: each["required"] for each in operation["parameters"] if each["in"] == "header"}


def test_an_operation_is_named_as_its_function(spec: dict[str, Any]) -> None:
    assert spec["openapi"] == "3.1.0"
    assert spec["paths"][SCALES]["get"]["operationId"] == "list_scales"
    assert spec["paths"][f"{SCALES}/{{scale}}"]["put"]["operationId"] == "revise_scale"


def test_every_route_is_in_the_document(spec: dict[str, Any], app: Flask) -> None:
    def templated(rule: str) -> str:
        return rule.replace("<", "{").replace(">", "}")

    routes = {
        (templated(each.rule), method.lower())
        for each in app.url_map.iter_rules()
        for method in (each.methods or set()) - {"HEAD", "OPTIONS"}
    }
    documented = {(path, method) for path, operations in spec["paths"].items() for method in operations if method != "parameters"}
    assert routes - documented == {("/plans/v1/openapi.json", "get")}


def test_every_refusal_is_a_problem_document(spec: dict[str, Any]) -> None:
    responses = [each for path in spec["paths"].values() for name, each in path.items() if name != "parameters"]
    refused = {
        (status, *answer["content"]) for operation in responses for status, answer in operation["responses"].items() if int(status) >= 400
    }
    assert {media_type for _, media_type in refused} == {"application/problem+json"}
    put = spec["paths"][f"{SCALES}/{{scale}}"]["put"]["responses"]
    assert {"400", "401", "403", "404", "409", "412", "413", "415", "422", "428", "500", "503"} <= set(put)
    assert "428" not in spec["paths"][SCALES]["post"]["responses"]


def test_headers_are_told_where_they_count(spec: dict[str, Any]) -> None:
    put, post, get = (spec["paths"][path][method] for path, method in ((f"{SCALES}/{{scale}}", "put"), (SCALES, "post"), (SCALES, "get")))
    assert headers(put) == {"Idempotency-Key": False, "If-Match": True}
    assert headers(post) == {"Idempotency-Key": False}
    assert headers(get) == {"If-None-Match": False}
    assert set(put["responses"]["200"]["headers"]) == {"ETag", "Waymark-Position"}
    assert set(get["responses"]["200"]["headers"]) == {"ETag", "Waymark-Parked"}
    assert set(spec["paths"][f"{SCALES}/{{scale}}"]["get"]["responses"]["200"]["headers"]) == {"ETag"}, "it takes no ?after="


def test_signing_in_is_said(spec: dict[str, Any]) -> None:
    assert spec["security"] == [{"bearer": []}]
    assert spec["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"


def test_a_nullable_choice_keeps_its_null(spec: dict[str, Any]) -> None:
    kind = spec["components"]["schemas"]["ScaleBody"]["properties"]["kind"]
    assert (kind["enum"], kind["type"]) == (["points", "levels", None], ["string", "null"])
    assert document({"enum": ["a", None], "type": "string"}) == document({"enum": ["a", None], "type": ["string", "null"]})


def test_what_the_document_says_of_a_problem_is_what_is_answered(spec: dict[str, Any], district: TestDistrict, app: Flask) -> None:
    answer = district.client(app, district.administrator()).post(SCALES, json={"kind": "x"})
    schema = {"$ref": "#/components/schemas/Problem", "components": spec["components"]}
    jsonschema.Draft202012Validator(schema).validate(answer.json)


def test_the_document_is_the_same_each_time(district: TestDistrict, app: Flask) -> None:
    first = district.client(app).get("/plans/v1/openapi.json").text
    other = create_app(district.ports("plans"), district.settings())
    assert district.client(other).get("/plans/v1/openapi.json").text == first
    assert first == json.dumps(json.loads(first), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def test_a_blueprint_of_another_make_is_refused(district: TestDistrict) -> None:
    import flask_smorest

    from waymark.service.app import create_api

    with pytest.raises(TypeError):
        create_api("X", district.ports("plans"), [flask_smorest.Blueprint("x", __name__)], {}, district.settings())  # type: ignore[list-item]  the mistake
