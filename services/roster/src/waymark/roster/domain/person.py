"""A person: what is known of them, and the events that make it what the roster says now."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from waymark.events.catalogue.roster import (
    EnrolmentEnded,
    EnrolmentStarted,
    GuardianLinked,
    GuardianUnlinked,
    PersonDeactivated,
    PersonForgotten,
    PersonRecorded,
    RoleGranted,
    RoleRevoked,
    StudentPlaced,
    StudentWithdrawn,
)
from waymark.events.catalogue.types import Role
from waymark.events.envelope import Event

EnrolmentRole = Literal["student", "teacher", "administrator", "proctor"]


class RoleHeld(Struct, frozen=True, array_like=True):
    """A role at an organisation, with its dates (inclusive; null: open)."""

    role: Role
    org: str
    begin: date | None = None
    end: date | None = None

    @property
    def key(self) -> tuple[str, str]:
        return self.role, self.org


class Enrolment(Struct, frozen=True, array_like=True):
    """A place in a class (`section`) of a school, with its dates (inclusive; null: open)."""

    section: str
    role: EnrolmentRole
    school: str
    primary: bool = False
    begin: date | None = None
    end: date | None = None

    @property
    def key(self) -> tuple[str, str]:
        return self.section, self.role


class Placement(Struct, frozen=True):
    """Where a student goes to school. `since` is the day the roster gives, if any."""

    school: str
    grade: str
    home_language: str = ""
    since: date | None = None


class Person(Struct, frozen=True, kw_only=True):
    """What is known of a person; nothing here says who it is. `version` is the stream's."""

    version: int = 0
    active: bool = False
    forgotten: bool = False
    digest: str = ""
    roles: tuple[RoleHeld, ...] = ()
    enrolments: tuple[Enrolment, ...] = ()
    children: tuple[str, ...] = ()
    school: str | None = None
    grade: str = ""
    home_language: str = ""

    @property
    def studies(self) -> bool:
        """Whether this is a student of the district now."""
        return self.active and self.school is not None


class Intended(Struct, frozen=True, kw_only=True):
    """What a person should be. `recorded` is given when who they are is new, came back or differs."""

    recorded: PersonRecorded | None
    roles: tuple[RoleHeld, ...]
    enrolments: tuple[Enrolment, ...]
    children: tuple[str, ...]
    placement: Placement | None


UNKNOWN = Person()


def evolve(known: Person | None, event: Event) -> Person:
    person = known or UNKNOWN
    match event:
        case PersonRecorded():
            return replace(person, active=True, digest=event.digest)
        case PersonDeactivated():
            return replace(person, active=False)
        case PersonForgotten():
            return replace(person, active=False, forgotten=True, digest="")
        case StudentPlaced():
            return replace(person, school=event.school, grade=event.grade, home_language=event.home_language)
        case StudentWithdrawn():
            return replace(person, school=None)
        case GuardianLinked():
            return replace(person, children=tuple(sorted({*person.children, event.student})))
        case GuardianUnlinked():
            return replace(person, children=tuple(each for each in person.children if each != event.student))
        case _:
            return _belonging(person, event)


def _belonging(person: Person, event: Event) -> Person:
    match event:
        case RoleGranted():
            held = RoleHeld(event.role, event.org, event.begin, event.end)
            return replace(person, roles=(*_others(person.roles, held.key), held))
        case RoleRevoked():
            return replace(person, roles=_others(person.roles, (event.role, event.org)))
        case EnrolmentStarted():
            taken = Enrolment(event.section, event.role, event.school, event.primary, event.begin, event.end)
            return replace(person, enrolments=(*(each for each in person.enrolments if each.key != taken.key), taken))
        case EnrolmentEnded():
            left = (event.section, event.role)
            return replace(person, enrolments=tuple(each for each in person.enrolments if each.key != left))
        case _:
            return person


def _others(roles: Iterable[RoleHeld], key: tuple[str, str]) -> tuple[RoleHeld, ...]:
    return tuple(each for each in roles if each.key != key)


def differences(person: str, known: Person | None, intended: Intended, today: date) -> list[Event]:
    """The events that turn what is known into what is intended; none where they agree."""
    before = known or UNKNOWN
    events: list[Event] = [] if intended.recorded is None else [intended.recorded]
    events += _endings(person, before, intended)
    events += _placing(person, before, intended.placement, today)
    held = set(before.roles)
    events += [
        RoleGranted(person=person, role=each.role, org=each.org, begin=each.begin, end=each.end)
        for each in intended.roles
        if each not in held
    ]
    taken = set(before.enrolments)
    events += [
        EnrolmentStarted(
            person=person,
            section=each.section,
            school=each.school,
            role=each.role,
            primary=each.primary,
            begin=each.begin,
            end=each.end,
        )
        for each in intended.enrolments
        if each not in taken
    ]
    linked = set(before.children)
    events += [GuardianLinked(person=person, student=each) for each in intended.children if each not in linked]
    return events


class PersonUnknown(Exception):
    """The roster never knew such a person."""


def forget(person: str, known: Person | None, by: str) -> list[Event]:
    """Say once that a person was forgotten. What they were in the roster ends when a package no longer names them. Raises PersonUnknown."""
    if known is None:
        raise PersonUnknown(person)
    return [] if known.forgotten else [PersonForgotten(person=person, by=by)]


NOTHING = Intended(recorded=None, roles=(), enrolments=(), children=(), placement=None)


def depart(person: str, known: Person | None, today: date) -> list[Event]:
    """Everything that a person was in the roster ends, and then they."""
    events = differences(person, known, NOTHING, today)
    if known and known.active:
        events.append(PersonDeactivated(person=person))
    return events


def _endings(person: str, before: Person, intended: Intended) -> list[Event]:
    enrolments = {each.key for each in intended.enrolments}
    roles = {each.key for each in intended.roles}
    children = set(intended.children)
    return [
        *(
            EnrolmentEnded(person=person, section=each.section, school=each.school, role=each.role)
            for each in before.enrolments
            if each.key not in enrolments
        ),
        *(RoleRevoked(person=person, role=each.role, org=each.org) for each in before.roles if each.key not in roles),
        *(GuardianUnlinked(person=person, student=each) for each in before.children if each not in children),
    ]


def _placing(person: str, before: Person, placement: Placement | None, today: date) -> list[Event]:
    if placement is None:
        return [] if before.school is None else [StudentWithdrawn(person=person, school=before.school, effective=today)]
    if (placement.school, placement.grade, placement.home_language) == (before.school, before.grade, before.home_language):
        return []
    return [
        StudentPlaced(
            person=person,
            school=placement.school,
            grade=placement.grade,
            home_language=placement.home_language,
            previous=before.school,
            effective=_since(before, placement, today),
        )
    ]


def _since(before: Person, placement: Placement, today: date) -> date:
    """The roster dates a student's coming to a school, at most today; it does not date another grade or language: those count from today."""
    if placement.since is None or placement.school == before.school:
        return today
    return min(placement.since, today)
