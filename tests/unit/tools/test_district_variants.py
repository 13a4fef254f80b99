"""A variant is the same district with exactly the change it is named for."""

import pytest

from tests.unit.tools.district_package import files, plan, rows, written
from waymark.tools.district import DistrictPlan, PlanRefused, Version, generate

PLANS = [plan(schools=2, students=240), plan(schools=3, students=150), plan(schools=5, students=1000)]


def lines(package: bytes, name: str) -> list[bytes]:
    return files(package)[name].split(b"\r\n")


@pytest.mark.parametrize("oneroster", ["1.1", "1.2"])
@pytest.mark.parametrize("of", [*PLANS, plan(schools=1, students=20)])
def test_one_enrolment_adds_one_line_and_changes_nothing_else(of: DistrictPlan, oneroster: Version):
    before, after = written(of, oneroster=oneroster), written(of, "one-enrolment", oneroster)
    first, second = files(before), files(after)
    assert {name for name in first if first[name] != second[name]} == {"enrollments.csv"}
    added = list(lines(after, "enrollments.csv"))
    for line in lines(before, "enrollments.csv"):
        added.remove(line)
    assert len(added) == 1


@pytest.mark.parametrize("of", PLANS)
def test_the_enrolment_added_is_a_students_in_a_year_long_class_of_the_own_school(of: DistrictPlan):
    before, after = rows(written(of))["enrollments"], rows(written(of, "one-enrolment"))
    extra = after["enrollments"][-1]
    assert extra not in before
    one = next(row for row in after["classes"] if row["sourcedId"] == extra["classSourcedId"])
    student = next(user for user in after["users"] if user["sourcedId"] == extra["userSourcedId"])
    assert extra["role"] == "student"
    assert extra["schoolSourcedId"] == one["schoolSourcedId"] == student["primaryOrgSourcedId"]
    assert one["termSourcedIds"].count(",") == 1
    assert (extra["classSourcedId"], extra["userSourcedId"]) not in {(row["classSourcedId"], row["userSourcedId"]) for row in before}


@pytest.mark.parametrize("of", PLANS)
def test_moved_student_changes_one_students_school_role_and_classes_and_nothing_else(of: DistrictPlan):
    before, after = rows(written(of)), rows(written(of, "moved-student"))
    [(old, new)] = [(one, other) for one, other in zip(before["users"], after["users"], strict=True) if one != other]
    student, school = new["sourcedId"], new["primaryOrgSourcedId"]
    assert old | {"primaryOrgSourcedId": school} == new
    assert new["agentSourcedIds"]
    [(role, moved)] = [(one, other) for one, other in zip(before["roles"], after["roles"], strict=True) if one != other]
    assert moved == role | {"orgSourcedId": school}
    assert moved["userSourcedId"] == student
    assert [row for row in before["enrollments"] if row["userSourcedId"] != student] == [
        row for row in after["enrollments"] if row["userSourcedId"] != student
    ]
    mine = [row for row in after["enrollments"] if row["userSourcedId"] == student]
    grades = {row["sourcedId"]: row["grades"] for row in after["classes"]}
    assert {row["schoolSourcedId"] for row in mine} == {school} != {old["primaryOrgSourcedId"]}
    assert {grades[row["classSourcedId"]] for row in mine} == {new["grades"]}
    others = before.keys() - {"users", "roles", "enrollments"}
    assert all(before[name] == after[name] for name in others)


def test_moved_student_is_the_same_move_in_1_1():
    before, after = rows(written(plan(), oneroster="1.1")), rows(written(plan(), "moved-student", "1.1"))
    [(old, new)] = [(one, other) for one, other in zip(before["users"], after["users"], strict=True) if one != other]
    assert new == old | {"orgSourcedIds": new["orgSourcedIds"]}


@pytest.mark.parametrize("variant", ["moved-student", "one-enrolment"])
def test_a_variant_says_what_it_changed(variant, tmp_path):
    plain, summary = generate(tmp_path / "a.zip", plan()), generate(tmp_path / "b.zip", plan(), variant=variant)
    assert plain.change is None
    assert summary.change is not None
    before, after = rows((tmp_path / "a.zip").read_bytes()), rows((tmp_path / "b.zip").read_bytes())
    touched = {row["userSourcedId"] for row in after["enrollments"] if row not in before["enrollments"]}
    assert summary.change.split()[0] in touched
    assert len(touched) == 1


def test_a_single_school_refuses_a_move_with_the_reason():
    with pytest.raises(PlanRefused, match="teach the same grade"):
        written(plan(schools=1), "moved-student")
