"""People move: where the roster and an open plan differ, the plan follows; crashes, repeats and races change nothing (P40)."""

import random
from datetime import timedelta
from typing import Any

import pytest

from tests.unit.plans.conftest import House
from waymark.events.catalogue.plans import StudentMoved
from waymark.events.catalogue.roster import StudentPlaced
from waymark.events.envelope import Meta
from waymark.events.feed import Batch
from waymark.events.store import Unavailable
from waymark.plans.app import create_workers
from waymark.plans.reactions import CHECKPOINTS, Moves
from waymark.plans.views import roster_places
from waymark.service.scope import Grant, Scope


@pytest.fixture
def house(fresh: House) -> House:
    """Alone: these tests count, crash and drop."""
    return fresh


def moves(house: House, plan: str) -> list[tuple[str, str, str]]:
    """School, grade and effective date of every move of a plan."""
    return [(each["school"]["id"], each["grade"], each["effective"]) for each in house.plan(plan)["events"] if each["kind"] == "moved"]


def recorded_moves(house: House) -> int:
    store = house.ports.store
    assert store is not None
    return sum(isinstance(each.event, StudentMoved) for commit in store.scan(0, 500) for each in commit.recorded())


@pytest.fixture
def student(house: House) -> str:
    return house.district.student("s1", "03")


@pytest.fixture
def plan(house: House, student: str) -> str:
    return house.assign(house.template(), student)[0]


def test_p40_a_transfer_moves_every_open_plan_from_the_rosters_day_on(house: House, student: str, plan: str) -> None:
    (other,) = house.assign(house.template(), student)
    earlier = house.district.today - timedelta(days=3)
    house.district.place(student, "s2", "03", effective=earlier)
    assert moves(house, plan) == moves(house, other) == [("s2", "03", earlier.isoformat())]
    assert [each["school"]["id"] for each in house.list(plan.split(".", maxsplit=1)[0])["items"]] == ["s2"]


def test_p40_a_new_grade_is_a_move_and_a_new_language_is_none(house: House, student: str, plan: str) -> None:
    house.district.place(student, "s1", "04")
    house.district.place(student, "s1", "04", home_language="es")
    assert moves(house, plan) == [("s1", "04", house.district.today.isoformat())]


def test_a_place_of_the_future_is_dated_today(house: House, student: str, plan: str) -> None:
    house.district.place(student, "s2", "03", effective=house.district.today + timedelta(days=60))
    assert moves(house, plan) == [("s2", "03", house.district.today.isoformat())]


def test_a_closed_plan_stays_where_it_was_and_follows_once_it_is_open_again(house: House, student: str, plan: str) -> None:
    house.update(plan, "i2", 1)
    house.close(plan)
    house.district.place(student, "s2", "03")
    assert (moves(house, plan), house.plan(plan)["school"]["id"]) == ([], "s1")
    assert house.close(plan, "reactivate")["school"]["id"] == "s2"
    assert moves(house, plan) == []


def test_who_leaves_the_district_stays_where_they_were_last(house: House, student: str, plan: str) -> None:
    house.district.withdraw(student)
    assert (moves(house, plan), house.plan(plan)["school"]["id"], house.plan(plan)["status"]) == ([], "s1", "open")


def test_there_and_back_again_are_two_moves(house: House, student: str, plan: str) -> None:
    house.district.place(student, "s2", "03")
    house.district.place(student, "s1", "03")
    assert [school for school, _, _ in moves(house, plan)] == ["s2", "s1"]


def unheard(house: House, student: str, school: str) -> None:
    """The roster says something that no worker has folded yet."""
    store, stream = house.district.folder.store("roster"), f"d1/person/{student}"
    version = max(commit.last_version for commit in store.read(stream, 0))
    house.district.school(school)
    placed = StudentPlaced(person=student, school=school, grade="03", previous="s1", effective=house.district.today)
    store.append(stream, student, [placed], version, f"{school}-{version}", Meta())


@pytest.mark.parametrize("first", [0, 1])
def test_a_transfer_that_races_an_assignment_ends_where_the_roster_says(house: House, student: str, first: int) -> None:
    template = house.template()
    house.district.school("s2")
    house.district._workers, every = [], house.district._workers  # nobody folds while the two race
    unheard(house, student, "s2")
    (plan,) = house.assign(template, student)
    assert house.plan(plan)["school"]["id"] == "s1"  # the directory had not heard
    for worker in (house.workers[first], house.workers[1 - first], *house.workers):
        worker.catch_up()
    house.district.run(*every)
    assert (house.plan(plan)["school"]["id"], recorded_moves(house)) == ("s2", 1)


