"""Every page and dialog of the application, with the steps that lead to it: what axe reads and what the screenshots show.

The steps name nothing in words, so that they lead there in every language.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, expect

from tests.browser.screen import Screen, people
from tests.e2e.house import House

ROLE = "principal"
"""Who walks through them: a principal writes templates, and has students of every kind."""


@dataclass(frozen=True)
class Scene:
    """Where in the demo district the pages are: ids of templates that the demo names itself, and of two students on the first."""

    open: str
    completed: str
    fluency: str
    wishes: str


def scene(house: House) -> Scene:
    client = house.client(people(house, ROLE)[0].sub)
    students = client.read("/plans/v1/templates/reading/students", limit=100)["items"]
    items = {item["title"]: item["id"] for section in client.one("/plans/v1/templates/reading")["sections"] for item in section["items"]}
    chosen: dict[str, str] = {}
    for student in students:
        plan = client.one(f"/plans/v1/plans/{student['plan']}")["items"]
        well_known = all(len(plan.get(item, {}).get("updates", [])) > 3 for item in ("overall", items["Oral reading fluency"]))
        if student["status"] == "completed" or (student["status"] == "open" and well_known):
            chosen.setdefault(student["status"], student["student"]["id"])
    return Scene(chosen["open"], chosen["completed"], items["Oral reading fluency"], items["What helps this reader"])


Step = Callable[[Screen], Any]


@dataclass(frozen=True)
class Place:
    """A page's name, its address (with the scene's ids), and what is done there to see it as meant."""

    name: str
    address: str
    then: Step | None = None
    over: bool = False
    """Whether what is meant lies over another page of these, as a dialog or a menu."""

    def show(self, screen: Screen, at: Scene) -> None:
        screen.go(self.address.format(scene=at))
        if self.then:
            self.then(screen)
        screen.settled()


def _first(screen: Screen, role: Any) -> Locator:
    return screen.page.get_by_role("main").get_by_role(role).first


def _dialog(screen: Screen) -> Locator:
    dialog = screen.page.get_by_role("dialog")
    dialog.wait_for()
    return dialog


def _segment(screen: Screen) -> None:
    screen.page.get_by_role("toolbar").nth(1).get_by_role("button").last.click()
    _dialog(screen).get_by_role("row").first.wait_for()


def _class(screen: Screen) -> None:
    _dialog(screen).get_by_role("combobox").click()
    screen.page.get_by_role("option").nth(1).click()
    expect(_dialog(screen).get_by_role("checkbox").nth(1)).to_be_visible()
    _dialog(screen).get_by_role("checkbox").nth(1).check()


def _graph(screen: Screen) -> None:
    screen.page.get_by_role("figure").get_by_role("group").wait_for()
    _settled_graph(screen)


def _settled_graph(screen: Screen) -> None:
    """The line-chart library draws once it knows its width."""
    screen.page.get_by_role("figure").get_by_role("img").nth(2).wait_for()


def _as_table(screen: Screen) -> None:
    screen.page.get_by_role("figure").first.get_by_role("button").nth(-2).click()


def _search(screen: Screen) -> None:
    screen.page.keyboard.press("Control+k")
    _dialog(screen).get_by_role("searchbox").fill("re")
    _dialog(screen).get_by_role("link").first.wait_for()


def _shortcuts(screen: Screen) -> None:
    screen.page.keyboard.press("?")
    _dialog(screen).get_by_role("row").first.wait_for()


def _person(screen: Screen) -> None:
    screen.page.get_by_role("banner").get_by_role("button").last.click()
    screen.page.get_by_role("menu").wait_for()


def _row_menu(screen: Screen) -> None:
    screen.page.get_by_role("row").get_by_role("cell").get_by_role("button").first.click()
    screen.page.get_by_role("menu").wait_for()


def _remove(screen: Screen) -> None:
    screen.page.get_by_role("main").get_by_role("button").nth(1).click()
    _dialog(screen)


def _publish(screen: Screen) -> None:
    screen.page.get_by_role("main").get_by_role("button").nth(1).click()
    _dialog(screen)


def _new_scale(screen: Screen) -> None:
    _first(screen, "button").click()
    _dialog(screen).get_by_role("textbox").first.wait_for()


def _overlong(screen: Screen) -> None:
    _first(screen, "textbox").fill("A title that goes on for longer than sixty characters can hold")


PLACES = (
    Place("plans", "/plans"),
    Place("plans-menu", "/plans", _row_menu, over=True),
    Place("plans-drafts", "/plans?status=draft"),
    Place("plans-none-found", "/plans?search=zzz"),
    Place("students", "/plans/reading"),
    Place("students-narrowed", "/plans/reading?value=2&sort=-updated"),
    Place("students-table", "/plans/reading", _as_table),
    Place("students-points", "/plans/attendance"),
    Place("students-none", "/plans/graduation"),
    Place("students-add", "/plans/reading?add=1", _class, over=True),
    Place("details", "/plans/reading/details"),
    Place("details-sheet", "/plans/reading/details", _segment, over=True),
    Place("plan", "/plans/reading/students/{scene.open}"),
    Place("plan-overall", "/plans/reading/students/{scene.open}?item=overall", _graph),
    Place("plan-points", "/plans/reading/students/{scene.open}?item={scene.fluency}", _graph),
    Place("plan-text", "/plans/reading/students/{scene.open}?item={scene.wishes}"),
    Place("plan-remove", "/plans/reading/students/{scene.open}", _remove, over=True),
    Place("plan-completed", "/plans/reading/students/{scene.completed}?item=overall"),
    Place("editor-new", "/plans/new"),
    Place("editor-overlong", "/plans/new", _overlong),
    Place("editor-draft", "/plans/gifted/edit"),
    Place("editor-publish", "/plans/gifted/edit", _publish, over=True),
    Place("student", "/students/{scene.open}"),
    Place("scales", "/settings/scales"),
    Place("scale-new", "/settings/scales", _new_scale, over=True),
    Place("search", "/plans", _search, over=True),
    Place("shortcuts", "/plans", _shortcuts, over=True),
    Place("person", "/plans", _person, over=True),
    Place("no-such-page", "/nowhere"),
)
