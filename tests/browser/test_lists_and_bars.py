"""What the lists and the bars say, and what a click on them shows."""

from __future__ import annotations

import csv
import re
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Opened
from tests.browser.workshop import Workshop
from tests.e2e.house import Client

READING = "Reading intervention (tier 2)"


@pytest.fixture(scope="module")
def teacher(workshop: Workshop) -> Client:
    return workshop.teacher()


@pytest.fixture(scope="module")
def students(workshop: Workshop, teacher: Client) -> list[dict[str, Any]]:
    """Five of the teacher's students, by family name."""
    return workshop.students(teacher)[:5]


@pytest.fixture(scope="module")
def template(workshop: Workshop, teacher: Client, students: list[dict[str, Any]]) -> dict[str, Any]:
    """Five students: two need support, one is there, two were never updated; Retells of three, fluency of three."""
    template = workshop.template("Shown in bars")
    workshop.assign(template, teacher, students)
    for student, level in zip(students, (1, 1, 3), strict=False):
        workshop.update(template, student, "overall", level)
        workshop.update(template, student, "Retells", level)
    for student, points in zip(students, (2, 4, 9), strict=False):
        workshop.update(template, student, "Fluency", points)
    return template


def test_p13_the_landing_page_lists_templates_with_their_bars_and_finds_them_by_title(opened: Opened) -> None:
    screen = opened("teacher")
    row = screen.page.get_by_role("row").filter(has=screen.link(READING))
    bar = row.get_by_role("img", name=re.compile(f"^{re.escape(READING)}: .*: \\d+ of \\d+, [\\d.]+%"))
    expect(bar).to_be_visible()
    expect(row.get_by_role("cell", name=re.compile("^[A-Z][a-z]{2} \\d+, 20\\d\\d$"))).to_be_visible()
    counted = {int(of) for of in re.findall(r"of (\d+),", bar.get_attribute("aria-label") or "")}
    assert {int(row.get_by_role("cell").nth(1).inner_text())} == counted, "the bar and the column of students count alike"

    titles = screen.names()
    screen.button("Plan").click()
    expect(screen.page.get_by_role("columnheader", name="Plan")).to_have_attribute("aria-sort", "descending")
    expect(screen.page.get_by_role("rowheader").first).to_contain_text(titles[-1])
    screen.search_field("Search plans").fill("reading inter")
    expect(screen.rows()).to_have_count(1)
    screen.search_field("Search plans").fill("no such plan")
    expect(screen.heading("No plan has that in its title")).to_be_visible()


def test_p13_p20_whoever_types_fast_loses_no_letter_of_a_search(opened: Opened) -> None:
    screen = opened("teacher")
    for place, label in (("/plans", "Search plans"), ("/plans/reading", "Search students")):
        screen.go(place)
        field = screen.search_field(label)
        field.focus()
        for word in ("Reading ", "needs ", "practice"):
            screen.page.keyboard.type(word)
            screen.page.wait_for_timeout(300)
        expect(field).to_have_value("Reading needs practice")
        screen.page.wait_for_url("**search=Reading*practice")
        screen.button("Clear the search").click() if place == "/plans" else field.fill("")
        expect(field).to_have_value("")


def test_p20_students_are_in_order_of_family_name_and_can_be_turned_searched_and_filtered(
    opened: Opened, template: dict[str, Any], students: list[dict[str, Any]]
) -> None:
    screen = opened("teacher", f"/plans/{template['id']}")
    expect(screen.page.get_by_role("region", name="Overall status")).to_contain_text("5 students")
    names = [each["name"] for each in students]
    expect(screen.rows()).to_have_count(5)
    assert screen.names() == names
    screen.button("Name").click()
    expect(screen.page.get_by_role("rowheader").first).to_have_text(names[-1])
    assert screen.names() == names[::-1]

    screen.page.get_by_role("columnheader", name="Overall status").get_by_role("button").click()
    expect(screen.page.get_by_role("columnheader", name="Overall status")).to_have_attribute("aria-sort", "ascending")

    screen.search_field("Search students").fill(names[2].split()[0])
    expect(screen.page.get_by_role("rowheader", name=names[2])).to_be_visible()
    expect(screen.page.get_by_role("rowheader", name=names[0])).to_have_count(0)
    screen.page.reload()
    expect(screen.search_field("Search students")).to_have_value(names[2].split()[0])
    screen.search_field("Search students").fill("nobody of that name")
    expect(screen.heading("No student matches")).to_be_visible()


def test_p21_a_segment_says_level_count_and_share_and_filters_the_list(
    opened: Opened, template: dict[str, Any], students: list[dict[str, Any]]
) -> None:
    screen = opened("teacher", f"/plans/{template['id']}")
    expect(screen.rows()).to_have_count(5)
    assert screen.segments("Overall status") == {"Needs support": 2, "There": 1, "Not yet updated": 2}
    segment = screen.bar("Overall status").get_by_role("button", name="Needs support: 2 of 5, 40%")
    segment.hover()
    expect(screen.page.get_by_role("tooltip", name=re.compile("Needs support: 2 of 5, 40%"))).to_be_visible()
    segment.click()
    expect(screen.rows()).to_have_count(2)
    assert screen.names() == [each["name"] for each in students[:2]]
    expect(segment).to_have_attribute("aria-pressed", "true")
    screen.page.reload()
    expect(screen.rows()).to_have_count(2)
    screen.button("Show all, not only Needs support").click()
    expect(screen.rows()).to_have_count(5)

    screen.button("Show the numbers of Overall status as a table").click()
    numbers = screen.page.get_by_role("table", name="Overall status")
    expect(numbers.get_by_role("row")).to_have_text(
        ["StatusStudentsShare", "Needs support240%", "On the way00%", "There120%", "Not yet updated240%"]
    )
    expect(screen.page.get_by_role("figure")).to_contain_text(re.compile(r"Facts up to \d\d:\d\d:\d\d"))


