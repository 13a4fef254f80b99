"""One student's plan through the API."""

# An answer's JSON is whatever came: a test that meets null fails by itself.
# pyright: reportOptionalSubscript=false

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.unit.plans.conftest import House
from waymark.service.testing import a_district


class Case:
    """A student on a published template, and the teacher of the student's class."""

    def __init__(self, house: House, **template: Any) -> None:
        self.house = house
        self.student = house.district.student("s1", "03", given="Anna", family="Abel")
        self.teacher = house.district.teacher(house.district.section(students=[self.student]), given="Tom", family="Teacher")
        self.template = house.template(**template)
        (self.plan,) = house.assign(self.template, self.student, by=self.teacher)
        self.path = f"/plans/v1/plans/{self.plan}"

    def post(self, item: str, body: Any) -> TestResponse:
        return self.house.client(self.teacher).post(f"{self.path}/items/{item}/updates", json=body)

    def day(self, before: int) -> str:
        return (self.house.district.today - timedelta(days=before)).isoformat()


@pytest.fixture
def case(house: House) -> Case:
    return Case(house)


@pytest.fixture(scope="module")
def unchanged(lasting: House) -> Case:
    """One for all tests that only see refusals."""
    return Case(lasting)


def test_p24_a_plan_tells_template_student_place_items_and_what_may_be_done(case: Case) -> None:
    plan = case.house.plan(case.plan, case.teacher)
    assert plan["template"]["title"] == "Reading"
    assert set(plan["template"]["scales"]) == {plan["template"]["overall"], plan["template"]["sections"][0]["items"][1]["scale"]} | {
        plan["template"]["sections"][0]["items"][0]["scale"]
    }
    assert plan["student"] == {"id": case.student, "name": "Anna Abel", "family_name": "Abel"}
    assert (plan["school"], plan["grade"], plan["status"]) == ({"id": "s1", "name": "School s1"}, "03", "open")
    assert plan["items"] == {item: {"hidden": False, "current": None, "updates": []} for item in ("overall", "i2", "i3", "i4")}
    (assigned,) = plan["events"]
    assert (assigned["kind"], assigned["by"]["name"], assigned["effective"]) == ("assigned", "Tom Teacher", case.day(0))
    assert plan["may"] == {"update": True, "customise": True, "complete": True, "remove": True, "reactivate": False}


def test_p25_an_update_is_kept_with_value_note_time_and_author(case: Case) -> None:
    case.house.update(case.plan, "i2", 1, case.teacher, note="  Reads well.\nSlowly. ")
    plan = case.house.update(case.plan, "i2", 3, case.teacher)
    newest, first = plan["items"]["i2"]["updates"]
    assert plan["items"]["i2"]["current"] == newest
    assert (newest["value"], newest["note"], newest["text"]) == (3, None, None)
    assert (first["value"], first["note"]) == (1, "Reads well.\nSlowly.")
    assert first["by"] == {"id": case.teacher, "name": "Tom Teacher", "role": "teacher"}
    assert first["recorded"] == case.house.plan(case.plan)["items"]["i2"]["updates"][1]["recorded"]


def test_p7_points_and_text_are_recorded_as_they_are(case: Case) -> None:
    assert case.house.update(case.plan, "i3", 12.5, case.teacher)["items"]["i3"]["current"]["value"] == 12.5
    assert case.house.update(case.plan, "i4", " Good start ", case.teacher)["items"]["i4"]["current"]["text"] == "Good start"


def test_texts_about_a_student_are_nowhere_in_clear(case: Case) -> None:
    case.house.update(case.plan, "i4", "a very telling remark", case.teacher, note="another telling remark")
    stored = b"".join(commit.body for commit in case.house.ports.store.scan(0, 500))  # type: ignore[union-attr]  plans has a store
    assert b"telling" not in stored
    for database in case.house.ports.views._database._path.parent.glob("*.db*"):  # type: ignore[attr-defined]  SQLite's
        assert b"telling" not in database.read_bytes(), database.name


