"""Bars over HTTP: what is counted, for whom, and what is refused."""

from datetime import timedelta

from tests.unit.reporting.house import House
from waymark.events.catalogue.types import Sealed
from waymark.reporting.app import create_app
from waymark.reporting.settings import Settings
from waymark.service.testing import TestDistrict


def overall(house: House, person: str, **query: object) -> dict[str, int]:
    """Label -> count of the overall bar, with the grey segment."""
    bar = house.read(person, "/templates/t1/bars", **query)["overall"]
    return {each["label"]: each["count"] for each in bar["segments"]} | {"not yet": bar["not_yet"]["count"]}


def test_p21_a_level_bar_has_every_level_in_the_scales_order_and_the_never_updated_in_grey(house: House) -> None:
    students = [house.district.student() for _ in range(3)]
    house.assign(*students)
    house.update(students[0], "overall", 1)
    bars = house.read(house.district.administrator(), "/templates/t1/bars")
    assert bars["n"] == 3
    assert bars["template"] == {"id": "t1", "title": "Reading"}
    assert bars["as_of"] == house.today.isoformat()
    assert bars["behind"] is False
    assert bars["overall"] == {
        "item": "overall",
        "title": "Overall status",
        "kind": "levels",
        "n": 3,
        "hidden": 0,
        "segments": [
            {"code": 7, "label": "Behind", "short": "Beh", "colour": "#3f8f4f", "count": 0, "percent": 0.0},
            {"code": 1, "label": "On track", "short": "On ", "colour": "#3f8f4f", "count": 1, "percent": 33.3},
            {"code": 250, "label": "Ahead", "short": "Ahe", "colour": "#3f8f4f", "count": 0, "percent": 0.0},
        ],
        "not_yet": {"count": 2, "percent": 66.7},
    }


def test_p22_points_are_a_distribution_and_text_is_counted(house: House) -> None:
    students = [house.district.student() for _ in range(4)]
    house.assign(*students)
    for student, points in zip(students, (2, 9, 2.5), strict=False):
        house.update(student, "i2", points)
    house.update(students[0], "i3", Sealed(students[0], b"x"))
    (section,) = house.read(house.district.administrator(), "/templates/t1/bars")["sections"]
    levels, points, text = section["items"]
    assert (section["title"], levels["kind"], levels["title"]) == ("Fluency", "levels", "Aloud")
    assert points == {
        "item": "i2",
        "title": "Words",
        "kind": "points",
        "n": 4,
        "hidden": 0,
        "answered": 3,
        "not_yet": 1,
        "mean": 4.5,
        "median": 2.5,
        "minimum": 2.0,
        "maximum": 9.0,
        "buckets": [{"from": float(at), "to": float(at + 1), "count": {2: 2, 8: 1}.get(at, 0)} for at in range(9)],
    }
    assert text == {"item": "i3", "title": "Plan", "kind": "text", "n": 4, "hidden": 0, "answered": 1, "not_yet": 3}


def test_p19_a_hidden_item_leaves_that_students_n_and_returns_with_its_status(house: House) -> None:
    one, other = house.district.student(), house.district.student()
    house.assign(one, other)
    house.update(one, "i1", 7)
    house.hide(one, "i1")
    admin = house.district.administrator()
    bar = house.read(admin, "/templates/t1/bars")["sections"][0]["items"][0]
    assert (bar["n"], bar["hidden"], bar["segments"][0]["count"], bar["not_yet"]["count"]) == (1, 1, 0, 1)
    house.show(one, "i1")
    bar = house.read(admin, "/templates/t1/bars")["sections"][0]["items"][0]
    assert (bar["n"], bar["hidden"], bar["segments"][0]["count"], bar["not_yet"]["count"]) == (2, 0, 1, 1)


def test_p20_a_closed_plan_stands_in_no_bar(house: House) -> None:
    student = house.district.student()
    house.assign(student)
    house.update(student, "overall", 1)
    house.complete(student)
    assert house.read(house.district.administrator(), "/templates/t1/bars")["n"] == 0


def test_p21_every_caller_counts_just_the_students_in_reach(house: House) -> None:
    district = house.district
    here, there = [district.student("s1") for _ in range(2)], [district.student("s2") for _ in range(3)]
    house.assign(*here, school="s1")
    house.assign(*there, school="s2")
    teacher = district.teacher(district.section(students=[here[0]]))
    both = district.guardian(there[0])
    district.enrol(both, district.section(students=[here[1]]), "teacher")
    counted = {
        who: house.read(person, "/templates/t1/bars")["n"]
        for who, person in {
            "district": district.administrator(),
            "principal": district.principal("s2"),
            "teacher": teacher,
            "a class of nobody": district.teacher(district.section()),
            "teacher and guardian": both,
        }.items()
    }
    assert counted == {"district": 5, "principal": 3, "teacher": 1, "a class of nobody": 0, "teacher and guardian": 1}


def test_p21_filters_take_any_of_several_and_all_of_them_at_once(house: House) -> None:
    district = house.district
    students = [district.student("s1", "05", "es"), district.student("s1", "06", "en"), district.student("s2", "05", "es")]
    for student, school, grade in zip(students, ("s1", "s1", "s2"), ("05", "06", "05"), strict=True):
        house.assign(student, school=school, grade=grade)
        house.update(student, "overall", 1)
    admin, section = district.administrator(), district.section(students=students[1:])

    def count(**query: object) -> int:
        assert overall(house, admin, **query)["On track"] == house.read(admin, "/templates/t1/bars", **query)["n"]
        return overall(house, admin, **query)["On track"]

    assert [count(school="s1"), count(school=["s1", "s2"]), count(school="s9")] == [2, 3, 0]
    assert [count(grade="05"), count(grade=["05", "06"]), count(grade="05", school="s1")] == [2, 3, 1]
    assert [count(home_language="es"), count(home_language=["es", "en"]), count(home_language="fr")] == [2, 3, 0]
    assert [count(section=section), count(section=section, home_language="es")] == [2, 1]
    district.enrol(students[0], section, end=house.today - timedelta(days=1))
    assert count(section=section) == 2


