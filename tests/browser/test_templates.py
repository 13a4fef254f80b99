"""Writing templates: who may, what is refused at the field, preview, publish, clone, and two people at once."""

from __future__ import annotations

import re
import time

from playwright.sync_api import Locator, Route, expect

from tests.browser.conftest import Opened
from tests.browser.screen import Screen
from tests.browser.workshop import Workshop


def test_p1_a_teacher_sees_no_editor(opened: Opened, workshop: Workshop) -> None:
    draft = workshop.draft("Secret draft")
    screen = opened("teacher")
    expect(screen.link("Reading intervention (tier 2)")).to_be_visible()
    expect(screen.link("New template")).to_have_count(0)
    expect(screen.page.get_by_role("radiogroup", name="Which templates")).to_have_count(0)
    screen.button("Actions for Reading intervention (tier 2)").click()
    expect(screen.page.get_by_role("menuitem")).to_have_text(["Open", "Add students"])

    screen.page.goto("/plans/new")
    expect(screen.page.get_by_text("Templates are made by administrators")).to_be_visible()
    expect(screen.field("Title")).to_have_count(0)
    screen.page.goto(f"/plans/{draft['id']}/edit")
    expect(screen.heading("There is no such page")).to_be_visible()


def test_p2_the_limit_of_a_title_is_told_at_its_field(opened: Opened) -> None:
    screen = opened("districtAdministrator", "/plans/new")
    title = screen.field("Title")
    title.fill("x" * 58)
    expect(title).to_have_accessible_description(re.compile("2 characters left"))
    title.fill("x" * 61)
    expect(title).to_have_accessible_description(re.compile("At most 60 characters"))
    expect(title).to_have_attribute("aria-invalid", "true")
    screen.button("Save draft").click()
    expect(screen.page.get_by_role("alert")).to_contain_text("The template was not saved")
    expect(screen.told("The draft is saved.")).to_have_count(0)

    title.fill(" ")
    screen.button("Save draft").click()
    expect(title).to_have_accessible_description(re.compile("Write something, at most 60 characters"))
    expect(title).to_have_value(" ")


def test_p3_a_description_has_styles_and_its_limit_is_told_at_its_field(opened: Opened) -> None:
    screen = opened("districtAdministrator", "/plans/new")
    screen.field("Title").fill("Described")
    description = screen.field("Description")
    description.click()
    screen.page.keyboard.press("Control+b")
    screen.page.keyboard.type("Every day.")
    preview = screen.page.get_by_role("region", name="Preview")
    expect(preview.locator("b, strong")).to_have_text("Every day.")
    choose(screen, "Scale of the overall status", "Steps")
    screen.page.keyboard.press("Escape")
    description.fill("x" * 5001)
    screen.button("Save draft").click()
    expect(screen.page.get_by_role("alert")).to_contain_text("The template was not saved")
    expect(screen.page.get_by_role("main")).to_contain_text("At most 5000 characters.")
    expect(description).to_have_attribute("aria-invalid", "true")
    expect(description).to_contain_text("x" * 5001)


def test_p4_p6_p7_p8_p9_a_template_is_written_previewed_and_published(opened: Opened, workshop: Workshop) -> None:
    for kind in ("levels", "points"):
        workshop.scale(kind)
    screen = opened("districtAdministrator")
    screen.link("New template").click()
    screen.settled()
    screen.field("Title").fill("Writing conference")
    description = screen.field("Description")
    description.click()
    screen.page.keyboard.type("One talk a week.")
    choose(screen, "Scale of the overall status", "Steps")
    screen.button("Add a section").click()
    screen.field("Section").fill("Drafting")
    add_item(screen, 0, "Has an idea", "Steps", "Asks: what is it about?")
    add_item(screen, 1, "Words written", "Out of ten")
    add_item(screen, 2, "Next goal", "Free text")

    preview = screen.page.get_by_role("region", name="Preview")
    expect(preview.get_by_role("heading", name="Writing conference")).to_be_visible()
    for words in ("One talk a week.", "Drafting", "Has an idea", "Asks: what is it about?", "0 to 10 points", "Free text", "Needs support"):
        expect(preview).to_contain_text(words)

    screen.button("Move Next goal").focus()
    screen.page.keyboard.press("ArrowUp")
    expect(screen.page.get_by_role("status").filter(has_text="Now 2 of 3 in Drafting")).to_have_count(1)
    expect(screen.button("Move Next goal")).to_be_focused()
    screen.button("Remove Words written").click()
    screen.button("Undo").click()
    expect(screen.button("Remove Words written")).to_be_visible()

    screen.button("Save draft").click()
    expect(screen.told("The draft is saved.")).to_be_visible()
    screen.button("Publish").click()
    asked = screen.dialog("Publish Writing conference?")
    expect(asked).to_contain_text("Every educator of the district sees it at once")
    screen.button("Publish", asked).click()
    expect(screen.told("Writing conference is published.")).to_be_visible()
    expect(screen.page.get_by_role("heading", level=1, name="Writing conference")).to_be_visible()

    teacher = opened("teacher")
    teacher.search_field("Search plans").fill("writing conf")
    teacher.link("Writing conference").click()
    teacher.tab("Details").click()
    expect(teacher.page.get_by_role("main")).to_contain_text("One talk a week.")


