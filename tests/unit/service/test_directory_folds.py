"""The directory is the same document in whatever order the streams arrive."""

import random
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from waymark.events.catalogue import roster
from waymark.events.catalogue.types import Sealed
from waymark.events.envelope import Event, Recorded
from waymark.service.directory_folds import DIRECTORY, Dates, Person, RollEntry, Section, people, rolls, sections
from waymark.service.testing import folded, interleaved, recorded

PEOPLE, CLASSES, SCHOOLS = ("ana", "ben", "cem"), ("c1", "c2"), ("s1", "s2")
DATES = st.sampled_from([None, date(2026, 8, 1), date(2026, 12, 31)])


def person_facts(person: str) -> st.SearchStrategy[Event]:
    schools, classes, roles = st.sampled_from(SCHOOLS), st.sampled_from(CLASSES), st.sampled_from(["student", "teacher"])
    sealed = st.sampled_from([Sealed(person, b"one"), Sealed(person, b"two")])
    who = st.just(person)
    return st.one_of(
        st.builds(
            roster.PersonRecorded, person=who, given=sealed, family=sealed, source_id=sealed, login=st.just(person), digest=st.just("")
        ),
        st.builds(roster.PersonDeactivated, person=who),
        st.builds(roster.PersonForgotten, person=who),
        st.builds(roster.RoleGranted, person=who, role=roles, org=schools, begin=DATES, end=DATES),
        st.builds(roster.RoleRevoked, person=who, role=roles, org=schools),
        st.builds(
            roster.StudentPlaced,
            person=who,
            school=schools,
            grade=st.sampled_from(["01", "02"]),
            previous=schools,
            effective=st.just(date(2026, 9, 1)),
        ),
        st.builds(roster.StudentWithdrawn, person=who, school=schools, effective=st.just(date(2026, 9, 1))),
        st.builds(roster.EnrolmentStarted, person=who, section=classes, school=schools, role=roles, begin=DATES, end=DATES),
        st.builds(roster.EnrolmentEnded, person=who, section=classes, school=schools, role=roles),
        st.builds(roster.GuardianLinked, person=who, student=st.sampled_from(PEOPLE)),
        st.builds(roster.GuardianUnlinked, person=who, student=st.sampled_from(PEOPLE)),
    )


def class_facts(section: str) -> st.SearchStrategy[Event]:
    return st.one_of(
        st.builds(
            roster.ClassRecorded,
            section=st.just(section),
            title=st.sampled_from(["Art", "Music"]),
            school=st.sampled_from(SCHOOLS),
            begin=DATES,
            end=DATES,
            digest=st.just(""),
        ),
        st.builds(roster.ClassRetired, section=st.just(section)),
    )


@st.composite
def histories(draw: st.DrawFn) -> list[list[Recorded]]:
    streams = [recorded(f"d1/person/{each}", *draw(st.lists(person_facts(each), max_size=8)), key=each) for each in PEOPLE]
    return streams + [recorded(f"d1/class/{each}", *draw(st.lists(class_facts(each), max_size=3))) for each in CLASSES]


@given(histories(), st.integers())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_order_of_the_streams_gives_the_same_directory(streams: list[list[Recorded]], seed: int) -> None:
    one = [each for stream in streams for each in stream]
    other = interleaved(streams, random.Random(seed))
    for projection in DIRECTORY:
        assert folded(projection, one) == folded(projection, other)


def placed(school: str, previous: str | None = None, grade: str = "05") -> roster.StudentPlaced:
    return roster.StudentPlaced(person="ana", school=school, grade=grade, home_language="es", previous=previous, effective=date(2026, 9, 1))


def on_rolls(*events: Event) -> dict[str, dict[str, RollEntry]]:
    return {each.school: each.students for each in folded(rolls, recorded("d1/person/ana", *events, key="ana")).values()}


def test_a_student_stands_on_one_roll_wherever_they_move() -> None:
    moved = on_rolls(placed("s1"), placed("s2", previous="s1"), placed("s2", grade="06"))
    assert moved == {"s1": {}, "s2": {"ana": RollEntry("06", "es")}}


def test_a_withdrawn_student_stands_on_no_roll() -> None:
    assert on_rolls(placed("s1"), roster.StudentWithdrawn(person="ana", school="s1", effective=date(2026, 10, 1))) == {"s1": {}}


def enrolled(role: str, **dates: date) -> roster.EnrolmentStarted:
    return roster.EnrolmentStarted(person="ana", section="c1", school="s1", role=role, **dates)  # type: ignore[arg-type]  a role of the type's


def section_of(*streams: list[Recorded]) -> Section:
    return folded(sections, [each for stream in streams for each in stream])["d1/section/c1"]


def test_an_enrolment_said_anew_replaces_the_dates_it_had() -> None:
    section = section_of(recorded("d1/person/ana", enrolled("student"), enrolled("student", end=date(2026, 12, 1))))
    assert section.students == {"ana": Dates(None, date(2026, 12, 1))}


def test_ending_one_role_in_a_class_leaves_the_other() -> None:
    ended = roster.EnrolmentEnded(person="ana", section="c1", school="s1", role="student")
    section = section_of(recorded("d1/person/ana", enrolled("student"), enrolled("teacher"), ended))
    assert (section.students, section.teachers) == ({}, {"ana": Dates()})


def test_a_class_known_by_its_enrolments_alone_does_not_run() -> None:
    assert not section_of(recorded("d1/person/ana", enrolled("student"))).meets_on(date(2026, 11, 3))


def test_a_retired_class_keeps_its_members_and_does_not_run() -> None:
    facts = roster.ClassRecorded(section="c1", title="Art", school="s1", digest=""), roster.ClassRetired(section="c1")
    section = section_of(recorded("d1/person/ana", enrolled("student")), recorded("d1/class/c1", *facts))
    assert section.students
    assert not section.meets_on(date(2026, 11, 3))


@pytest.mark.parametrize(
    "begin, end, inside",
    [
        (None, None, True),
        (date(2026, 11, 3), date(2026, 11, 3), True),
        (date(2026, 11, 4), None, False),
        (None, date(2026, 11, 2), False),
    ],
)
def test_dates_cover_both_their_ends(begin: date | None, end: date | None, inside: bool) -> None:
    assert Dates(begin, end).cover(date(2026, 11, 3)) is inside


def test_nothing_that_names_a_person_is_left_once_they_were_forgotten() -> None:
    sealed = Sealed("ana", b"x")
    said = roster.PersonRecorded(person="ana", given=sealed, family=sealed, preferred=sealed, source_id=sealed, login="login", digest="")
    person: Person = folded(people, recorded("d1/person/ana", said, roster.PersonForgotten(person="ana")))["d1/person/ana"]
    assert (person.given, person.family, person.preferred, person.login) == (None, None, None, "")
    assert not person.active