def test_p22_points_are_a_distribution_with_their_mean_and_never_levels(
    opened: Opened, workshop: Workshop, teacher: Client, students: list[dict[str, Any]]
) -> None:
    template = workshop.template("Counted in points", overall="points")
    workshop.assign(template, teacher, students[:4])
    for student, points in zip(students, (3, 8, 10), strict=False):
        workshop.update(template, student, "overall", points)
    screen = opened("teacher", f"/plans/{template['id']}")
    expect(screen.page.get_by_role("figure")).to_contain_text("3 students have 7 points on average. 1 not yet updated.")
    bins = screen.segments("Overall status")
    assert sum(bins.values()) == 3
    assert all(re.fullmatch(r"[\d.]+ to [\d.]+ points", label) for label in bins), bins


def test_p23_a_segment_of_an_item_lists_its_students_and_leads_to_one_of_them(
    opened: Opened, template: dict[str, Any], students: list[dict[str, Any]]
) -> None:
    screen = opened("teacher", f"/plans/{template['id']}")
    screen.tab("Details").click()
    expect(screen.bar("Retells")).to_be_visible()
    assert screen.segments("Retells") == {"Needs support": 2, "There": 1, "Not yet updated": 2}
    assert screen.segments("What helps") == {"Not yet updated": 5}
    expect(screen.page.get_by_role("main").get_by_role("form")).to_have_count(0)
    expect(screen.page.get_by_role("heading", level=3)).to_have_text(["Retells", "Fluency", "What helps"])

    screen.bar("Retells").get_by_role("button", name="There: 1 of 5, 20%").click()
    sheet = screen.dialog("Retells: There")
    expect(sheet.get_by_role("rowheader")).to_have_text([students[2]["name"]])
    screen.page.keyboard.press("Escape")
    screen.bar("Retells").get_by_role("button", name="Not yet updated: 2 of 5, 40%").click()
    sheet = screen.dialog("Retells: Not yet updated")
    expect(sheet.get_by_role("rowheader")).to_have_text([each["name"] for each in students[3:]])
    sheet.get_by_role("link").first.click()
    expect(screen.heading(students[3]["name"], 1)).to_be_visible()
    expect(screen.page.get_by_role("form", name="Record an update of Retells")).to_be_visible()


def test_p21_bars_as_of_a_day_before_the_updates_say_that_nobody_was_counted(
    opened: Opened, workshop: Workshop, template: dict[str, Any]
) -> None:
    screen = opened("teacher", f"/plans/{template['id']}/details")
    expect(screen.bar("Retells")).to_be_visible()
    screen.page.get_by_label("As of").fill((workshop.today() - timedelta(days=3)).isoformat())
    expect(screen.heading("Nobody to count yet")).to_be_visible()
    screen.button("Clear filters").click()
    expect(screen.bar("Retells")).to_be_visible()


def test_p30_the_students_list_is_downloaded_as_csv(
    opened: Opened, template: dict[str, Any], students: list[dict[str, Any]], tmp_path: Path
) -> None:
    screen = opened("teacher", f"/plans/{template['id']}")
    with screen.page.expect_download() as download:
        screen.button("Download CSV").click()
    assert download.value.suggested_filename == f"{template['title']}.csv"
    download.value.save_as(tmp_path / "list.csv")
    lines = (tmp_path / "list.csv").read_text("utf-8-sig")
    rows = list(csv.reader(StringIO(lines)))
    assert len(rows) == 6
    said = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    assert [row["Family name"] for row in said] == [each["family_name"] for each in students]
    assert [row["Overall status"] for row in said] == ["Needs support", "Needs support", "There", "", ""]


def test_p33_a_level_named_like_a_formula_is_downloaded_as_text(
    opened: Opened, workshop: Workshop, teacher: Client, students: list[dict[str, Any]], tmp_path: Path
) -> None:
    formula = '=HYPERLINK("https://elsewhere.example","Open")'
    levels = [{"label": label, "short": "=", "colour": "#225588"} for label in (formula, "There")]
    scale = workshop.admin.do("POST", "/plans/v1/scales", {"title": "Named like formulas", "kind": "levels", "levels": levels})
    template = workshop.template("=1+1", overall=scale["id"])
    workshop.assign(template, teacher, students[:1])
    workshop.update(template, students[0], "overall", 1)
    screen = opened("teacher", f"/plans/{template['id']}")
    expect(screen.page.get_by_role("cell", name=formula)).to_be_visible()
    with screen.page.expect_download() as download:
        screen.button("Download CSV").click()
    download.value.save_as(tmp_path / "list.csv")
    header, row = csv.reader(StringIO((tmp_path / "list.csv").read_text("utf-8-sig")))
    assert row[header.index("Overall status")] == f"'{formula}"
