"""Every reference of a package resolves, and no identifier stands twice."""

import pytest

from tests.unit.tools.district_package import Rows, listed, plan, rows, students, written
from waymark.tools.district import DistrictPlan

SIZES = [
    pytest.param(plan(schools=1, students=20), id="smallest"),
    pytest.param(plan(schools=2, students=240), id="two schools"),
    pytest.param(plan(schools=3, students=900, languages=139), id="three schools, all languages"),
    pytest.param(plan(schools=11, students=2000), id="eleven schools"),
]

# file, column, what it refers to, whether it may be blank
REFERENCES = [
    ("orgs", "parentSourcedId", "orgs", True),
    ("academicSessions", "parentSourcedId", "academicSessions", True),
    ("courses", "schoolYearSourcedId", "academicSessions", False),
    ("courses", "orgSourcedId", "orgs", False),
    ("classes", "courseSourcedId", "courses", False),
    ("classes", "schoolSourcedId", "orgs", False),
    ("classes", "termSourcedIds", "academicSessions", False),
    ("users", "primaryOrgSourcedId", "orgs", False),
    ("users", "agentSourcedIds", "users", True),
    ("roles", "userSourcedId", "users", False),
    ("roles", "orgSourcedId", "orgs", False),
    ("enrollments", "classSourcedId", "classes", False),
    ("enrollments", "schoolSourcedId", "orgs", False),
    ("enrollments", "userSourcedId", "users", False),
    ("demographics", "sourcedId", "users", False),
]


@pytest.fixture(params=SIZES)
def tables(request: pytest.FixtureRequest) -> dict[str, Rows]:
    return rows(written(request.param))


def test_every_reference_resolves(tables: dict[str, Rows]):
    ids = {name: {row["sourcedId"] for row in found} for name, found in tables.items() if name != "manifest"}
    for name, column, target, blank in REFERENCES:
        for row in tables[name]:
            values = listed(row[column])
            assert values or blank, (name, column, row)
            assert set(values) <= ids[target], (name, column, row)


def test_no_identifier_or_username_stands_twice(tables: dict[str, Rows]):
    for name, found in tables.items():
        if name != "manifest":
            assert len({row["sourcedId"] for row in found}) == len(found) > 0, name
    for column in ("username", "email"):
        assert len({user[column] for user in tables["users"]}) == len(tables["users"])


def test_usernames_and_addresses_are_ascii_and_whole(tables: dict[str, Rows]):
    for user in tables["users"]:
        assert user["username"].isascii()
        assert user["email"].isascii()
        assert not user["username"].startswith(".")
        assert ".." not in user["username"]
        assert "@" in user["email"]


def test_bulk_rows_have_no_status_and_no_date_and_nobody_has_a_password(tables: dict[str, Rows]):
    for name, found in tables.items():
        if name != "manifest":
            assert {(row["status"], row["dateLastModified"]) for row in found} == {("", "")}
    assert {user["password"] for user in tables["users"]} == {""}


def test_people_are_enrolled_in_the_school_of_the_class_where_they_have_that_role(tables: dict[str, Rows]):
    school_of = {row["sourcedId"]: row["schoolSourcedId"] for row in tables["classes"]}
    roles = {(role["userSourcedId"], role["role"], role["orgSourcedId"]) for role in tables["roles"]}
    for enrolment in tables["enrollments"]:
        assert enrolment["schoolSourcedId"] == school_of[enrolment["classSourcedId"]]
        assert (enrolment["userSourcedId"], enrolment["role"], enrolment["schoolSourcedId"]) in roles


def test_a_user_has_one_primary_role_in_an_organisation_and_the_first_one_is_the_users_own(tables: dict[str, Rows]):
    places = [(role["userSourcedId"], role["orgSourcedId"]) for role in tables["roles"]]
    assert len(set(places)) == len(places)
    first = dict(reversed(places))
    assert first == {user["sourcedId"]: user["primaryOrgSourcedId"] for user in tables["users"]}


def test_every_kind_of_staff_is_there(tables: dict[str, Rows]):
    schools = {org["sourcedId"] for org in tables["orgs"] if org["type"] == "school"}
    for role in ("principal", "siteAdministrator", "counselor", "teacher", "student"):
        assert {row["orgSourcedId"] for row in tables["roles"] if row["role"] == role} == schools, role
    districts = [org["sourcedId"] for org in tables["orgs"] if org["type"] == "district"]
    assert len(districts) == 1
    for role in ("districtAdministrator", "systemAdministrator"):
        assert {row["orgSourcedId"] for row in tables["roles"] if row["role"] == role} == set(districts)
    assert sum(role["role"] == "systemAdministrator" for role in tables["roles"]) == 1


@pytest.mark.parametrize("of", SIZES)
def test_students_schools_and_languages_are_as_many_as_asked(of: DistrictPlan):
    tables = rows(written(of))
    assert len(list(students(tables))) == of.students == len(tables["demographics"])
    assert sum(org["type"] == "school" for org in tables["orgs"]) == of.schools
    assert len({row["metadata.homeLanguage"] for row in tables["demographics"]}) == of.language_count
    grades = {user["grades"] for user in students(tables)}
    assert grades == {"KG", "01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12"}
