"""Putting students on a plan, and listing them."""

# An answer's JSON is whatever came: a test that meets null fails by itself.
# pyright: reportOptionalSubscript=false

import pytest

from tests.unit.plans.conftest import House
from waymark.events.catalogue.roster import GuardianLinked


def outcomes(answer: object) -> list[str]:
    assert answer.status_code == 200, answer.text  # type: ignore[attr-defined]  a response
    return [each["outcome"] for each in answer.json["results"]]  # type: ignore[attr-defined]  the same


def test_p14_a_teacher_assigns_from_own_classes_by_student_and_by_class(house: House) -> None:
    one, two, foreign = house.district.student(), house.district.student(), house.district.student()
    section = house.district.section(students=[one, two])
    teacher = house.district.teacher(section)
    template = house.template()
    path = f"/plans/v1/templates/{template}/students"
    by_student = house.client(teacher).post(path, json={"students": [one, foreign]})
    assert outcomes(by_student) == ["assigned", "not-found"]
    assert by_student.json["counts"] == {"assigned": 1, "not-found": 1}
    assert by_student.json["results"][1] == {"student": foreign, "outcome": "not-found", "plan": None}
    by_section = house.client(teacher).post(path, json={"sections": [section]})
    assert sorted(outcomes(by_section)) == ["already-in-plan", "assigned"]
    assert house.plan(f"{template}.{one}")["events"][0]["by"]["role"] == "teacher"


def test_p14_a_class_of_somebody_else_is_not_found_and_nobody_is_assigned(house: House) -> None:
    mine, other = house.district.section(students=[house.district.student()]), house.district.section(students=[house.district.student()])
    teacher, template = house.district.teacher(mine), house.template()
    refused = house.client(teacher).post(f"/plans/v1/templates/{template}/students", json={"sections": [mine, other]})
    assert refused.status_code == 404
    assert house.list(template)["items"] == []


def test_p15_an_administrator_assigns_within_the_own_schools_and_learns_who_is_not(house: House) -> None:
    here, there = house.district.student("s1"), house.district.student("s2")
    template = house.template()
    principal = house.client(house.district.principal("s1"))
    answer = principal.post(f"/plans/v1/templates/{template}/students", json={"students": [there, here, "nobody", "../x"]})
    assert outcomes(answer) == ["not-found", "assigned", "not-found", "not-found"]
    everywhere = house.client().post(f"/plans/v1/templates/{template}/students", json={"students": [there, here]})
    assert outcomes(everywhere) == ["assigned", "already-in-plan"]


def test_only_students_who_go_to_a_school_are_assigned(house: House) -> None:
    gone, teacher = house.district.student(), house.district.teacher(house.district.section())
    house.district.withdraw(gone)
    left = house.district.student()
    house.district.deactivate(left)
    answer = house.client().post(f"/plans/v1/templates/{house.template()}/students", json={"students": [gone, teacher, left]})
    assert outcomes(answer) == ["not-found"] * 3


def test_p17_assigning_again_changes_nothing_and_says_so(house: House) -> None:
    student, template = house.district.student(), house.template()
    (plan,) = house.assign(template, student)
    version = house.plan(plan)["version"]
    again = house.client().post(f"/plans/v1/templates/{template}/students", json={"students": [student, student]})
    assert outcomes(again) == ["already-in-plan"]
    assert house.plan(plan)["version"] == version


@pytest.mark.parametrize("how", ["complete", "remove"])
def test_p17_a_closed_plan_is_not_assigned_anew(house: House, how: str) -> None:
    student, template = house.district.student(), house.template()
    (plan,) = house.assign(template, student)
    house.update(plan, "i2", 1)
    house.close(plan, how)
    answer = house.client().post(f"/plans/v1/templates/{template}/students", json={"students": [student]})
    assert outcomes(answer) == ["closed"]


def test_repeating_a_request_answers_the_same(house: House) -> None:
    student, template = house.district.student(), house.template()
    for _ in range(2):
        answer = house.client().post(
            f"/plans/v1/templates/{template}/students", json={"students": [student]}, headers={"Idempotency-Key": "again"}
        )
        assert outcomes(answer) == ["assigned"]