def test_p5_p11_a_published_template_is_cloned_into_a_new_draft(opened: Opened, workshop: Workshop) -> None:
    template = workshop.template("To be cloned")
    screen = opened("districtAdministrator")
    screen.search_field("Search plans").fill(template["title"])
    screen.button(f"Actions for {template['title']}").click()
    expect(screen.page.get_by_role("menuitem", name="Edit")).to_have_count(0)
    screen.page.get_by_role("menuitem", name="Clone").click()
    expect(screen.told(f"{template['title']} was cloned. This is the new draft.")).to_be_visible()
    expect(screen.field("Title")).to_have_value(re.compile(re.escape(template["title"])))
    expect(screen.page.get_by_role("region", name="Preview")).to_contain_text("In the student's own words.")
    copy = f"{template['title']} for spring"
    screen.field("Title").fill(copy)
    screen.button("Save draft").click()
    expect(screen.told("The draft is saved.")).to_be_visible()

    screen.page.get_by_role("navigation", name="Main").get_by_role("link", name="Plans").click()
    screen.page.get_by_role("radiogroup", name="Which templates").get_by_text("Drafts").click()
    expect(screen.link(copy)).to_be_visible()
    screen.page.goto(f"/plans/{template['id']}/edit")
    expect(screen.page.get_by_text("A published template cannot be edited. Clone it to make a new draft.")).to_be_visible()


def test_a_search_still_resting_does_not_call_back_who_has_left_for_a_page_that_loads_slowly(opened: Opened, workshop: Workshop) -> None:
    template = workshop.template("Left at once")

    def slowly(route: Route) -> None:
        time.sleep(0.8)
        route.continue_()

    screen = opened("districtAdministrator")
    expect(screen.link(template["title"])).to_be_visible()
    screen.page.route("**/assets/*.js", slowly)
    screen.search_field("Search plans").fill("Left")
    screen.link(template["title"]).click()
    expect(screen.page.get_by_role("heading", level=1, name=template["title"])).to_be_visible()
    expect(screen.page).to_have_url(re.compile(f"/plans/{template['id']}$"))


def test_412_two_people_change_a_template_and_nothing_of_either_is_lost(opened: Opened, workshop: Workshop) -> None:
    draft = workshop.draft("Both of us")
    mine = opened("districtAdministrator", f"/plans/{draft['id']}/edit")
    theirs = opened("systemAdministrator", f"/plans/{draft['id']}/edit")
    theirs.field("Title").fill("Their title")
    theirs.button("Save draft").click()
    expect(theirs.told("The draft is saved.")).to_be_visible()

    mine.field("Title").fill("My title")
    mine.button("Save draft").click()
    asked = mine.dialog("Changed in the meantime")
    expect(asked).to_be_visible()
    expect(asked).to_contain_text("Nothing of yours is lost")
    expect(asked.get_by_role("heading", name="My title")).to_be_visible()
    expect(asked.get_by_role("heading", name="Their title")).to_be_visible()

    mine.button("Decide later", asked).click()
    expect(mine.field("Title")).to_have_value("My title")
    mine.button("Save draft").click()
    mine.button("Save mine over it", mine.dialog("Changed in the meantime")).click()
    expect(mine.told("The draft is saved.")).to_be_visible()
    theirs.page.reload()
    expect(theirs.field("Title")).to_have_value("My title")


def choose(screen: Screen, label: str, option: str, within: Locator | None = None) -> None:
    (within or screen.page).get_by_role("combobox", name=label, exact=True).click()
    screen.page.get_by_role("option", name=option, exact=True).click()


def add_item(screen: Screen, place: int, title: str, scale: str, guidance: str = "") -> None:
    screen.button("Add an item").click()
    screen.page.get_by_role("textbox", name="Item", exact=True).nth(place).fill(title)
    choose(screen, f"Scale of {title}", scale)
    if guidance:
        screen.field(f"Guidance for {title}").fill(guidance)