@pytest.mark.parametrize(
    "item, value, allowed",
    [
        ("i2", 4, [1, 2, 3]),
        ("i2", "On track", [1, 2, 3]),
        ("overall", 0, [1, 2, 3]),
        ("i3", 20.5, {"minimum": 0, "maximum": 20}),
        ("i3", "12", {"minimum": 0, "maximum": 20}),
        ("i4", 5, "text"),
    ],
)
def test_p25_a_value_outside_the_scale_is_refused_with_what_is_allowed(unchanged: Case, item: str, value: Any, allowed: Any) -> None:
    refused = unchanged.post(item, {"value": value})
    assert (refused.status_code, refused.json["code"], refused.json["errors"][0]["pointer"]) == (422, "not-on-scale", "/value")
    told = refused.json["errors"][0]["allowed"]
    assert ([each["value"] for each in told] if isinstance(allowed, list) else told) == allowed
    assert unchanged.house.plan(unchanged.plan)["version"] == 1


def test_p26_an_update_is_dated_by_whoever_records_it_but_never_in_the_future(case: Case) -> None:
    plan = case.house.update(case.plan, "i2", 2, case.teacher, effective=case.day(30))
    current = plan["items"]["i2"]["current"]
    assert current["effective"] == case.day(30)
    assert current["recorded"][:10] == case.house.ports.clock().date().isoformat()
    refused = case.post("i2", {"value": 2, "effective": case.day(-1)})
    assert (refused.status_code, refused.json["code"]) == (422, "future-date")
    assert refused.json["errors"] == [
        {
            "pointer": "/effective",
            "code": "future-date",
            "message": f"Today ({case.day(0)}) or earlier.",
            "allowed": {"maximum": case.day(0)},
        }
    ]
    slip = case.post("i2", {"value": 2, "effective": "0206-01-01"})
    assert (slip.status_code, slip.json["code"]) == (422, "too-long-ago")


def test_p27_the_latest_by_effective_date_then_record_is_current(case: Case) -> None:
    case.house.update(case.plan, "i2", 3, case.teacher, effective=case.day(1))
    case.house.update(case.plan, "i2", 1, case.teacher, effective=case.day(5))
    plan = case.house.update(case.plan, "i2", 2, effective=case.day(1))
    assert [each["value"] for each in plan["items"]["i2"]["updates"]] == [2, 3, 1]
    assert plan["items"]["i2"]["current"]["by"]["role"] == "districtAdministrator"


def test_p27_two_who_update_at_once_are_both_kept(case: Case) -> None:
    etag = {"If-Match": case.house.client().get(case.path).headers["ETag"]}
    case.house.update(case.plan, "i2", 1, case.teacher)
    assert case.post("i2", {"value": 2}).status_code == 201
    assert len(case.house.plan(case.plan)["items"]["i2"]["updates"]) == 2
    stale = case.house.client().post(f"{case.path}/complete", headers=etag)
    assert (stale.status_code, stale.json["code"]) == (412, "version-stale")


def test_p18_p19_hiding_keeps_the_updates_and_repeats_without_effect(case: Case) -> None:
    case.house.update(case.plan, "i2", 2, case.teacher)
    client = case.house.client(case.teacher)
    hidden = client.put(f"{case.path}/items/i2/hidden")
    assert (hidden.status_code, hidden.json["items"]["i2"]["hidden"]) == (200, True)
    assert client.put(f"{case.path}/items/i2/hidden").json["version"] == hidden.json["version"]
    refused = case.post("i2", {"value": 3})
    assert (refused.status_code, refused.json["code"], refused.json["item"]) == (409, "item-hidden", "i2")
    shown = client.delete(f"{case.path}/items/i2/hidden").json
    assert (shown["items"]["i2"]["hidden"], shown["items"]["i2"]["current"]["value"]) == (False, 2)
    assert [each["kind"] for each in shown["events"]] == ["assigned", "hidden", "shown"]


def test_p18_nothing_is_hidden_where_educators_may_not_customise(house: House) -> None:
    case = Case(house, customisable=False)
    assert house.plan(case.plan)["may"]["customise"] is False
    for refused in (house.client().put(f"{case.path}/items/i2/hidden"), house.client().delete(f"{case.path}/items/i2/hidden")):
        assert (refused.status_code, refused.json["code"]) == (409, "not-customisable")