def test_p9_nobody_is_put_on_a_draft(house: House) -> None:
    draft, student = house.draft()["id"], house.district.student()
    refused = house.client().post(f"/plans/v1/templates/{draft}/students", json={"students": [student]})
    assert (refused.status_code, refused.json["code"]) == (409, "template-draft")
    teacher = house.client(house.district.teacher(house.district.section(students=[student])))
    assert teacher.post(f"/plans/v1/templates/{draft}/students", json={"students": [student]}).status_code == 404


@pytest.mark.parametrize(
    "body", [{}, {"students": [], "sections": []}, {"students": ["a"], "sections": ["b"]}, {"students": "a"}, {"students": [1]}]
)
def test_students_or_sections_are_needed(lasting: House, body: dict[str, object]) -> None:
    assert lasting.client().post(f"/plans/v1/templates/{lasting.template()}/students", json=body).status_code == 422


class Listed:
    """Five students in two schools, in every status."""

    def __init__(self, house: House) -> None:
        self.house, self.template = house, house.template()
        student = house.district.student
        self.anna = student("s1", "03", given="Anna", family="Österberg")
        self.ben = student("s1", "04", given="Ben", family="Abel")
        self.cleo = student("s1", "03", given="Cleo", family="Miller")
        self.dan = student("s2", "03", given="Dan", family="Miller")
        self.eve = student("s2", "04", given="Eve", family="Zorn")
        self.section = house.district.section(students=[self.anna, self.ben])
        plans = house.assign(self.template, self.anna, self.ben, self.cleo, self.dan, self.eve)
        house.update(plans[0], "overall", 2)
        house.update(plans[3], "overall", 3)
        house.update(plans[1], "i2", 1)
        house.close(plans[1], "remove")
        house.close(plans[2], "complete")

    def ids(self, by: str | None = None, **query: str) -> list[str]:
        return [each["student"]["id"] for each in self.house.list(self.template, by, **query)["items"]]


@pytest.fixture(scope="module")
def listed(lasting: House) -> Listed:
    return Listed(lasting)


def test_p20_p34_students_stand_by_family_name_and_the_removed_last(listed: Listed) -> None:
    assert listed.ids() == [listed.cleo, listed.dan, listed.anna, listed.eve, listed.ben]
    assert listed.ids(sort="-name") == [listed.eve, listed.anna, listed.dan, listed.cleo, listed.ben]
    assert listed.ids(sort="status") == [listed.dan, listed.anna, listed.eve, listed.cleo, listed.ben]
    assert listed.ids(sort="-updated")[-1] == listed.ben


def test_p20_a_row_tells_status_overall_place_and_what_may_be_done(listed: Listed) -> None:
    rows = {each["student"]["id"]: each for each in listed.house.list(listed.template)["items"]}
    anna, ben = rows[listed.anna], rows[listed.ben]
    assert anna["student"] == {"id": listed.anna, "name": "Anna Österberg", "family_name": "Österberg"}
    assert anna["overall"] == {"value": 2, "label": "On track", "colour": "#00aa00"}
    assert anna["effective"] == listed.house.district.today.isoformat()
    assert (anna["school"], anna["grade"]) == ({"id": "s1", "name": "School s1"}, "03")
    assert anna["may"] == {"update": True, "remove": True, "complete": True, "reactivate": False}
    assert (ben["status"], ben["overall"], ben["effective"]) == ("removed", None, None)
    assert ben["may"] == {"update": False, "remove": False, "complete": False, "reactivate": True}


def test_p20_the_list_is_searched_and_filtered(listed: Listed) -> None:
    assert listed.ids(search="oster") == [listed.anna]
    assert listed.ids(search="mil da") == [listed.dan]
    assert listed.ids(status="completed") == [listed.cleo]
    assert listed.ids(school="s2", grade="04") == [listed.eve]
    assert listed.ids(section=listed.section) == [listed.anna, listed.ben]
    assert listed.ids(value="3") == [listed.dan]
    assert listed.ids(value="none") == [listed.cleo, listed.eve, listed.ben]


