"""Whatever packages came before: what is known afterwards is what the last one alone would have said."""

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.roster.district import NAME, Riverbend
from tests.unit.roster.packages import Files, person, role, seat, tiny
from waymark.roster.domain.person import Person

SCHOOLS = {"north": "c1", "middle": "c2"}


def district(chance: random.Random) -> Files:
    """A sound package: some of the people, wherever and whatever they are this time."""
    files = tiny()
    here = {row["sourcedId"] for row in files["users"] if chance.random() < 0.8}
    for each in range(4):
        if chance.random() < 0.6:
            files["users"].append(person(f"N{each}", chance.choice(["Ann", "Bo"]), "New"))
            files["roles"].append(role(f"rn{each}", f"N{each}", chance.choice(["student", "parent"]), chance.choice([*SCHOOLS])))
            here.add(f"N{each}")
    for name, column in (
        ("users", "sourcedId"),
        ("roles", "userSourcedId"),
        ("enrollments", "userSourcedId"),
        ("demographics", "sourcedId"),
    ):
        files[name] = [row for row in files[name] if row[column] in here]
    for user in files["users"]:
        agents = [each for each in user.pop("agentSourcedIds", "").split(",") if each in here]
        agents += [each for each in sorted(here) if chance.random() < 0.2]
        user |= {
            "agentSourcedIds": ",".join(agents),
            "grades": chance.choice(["03", "04", ""]),
            "primaryOrgSourcedId": chance.choice(["", "north", "middle"]),
        }
    for row in files["roles"]:
        if row["role"] == "student" and chance.random() < 0.3:
            row |= {"orgSourcedId": chance.choice([*SCHOOLS]), "beginDate": chance.choice(["", "2026-08-20", "2026-12-01"])}
    for each in sorted(here):
        if chance.random() < 0.4:
            school = chance.choice([*SCHOOLS])
            files["enrollments"].append(
                seat(f"x{each}", SCHOOLS[school], school, each, chance.choice(["student", "teacher"]), endDate="2027-06-11")
            )
    if chance.random() < 0.3:
        files["classes"][1]["schoolSourcedId"] = "north"
    return files


SOURCES = [*(row["sourcedId"] for row in tiny()["users"]), *(f"N{each}" for each in range(4))]


def known(river: Riverbend) -> dict[str, object]:
    """What is known of everybody who stands in the roster, by sourcedId."""
    river.around.catch_up()
    source = {river.person(each): each for each in SOURCES}
    return {source[ident]: content(each, source) for ident, each in river.around.people(NAME) if each.active}


def content(person: Person, source: dict[str, str]) -> object:
    placed = person.school is not None
    return (
        frozenset(person.roles),
        frozenset(person.enrolments),
        frozenset(source[each] for each in person.children),
        person.school,
        person.grade if placed else "",
        person.home_language if placed else "",
    )


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seeds=st.lists(st.integers(0, 2**32), min_size=2, max_size=4))
def test_after_any_packages_the_district_is_what_the_last_one_says(tmp_path_factory: pytest.TempPathFactory, seeds: list[int]) -> None:
    folder: Path = tmp_path_factory.mktemp("packages")
    river, fresh = Riverbend(folder / "grown", share=1.0), Riverbend(folder / "fresh", share=1.0)
    for seed in seeds:
        river.send(district(random.Random(seed)))
        assert not [each for each in river.findings() if each.severity == "refused"]
    last = district(random.Random(seeds[-1]))
    fresh.send(last)
    assert known(river) == known(fresh)
    river.send(last)
    assert river.last == []