def test_an_unknown_item_is_named_with_the_items_there_are(case: Case) -> None:
    refused = case.post("i9", {"value": 1})
    assert (refused.status_code, refused.json["code"], refused.json["allowed"]) == (404, "item-unknown", ["overall", "i2", "i3", "i4"])
    assert case.house.client().put(f"{case.path}/items/overall/hidden").status_code == 404


def test_p34_removing_one_without_updates_leaves_nothing(case: Case) -> None:
    removed = case.house.close(case.plan, "remove", case.teacher)
    assert (removed["status"], removed["items"], removed["events"]) == ("removed", {}, [])
    assert removed["may"]["reactivate"] is False
    assert case.house.client().get(case.path).status_code == 404
    assert case.house.list(case.template)["counts"] == {"open": 0, "completed": 0, "removed": 0}
    case.house.assign(case.template, case.student)
    assert [each["kind"] for each in case.house.plan(case.plan)["events"]] == ["assigned"]


def test_p34_removing_one_with_updates_leaves_a_plan_to_read(case: Case) -> None:
    case.house.update(case.plan, "i2", 2, case.teacher, note="kept")
    removed = case.house.close(case.plan, "remove", case.teacher)
    assert (removed["status"], removed["items"]["i2"]["current"]["note"]) == ("removed", "kept")
    assert case.house.list(case.template)["counts"] == {"open": 0, "completed": 0, "removed": 1}


@pytest.mark.parametrize("how, status", [("complete", "completed"), ("remove", "removed")])
def test_p35_p36_p37_a_closed_plan_is_read_only_until_it_is_reactivated(case: Case, how: str, status: str) -> None:
    house, client = case.house, case.house.client(case.teacher)
    house.update(case.plan, "i2", 2, case.teacher)
    closed = house.close(case.plan, how, case.teacher)
    assert closed["may"] == {"update": False, "customise": False, "complete": False, "remove": False, "reactivate": True}
    etag = {"If-Match": client.get(case.path).headers["ETag"]}
    for refused in (
        case.post("i2", {"value": 3}),
        client.put(f"{case.path}/items/i2/hidden"),
        client.delete(f"{case.path}/items/i2/hidden"),
        client.post(f"{case.path}/complete", headers=etag),
        client.post(f"{case.path}/remove", headers=etag),
    ):
        assert (refused.status_code, refused.json["code"], refused.json["plan_status"]) == (409, "plan-closed", status)
    opened = house.close(case.plan, "reactivate", case.teacher)
    assert (opened["status"], opened["items"]["i2"]["current"]["value"]) == ("open", 2)
    again = client.post(f"{case.path}/reactivate", headers={"If-Match": f'"{opened["version"]}"'})
    assert (again.status_code, again.json["code"]) == (409, "plan-open")


@pytest.mark.parametrize("how", ["complete", "remove", "reactivate"])
def test_closing_and_reopening_need_what_was_seen(unchanged: Case, how: str) -> None:
    refused = unchanged.house.client().post(f"{unchanged.path}/{how}")
    assert (refused.status_code, refused.json["code"]) == (428, "if-match-missing")


def test_p34_p35_p36_any_educator_with_access_may_close_and_nobody_else(case: Case) -> None:
    other = case.house.client(case.house.district.teacher(case.house.district.section()))
    assert other.get(case.path).status_code == 404
    for refused in (
        other.post(f"{case.path}/complete", headers={"If-Match": '"1"'}),
        other.post(f"{case.path}/items/i2/updates", json={"value": 1}),
        other.put(f"{case.path}/items/i2/hidden"),
    ):
        assert (refused.status_code, refused.json["code"]) == (404, "not-found")
    assert case.house.close(case.plan, "complete", case.house.district.principal())["status"] == "completed"


def test_p36_reactivating_takes_todays_place(case: Case) -> None:
    case.house.update(case.plan, "i2", 2)
    case.house.close(case.plan)
    case.house.district.place(case.student, "s2", "04")
    opened = case.house.close(case.plan, "reactivate")
    assert (opened["school"]["id"], opened["grade"]) == ("s2", "04")