def test_p20_counts_follow_the_filters_but_not_the_status(listed: Listed) -> None:
    assert listed.house.list(listed.template)["counts"] == {"open": 3, "completed": 1, "removed": 1}
    assert listed.house.list(listed.template, status="open", school="s1")["counts"] == {"open": 1, "completed": 1, "removed": 1}


def test_p20_each_lists_and_counts_only_whom_they_reach(listed: Listed) -> None:
    teacher = listed.house.district.teacher(listed.section)
    assert listed.ids(teacher) == [listed.anna, listed.ben]
    assert listed.house.list(listed.template, teacher)["counts"] == {"open": 1, "completed": 0, "removed": 1}
    principal = listed.house.district.principal("s2")
    assert listed.ids(principal) == [listed.dan, listed.eve]
    assert (
        listed.house.client(principal)
        .get(f"/plans/v1/templates/{listed.template}/students", query_string={"section": listed.section})
        .status_code
        == 404
    )


def test_p20_pages_follow_each_other(listed: Listed) -> None:
    first = listed.house.list(listed.template, limit=2)
    second = listed.house.list(listed.template, limit=2, cursor=first["next"])
    third = listed.house.list(listed.template, limit=2, cursor=second["next"])
    pages = [each["student"]["id"] for page in (first, second, third) for each in page["items"]]
    assert pages == listed.ids()
    assert third["next"] is None


def test_a_forgotten_student_stays_in_the_count_without_a_name(fresh: House) -> None:
    listed = Listed(fresh)
    listed.house.district.forget(listed.cleo)
    rows = listed.house.list(listed.template)["items"]
    assert [each["student"] for each in rows][-2] == {"id": listed.cleo, "name": None, "family_name": None}
    assert listed.ids(search="cleo") == []


@pytest.mark.parametrize(
    "query",
    [
        {"sort": "grade"},
        {"status": "closed"},
        {"value": "x"},
        {"value": "2x"},
        {"limit": "0"},
        {"limit": "201"},
        {"cursor": "made-up"},
        {"colour": "red"},
    ],
)
def test_what_the_list_cannot_be_asked_is_refused(lasting: House, query: dict[str, str]) -> None:
    refused = lasting.client().get(f"/plans/v1/templates/{lasting.template()}/students", query_string=query)
    assert refused.status_code in (400, 422)
    assert refused.json["errors"][0]["pointer"] == f"query:{next(iter(query))}"


def test_a_save_is_in_the_list_that_waits_for_it(house: House) -> None:
    student, template = house.district.student(), house.template()
    answer = house.client().post(f"/plans/v1/templates/{template}/students", json={"students": [student]})
    assert house.list(template, after=answer.headers["Waymark-Position"])["behind"] is False


@pytest.mark.parametrize("who", ["student", "guardian"])
def test_students_and_guardians_may_not_read_plans_yet(house: House, who: str) -> None:
    student, template = house.district.student(), house.template()
    (plan,) = house.assign(template, student)
    caller = house.client(student if who == "student" else house.district.guardian(student))
    for path in (
        "templates",
        f"templates/{template}",
        f"templates/{template}/students",
        f"plans/{plan}",
        f"students/{student}/plans",
        "scales",
    ):
        refused = caller.get(f"/plans/v1/{path}")
        assert (refused.status_code, refused.json["code"]) == (403, "role-may-not")


def test_a_teacher_does_not_reach_their_own_child_as_a_guardian(house: House) -> None:
    child, pupil, template = house.district.student(), house.district.student(), house.template()
    house.assign(template, child, pupil)
    teacher = house.district.teacher(house.district.section(students=[pupil]))
    house.district.about(teacher, GuardianLinked(person=teacher, student=child))
    assert [each["student"]["id"] for each in house.list(template, teacher)["items"]] == [pupil]
    assert house.client(teacher).get(f"/plans/v1/plans/{template}.{child}").status_code == 404
    assert house.client(teacher).get(f"/plans/v1/students/{child}/plans").status_code == 404
