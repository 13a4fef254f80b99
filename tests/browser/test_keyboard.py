"""Without a mouse: everything is reached, seen where one is, and the focus comes back to where it came from."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Opened
from tests.browser.screen import Look, Screen, people
from tests.browser.workshop import Workshop
from tests.e2e.house import House

MOST = 60
"""So many presses of Tab lead anywhere on a page."""


@pytest.fixture(scope="module")
def template(workshop: Workshop) -> dict[str, Any]:
    """Two of the teacher's students, one of them on the way."""
    template = workshop.template("By keyboard")
    teacher = workshop.teacher()
    students = workshop.students(teacher)[:2]
    workshop.assign(template, teacher, students)
    workshop.update(template, students[0], "overall", 2)
    return template | {"students": students}


def test_p25_signing_in_opening_a_plan_and_recording_an_update_need_only_the_keyboard(
    chromium: Browser, house: House, template: dict[str, Any]
) -> None:
    screen = Screen(chromium, house, Look())
    keys = screen.page.keyboard
    screen.page.goto("/plans")
    screen.heading("Who would you like to be?").wait_for()
    tab_to(screen.page, people(house, "teacher")[0].name)
    keys.press("Enter")
    expect(screen.heading("Plans", 1)).to_be_visible()
    screen.settled()

    keys.press("/")
    expect(screen.search_field("Search plans")).to_be_focused()
    keys.type(template["title"])
    expect(screen.rows()).to_have_count(1)
    tab_to(screen.page, template["title"])
    keys.press("Enter")
    expect(screen.heading(template["title"], 1)).to_be_focused()
    screen.settled()
    expect(screen.rows()).to_have_count(2)
    name = template["students"][1]["name"]
    tab_to(screen.page, name)
    keys.press("Enter")
    expect(screen.heading(name, 1)).to_be_focused()
    tab_to(screen.page, "Overall status")
    keys.press("Enter")
    expect(screen.page.get_by_role("form", name="Record an update of Overall status")).to_be_visible()
    keys.press("Tab")
    keys.press("Space")
    expect(screen.page.get_by_role("radio", name="Needs support")).to_be_checked()
    keys.press("ArrowRight")
    expect(screen.page.get_by_role("radio", name="On the way")).to_be_checked()
    keys.press("Tab")
    expect(screen.field("Note")).to_be_focused()
    keys.type("Typed only.")
    tab_to(screen.page, "Save update")
    keys.press("Enter")
    expect(screen.told("Overall status: the update is saved.")).to_be_visible()
    expect(screen.page.get_by_role("row").filter(has_text="Typed only.")).to_contain_text("On the way")
    assert screen.focused() != "BODY", "the focus is still somewhere"
    assert screen.close() == []


def test_p21_p23_the_segments_of_a_bar_are_one_tab_stop_with_arrow_keys_inside_and_the_focus_comes_back(
    opened: Opened, template: dict[str, Any]
) -> None:
    screen = opened("teacher", f"/plans/{template['id']}/details")
    keys = screen.page.keyboard
    bar = screen.bar("What helps")
    expect(bar).to_be_visible()
    bar.get_by_role("button", name="Not yet updated: 2 of 2, 100%").focus()
    expect(screen.page.get_by_role("tooltip", name=re.compile("Not yet updated: 2 of 2, 100%"))).to_be_visible()
    keys.press("Enter")
    sheet = screen.dialog("What helps: Not yet updated")
    expect(sheet.get_by_role("rowheader")).to_have_count(2)
    assert screen.page.evaluate("() => document.activeElement.closest('[role=dialog]') !== null"), "the focus is in the sheet"
    keys.press("Escape")
    expect(sheet).to_have_count(0)
    expect(bar.get_by_role("button")).to_be_focused()

    screen.go(f"/plans/{template['id']}")
    bar = screen.bar("Overall status")
    expect(bar.get_by_role("button")).not_to_have_count(0)
    first, last = bar.get_by_role("button").first, bar.get_by_role("button").last
    first.focus()
    keys.press("ArrowRight")
    expect(last).to_be_focused()
    keys.press("Home")
    expect(first).to_be_focused()
    keys.press("Tab")
    expect(last).not_to_be_focused()
    keys.press("Shift+Tab")
    keys.press("Enter")
    expect(first).to_have_attribute("aria-pressed", "true")


