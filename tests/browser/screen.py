"""One person before one screen. Everything is found by role and label, so that what a test can find, a screen reader can."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect

from tests.e2e.house import House

DESKTOP, PHONE = (1366, 768), (390, 844)
EXPECTED = ("Failed to load resource",)
"""What Chromium itself says on the console about an answer of 4xx or a lost line: the tests about these look at the page."""

AT_REST = """async () => {
    await new Promise(next => requestAnimationFrame(() => requestAnimationFrame(next)))
    await Promise.all(document.getAnimations().map(each => each.finished.catch(() => undefined)))
}"""


@dataclass(frozen=True)
class Look:
    """How a person has set the application up. `zoom` 2 is the browser's 200 %."""

    theme: Literal["light", "dark"] = "light"
    direction: Literal["ltr", "rtl"] = "ltr"
    language: Literal["en", "en-XA"] = "en"
    size: tuple[int, int] = DESKTOP
    zoom: int = 1

    def __str__(self) -> str:
        return "-".join([self.theme, self.direction, self.language, f"{self.size[0]}", f"{self.zoom}00%"])


class Person:
    """One of the demo people whom the sign-in page offers."""

    def __init__(self, of: dict[str, Any]) -> None:
        self.sub, self.name, self.role, self.place = of["sub"], of["name"], of["role"], of["place"]


def people(house: House, role: str) -> list[Person]:
    offered = json.loads((house.folder / "people.json").read_text())
    return [Person(one) for one in offered if one["role"] == role]


class Screen:
    """A browser window of its own, with what it complained about."""

    def __init__(self, browser: Browser, house: House, look: Look) -> None:
        self.house, self.look = house, look
        width, height = (length // look.zoom for length in look.size)
        self.context = browser.new_context(
            base_url=house.address,
            viewport={"width": width, "height": height},
            device_scale_factor=look.zoom,
            color_scheme=look.theme,
            locale="en-US",
            reduced_motion="reduce",
            accept_downloads=True,
        )
        self.page: Page = self.context.new_page()
        self._faults: list[str] = []
        self.page.on("pageerror", lambda error: self._faults.append(str(error)))
        self.page.on("console", self._heard)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(EXPECTED):
            self._faults.append(message.text)

    def close(self) -> list[str]:
        """What broke while it was open."""
        self.context.close()
        return self._faults

    def sign_in(self, role: str, at: str = "/plans", person: int = 0) -> Person:
        """Asks for the page, chooses a person on the sign-in page, and is back on the very page."""
        who = people(self.house, role)[person]
        self.page.goto(at)
        self.page.get_by_role("heading", name="Who would you like to be?").wait_for()
        self.page.get_by_role("button", name=who.name).click()
        self.button(who.name).wait_for()
        if self.look.language != "en" or self.look.direction != "ltr":
            self._set_up(who.name)
        self.settled()
        return who

    def _set_up(self, name: str) -> None:
        self.button(name).click()
        if self.look.direction == "rtl":
            self.page.get_by_role("menu").get_by_text("Right to left").click()
        if self.look.language == "en-XA":
            self.page.get_by_role("menu").get_by_text("Ƥšéüðö").click()
        self.page.keyboard.press("Escape")
        expect(self.page.get_by_role("menu")).to_have_count(0)

    def go(self, at: str) -> None:
        self.page.goto(at)
        self.settled()

    def settled(self) -> None:
        """The page has its heading, and nothing is being waited for."""
        self.page.get_by_role("heading", level=1).first.wait_for()
        expect(self.page.get_by_role("status", name="Loading")).to_have_count(0)

    def at_rest(self) -> None:
        """Whatever was drawn anew is drawn: a colour that is still changing belongs to no theme."""
        self.page.evaluate(AT_REST)

    # What people name when they say where they click.

    def button(self, name: str, within: Locator | None = None) -> Locator:
        return (within or self.page).get_by_role("button", name=name, exact=True)

    def link(self, name: str) -> Locator:
        return self.page.get_by_role("link", name=name, exact=True)

    def tab(self, name: str) -> Locator:
        return self.page.get_by_role("tab", name=name, exact=True)

    def heading(self, name: str, level: int | None = None) -> Locator:
        if level is None:
            return self.page.get_by_role("heading", name=name)
        return self.page.get_by_role("heading", name=name, level=level)

    def field(self, label: str, within: Locator | None = None) -> Locator:
        return (within or self.page).get_by_role("textbox", name=label)

    def search_field(self, label: str) -> Locator:
        return self.page.get_by_role("searchbox", name=label)

    def bar(self, name: str) -> Locator:
        """A bar whose segments can be chosen."""
        return self.page.get_by_role("toolbar", name=name, exact=True)

    def segments(self, name: str) -> dict[str, int]:
        """What a bar says: students by level."""
        said = self.bar(name).get_by_role("button").evaluate_all("all => all.map(one => one.getAttribute('aria-label'))")
        levels = {}
        for label in said:
            level, counted = label.rsplit(": ", 1)
            levels[level] = int(counted.split(" of ")[0])
        return levels

    def dialog(self, name: str) -> Locator:
        return self.page.get_by_role("dialog", name=name)

    def told(self, words: str) -> Locator:
        """A result that is said aloud."""
        return self.page.get_by_role("status").filter(has_text=words)

    def rows(self) -> Locator:
        """The body rows of the one table on the page: those with a row heading."""
        return self.page.get_by_role("row").filter(has=self.page.get_by_role("rowheader"))

    def names(self) -> list[str]:
        return [text.split("\n")[0].strip() for text in self.page.get_by_role("rowheader").all_inner_texts()]

    def focused(self) -> str:
        """The accessible name, or the text, of what has the focus."""
        return self.page.evaluate(
            "() => { const at = document.activeElement; return at.getAttribute('aria-label') || at.labels?.[0]?.innerText || at.innerText || at.tagName }"
        )
