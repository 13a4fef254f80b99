"""axe-core on every page: light, dark, right to left, at 200 %; and nothing wider than a narrow page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser

from tests.browser.axe import violations
from tests.browser.pages import PLACES, ROLE, Place, Scene, scene
from tests.browser.screen import DESKTOP, Look, Screen
from tests.e2e.house import House

ZOOMED = (DESKTOP[0] // 2, DESKTOP[1] // 2)
NARROW = (320, 640)
"""WCAG 1.4.10: what 1280 pixels at 400 % leave."""
Reading = Callable[[Literal["ltr", "rtl"]], Screen]


@pytest.fixture(scope="module")
def at(house: House) -> Scene:
    return scene(house)


@pytest.fixture(scope="module")
def screens(chromium: Browser, house: House) -> Iterator[Reading]:
    """One sign-in a reading direction for all pages: what is asked here is how each looks, not how one comes there."""
    opened: dict[str, Screen] = {}

    def reading(direction: Literal["ltr", "rtl"]) -> Screen:
        if direction not in opened:
            opened[direction] = Screen(chromium, house, Look(direction=direction))
            opened[direction].sign_in(ROLE)
        return opened[direction]

    yield reading
    assert [fault for screen in opened.values() for fault in screen.close()] == []


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_every_page_and_dialog_passes_axe_in_light_in_dark_and_at_200_percent(screens: Reading, at: Scene, place: Place) -> None:
    screen = screens("ltr")
    page = screen.page
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
    place.show(screen, at)
    found = [f"light: {line}" for line in violations(screen)]
    page.emulate_media(color_scheme="dark")
    found += [f"dark: {line}" for line in violations(screen)]
    page.set_viewport_size({"width": ZOOMED[0], "height": ZOOMED[1]})
    found += [f"200 %: {line}" for line in violations(screen)]
    assert not found, "\n".join(found)
    fits_a_narrow_page(screen)


@pytest.mark.parametrize("place", [place for place in PLACES if not place.over], ids=lambda place: place.name)
def test_every_page_passes_axe_right_to_left(screens: Reading, at: Scene, place: Place) -> None:
    screen = screens("rtl")
    screen.page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
    place.show(screen, at)
    found = violations(screen)
    assert not found, "\n".join(found)
    fits_a_narrow_page(screen)


def fits_a_narrow_page(screen: Screen) -> None:
    """Nothing scrolls sideways but what has a frame of its own. Charts are drawn anew when they are told the width."""
    screen.page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    screen.page.wait_for_function("() => document.documentElement.scrollWidth <= document.documentElement.clientWidth", timeout=3000)


def test_the_sign_in_page_passes_axe(chromium: Browser, house: House) -> None:
    screen = Screen(chromium, house, Look())
    screen.page.goto("/plans")
    screen.heading("Who would you like to be?").wait_for()
    assert violations(screen) == []
    screen.page.emulate_media(color_scheme="dark")
    assert violations(screen) == []
    assert screen.close() == []