def test_what_has_the_focus_is_always_seen(opened: Opened, template: dict[str, Any]) -> None:
    screen = opened("districtAdministrator", f"/plans/{template['id']}")
    expect(screen.rows()).to_have_count(2)
    for place in (f"/plans/{template['id']}", f"/plans/{template['id']}/students/{template['students'][0]['id']}?item=overall"):
        screen.go(place)
        stops = walk(screen.page)
        assert len(stops) > 10
        assert [name for name, seen in stops if not seen] == []


def test_a_dialog_takes_the_focus_keeps_it_and_gives_it_back(opened: Opened, template: dict[str, Any]) -> None:
    screen = opened("teacher", f"/plans/{template['id']}")
    keys = screen.page.keyboard
    screen.button("Add students").focus()
    keys.press("Enter")
    asked = screen.dialog(f"Add students to {template['title']}")
    expect(asked).to_be_visible()
    for _ in range(12):
        keys.press("Tab")
        assert screen.page.evaluate("() => document.activeElement.closest('[role=dialog]') !== null")
    keys.press("Escape")
    expect(asked).to_have_count(0)
    expect(screen.button("Add students")).to_be_focused()


def test_shortcuts_are_listed_search_opens_and_the_skip_link_leads_to_the_page(opened: Opened, template: dict[str, Any]) -> None:
    screen = opened("teacher")
    keys = screen.page.keyboard
    keys.press("?")
    shortcuts = screen.dialog("Keyboard shortcuts")
    for words in ("Show these shortcuts", "Search students and plans", "Go to the plans", "Move within a chart"):
        expect(shortcuts).to_contain_text(words)
    keys.press("Escape")
    expect(shortcuts).to_have_count(0)

    keys.press("g")
    keys.press("s")
    expect(screen.heading("Scales", 1)).to_be_focused()
    keys.press("Control+k")
    asked = screen.dialog("Search students and plans")
    expect(asked.get_by_role("searchbox")).to_be_focused()
    keys.type(template["students"][0]["name"])
    expect(asked.get_by_role("link").first).to_contain_text(template["students"][0]["name"])
    keys.press("ArrowDown")
    keys.press("Enter")
    expect(screen.heading(template["students"][0]["name"], 1)).to_be_visible()

    screen.go("/plans")
    keys.press("Tab")
    expect(screen.link("Skip to the content")).to_be_focused()
    keys.press("Enter")
    expect(screen.page.get_by_role("main")).to_be_focused()


NAME = "() => document.activeElement.getAttribute('aria-label') || document.activeElement.innerText || ''"
SEEN = """() => {
    const at = document.activeElement
    const ringed = each => (look => (look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) > 0) || look.boxShadow !== 'none')(getComputedStyle(each))
    return { name: at.getAttribute('aria-label') || at.innerText || at.tagName, seen: ringed(at), body: at === document.body }
}"""


def tab_to(page: Page, name: str) -> None:
    """Presses Tab until what is named so has the focus."""
    for _ in range(MOST):
        page.keyboard.press("Tab")
        if name in page.evaluate(NAME):
            return
    raise AssertionError(f"Tab does not lead to {name}")


def walk(page: Page) -> list[tuple[str, bool]]:
    """Every tab stop of a page with whether one sees that it has the focus."""
    stops: list[tuple[str, bool]] = []
    for _ in range(MOST):
        page.keyboard.press("Tab")
        at = page.evaluate(SEEN)
        if at["body"]:
            break
        stops.append((at["name"].split("\n")[0], at["seen"] or _drawn_otherwise(page)))
    return stops


def _drawn_otherwise(page: Page) -> bool:
    """Whether what has the focus is drawn in another way than without it."""
    at = page.evaluate_handle("() => document.activeElement").as_element()
    assert at
    focused = at.screenshot()
    at.evaluate("each => each.blur()")
    resting = at.screenshot()
    at.focus()
    return focused != resting
