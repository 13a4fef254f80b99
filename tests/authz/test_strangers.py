"""Whoever is not signed in, or is nobody the roster lets in, gets one answer everywhere, whatever they ask for."""

import pytest

from tests.authz.callers import NOT_SIGNED_IN, UNKNOWN
from tests.authz.checks import same
from tests.authz.house import SERVICES, House
from tests.authz.objects import absent, objects
from tests.authz.requests import request
from tests.authz.table import Row, rows

CODES = {"no-token": "token-missing", "not-a-bearer-token": "token-missing", "expired": "token-expired"}


def idents(house: House, row: Row) -> list[str]:
    if not row.kind or row.question != "one":
        return [""]
    return [*objects(house.world, row.kind).values(), absent(house.world, row.kind)[0]]


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.name)
def test_no_valid_token_is_401_and_an_unknown_person_403_whatever_is_asked(house: House, row: Row) -> None:
    before = house.heads()
    for callers, status in ((NOT_SIGNED_IN, 401), (UNKNOWN, 403)):
        for caller in callers:
            answers = []
            for ident in idents(house, row):
                path, sent = request(house, row, ident)
                answer = house.ask(caller, row.method, path, **sent)
                assert (answer.status_code, answer.content_type) == (status, "application/problem+json"), f"{caller}: {path}: {answer.text}"
                assert answer.json["code"] == (CODES.get(caller, "token-invalid") if status == 401 else "person-unknown")
                assert ("WWW-Authenticate" in answer.headers) == (status == 401)
                answers.append(answer)
            same(answers)
    assert house.heads() == before


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.name)
@pytest.mark.parametrize("method", ["HEAD", "OPTIONS"])
def test_no_method_gets_around_the_sign_in(house: House, row: Row, method: str) -> None:
    path, _ = request(house, row, idents(house, row)[0])
    answer = house.ask("no-token", method, path)
    assert answer.status_code in (401, 405)


@pytest.mark.parametrize("service", [each.name for each in SERVICES])
def test_the_document_is_open_to_all_and_nothing_else_is_there(house: House, service: str) -> None:
    assert house.ask("no-token", "GET", f"/{service}/v1/openapi.json").status_code == 200
    for path in (
        f"/{service}/v1",
        f"/{service}/v1/",
        f"/{service}/v1/openapi.json/",
        f"/{service}/v1/static/x",
        f"/{service}/v2/templates",
    ):
        assert house.ask("no-token", "GET", path).status_code == 404
