"""The person's own switches: colours, reading direction, language. They hold over a reload, and every text follows."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.conftest import Opened
from tests.browser.screen import PHONE, Look, people
from tests.e2e.house import House

SCHEME = "() => getComputedStyle(document.documentElement).colorScheme"


def test_colours_and_direction_follow_the_persons_switch_and_stay(opened: Opened, house: House) -> None:
    screen = opened("principal", "/plans/reading")
    screen.button(people(house, "principal")[0].name).click()
    menu = screen.page.get_by_role("menu")
    expect(menu.get_by_role("menuitemradio", name="As this device")).to_be_checked()
    menu.get_by_role("menuitemradio", name="Dark").click()
    menu.get_by_role("menuitemradio", name="Right to left").click()
    expect(menu.get_by_role("menuitemradio", name="Right to left")).to_be_checked()
    screen.page.keyboard.press("Escape")
    for _ in range(2):
        expect(screen.bar("Overall status")).to_be_visible()
        assert screen.page.evaluate(SCHEME) == "dark"
        parts = screen.bar("Overall status").get_by_role("button").all()
        places = [box["x"] for box in (part.bounding_box() for part in parts) if box]
        assert len(places) > 2
        assert places == sorted(places, reverse=True), "the scale begins at the right"
        screen.page.reload()


def test_no_text_of_the_application_is_left_behind_in_another_language(opened: Opened) -> None:
    screen = opened("principal", "/plans/new", Look(language="en-XA"))
    assert screen.page.evaluate("() => document.documentElement.lang") == "en-XA"
    for place in ("/plans/new", "/plans?search=zzz", "/nowhere"):
        screen.go(place)
        said = screen.page.get_by_role("main").aria_snapshot() + screen.page.get_by_role("navigation").aria_snapshot()
        texts = re.findall(r'"([^"]+)"|(?:text|paragraph|status): "?([^"\n]+)', said)
        english = [text for pair in texts for text in pair if re.match(r"[A-Za-z]{3}", text)]
        assert english == []


def test_what_is_done_on_a_phone_fits_its_width_and_needs_no_hover(opened: Opened, house: House) -> None:
    screen = opened("teacher", "/plans/reading", Look(size=PHONE))
    row = screen.page.get_by_role("rowheader").first
    expect(row).to_be_in_viewport()
    name = row.inner_text()
    row.get_by_role("link").click()
    expect(screen.heading(name, 1)).to_be_visible()
    screen.button("Overall status").click()
    form = screen.page.get_by_role("form", name="Record an update of Overall status")
    form.get_by_role("radio", name="On track").check()
    screen.button("Save update", form).scroll_into_view_if_needed()
    box, navigation = screen.button("Save update", form).bounding_box(), screen.page.get_by_role("navigation", name="Main").bounding_box()
    assert box
    assert navigation
    assert 0 <= box["x"] < box["x"] + box["width"] <= PHONE[0]
    assert navigation["y"] > PHONE[1] / 2, "the rail is a bar at the bottom"
    assert box["y"] + box["height"] <= navigation["y"], "the bar covers nothing that is being used"