def test_in_any_order_of_folding_the_plan_ends_where_the_roster_says(house: House) -> None:
    chance = random.Random(4)
    template = house.template()
    for school in ("s2", "s3", "s4"):
        house.district.school(school)
    students = [house.district.student("s1", "03") for _ in range(6)]
    house.district._workers, every = [], house.district._workers
    last = {}
    for at in range(24):
        student = chance.choice(students)
        if at % 3:
            last[student] = f"s{chance.randrange(2, 5)}"
            unheard(house, student, last[student])
        else:
            house.assign(template, student)
        if chance.random() < 0.5:
            chance.choice(house.workers).catch_up()
    house.district.run(*every)
    for row in house.list(template)["items"]:
        assert row["school"]["id"] == last.get(row["student"]["id"], "s1")


def test_a_crash_between_folding_and_reacting_loses_no_move(house: House, student: str, plan: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def dies(*_: Any) -> None:
        raise KeyboardInterrupt

    house.district.school("s2")
    with monkeypatch.context() as patched:
        patched.setattr(Moves, "_settle", dies)
        with pytest.raises(KeyboardInterrupt):
            house.district.place(student, "s2", "03")
    assert house.ports.directory.person(_everyone(house), student).school == "s2"  # folded, and not reacted to
    house.district._workers = create_workers(house.ports, house.district.folder.feeds)
    house.district.catch_up()
    assert [school for school, _, _ in moves(house, plan)] == ["s2"]


def test_an_outage_while_reacting_is_reacted_to_again(house: House, student: str, plan: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: Any) -> None:
        raise Unavailable("the store is away")

    house.district.school("s2")
    with monkeypatch.context() as patched:
        patched.setattr(Moves, "_move", away)
        with pytest.raises(Unavailable):
            house.district.place(student, "s2", "03")
    house.district.catch_up()
    assert [school for school, _, _ in moves(house, plan)] == ["s2"]


def test_reacting_to_everything_again_changes_nothing(house: House, student: str, plan: str) -> None:
    for school in ("s2", "s3", "s1"):
        house.district.place(student, school, "03")
    before = house.plan(plan)["version"]
    house.ports.views.drop(CHECKPOINTS)
    house.district.run(*create_workers(house.ports, house.district.folder.feeds))
    assert house.plan(plan)["version"] == before


def test_nobody_moves_back_while_one_side_is_folded_from_the_beginning(house: House, student: str) -> None:
    for school in ("s2", "s3"):
        house.district.place(student, school, "03")
    (plan,) = house.assign(house.template(), student)
    for view in (roster_places.view, CHECKPOINTS):
        house.ports.views.drop(view)
    again = create_workers(house.ports, OneByOne.of(house))
    again[1].catch_up()
    again[0].catch_up()
    again[1].catch_up()
    assert (house.plan(plan)["school"]["id"], recorded_moves(house)) == ("s3", 0)


def test_without_waiting_for_both_sides_somebody_would_move_back(house: House, student: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken variant of the test above: told after every batch that all is folded, it records moves that never were."""
    for school in ("s2", "s3"):
        house.district.place(student, school, "03")
    house.assign(house.template(), student)
    whole = Moves.folded
    monkeypatch.setattr(Moves, "folded", lambda self, source, batch, caught_up: whole(self, source, batch, True))
    for view in (roster_places.view, CHECKPOINTS):
        house.ports.views.drop(view)
    again = create_workers(house.ports, OneByOne.of(house))
    again[1].catch_up()
    again[0].catch_up()
    assert recorded_moves(house) > 0


def test_one_damaged_plan_keeps_no_other_student_where_they_were(house: House, student: str, monkeypatch: pytest.MonkeyPatch) -> None:
    template, other = house.template(), house.district.student("s1", "03")
    damaged, good = house.assign(template, student, other)
    whole = Moves._move

    def fails_for_one(self: Moves, district: str, place: Any, own: Any) -> None:
        if own.student == student:
            raise ValueError("damaged")
        whole(self, district, place, own)

    monkeypatch.setattr(Moves, "_move", fails_for_one)
    house.district.place(student, "s2", "03")
    house.district.place(other, "s2", "03")
    assert [school for school, _, _ in moves(house, good)] == ["s2"]
    assert moves(house, damaged) == []


class OneByOne:
    """A feed that gives one commit at a time: a long history, as a worker sees it."""

    def __init__(self, feed: Any) -> None:
        self._feed = feed

    @classmethod
    def of(cls, house: House) -> dict[str, Any]:
        return {source: (lambda make=make: cls(make())) for source, make in house.district.folder.feeds.items()}

    def poll(self, limit: int, timeout: float) -> Batch:
        return self._feed.poll(1, timeout)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._feed, name)


def _everyone(house: House) -> Scope:
    return Scope(district="d1", person=house.admin, grants=(Grant("districtAdministrator", "test"),))
