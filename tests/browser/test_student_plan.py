"""One student's plan: what it shows, an update and its history, items that do not apply, and what closing it leaves."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Opened
from tests.browser.screen import Screen
from tests.browser.workshop import Workshop
from tests.e2e.house import Client

Student = dict[str, Any]


@pytest.fixture(scope="module")
def teacher(workshop: Workshop) -> Client:
    return workshop.teacher()


@pytest.fixture(scope="module")
def students(workshop: Workshop, teacher: Client) -> list[Student]:
    return workshop.students(teacher)


@pytest.fixture(scope="module")
def template(workshop: Workshop, teacher: Client, students: list[Student]) -> dict[str, Any]:
    """Every test takes a student of its own, by place."""
    template = workshop.template("One student at a time")
    workshop.assign(template, teacher, students)
    return template


def page_of(template: dict[str, Any], student: Student, item: str = "") -> str:
    ids = {each["title"]: each["id"] for section in template["sections"] for each in section["items"]} | {"overall": "overall"}
    return f"/plans/{template['id']}/students/{student['id']}" + (f"?item={ids[item]}" if item else "")


def form(screen: Screen, item: str) -> Locator:
    return screen.page.get_by_role("form", name=f"Record an update of {item}")


def updates(screen: Screen, item: str) -> Locator:
    """The rows of the table of updates, newest first, without its head."""
    return screen.page.get_by_role("table", name=f"Updates of {item}").get_by_role("row").filter(has=screen.page.get_by_role("cell"))


def shown(day: date) -> str:
    return f"{day:%b} {day.day}, {day.year}"


def test_p24_p25_p26_p28_an_update_has_a_note_and_the_day_when_it_was_true(
    opened: Opened, workshop: Workshop, template: dict[str, Any], students: list[Student]
) -> None:
    screen = opened("teacher", page_of(template, students[0]))
    main = screen.page.get_by_role("main")
    for words in ("Three times a week.", "In the student's own words.", "Not yet updated"):
        expect(main).to_contain_text(words)
    expect(screen.page.get_by_role("heading", level=3)).to_have_text(["Retells", "Fluency", "What helps"])

    day = workshop.today() - timedelta(days=9)
    for value, note, when in ((4, "Before the holidays.", day), (7, "After them.", None), (6, "A tired day.", day + timedelta(days=4))):
        if not form(screen, "Fluency").is_visible():
            screen.button("Fluency").click()
        form(screen, "Fluency").get_by_role("textbox", name="Points").fill(str(value))
        screen.field("Note", form(screen, "Fluency")).fill(note)
        if when:
            screen.field("Date", form(screen, "Fluency")).fill(when.isoformat())
        screen.button("Save update").click()
        expect(screen.told("Fluency: the update is saved.")).to_be_visible()
        expect(updates(screen, "Fluency").filter(has_text=note)).to_contain_text(str(value))
        expect(screen.field("Note", form(screen, "Fluency"))).to_have_value("")
    expect(updates(screen, "Fluency")).to_contain_text(["After them.", "A tired day.", "Before the holidays."])
    expect(updates(screen, "Fluency").last).to_contain_text(shown(day))
    expect(updates(screen, "Fluency").last).to_contain_text("Educator")

    graph = screen.page.get_by_role("group", name="History of Fluency")
    expect(graph.get_by_role("img", name=re.compile("recorded by: Educator"))).to_have_count(3)
    expect(graph.get_by_role("img", name=f"{day:%b} {day.day}: 4, recorded by: Educator")).to_be_visible()
    figure = screen.page.get_by_role("figure").filter(has=graph)
    expect(figure).to_contain_text(re.compile(r"Rising: \+[\d.]+ points a week, from 3 updates \(least squares\)\."))


def test_p29_without_enough_updates_the_reason_stands_in_place_of_the_trend(
    opened: Opened, workshop: Workshop, template: dict[str, Any], students: list[Student]
) -> None:
    for value in (1, 2):
        workshop.update(template, students[1], "Retells", value)
    for value in (3, 4, 5):
        workshop.update(template, students[1], "Fluency", value)
    screen = opened("teacher", page_of(template, students[1], "Retells"))
    main = screen.page.get_by_role("main")
    expect(main).to_contain_text("No trend line yet: it is drawn from three updates on at least two days.")
    screen.button("Fluency").click()
    expect(main).to_contain_text("No trend line: all updates are of one day.")
    expect(screen.page.get_by_role("group", name="History of Fluency").get_by_role("img", name=re.compile("recorded by"))).to_have_count(3)


def test_p25_p26_points_beyond_the_scale_and_days_to_come_are_refused_at_their_field(
    opened: Opened, workshop: Workshop, template: dict[str, Any], students: list[Student]
) -> None:
    screen = opened("teacher", page_of(template, students[2], "Fluency"))
    points, day = (screen.field(label, form(screen, "Fluency")) for label in ("Points", "Date"))
    points.fill("11")
    screen.button("Save update").click()
    expect(screen.page.get_by_role("alert")).to_contain_text("This item does not take that status")
    expect(points).to_have_attribute("aria-invalid", "true")
    expect(points).to_have_value("11")

    points.fill("9")
    day.fill((workshop.today() + timedelta(days=1)).isoformat())
    screen.button("Save update").click()
    assert day.evaluate("field => field.validationMessage") or day.get_attribute("aria-invalid") == "true"
    expect(screen.told("the update is saved")).to_have_count(0)
    day.fill(workshop.today().isoformat())
    screen.button("Save update").click()
    expect(screen.told("Fluency: the update is saved.")).to_be_visible()
    expect(updates(screen, "Fluency")).to_have_count(1)


def test_p27_what_two_people_record_at_once_is_all_there(opened: Opened, template: dict[str, Any], students: list[Student]) -> None:
    place = page_of(template, students[3], "Retells")
    one, other = opened("teacher", place), opened("principal", place)
    for screen, level in ((one, "On the way"), (other, "There")):
        form(screen, "Retells").get_by_role("radio", name=level).check()
    for screen in (one, other):
        screen.button("Save update").click()
        expect(screen.told("Retells: the update is saved.")).to_be_visible()
    expect(updates(other, "Retells")).to_have_count(2)
    expect(updates(other, "Retells").first).to_contain_text("There")
    expect(updates(other, "Retells").last).to_contain_text("On the way")


def test_p18_p19_an_item_that_does_not_apply_leaves_the_counts_and_comes_back_with_its_past(
    opened: Opened, workshop: Workshop, template: dict[str, Any], students: list[Student]
) -> None:
    student = students[4]
    workshop.update(template, student, "Retells", 3)
    screen = opened("teacher", page_of(template, student, "Retells"))
    expect(updates(screen, "Retells")).to_have_count(1)
    screen.button(f"Does not apply to {student['name']}").click()
    expect(screen.told("Retells no longer applies to this student.")).to_be_visible()
    expect(form(screen, "Retells")).to_have_count(0)
    expect(screen.heading("Retells")).to_contain_text("Does not apply")

    screen.link(template["title"]).click()
    screen.tab("Details").click()
    section = screen.page.get_by_role("region", name="Reading")
    expect(section).to_contain_text("Does not apply to 1 student, who is not counted.")
    assert sum(screen.segments("Retells").values()) == len(students) - 1

    screen.go(page_of(template, student, "Retells"))
    screen.button(f"Applies to {student['name']} again").click()
    expect(screen.told("Retells applies again.")).to_be_visible()
    expect(form(screen, "Retells")).to_be_visible()
    expect(updates(screen, "Retells")).to_have_count(1)


def test_p18_hiding_is_taken_back_by_undo_and_not_offered_where_the_template_forbids_it(
    opened: Opened, workshop: Workshop, teacher: Client, template: dict[str, Any], students: list[Student]
) -> None:
    fixed = workshop.template("Nothing to leave out", customisable=False)
    workshop.assign(fixed, teacher, students[:1])
    screen = opened("teacher", page_of(fixed, students[0], "Retells"))
    expect(form(screen, "Retells")).to_be_visible()
    expect(screen.button(f"Does not apply to {students[0]['name']}")).to_have_count(0)

    screen.go(page_of(template, students[5], "Retells"))
    screen.button(f"Does not apply to {students[5]['name']}").click()
    screen.button("Undo").click()
    expect(screen.told("Retells applies again.")).to_be_visible()
    expect(form(screen, "Retells")).to_be_visible()


def test_p34_removing_a_student_without_updates_asks_first_leaves_no_trace_and_can_be_undone(
    opened: Opened, template: dict[str, Any], students: list[Student]
) -> None:
    name = students[6]["name"]
    screen = opened("teacher", f"/plans/{template['id']}")
    screen.button(f"Actions for {name}").click()
    screen.page.get_by_role("menuitem", name="Remove").click()
    asked = screen.dialog(f"Remove {name} from this plan?")
    screen.button("Cancel", asked).click()
    expect(screen.button(f"Actions for {name}")).to_be_focused()

    screen.button(f"Actions for {name}").click()
    screen.page.get_by_role("menuitem", name="Remove").click()
    screen.button("Remove", asked).click()
    expect(screen.told(f"{name} was removed from the plan.")).to_be_visible()
    expect(screen.page.get_by_role("rowheader", name=name)).to_have_count(0)
    screen.button("Undo").click()
    expect(screen.page.get_by_role("rowheader", name=name)).to_be_visible()


def test_p34_p36_removed_with_updates_stays_readable_below_the_others_and_can_be_reactivated(
    opened: Opened, workshop: Workshop, teacher: Client, students: list[Student]
) -> None:
    template = workshop.template("With a past")
    workshop.assign(template, teacher, students[:3])
    student = students[0]
    workshop.update(template, student, "Retells", 2)
    screen = opened("teacher", page_of(template, student))
    screen.button("Remove").click()
    screen.button("Remove", screen.dialog(f"Remove {student['name']} from this plan?")).click()
    expect(screen.page.get_by_role("alert").filter(has_text="This student was removed from the plan")).to_be_visible()
    screen.button("Retells").click()
    expect(updates(screen, "Retells")).to_have_count(1)
    expect(screen.page.get_by_role("form")).to_have_count(0)

    screen.link(template["title"]).click()
    expect(screen.rows()).to_have_count(3)
    expect(screen.rows().last).to_contain_text("Removed")
    expect(screen.rows().last).to_contain_text(student["name"])
    expect(screen.page.get_by_role("region", name="Overall status")).to_contain_text("2 students")

    screen.button(f"Actions for {student['name']}").click()
    screen.page.get_by_role("menuitem", name="Reactivate").click()
    expect(screen.told(f"The plan of {student['name']} is open again.")).to_be_visible()
    expect(screen.page.get_by_role("region", name="Overall status")).to_contain_text("3 students")
    assert screen.names()[0] == student["name"]


def test_p35_p37_a_completed_plan_is_read_only_until_it_is_reactivated(
    opened: Opened, workshop: Workshop, template: dict[str, Any], students: list[Student]
) -> None:
    student = students[7]
    place = page_of(template, student, "Retells")
    late = opened("teacher", place)
    form(late, "Retells").get_by_role("radio", name="There").check()
    late.field("Note", form(late, "Retells")).fill("Written before it was closed.")

    screen = opened("principal", place)
    screen.button("Complete").click()
    expect(screen.told(f"The plan of {student['name']} is completed.")).to_be_visible()
    expect(screen.page.get_by_role("alert").filter(has_text="This plan is completed")).to_be_visible()
    expect(screen.page.get_by_role("form")).to_have_count(0)
    expect(screen.button("Complete")).to_have_count(0)

    late.button("Save update").click()
    expect(late.page.get_by_role("alert").filter(has_text="This plan is closed. Reactivate it to go on.")).to_be_visible()
    expect(late.field("Note", form(late, "Retells"))).to_have_value("Written before it was closed.")

    screen.button("Undo").click()
    expect(screen.told(f"The plan of {student['name']} is open again.")).to_be_visible()
    expect(form(screen, "Retells")).to_be_visible()
    late.button("Save update").click()
    expect(late.told("Retells: the update is saved.")).to_be_visible()
