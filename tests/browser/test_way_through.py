"""The plain way of a teacher between two lessons: sign in, open a plan, open a student, record an update, see the bar move."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import Opened
from tests.browser.workshop import Workshop


def test_p21_p25_a_teacher_signs_in_records_an_update_and_sees_the_bar_move(opened: Opened, workshop: Workshop) -> None:
    template = workshop.template("Morning reading")
    teacher = workshop.teacher()
    students = workshop.students(teacher)[:3]
    workshop.assign(template, teacher, students)
    name = students[0]["name"]

    screen = opened("teacher")
    screen.link(template["title"]).click()
    expect(screen.heading(template["title"], 1)).to_be_visible()
    expect(screen.bar("Overall status")).to_be_visible()
    assert screen.segments("Overall status") == {"Not yet updated": 3}

    screen.link(name).click()
    expect(screen.heading(name, 1)).to_be_visible()
    screen.button("Overall status").click()
    form = screen.page.get_by_role("form", name="Record an update of Overall status")
    form.get_by_role("radio", name="On the way").check()
    form.get_by_role("textbox", name="Note").fill("Read a whole page alone.")
    screen.button("Save update", form).click()
    expect(screen.told("Overall status: the update is saved.")).to_be_visible()
    updates = screen.page.get_by_role("table", name="Updates of Overall status")
    expect(updates.get_by_role("row").filter(has_text="Read a whole page alone.")).to_contain_text("On the way")

    screen.link(template["title"]).click()
    expect(screen.bar("Overall status").get_by_role("button", name="On the way: 1 of 3, 33.3%")).to_be_visible()
    assert screen.segments("Overall status") == {"On the way": 1, "Not yet updated": 2}
    expect(screen.page.get_by_role("row").filter(has=screen.link(name))).to_contain_text("On the way")
