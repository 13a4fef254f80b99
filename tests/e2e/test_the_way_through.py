"""From a district's roster file to the bar chart, as a district would go it: import, publish, assign, update, see."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest

from tests.e2e.conftest import PLAN
from tests.e2e.house import Client, await_folded
from tests.e2e.people import People
from waymark.tools.district import generate

LEVELS = [("Needs support", "Needs", "#b3261e"), ("On the way", "On way", "#e8a33d"), ("There", "There", "#1e7d4f")]


@pytest.fixture(scope="module")
def template(admin: Client) -> dict[str, Any]:
    """A published template with an item of each kind."""
    levels = [{"label": label, "short": short, "colour": colour} for label, short, colour in LEVELS]
    progress = admin.do("POST", "/plans/v1/scales", {"title": "Progress", "kind": "levels", "levels": levels})
    words = admin.do("POST", "/plans/v1/scales", {"title": "Words a minute", "kind": "points", "minimum": 0, "maximum": 200})
    draft = admin.write(
        "POST",
        "/plans/v1/templates",
        {
            "title": "Reading together",
            "description": "<p>Three times a <strong>week</strong>.</p>",
            "overall": progress["id"],
            "customisable": True,
            "sections": [
                {
                    "title": "Reading",
                    "items": [
                        {"title": "Fluency", "guidance": "One minute.", "scale": words["id"]},
                        {"title": "Retells", "guidance": "", "scale": progress["id"]},
                        {"title": "What helps", "guidance": "", "scale": None},
                    ],
                }
            ],
        },
    )
    assert draft.status_code == 201, draft.text
    published = admin.do("POST", f"/plans/v1/templates/{draft.json()['id']}/publish", {}, etag=draft.headers["ETag"])
    assert published["status"] == "published"
    return published


@pytest.fixture(scope="module")
def teacher(people: People) -> Client:
    return people.as_user(people.teacher_and_class()[0])


@pytest.fixture(scope="module")
def plans(teacher: Client, people: People, template: dict[str, Any]) -> list[str]:
    """The plans of a class that its teacher assigned, in the order of the students list."""
    _, section = people.teacher_and_class()
    sections = teacher.read("/roster/v1/sections")["items"]
    own = next(each for each in sections if each["students"] == len(people.students_of(section)))
    answer = teacher.do("POST", f"/plans/v1/templates/{template['id']}/students", {"sections": [own["id"]]})
    assert {each["outcome"] for each in answer["results"]} == {"assigned"}
    again = teacher.do("POST", f"/plans/v1/templates/{template['id']}/students", {"sections": [own["id"]]})
    assert {each["outcome"] for each in again["results"]} == {"already-in-plan"}  # P17
    listed = teacher.read(f"/plans/v1/templates/{template['id']}/students", limit=200)["items"]
    assert len(listed) == own["students"]
    families = [each["student"]["family_name"].casefold() for each in listed]
    assert len(families) == len(set(zip(families, (each["plan"] for each in listed), strict=True)))
    return [each["plan"] for each in listed]


def items(template: dict[str, Any]) -> list[str]:
    return [item["id"] for section in template["sections"] for item in section["items"]]


def bars(client: Client, template: dict[str, Any], **filters: Any) -> dict[str, Any]:
    return client.read(f"/reporting/v1/templates/{template['id']}/bars", **filters)


def counts(bar: dict[str, Any]) -> list[int]:
    return [segment["count"] for segment in bar["segments"]]


def test_p13_the_landing_page_lists_the_template_with_its_bar(teacher: Client, template: dict[str, Any], plans: list[str]) -> None:
    row = next(each for each in teacher.read("/plans/v1/templates", status="published")["items"] if each["id"] == template["id"])
    assert (row["title"], row["students"]) == ("Reading together", len(plans))
    bar = next(each for each in teacher.read("/reporting/v1/bars")["items"] if each["template"]["id"] == template["id"])
    assert bar["bar"]["n"] == len(plans)


def test_p21_an_update_moves_the_bar_and_the_wait_is_short(
    teacher: Client, template: dict[str, Any], plans: list[str], waits: list[float]
) -> None:
    before = bars(teacher, template)["overall"]
    assert before["n"] == before["not_yet"]["count"] + sum(counts(before))
    for step, plan in enumerate(plans[:12]):
        begun = time.monotonic()
        code = step % 3 + 1
        saved = teacher.write("POST", f"/plans/v1/plans/{plan}/items/overall/updates", {"value": code})
        assert saved.status_code == 201, saved.text
        while True:
            shown = bars(teacher, template)
            if sum(counts(shown["overall"])) == step + 1:
                break
            assert time.monotonic() - begun < 10, shown
        waits.append(time.monotonic() - begun)
    after = bars(teacher, template)["overall"]
    assert counts(after) == [4, 4, 4]
    assert after["not_yet"]["count"] == len(plans) - 12
    assert abs(sum(each["percent"] for each in [*after["segments"], after["not_yet"]]) - 100) < 0.01


def test_p23_a_segment_lists_its_students_and_reach_is_the_callers(
    teacher: Client, people: People, template: dict[str, Any], plans: list[str]
) -> None:
    behind = teacher.read(f"/reporting/v1/templates/{template['id']}/items/overall/students", segment="2", limit=200)["items"]
    assert {each["plan"] for each in behind} == {plan for step, plan in enumerate(plans[:12]) if step % 3 == 1}
    stranger = next(
        sub
        for sub in people.with_role("teacher")
        if not {s for c in sections_of(people, sub) for s in people.students_of(c)} & class_of(people)
    )
    other = people.as_user(stranger)
    assert bars(other, template)["overall"]["n"] == 0
    assert other.get(f"/plans/v1/plans/{plans[0]}").status_code == 404


def sections_of(people: People, teacher: str) -> list[str]:
    return [row["classSourcedId"] for row in people.enrolments if row["userSourcedId"] == teacher and row["role"] == "teacher"]


def class_of(people: People) -> set[str]:
    return set(people.students_of(people.teacher_and_class()[1]))


def test_p28_p29_history_gives_every_update_and_a_trend(teacher: Client, template: dict[str, Any], plans: list[str]) -> None:
    fluency, today = items(template)[0], datetime.now(UTC).date()
    for weeks, words in ((6, 40), (4, 52), (2, 60), (0, 71)):
        effective = (today - timedelta(weeks=weeks)).isoformat()
        body = {"value": words, "note": "Read aloud.", "effective": effective}
        assert teacher.write("POST", f"/plans/v1/plans/{plans[0]}/items/{fluency}/updates", body).status_code == 201
    plan = teacher.one(f"/plans/v1/plans/{plans[0]}")
    assert [each["value"] for each in plan["items"][fluency]["updates"]] == [71, 60, 52, 40]
    assert plan["items"][fluency]["current"]["note"] == "Read aloud."
    history = teacher.read(f"/reporting/v1/plans/{plans[0]}/items/{fluency}/history")
    assert len(history["points"]) == 4
    assert history["trend"]["n"] == 4
    assert 4.9 < history["trend"]["slope_per_week"] < 5.3
    shown = next(item for section in bars(teacher, template)["sections"] for item in section["items"] if item["item"] == fluency)
    assert (shown["kind"], shown["answered"], shown["mean"]) == ("points", 1, 71)
    then = bars(teacher, template, as_of=(today - timedelta(weeks=4)).isoformat())
    assert then["n"] == 0  # the plan itself began today: as of then it was not open


def test_p19_a_hidden_item_leaves_the_denominator_and_returns(teacher: Client, template: dict[str, Any], plans: list[str]) -> None:
    fluency = items(template)[0]

    def bar() -> dict[str, Any]:
        return next(item for section in bars(teacher, template)["sections"] for item in section["items"] if item["item"] == fluency)

    n = bar()["n"]
    teacher.do("PUT", f"/plans/v1/plans/{plans[0]}/items/{fluency}/hidden")
    assert (bar()["n"], bar()["hidden"], bar()["answered"]) == (n - 1, 1, 0)
    teacher.do("DELETE", f"/plans/v1/plans/{plans[0]}/items/{fluency}/hidden")
    assert (bar()["n"], bar()["hidden"], bar()["answered"]) == (n, 0, 1)


def test_p34_p35_p36_p37_closing_and_reactivating(teacher: Client, template: dict[str, Any], plans: list[str]) -> None:
    n = bars(teacher, template)["overall"]["n"]
    opened = teacher.get(f"/plans/v1/plans/{plans[0]}")
    assert teacher.write("POST", f"/plans/v1/plans/{plans[0]}/complete", {}).status_code == 428
    teacher.do("POST", f"/plans/v1/plans/{plans[0]}/complete", {}, etag=opened.headers["ETag"])
    assert bars(teacher, template)["overall"]["n"] == n - 1
    refused = teacher.write("POST", f"/plans/v1/plans/{plans[0]}/items/overall/updates", {"value": 1})
    assert (refused.status_code, refused.json()["code"]) == (409, "plan-closed")
    stale = teacher.write("POST", f"/plans/v1/plans/{plans[0]}/reactivate", {}, etag=opened.headers["ETag"])
    assert stale.status_code == 412
    teacher.do("POST", f"/plans/v1/plans/{plans[0]}/reactivate", {}, etag=teacher.get(f"/plans/v1/plans/{plans[0]}").headers["ETag"])
    assert bars(teacher, template)["overall"]["n"] == n
    empty = plans[-1]
    removed = teacher.do("POST", f"/plans/v1/plans/{empty}/remove", {}, etag=teacher.get(f"/plans/v1/plans/{empty}").headers["ETag"])
    assert removed["status"] == "removed"
    assert empty not in [each["plan"] for each in teacher.read(f"/plans/v1/templates/{template['id']}/students", limit=200)["items"]]


def test_p30_the_list_downloads_as_csv(teacher: Client, template: dict[str, Any]) -> None:
    answer = teacher.get(f"/reporting/v1/templates/{template['id']}/students.csv")
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert len(answer.text.splitlines()) > 10


def test_a_lost_answer_repeated_with_its_key_is_the_same_write(teacher: Client, template: dict[str, Any], plans: list[str]) -> None:
    path = f"/plans/v1/plans/{plans[1]}/items/overall/updates"
    first = teacher.write("POST", path, {"value": 3, "note": "Once."}, key="the-same-key")
    again = teacher.write("POST", path, {"value": 3, "note": "Once."}, key="the-same-key")
    other = teacher.write("POST", path, {"value": 2}, key="the-same-key")
    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 422)
    assert first.headers["Waymark-Position"] == again.headers["Waymark-Position"]
    notes = [each["note"] for each in teacher.one(f"/plans/v1/plans/{plans[1]}")["items"]["overall"]["updates"]]
    assert notes.count("Once.") == 1


def test_the_same_package_again_records_nothing_and_one_more_enrolment_is_one_event(people: People, package: bytes, admin: Client) -> None:
    first = admin.import_package(package)
    again = admin.import_package(package)
    assert (again["id"], again["status"]) == (first["id"], "completed")
    changed = BytesIO()
    generate(changed, PLAN, variant="one-enrolment")
    state = admin.import_package(changed.getvalue())
    assert state["id"] != first["id"]
    assert state["recorded"] == {"roster.enrolment-started.v1": 1}
    await_folded(admin)
