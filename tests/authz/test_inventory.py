"""Nothing is served that the documents do not name, and the documents name nothing that the matrix does not answer for."""

from pathlib import Path

import pytest

from tests.authz.callers import COLUMNS
from tests.authz.house import SERVICES, House, operations
from tests.authz.table import reach, rows

NAMES = [each.name for each in SERVICES]


def documented(house: House) -> set[tuple[str, str, str]]:
    return {(each.method, each.path, each.id) for name in NAMES for each in operations(house.app(name), name)}


def test_every_service_is_asked() -> None:
    services = Path(__file__).parents[2] / "services"
    assert set(NAMES) == {each.parent.name for each in services.glob("*/pyproject.toml")}


def test_every_operation_of_every_service_has_a_row_and_every_row_an_operation(house: House) -> None:
    answered = {(row.method, row.path, row.operation) for row in rows()}
    assert {"without a row": documented(house) - answered, "without an operation": answered - documented(house)} == {
        "without a row": set(),
        "without an operation": set(),
    }


def test_an_operation_has_one_name() -> None:
    places: dict[str, set[tuple[str, str]]] = {}
    for row in rows():
        places.setdefault(row.path.split("/")[1] + row.operation, set()).add((row.method, row.path))
    assert not {name for name, found in places.items() if len(found) > 1}


def test_every_column_has_callers_and_every_caller_a_column() -> None:
    assert set(reach()) == set(COLUMNS)


@pytest.mark.parametrize("service", NAMES)
def test_every_route_stands_in_the_document(house: House, service: str) -> None:
    app = house.app(service)
    known = {(each.method, each.path) for each in operations(app, service)}
    served = {
        (method, rule.rule.replace("<", "{").replace(">", "}"))
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert served - known == {("GET", f"/{service}/v1/openapi.json")}
