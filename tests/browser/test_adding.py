"""Putting students on a plan: from one's own classes, by name, and what is said about those who are on it already."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from tests.browser.conftest import Opened
from tests.browser.screen import Screen, people
from tests.browser.workshop import Workshop


def test_p14_p17_a_teacher_adds_an_own_class_and_adding_it_again_says_who_is_there_already(opened: Opened, workshop: Workshop) -> None:
    template = workshop.template("For my class")
    teacher = workshop.teacher()
    section, students = workshop.section(teacher), workshop.students(teacher)
    screen = opened("teacher", f"/plans/{template['id']}")
    empty = screen.page.get_by_role("tabpanel", name="Students")
    expect(empty.get_by_role("heading", name="No students yet")).to_be_visible()
    screen.button("Add students", empty).click()

    asked = open_class(screen, template["title"], section["title"])
    asked.get_by_role("checkbox", name=f"The whole class ({len(students)})").check()
    screen.button(f"Add {len(students)} students", asked).click()
    expect(screen.told(f"{len(students)} students were added to {template['title']}.")).to_be_visible()
    expect(screen.bar("Overall status")).to_be_visible()
    assert screen.segments("Overall status") == {"Not yet updated": len(students)}
    assert screen.names() == [each["name"] for each in students]

    screen.button("Add students").click()
    asked = open_class(screen, template["title"], section["title"])
    asked.get_by_role("checkbox", name=students[0]["name"]).check()
    screen.button("Add 1 student", asked).click()
    expect(screen.told(f"Nobody new was added to {template['title']}.")).to_be_visible()
    expect(asked).to_contain_text(f"{students[0]['name']}: already on this plan")
    screen.page.keyboard.press("Escape")
    expect(screen.rows()).to_have_count(len(students))


def test_p14_a_teacher_finds_nobody_of_another_school(opened: Opened, workshop: Workshop) -> None:
    template = workshop.template("Not for others")
    stranger = foreign_student(workshop)
    screen = opened("teacher", f"/plans/{template['id']}?add=1")
    asked = screen.dialog(f"Add students to {template['title']}")
    asked.get_by_role("tab", name="By name").click()
    asked.get_by_role("searchbox", name="Student’s name").fill(stranger)
    expect(asked).to_contain_text("No student of yours has that name.")


def test_p15_an_administrator_adds_students_by_name_from_the_row_of_a_template(opened: Opened, workshop: Workshop) -> None:
    template = workshop.template("Chosen by name")
    names = [foreign_student(workshop), workshop.students(workshop.teacher())[0]["name"]]
    screen = opened("districtAdministrator")
    screen.search_field("Search plans").fill(template["title"])
    screen.button(f"Actions for {template['title']}").click()
    screen.page.get_by_role("menuitem", name="Add students").click()
    asked = screen.dialog(f"Add students to {template['title']}")
    asked.get_by_role("tab", name="By name").click()
    for name in names:
        asked.get_by_role("searchbox", name="Student’s name").fill(name)
        asked.get_by_role("checkbox", name=name).first.check()
    screen.button("Add 2 students", asked).click()
    expect(screen.told(f"2 students were added to {template['title']}.")).to_be_visible()
    expect(screen.rows()).to_have_count(2)
    assert set(screen.names()) == set(names)


def open_class(screen: Screen, title: str, section: str) -> Locator:
    asked = screen.dialog(f"Add students to {title}")
    asked.get_by_role("combobox", name="Class").click()
    screen.page.get_by_role("option", name=section).first.click()
    return asked


def foreign_student(workshop: Workshop) -> str:
    """The name of a student at the school where the first teacher does not work."""
    here = people(workshop.house, "teacher")[0].place
    for student in workshop.admin.read("/roster/v1/students")["items"]:
        if student["school"]["name"] != here:
            return student["name"]
    raise AssertionError("there is no other school")