def test_p40_a_students_plans_are_listed_by_title(case: Case) -> None:
    algebra = case.house.template(title="algebra")
    (other,) = case.house.assign(algebra, case.student)
    case.house.update(other, "overall", 3)
    listed = case.house.client(case.teacher).get(f"/plans/v1/students/{case.student}/plans").json
    assert [(each["plan"], each["template"]["title"], each["status"]) for each in listed["items"]] == [
        (other, "algebra", "open"),
        (case.plan, "Reading", "open"),
    ]
    assert listed["items"][0]["overall"] == {"value": 3, "label": "Met", "colour": "#0000aa"}
    assert case.house.client(case.teacher).get(f"/plans/v1/students/{case.house.district.student()}/plans").status_code == 404


def test_a_forgotten_students_plan_is_redacted_and_takes_no_more_text(case: Case) -> None:
    case.house.update(case.plan, "i4", "a remark", note="a note")
    case.house.district.forget(case.student)
    plan = case.house.plan(case.plan)
    current = plan["items"]["i4"]["current"]
    assert (plan["student"]["name"], current["text"], current["note"]) == (None, None, None)
    refused = case.house.client().post(f"{case.path}/items/i4/updates", json={"value": "more"})
    assert (refused.status_code, refused.json["code"]) == (410, "person-forgotten")


def test_repeating_an_update_with_its_key_records_it_once(case: Case) -> None:
    for _ in range(2):
        answer = case.house.client().post(
            f"{case.path}/items/i4/updates", json={"value": "once", "note": "n"}, headers={"Idempotency-Key": "k"}
        )
        assert (answer.status_code, len(answer.json["items"]["i4"]["updates"])) == (201, 1)


@pytest.mark.parametrize(
    "body, pointer",
    [
        ({}, "/value"),
        ({"value": None}, "/value"),
        ({"value": True}, "/value"),
        ({"value": [1]}, "/value"),
        ({"value": "  "}, "/value"),
        ({"value": "x" * 2001}, "/value"),
        ({"value": 1, "note": "x" * 2001}, "/note"),
        ({"value": 1, "note": 5}, "/note"),
        ({"value": 1, "effective": "yesterday"}, "/effective"),
        ({"value": 1, "effective": "2026-02-30"}, "/effective"),
        ({"value": 1, "by": "somebody"}, "/by"),
    ],
)
def test_an_update_that_cannot_be_read_is_refused_with_its_place(unchanged: Case, body: dict[str, Any], pointer: str) -> None:
    refused = unchanged.post("i4", body)
    assert (refused.status_code, [each["pointer"] for each in refused.json["errors"]]) == (422, [pointer])


@pytest.mark.parametrize(
    "bad",
    [
        lambda case: case.plan.partition(".")[0],
        lambda case: f"x.{case.student}",
        lambda case: f"{case.plan}.x",
        lambda _: ".",
        lambda _: "a%2Fb.c",
    ],
)
def test_what_is_no_plan_is_not_found(unchanged: Case, bad: Callable[[Case], str]) -> None:
    assert unchanged.house.client().get(f"/plans/v1/plans/{bad(unchanged)}").status_code == 404


def test_another_districts_administrator_finds_nothing(fresh: House, tmp_path: Path) -> None:
    case = Case(fresh)
    other = a_district(tmp_path, "d2")
    other.administrator(subject="ana")
    case.house.district.catch_up()
    ana = {"Authorization": f"Bearer {case.house.district.token('', sub='ana', district='d2')}"}
    client = case.house.client()
    assert client.get("/plans/v1/templates", headers=ana).json["items"] == []
    for path in (
        f"plans/{case.plan}",
        f"templates/{case.template}",
        f"templates/{case.template}/students",
        f"students/{case.student}/plans",
    ):
        assert client.get(f"/plans/v1/{path}", headers=ana).status_code == 404
    assert client.post(f"{case.path}/complete", headers=ana | {"If-Match": '"1"'}).status_code == 404
    other.close()
