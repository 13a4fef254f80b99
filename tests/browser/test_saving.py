"""A save is followed by what was saved and nothing older; a lost connection and a reload keep what was typed."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import Opened
from tests.browser.workshop import Workshop


@pytest.fixture
def plan(workshop: Workshop) -> dict[str, Any]:
    """A template with one student of the teacher's, and where the overall status is updated."""
    template = workshop.template("Saved at once")
    teacher = workshop.teacher()
    student = workshop.students(teacher)[0]
    workshop.assign(template, teacher, [student])
    place = f"/plans/{template['id']}/students/{student['id']}?item=overall"
    return {"template": template, "student": student, "place": place, "id": f"{template['id']}.{student['id']}"}


def test_after_a_save_no_page_shows_what_it_showed_before(opened: Opened, plan: dict[str, Any]) -> None:
    screen = opened("teacher", f"/plans/{plan['template']['id']}")
    expect(screen.bar("Overall status").get_by_role("button", name="Not yet updated: 1 of 1, 100%")).to_be_visible()
    screen.link(plan["student"]["name"]).click()
    expect(screen.heading(plan["student"]["name"], 1)).to_be_visible()
    screen.button("Overall status").click()
    screen.page.get_by_role("radio", name="There").check()
    screen.button("Save update").click()
    expect(screen.told("the update is saved")).to_be_visible()

    # The answers to the next page's questions are held back: nothing from before the save may stand there meanwhile.
    held: list[Route] | None = []

    def hold(route: Route) -> None:
        if held is None:
            route.continue_()
        else:
            held.append(route)

    screen.page.route(re.compile(r"/reporting/v1/|/plans/v1/templates/[^/]+/students"), hold)
    screen.link(plan["template"]["title"]).click()
    screen.tab("Details").wait_for()
    screen.page.wait_for_timeout(700)
    row = screen.page.get_by_role("row").filter(has=screen.link(plan["student"]["name"]))
    assert held
    expect(screen.page.get_by_role("button", name="Not yet updated: 1 of 1, 100%")).to_have_count(0, timeout=1)
    expect(row.filter(has_text="Not yet updated")).to_have_count(0, timeout=1)
    late, held = held, None
    for route in late:
        route.continue_()
    expect(screen.page.get_by_role("button", name="There: 1 of 1, 100%")).to_be_visible()
    expect(row).to_contain_text("There")


def test_a_lost_connection_keeps_what_was_typed_and_the_next_save_records_it_once(
    opened: Opened, plan: dict[str, Any], workshop: Workshop
) -> None:
    screen = opened("teacher", plan["place"])
    screen.page.get_by_role("radio", name="On the way").check()
    screen.field("Note").fill("Typed in the gym, far from any signal.")
    screen.context.set_offline(True)
    screen.button("Save update").click()
    expect(screen.page.get_by_role("alert").filter(has_text="There is no connection. What you typed is kept")).to_be_visible()
    expect(screen.field("Note")).to_have_value("Typed in the gym, far from any signal.")
    screen.context.set_offline(False)
    screen.page.reload()
    expect(screen.field("Note")).to_have_value("Typed in the gym, far from any signal.")
    expect(screen.page.get_by_text("This is what you had typed and not yet saved.")).to_be_visible()
    expect(screen.page.get_by_role("radio", name="On the way")).to_be_checked()
    screen.button("Save update").click()
    expect(screen.told("the update is saved")).to_be_visible()
    assert len(recorded(workshop, plan)) == 1


def test_a_save_whose_answer_is_lost_is_recorded_once(opened: Opened, plan: dict[str, Any], workshop: Workshop) -> None:
    screen = opened("teacher", plan["place"])
    lost: list[str] = []

    def lose_the_first_answer(route: Route) -> None:
        if lost:
            route.continue_()
        else:
            lost.append(route.request.headers["idempotency-key"])
            route.fetch()
            route.abort()

    screen.page.route("**/updates", lose_the_first_answer)
    screen.page.get_by_role("radio", name="There").check()
    screen.button("Save update").click()
    expect(screen.told("the update is saved")).to_be_visible()
    assert lost
    assert len(recorded(workshop, plan)) == 1


def test_a_failing_service_is_told_with_what_to_do_and_asked_again(opened: Opened, plan: dict[str, Any]) -> None:
    screen = opened("teacher")
    screen.page.route("**/plans/v1/templates/*/students*", lambda route: route.fulfill(status=503, body="down"))
    screen.page.goto(f"/plans/{plan['template']['id']}")
    expect(screen.page.get_by_role("alert").filter(has_text="This could not be loaded")).to_be_visible()
    expect(screen.bar("Overall status")).to_be_visible()
    screen.page.unroute_all()
    screen.button("Try again").click()
    expect(screen.page.get_by_role("rowheader", name=plan["student"]["name"])).to_be_visible()


def recorded(workshop: Workshop, plan: dict[str, Any]) -> list[Any]:
    return workshop.admin.one(f"/plans/v1/plans/{plan['id']}")["items"]["overall"]["updates"]


def test_a_save_that_cannot_be_shown_yet_is_said_to_be_kept(opened: Opened, plan: dict[str, Any]) -> None:
    def aside(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, headers={**answer.headers, "Waymark-Parked": "histories"})

    screen = opened("teacher", plan["place"])
    told = screen.told("Your change is saved, but not shown yet")
    expect(told).to_have_count(0)
    screen.page.route(re.compile(r"/reporting/v1/.*after="), aside)
    screen.page.get_by_role("radio", name="There").check()
    screen.button("Save update").click()
    expect(told).to_contain_text("there is nothing to type again")
    screen.button("Dismiss", told).click()
    expect(told).to_have_count(0)
