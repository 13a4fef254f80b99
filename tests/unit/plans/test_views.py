"""The projections: the same documents in whatever order the streams arrive, and the current rows of brute force."""

import random
from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from tests.unit.plans.facts import assigned, completed, day, defined, drafted, moved, published, reactivated, removed, updated, whole
from tests.unit.plans.span_histories import history, random_acts
from waymark.events.catalogue.plans import PlanEvent
from waymark.events.catalogue.roster import PersonForgotten, PersonRecorded, StudentPlaced, StudentWithdrawn
from waymark.events.catalogue.types import Author, Sealed
from waymark.events.envelope import Recorded
from waymark.plans.views import (
    PROJECTIONS,
    RosterPlace,
    bucket_of,
    open_plans,
    roster_places,
    scales,
    student_plans,
    student_rows,
    templates,
)
from waymark.service.testing import folded, interleaved, recorded

KEY = "d1/students/t1/" + str(bucket_of("s1"))


def plan_stream(*events: PlanEvent) -> list[Recorded]:
    return recorded("d1/plan/t1/s1", *events, key="s1")


def student_streams(count: int, chance: random.Random) -> list[Sequence[Recorded]]:
    """Histories of some students on two templates, and of where the roster says that they go."""
    streams: list[Sequence[Recorded]] = []
    for number in range(count):
        for template in ("t1", "t2"):
            student = f"s{number}"
            events = [replace(event, template=template, student=student) for event in history(random_acts(chance, 12))]
            streams.append(recorded(f"d1/plan/{template}/{student}", *events, key=student))
        placed = [StudentPlaced(person=f"s{number}", school=school, grade="03", effective=day(at)) for at, school in enumerate("nsn", 1)]
        name = Sealed(f"s{number}", b"sealed")
        named = PersonRecorded(person=f"s{number}", given=name, family=name, source_id=name, login="", digest="")
        gone = [PersonForgotten(person=f"s{number}")] if number % 3 == 0 else []
        streams.append(recorded(f"d1/person/s{number}", named, *placed, *gone, key=f"s{number}"))
    return streams


@pytest.mark.parametrize("projection", PROJECTIONS, ids=lambda each: each.name)
def test_documents_do_not_depend_on_the_order_of_streams(projection: object) -> None:
    chance = random.Random(9)
    streams = [*student_streams(12, chance), recorded("d1/scale/c1", defined()), recorded("d1/template/t1", drafted(), published())]
    first = folded(projection, interleaved(streams, chance))  # type: ignore[arg-type]  one of ours
    assert first
    for _ in range(5):
        assert folded(projection, interleaved(streams, chance)) == first  # type: ignore[arg-type]  the same


def test_open_counts_and_rows_agree_over_random_histories() -> None:
    chance = random.Random(10)
    streams = student_streams(200, chance)
    events = interleaved(streams, chance)
    rows = [(each.template, row) for each in folded(student_rows, events).values() for row in each.rows.values()]
    for template in ("t1", "t2"):
        counted = sum(each.open for key, each in folded(open_plans, events).items() if f"/{template}/" in key)
        assert counted == sum(of == template and row.status == "open" for of, row in rows) > 0
    own = [row for each in folded(student_plans, events).values() for row in each.plans.values()]
    assert sorted(own, key=repr) == sorted((row for _, row in rows), key=repr)


def test_a_row_follows_status_place_and_overall() -> None:
    events = whole(assigned(day(2)), updated("overall", 3, day(9)), updated("overall", 1, day(5)), updated("i1", 2), moved(), completed())
    row = folded(student_rows, plan_stream(*events))[KEY].rows["s1"]
    assert (row.status, row.school, row.grade, row.placed) == ("completed", "south", "04", 5)
    assert (row.overall, row.effective) == (3, day(9))


def test_p34_a_removal_that_left_nothing_leaves_no_row() -> None:
    events = plan_stream(*whole(assigned(), removed(kept=False)))
    assert folded(student_rows, events)[KEY].rows == {}
    assert folded(student_plans, events) == {}
    assert next(iter(folded(open_plans, events).values())).open == 0


def test_p34_a_removal_that_kept_something_keeps_the_row() -> None:
    events = plan_stream(*whole(assigned(), updated(), removed()))
    assert folded(student_rows, events)[KEY].rows["s1"].status == "removed"


def test_p36_reactivating_sets_the_place() -> None:
    events = plan_stream(*whole(assigned(), completed(), reactivated()))
    row = folded(student_plans, events)["d1/student/s1"].plans["t1"]
    assert (row.status, row.placed) == ("open", 3)


def test_the_rosters_place_names_the_fact_that_says_so() -> None:
    placed = StudentPlaced(person="s1", school="north", grade="03", effective=day(4))
    gone = StudentWithdrawn(person="s1", school="north", effective=day(9))
    one, two = (folded(roster_places, recorded("d1/person/s1", *events, key="s1")) for events in ((placed,), (placed, gone)))
    assert one == {"d1/place/s1": RosterPlace(school="north", grade="03", effective=day(4), event="d1/person/s1/1")}
    assert two == {"d1/place/s1": RosterPlace(school=None, grade=None, effective=day(9), event="d1/person/s1/2")}


def test_p13_a_template_keeps_its_creator_and_counts_its_parts() -> None:
    by = Author("somebody else", "principal")
    publishing = replace(published(), by=by)
    entry = folded(templates, recorded("d1/template/t1", drafted(), publishing))["d1/template/t1"]
    assert (entry.status, entry.creator.person, entry.sections, entry.items) == ("published", "teacher1", 1, 3)
    assert folded(scales, recorded("d1/scale/c1", defined()))["d1/scale/c1"].version == 1
