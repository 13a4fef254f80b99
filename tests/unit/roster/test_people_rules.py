"""What is known of a person, and the events that make it what the roster says: the difference is exact and ends differing."""

from datetime import date
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from waymark.events.catalogue.roster import StudentPlaced
from waymark.events.catalogue.types import Role
from waymark.roster.domain.ids import plain_id
from waymark.roster.domain.person import (
    Enrolment,
    EnrolmentRole,
    Intended,
    Person,
    PersonUnknown,
    Placement,
    RoleHeld,
    depart,
    differences,
    evolve,
    forget,
)
from waymark.roster.domain.placing import school_of

TODAY = date(2026, 9, 1)
DAYS = st.none() | st.dates(date(2026, 1, 1), date(2027, 12, 31))
NAMES = st.sampled_from(["a", "b", "c"])


def keyed(things):
    return st.lists(things, max_size=5, unique_by=lambda each: each.key).map(tuple)


ROLES = keyed(st.builds(RoleHeld, st.sampled_from(get_args(Role)), NAMES, DAYS, DAYS))
ENROLMENTS = keyed(st.builds(Enrolment, NAMES, st.sampled_from(get_args(EnrolmentRole)), NAMES, st.booleans(), DAYS, DAYS))
INTENDED = st.builds(
    Intended,
    recorded=st.none(),
    roles=ROLES,
    enrolments=ENROLMENTS,
    children=st.lists(NAMES, unique=True).map(tuple),
    placement=st.none() | st.builds(Placement, NAMES, NAMES, NAMES, DAYS),
)


def after(person: Person | None, events: list) -> Person:
    for event in events:
        person = evolve(person, event)
    return person or Person()


@given(st.lists(INTENDED, min_size=1, max_size=4))
def test_the_differences_make_what_was_intended_and_then_there_are_none(wanted: list[Intended]) -> None:
    person: Person | None = None
    for each in wanted:
        person = after(person, differences("p", person, each, TODAY))
        assert set(person.roles) == set(each.roles)
        assert set(person.enrolments) == set(each.enrolments)
        assert set(person.children) == set(each.children)
        assert person.school == (each.placement.school if each.placement else None)
        assert differences("p", person, each, TODAY) == []


@given(INTENDED, INTENDED)
def test_nothing_is_said_that_did_not_change(first: Intended, second: Intended) -> None:
    person = after(None, differences("p", None, first, TODAY))
    changed = len(set(first.roles) ^ set(second.roles)) + len(set(first.enrolments) ^ set(second.enrolments))
    changed += len(set(first.children) ^ set(second.children)) + 1
    assert len(differences("p", person, second, TODAY)) <= changed


@pytest.mark.parametrize("gone", [0, 1, 2])
def test_what_ends_takes_nothing_else_with_it(gone: int) -> None:
    whole = Intended(
        recorded=None,
        roles=tuple(RoleHeld("teacher", org) for org in "abc"),
        enrolments=tuple(Enrolment(section, "teacher", "a") for section in "abc"),
        children=("a", "b", "c"),
        placement=None,
    )
    left = replace(
        whole,
        **{name: tuple(each for at, each in enumerate(getattr(whole, name)) if at != gone) for name in ("roles", "enrolments", "children")},
    )
    before = after(None, differences("p", None, whole, TODAY))
    person = after(before, differences("p", before, left, TODAY))
    assert (set(person.roles), set(person.enrolments), set(person.children)) == (set(left.roles), set(left.enrolments), set(left.children))


@given(INTENDED)
def test_who_departs_leaves_nothing_behind_and_only_once(wanted: Intended) -> None:
    person = after(Person(active=True), differences("p", None, wanted, TODAY))
    gone = after(person, depart("p", person, TODAY))
    assert (gone.active, gone.roles, gone.enrolments, gone.children, gone.school) == (False, (), (), (), None)
    assert depart("p", gone, TODAY) == []


@given(INTENDED, INTENDED)
def test_a_placement_is_dated_at_the_latest_today(first: Intended, second: Intended) -> None:
    person = after(None, differences("p", None, first, TODAY))
    placed = [each for each in differences("p", person, second, TODAY) if isinstance(each, StudentPlaced)]
    assert all(each.effective <= TODAY and each.previous == person.school for each in placed)


@given(st.text(max_size=40), st.text(max_size=40))
def test_different_sourced_ids_give_different_ids_that_fit_into_addresses(one: str, other: str) -> None:
    assert (plain_id(one) == plain_id(other)) == (one == other)
    assert all(each.isascii() and (each.isalnum() or each in "-_~") for each in plain_id(one))


def test_an_id_never_gets_longer_than_an_address_bears() -> None:
    assert len(plain_id("å" * 255)) < 100
    assert plain_id("school-001_A") == "school-001_A"


def role(org: str, begin: date | None = None, end: date | None = None) -> RoleHeld:
    return RoleHeld("student", org, begin, end)


def test_of_several_schools_the_one_attended_today_counts_then_the_primary_one() -> None:
    schools = {"a", "b"}
    past, coming = role("a", end=date(2026, 8, 31)), role("b", begin=date(2026, 9, 2))
    assert school_of([past, coming], schools, (), TODAY) == ("b", date(2026, 9, 2))
    assert school_of([past, role("b")], schools, ("a",), TODAY) == ("b", None)
    assert school_of([role("a"), role("b")], schools, (None, "b"), TODAY) == ("b", None)
    assert school_of([role("a"), role("b")], schools, ("x", "b"), TODAY) == ("b", None)


def test_of_two_schools_attended_alike_the_one_begun_last_counts_then_the_first_by_name() -> None:
    early, late = date(2026, 8, 1), date(2026, 8, 20)
    assert school_of([role("a", begin=early), role("b", begin=late)], {"a", "b"}, (), TODAY) == ("b", late)
    assert school_of([role("b", begin=early), role("a", begin=late)], {"a", "b"}, (), TODAY) == ("a", late)
    assert school_of([role("b", begin=late), role("a", begin=late)], {"a", "b"}, (), TODAY) == ("a", late)
    assert school_of([role("a"), role("b", begin=early)], {"a", "b"}, (), TODAY) == ("b", early), "one that says when it began"


def test_a_role_counts_on_its_first_day_and_on_its_last() -> None:
    tomorrow, yesterday = date(2026, 9, 2), date(2026, 8, 31)
    assert school_of([role("b", begin=TODAY, end=TODAY), role("a", begin=tomorrow)], {"a", "b"}, (), TODAY) == ("b", TODAY)
    assert school_of([role("a", end=yesterday), role("b", end=TODAY)], {"a", "b"}, (), TODAY) == ("b", None)


def test_a_person_is_forgotten_once() -> None:
    with pytest.raises(PersonUnknown):
        forget("p", None, "admin")
    known = after(Person(active=True, digest="said"), forget("p", Person(active=True), "admin"))
    assert (known.active, known.forgotten, known.digest) == (False, True, "")
    assert forget("p", known, "admin") == []


def test_a_role_that_has_ended_still_places_its_student_and_one_at_no_school_does_not() -> None:
    assert school_of([role("a", end=date(2026, 6, 1))], {"a"}, (), TODAY) == ("a", None)
    assert school_of([role("district")], {"a"}, (), TODAY) is None
    assert school_of([RoleHeld("teacher", "a")], {"a"}, (), TODAY) is None
