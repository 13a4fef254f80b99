"""A filter that names what the caller cannot reach answers as one that names nothing at all."""

from typing import Any

import pytest

from tests.authz.checks import same
from tests.authz.house import SERVICES, House, Operation, operations
from tests.authz.objects import ABSENT, students_in
from tests.authz.requests import DEFAULTS
from tests.authz.world import CLASSES, GRADES, LANGUAGES, SCHOOLS

VALUES = {"school": SCHOOLS, "section": CLASSES, "grade": GRADES, "home_language": LANGUAGES}
NOTHING = {"school": ABSENT, "section": ABSENT, "grade": "13", "home_language": "zz"}
# By caller, the letters whose schools, classes, grades and languages are beyond them.
BEYOND = {
    "teacher": {"school": "DX", "section": "CDX", "grade": "CDX", "home_language": "CDX"},
    "principal": {"school": "DX", "section": "DX", "grade": "DX", "home_language": "DX"},
    "teacher-elsewhere": {"school": "AX", "section": "ACX", "grade": "ACX", "home_language": "ACX"},
    "district-administrator": {"school": "X", "section": "X", "grade": "X", "home_language": "X"},
    "former-teacher": {"school": "ADX", "section": "ACDX", "grade": "ACDX", "home_language": "ACDX"},
}


def filtered(house: House) -> list[tuple[Operation, str]]:
    found = [each for service in SERVICES for each in operations(house.app(service.name), service.name) if each.method == "GET"]
    return [(operation, name) for operation in found for name in VALUES if name in operation.queries]


@pytest.mark.parametrize("caller", BEYOND)
def test_a_filter_beyond_reach_answers_as_one_for_nothing(house: House, caller: str) -> None:
    for operation, name in filtered(house):
        wanted = [VALUES[name][letter] for letter in BEYOND[caller][name]]
        same([ask(house, caller, operation, {name: value}) for value in (*wanted, NOTHING[name])])


def test_a_search_for_a_name_beyond_reach_answers_as_one_for_nothing(house: House) -> None:
    searches = [each for service in SERVICES for each in operations(house.app(service.name), service.name) if "search" in each.queries]
    assert searches
    for operation in searches:
        strange = sorted(house.world.names("CDXT"))
        same([ask(house, "teacher", operation, {"search": word}) for word in (*strange, "Nobodyatall")])


def ask(house: House, caller: str, operation: Operation, query: dict[str, str]) -> Any:
    path = operation.path
    for name, value in DEFAULTS.items():
        path = path.replace(f"{{{name}}}", value)
    if "segment" in operation.queries:
        query = query | {"segment": "1"}
    return house.ask(caller, "GET", path, query_string=query)


@pytest.mark.parametrize("letter", "ACD")
def test_a_filter_within_reach_shows_just_its_students(house: House, letter: str) -> None:
    lists = [each for each in filtered(house) if each[0].id in ("list_students", "segment_students", "students_csv")]
    assert {name for _, name in lists} == set(VALUES)
    for operation, name in lists:
        expected = {each for each in "ACD" if VALUES[name][each] == VALUES[name][letter]}
        shown = ask(house, "district-administrator", operation, {name: VALUES[name][letter]})
        assert students_in(house.world, shown.text, there=False) == expected, f"{operation.id} by {name}"
