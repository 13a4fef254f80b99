"""The reference again, through the service itself: facts in the store of plans, the workers that create_workers makes, HTTP."""

import uuid
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from tests.unit.reporting import day_reference as reference
from tests.unit.reporting.house import House
from tests.unit.reporting.plan_histories import GRADES, ITEMS, LEVELS, SCHOOLS, effective, happened, random_acts
from waymark.events.envelope import Meta, Recorded


def tell(house: House, random: Random, template: str) -> list[Recorded]:
    """Append a random history to the store of plans; what the store says happened."""
    versions: dict[str, int] = {}
    for each in happened(random_acts(random, 50), template=template):
        known = versions.get(each.stream, 0)
        house.plans.append(each.stream, each.key, [each.event], known, str(uuid.uuid4()), Meta())
        versions[each.stream] = known + 1
    house.district.catch_up()
    return [record for commit in house.plans.scan(0, 10_000) for record in commit.recorded() if f"/plan/{template}/" in record.stream]


@pytest.mark.parametrize("seed", range(4))
def test_p19_p21_p22_p23_what_the_api_answers_equals_the_reference(house: House, seed: int) -> None:
    random, template, admin = Random(seed), f"t{seed + 2}", house.district.administrator()
    house.later(500)  # the histories lie in the past
    house.publish(template)
    records = tell(house, random, template)
    days = [None, *(effective(each) + timedelta(days=random.randint(-1, 1)) for each in random.sample(records, 4))]
    for day in days:
        school, grade = random.choice([None, *SCHOOLS]), random.choice([None, *GRADES])
        query = {name: value for name, value in (("school", school), ("grade", grade), ("as_of", day and day.isoformat())) if value}
        truth = reference.all_standing(
            records, day or date.max, lambda _, stands, s=school, g=grade: s in (None, stands.school) and g in (None, stands.grade)
        )
        answer = house.read(admin, f"/templates/{template}/bars", **query)
        assert answer["n"] == len(truth)
        newest = reference.newest(records, day or date.max, truth)
        assert answer["newest"] == (newest and newest.isoformat())
        for bar in (answer["overall"], *answer["sections"][0]["items"]):
            compare(house, admin, template, bar, truth, query)
    assert {bar["item"] for bar in (answer["overall"], *answer["sections"][0]["items"])} == set(ITEMS)


def compare(
    house: House, admin: str, template: str, bar: dict[str, Any], truth: dict[str, reference.Standing], query: dict[str, Any]
) -> None:
    words = [*(level.code for level in LEVELS.levels)] if bar["kind"] == "levels" else []
    behind = {which: reference.segment(truth, bar["item"], which) for which in (*words, "not-yet", "hidden", "answered")}
    assert (bar["n"], bar["hidden"]) == (len(truth) - len(behind["hidden"]), len(behind["hidden"]))
    if bar["kind"] == "levels":
        assert {each["code"]: each["count"] for each in bar["segments"]} == {code: len(behind[code]) for code in words}
        assert bar["not_yet"]["count"] == len(behind["not-yet"])
        assert round(sum(each["percent"] for each in bar["segments"]) + bar["not_yet"]["percent"], 6) == (100.0 if bar["n"] else 0.0)
    else:
        assert (bar["answered"], bar["not_yet"]) == (len(behind["answered"]), len(behind["not-yet"]))
    for which, students in behind.items():
        rows = house.read(admin, f"/templates/{template}/items/{bar['item']}/students", segment=which, **query)["items"]
        assert {row["student"]["id"] for row in rows} == students
        assert all(
            (row["school"]["id"], row["grade"]) == (truth[row["student"]["id"]].school, truth[row["student"]["id"]].grade) for row in rows
        )