def test_p26_bars_as_of_a_day_count_what_is_known_today_about_that_day(house: House) -> None:
    student = house.district.student("s1")
    house.assign(student, school="s1")
    first = house.today
    house.later(10)
    house.update(student, "overall", 1)
    house.move(student, "s2")
    admin = house.district.administrator()
    assert overall(house, admin, as_of=first.isoformat())["not yet"] == 1
    house.update(student, "overall", 7, days_ago=5)
    assert overall(house, admin)["On track"] == 1
    assert overall(house, admin, as_of=(first + timedelta(days=5)).isoformat(), school="s1")["Behind"] == 1
    assert overall(house, admin, as_of=(first + timedelta(days=4)).isoformat())["not yet"] == 1
    assert overall(house, admin, as_of=house.today.isoformat(), school="s1") == {"Behind": 0, "On track": 0, "Ahead": 0, "not yet": 0}
    assert house.read(admin, "/templates/t1/bars", as_of=(first - timedelta(days=1)).isoformat())["n"] == 0
    assert house.read(admin, "/templates/t1/bars", as_of=first.isoformat())["as_of"] == first.isoformat()


def test_a_bar_says_when_its_newest_fact_was_recorded(house: House) -> None:
    one, other = house.district.student("s1"), house.district.student("s2")
    admin = house.district.administrator()
    assert house.read(admin, "/templates/t1/bars")["newest"] is None
    house.assign(one, school="s1")
    early = house.read(admin, "/templates/t1/bars")["newest"]
    house.assign(other, school="s2")
    assert house.read(admin, "/templates/t1/bars")["newest"] > early
    assert house.read(admin, "/templates/t1/bars", school="s1")["newest"] == early
    assert early.endswith("+00:00")


def test_the_landing_pages_bars_are_the_overall_ones_of_every_template_by_title(house: House) -> None:
    house.publish("t2")
    student = house.district.student()
    house.assign(student, template="t2")
    house.update(student, "overall", 1, template="t2")
    first = house.read(house.district.administrator(), "/bars", limit=1)
    second = house.read(house.district.administrator(), "/bars", limit=1, cursor=first["next"]) if first["next"] else None
    assert second is not None
    rows = [*first["items"], *second["items"]]
    assert [(each["template"]["id"], each["bar"]["n"], each["bar"]["kind"]) for each in rows] == [("t1", 0, "levels"), ("t2", 1, "levels")]
    assert rows[0]["newest"] is None


def test_answers_have_an_etag_that_changes_with_what_is_counted(house: House) -> None:
    student, client = house.district.student(), house.ask(house.district.administrator())
    house.assign(student)
    first = client.get("/reporting/v1/templates/t1/bars")
    again = client.get("/reporting/v1/templates/t1/bars", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    house.update(student, "overall", 1)
    assert client.get("/reporting/v1/templates/t1/bars", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_what_cannot_be_asked_is_refused_with_its_place(house: House) -> None:
    admin, tomorrow = house.district.administrator(), (house.today + timedelta(days=1)).isoformat()
    bars = "/templates/t1/bars"
    assert house.refused(admin, bars, as_of=tomorrow) == (422, "future-date", "query:as_of")
    assert house.refused(admin, bars, as_of="soon") == (422, "invalid", "query:as_of")
    assert house.refused(admin, bars, school="") == (422, "invalid", "query:school")
    assert house.refused(admin, bars, colour="red") == (422, "invalid", "query:colour")
    assert house.refused(admin, bars, section="c99") == (404, "not-found", "")
    assert house.refused(admin, "/templates/t9/bars") == (404, "not-found", "")
    assert house.refused(None, bars)[:2] == (401, "token-missing")


def test_a_class_of_others_is_no_filter_and_students_and_families_may_not_ask(house: House) -> None:
    district = house.district
    student, stranger = district.student(), district.student()
    teacher = district.teacher(district.section(students=[student]))
    foreign = district.section(students=[stranger])
    assert house.refused(teacher, "/templates/t1/bars", section=foreign)[:2] == (404, "not-found")
    for person in (student, district.guardian(student)):
        for address in (
            "/bars",
            "/templates/t1/bars",
            "/templates/t1/filters",
            "/templates/t1/students.csv",
            "/plans/t1.x/items/i1/history",
        ):
            assert house.refused(person, address)[:2] == (403, "role-may-not")


def test_nothing_of_another_district_is_counted_listed_or_found(house: House) -> None:
    student = house.district.student()
    house.assign(student)
    other = TestDistrict(house.district.folder, "d2", "UTC")
    client = other.client(create_app(other.ports("reporting"), other.settings(Settings)), other.administrator())
    assert client.get("/reporting/v1/bars").json == {"items": [], "next": None, "behind": False}
    for address in ("templates/t1/bars", "templates/t1/filters", "templates/t1/students.csv", f"plans/t1.{student}/items/i1/history"):
        assert client.get(f"/reporting/v1/{address}").status_code == 404
    assert client.get("/reporting/v1/templates/t1/items/i1/students?segment=not-yet").status_code == 404
