"""What a caller may choose from."""

from datetime import timedelta

import pytest

from tests.unit.reporting.house import House


def test_p20_only_what_the_caller_reaches_can_be_chosen(house: House) -> None:
    district = house.district
    one, other = district.student("s1", "KG", "es"), district.student("s2", "10", "en")
    district.student("s2", "11", "fr")  # on no plan
    house.assign(one, school="s1", grade="KG")
    house.assign(other, school="s2", grade="10")
    mine, theirs = district.section(title="Art", students=[one]), district.section(school="s2", title="Biology", students=[other])
    everything = house.read(district.administrator(), "/templates/t1/filters")
    assert everything == {
        "schools": [{"id": "s1", "name": "School s1"}, {"id": "s2", "name": "School s2"}],
        "grades": ["KG", "10"],
        "sections": [{"id": mine, "title": "Art"}, {"id": theirs, "title": "Biology"}],
        "home_languages": ["en", "es"],
    }
    assert house.read(district.teacher(mine), "/templates/t1/filters") == {
        "schools": [{"id": "s1", "name": "School s1"}],
        "grades": ["KG"],
        "sections": [{"id": mine, "title": "Art"}],
        "home_languages": ["es"],
    }
    assert house.read(district.principal("s2"), "/templates/t1/filters")["sections"] == [{"id": theirs, "title": "Biology"}]


def test_p20_every_choice_that_is_offered_can_be_made(house: House) -> None:
    district = house.district
    students = [district.student("s1", "05", "es"), district.student("s1", "06", "")]
    house.assign(*students)
    district.section(students=students)
    for person in (district.administrator(), district.principal("s1"), district.teacher(district.section(students=students[:1]))):
        choices = house.read(person, "/templates/t1/filters")
        chosen = [("school", each["id"]) for each in choices["schools"]] + [("section", each["id"]) for each in choices["sections"]]
        chosen += [("grade", each) for each in choices["grades"]] + [("home_language", each) for each in choices["home_languages"]]
        for name, value in chosen:
            assert house.read(person, "/templates/t1/bars", **{name: value})["n"] >= 1, (name, value)


def test_p20_classes_that_do_not_meet_today_are_left_out(house: House) -> None:
    over = house.district.section(end=house.today - timedelta(days=1))
    running = house.district.section(end=house.today)
    listed = [each["id"] for each in house.read(house.district.administrator(), "/templates/t1/filters")["sections"]]
    assert (over in listed, running in listed) == (False, True)


def test_p20_of_many_schools_classes_are_listed_for_those_that_are_named(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("waymark.reporting.api.filters.MOST_SCHOOLS", 1)
    first, second = house.district.section(school="s1"), house.district.section(school="s2")
    admin = house.district.administrator()
    assert house.read(admin, "/templates/t1/filters")["sections"] == []
    assert [each["id"] for each in house.read(admin, "/templates/t1/filters", school="s2")["sections"]] == [second]
    both = house.read(admin, "/templates/t1/filters", school=["s1", "s2"])["sections"]
    assert {each["id"] for each in both} == {first, second}
