"""axe-core on every page: light, dark, right to left, at 200 %; and nothing wider than a narrow page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.axe import violations
from tests.browser.pages import PLACES, ROLE, Place, Scene, scene
from tests.browser.screen import DESKTOP, Look, Screen
from tests.e2e.house import House

ZOOMED = (DESKTOP[0] // 2, DESKTOP[1] // 2)
NARROW = (320, 640)
"""WCAG 1.4.10: what 1280 pixels at 400 % leave."""


@pytest.fixture(scope="module")
def at(house: House) -> Scene:
    return scene(house)


@pytest.fixture(scope="module", params=["ltr", "rtl"])
def screen(request: pytest.FixtureRequest, chromium: Browser, house: House) -> Iterator[Screen]:
    """One sign-in for all pages: what is asked here is how each looks, not how one comes there."""
    screen = Screen(chromium, house, Look(direction=request.param))
    screen.sign_in(ROLE)
    yield screen
    faults = screen.close()
    assert not faults, faults


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_every_page_passes_axe_in_light_dark_right_to_left_and_at_200_percent(screen: Screen, at: Scene, place: Place) -> None:
    page = screen.page
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
    place.show(screen, at)
    found = [f"light: {line}" for line in violations(screen)]
    if screen.look.direction == "ltr":
        page.emulate_media(color_scheme="dark")
        found += [f"dark: {line}" for line in violations(screen)]
        page.set_viewport_size({"width": ZOOMED[0], "height": ZOOMED[1]})
        found += [f"200 %: {line}" for line in violations(screen)]
    assert not found, "\n".join(found)
    page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    # Charts are drawn anew when their observers have told them the width.
    page.wait_for_function("() => document.documentElement.scrollWidth <= document.documentElement.clientWidth", timeout=3000)


def test_the_sign_in_page_passes_axe(chromium: Browser, house: House) -> None:
    screen = Screen(chromium, house, Look())
    screen.page.goto("/plans")
    screen.heading("Who would you like to be?").wait_for()
    assert violations(screen) == []
    screen.page.emulate_media(color_scheme="dark")
    assert violations(screen) == []
    assert screen.close() == []
