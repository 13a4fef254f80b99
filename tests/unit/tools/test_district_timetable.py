"""Classes are like a school's: nobody is in two places, and they are as large as classrooms."""

from collections import Counter, defaultdict
from datetime import date
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.tools.district_package import TODAY, Rows, listed, plan, rows, students, written
from waymark.tools.district import DistrictPlan
from waymark.tools.district.sessions import school_year

ELEMENTARY = {"KG", "01", "02", "03", "04", "05"}


@pytest.fixture(scope="module", params=[(2, 600), (6, 4000)], ids=str)
def tables(request: pytest.FixtureRequest) -> dict[str, Rows]:
    schools, pupils = request.param
    return rows(written(plan(schools=schools, students=pupils)))


@pytest.fixture(scope="module")
def classes(tables: dict[str, Rows]) -> dict[str, dict[str, str]]:
    return {row["sourcedId"]: row for row in tables["classes"]}


def taken(tables: dict[str, Rows], classes: dict[str, dict[str, str]], role: str) -> dict[str, list[dict[str, str]]]:
    """The classes of each person enrolled in a role."""
    found: defaultdict[str, list[dict[str, str]]] = defaultdict(list)
    for row in tables["enrollments"]:
        if row["role"] == role:
            found[row["userSourcedId"]].append(classes[row["classSourcedId"]])
    return found


def test_young_students_sit_in_one_homeroom_and_older_ones_in_six_or_seven_classes(
    tables: dict[str, Rows], classes: dict[str, dict[str, str]]
):
    seats = taken(tables, classes, "student")
    loads: Counter[int] = Counter()
    for student in students(tables):
        mine = seats[student["sourcedId"]]
        assert {one["grades"] for one in mine} == {student["grades"]}
        assert {one["schoolSourcedId"] for one in mine} == {student["primaryOrgSourcedId"]}
        if student["grades"] in ELEMENTARY:
            assert [one["classType"] for one in mine] == ["homeroom"]
        else:
            assert {one["classType"] for one in mine} == {"scheduled"}
            assert len({one["periods"] for one in mine}) == len(mine)
            loads[len(mine)] += 1
    assert loads.keys() == {6, 7}
    assert loads[7] > loads[6]


def test_no_teacher_has_two_classes_in_one_period_of_one_school(tables: dict[str, Rows], classes: dict[str, dict[str, str]]):
    for mine in taken(tables, classes, "teacher").values():
        times = [(one["schoolSourcedId"], one["periods"]) for one in mine if one["classType"] == "scheduled"]
        assert len(set(times)) == len(times) <= 7


def test_a_class_has_one_primary_teacher_and_students_have_no_primary_flag(tables: dict[str, Rows]):
    primary = Counter(row["classSourcedId"] for row in tables["enrollments"] if row["primary"] == "true")
    assert primary == {row["sourcedId"]: 1 for row in tables["classes"]}
    assert {row["role"] for row in tables["enrollments"] if row["primary"] == "true"} == {"teacher"}


def test_classes_are_about_as_large_as_classrooms(tables: dict[str, Rows]):
    sizes = Counter(row["classSourcedId"] for row in tables["enrollments"] if row["role"] == "student")
    assert sizes.keys() == {row["sourcedId"] for row in tables["classes"]}
    assert max(sizes.values()) <= 30
    assert 20 <= median(sizes.values()) <= 30
    assert min(sizes.values()) >= 12


def test_class_codes_are_unique_in_a_school_and_half_year_classes_have_their_semesters_dates(tables: dict[str, Rows]):
    codes = [(row["schoolSourcedId"], row["classCode"]) for row in tables["classes"]]
    assert len(set(codes)) == len(codes)
    sessions = {row["sourcedId"]: row for row in tables["academicSessions"]}
    terms = {row["sourcedId"]: listed(row["termSourcedIds"]) for row in tables["classes"]}
    halves: set[str] = set()
    for row in tables["enrollments"]:
        semesters = terms[row["classSourcedId"]]
        if len(semesters) == 1:
            halves.add(semesters[0])
            assert (row["beginDate"], row["endDate"]) == (sessions[semesters[0]]["startDate"], sessions[semesters[0]]["endDate"])
        else:
            assert (row["beginDate"], row["endDate"]) == ("", "")
    assert halves == {"ses-2026-s1", "ses-2026-s2"}


@pytest.mark.parametrize("schools", [2, 3, 4, 12])
def test_people_and_classes_that_cross_the_lines_exist(schools: int):
    tables = rows(written(plan(schools=schools, students=schools * 60)))
    teachers: defaultdict[str, set[str]] = defaultdict(set)
    per_class: Counter[str] = Counter()
    for row in tables["enrollments"]:
        if row["role"] == "teacher":
            teachers[row["userSourcedId"]].add(row["schoolSourcedId"])
            per_class[row["classSourcedId"]] += 1
    assert 2 in per_class.values()
    assert any(len(places) == 2 for places in teachers.values())
    school_of = {student["sourcedId"]: student["primaryOrgSourcedId"] for student in students(tables)}
    roles: defaultdict[str, set[str]] = defaultdict(set)
    for role in tables["roles"]:
        roles[role["userSourcedId"]].add(role["orgSourcedId"])
    guardians = [user for user in tables["users"] if user["sourcedId"].startswith("gdn-")]
    assert any(len({school_of[child] for child in listed(user["agentSourcedIds"])}) == 2 for user in guardians)
    assert all({school_of[child] for child in listed(user["agentSourcedIds"])} == roles[user["sourcedId"]] for user in guardians)


@given(st.dates(date(1902, 1, 1), date(9998, 12, 31)))
def test_every_day_is_in_one_semester_and_one_grading_period_of_its_school_year(today: date):
    year = school_year(DistrictPlan(today=today))
    assert year.year.start <= today < year.year.end
    for parts in (year.semesters, year.grading_periods):
        assert sum(part.start <= today < part.end for part in parts) == 1
        parents = {session.sourced_id: session for session in year.sessions}
        assert all(parents[part.parent].start <= part.start < part.end <= parents[part.parent].end for part in parts)


def test_the_school_year_is_named_by_the_year_in_which_it_ends():
    assert school_year(DistrictPlan(today=TODAY)).name == "2027"
