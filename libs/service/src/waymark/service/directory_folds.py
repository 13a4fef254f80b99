"""The roster's topic, folded into each service's own directory: people, classes, organisations, school rolls, the district.

Every fold touches only what one stream says: a person's part of a class or a roll comes from the person's stream alone, a
class's title and dates from the class's. So the streams may arrive in any order and the documents are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from waymark.events.catalogue import roster
from waymark.events.catalogue.types import Role, Sealed
from waymark.events.envelope import Recorded
from waymark.events.project import Projection

STAFF: Final = frozenset(
    {
        "districtAdministrator",
        "systemAdministrator",
        "siteAdministrator",
        "principal",
        "counselor",
        "teacher",
        "aide",
        "proctor",
    }
)


class Dates(Struct, frozen=True):
    """Days from `begin` to `end`, both inclusive; null: open."""

    begin: date | None = None
    end: date | None = None

    def cover(self, day: date) -> bool:
        return (self.begin is None or self.begin <= day) and (self.end is None or day <= self.end)


class RoleHeld(Struct, frozen=True):
    """A role at an organisation, with its dates (inclusive; null: open)."""

    role: Role
    org: str
    begin: date | None = None
    end: date | None = None

    @property
    def dates(self) -> Dates:
        return Dates(self.begin, self.end)


class Membership(Struct, frozen=True):
    """A person in a class (`section`) of a school, with the dates of the enrolment (inclusive; null: open)."""

    section: str
    school: str
    role: str
    begin: date | None = None
    end: date | None = None

    @property
    def dates(self) -> Dates:
        return Dates(self.begin, self.end)


class Person(Struct, frozen=True, kw_only=True):
    """What the roster says about a person. Names are sealed, and null once the person was forgotten.

    `enabled` is the roster's switch, `active` whether the person still stands in it: who lacks either may not sign in.
    `school` and `grade` (null: placed nowhere) and `home_language` are a student's. `staff` and `student` say what the
    person ever was: names of staff are no secret within the district, names of students are.
    """

    id: str
    login: str = ""
    given: Sealed | None = None
    family: Sealed | None = None
    preferred: Sealed | None = None
    enabled: bool = True
    active: bool = False
    forgotten: bool = False
    roles: tuple[RoleHeld, ...] = ()
    memberships: tuple[Membership, ...] = ()
    children: tuple[str, ...] = ()
    school: str | None = None
    grade: str | None = None
    home_language: str = ""
    staff: bool = False
    student: bool = False


class Section(Struct, frozen=True, kw_only=True):
    """A class. `begin` and `end` span its terms; `students` and `teachers` are its enrolments. Not `active`: retired, or only
    its enrolments have arrived yet."""

    id: str
    title: str = ""
    code: str = ""
    school: str = ""
    begin: date | None = None
    end: date | None = None
    students: dict[str, Dates] = {}
    teachers: dict[str, Dates] = {}
    active: bool = False

    def students_on(self, day: date) -> frozenset[str]:
        return frozenset(each for each, dates in self.students.items() if dates.cover(day))

    def meets_on(self, day: date) -> bool:
        """Whether the class is running on that day."""
        return self.active and Dates(self.begin, self.end).cover(day)


class Org(Struct, frozen=True, kw_only=True):
    """An organisation of the district: `kind` is OneRoster's (school, district, department ...)."""

    id: str
    name: str
    kind: str
    parent: str | None = None
    active: bool = True


class RollEntry(Struct, frozen=True):
    """A student's grade and home language (BCP 47, "" unknown) as the roster places them."""

    grade: str
    home_language: str = ""


class Roll(Struct, frozen=True, kw_only=True):
    """The students of one school whose record key falls into one partition."""

    school: str
    students: dict[str, RollEntry] = {}


class District(Struct, frozen=True, kw_only=True):
    """The district's name, IANA time zone and BCP 47 locale."""

    name: str
    time_zone: str = "UTC"
    locale: str = "en"


def person_id(district: str, person: str) -> str:
    return f"{district}/person/{person}"


def section_id(district: str, section: str) -> str:
    return f"{district}/section/{section}"


def org_id(district: str, org: str) -> str:
    return f"{district}/org/{org}"


def district_id(district: str) -> str:
    return f"{district}/district"


def _named(document: Callable[[str, str], str], attribute: str) -> Callable[[Recorded], Iterable[str]]:
    """The one document that an attribute names which all types of a fold have."""
    return lambda recorded: (document(recorded.district, getattr(recorded.event, attribute)),)


# ---------------------------------------------------------------------------------------------------------------- people


def _person(key: str, person: Person | None, recorded: Recorded) -> Person:
    event = recorded.event
    person = person or Person(id=key.rpartition("/")[2])
    match event:
        case roster.PersonRecorded():
            return replace(
                person,
                login=event.login,
                given=event.given,
                family=event.family,
                preferred=event.preferred,
                enabled=event.enabled,
                active=True,
                forgotten=False,
            )
        case roster.PersonDeactivated():
            return replace(person, active=False)
        case roster.PersonForgotten():
            return replace(person, login="", given=None, family=None, preferred=None, active=False, forgotten=True)
        case roster.GuardianLinked():
            return replace(person, children=tuple(sorted({*person.children, event.student})))
        case roster.GuardianUnlinked():
            return replace(person, children=tuple(each for each in person.children if each != event.student))
        case _:
            return _placed(_belonging(person, recorded), recorded)


def _belonging(person: Person, recorded: Recorded) -> Person:
    event = recorded.event
    match event:
        case roster.RoleGranted():
            others = tuple(each for each in person.roles if (each.role, each.org) != (event.role, event.org))
            return replace(
                person,
                roles=(*others, RoleHeld(event.role, event.org, event.begin, event.end)),
                staff=person.staff or event.role in STAFF,
                student=person.student or event.role == "student",
            )
        case roster.RoleRevoked():
            return replace(person, roles=tuple(each for each in person.roles if (each.role, each.org) != (event.role, event.org)))
        case roster.EnrolmentStarted():
            others = tuple(each for each in person.memberships if (each.section, each.role) != (event.section, event.role))
            return replace(
                person,
                memberships=(*others, Membership(event.section, event.school, event.role, event.begin, event.end)),
                staff=person.staff or event.role != "student",
                student=person.student or event.role == "student",
            )
        case roster.EnrolmentEnded():
            kept = tuple(each for each in person.memberships if (each.section, each.role) != (event.section, event.role))
            return replace(person, memberships=kept)
        case _:
            return person


def _placed(person: Person, recorded: Recorded) -> Person:
    event = recorded.event
    match event:
        case roster.StudentPlaced():
            return replace(person, school=event.school, grade=event.grade, home_language=event.home_language, student=True)
        case roster.StudentWithdrawn():
            return replace(person, school=None, grade=None)
        case _:
            return person


people: Projection[Person] = Projection(
    name="people",
    version=1,
    source="roster",
    types=(
        roster.PersonRecorded,
        roster.PersonDeactivated,
        roster.PersonForgotten,
        roster.RoleGranted,
        roster.RoleRevoked,
        roster.StudentPlaced,
        roster.StudentWithdrawn,
        roster.EnrolmentStarted,
        roster.EnrolmentEnded,
        roster.GuardianLinked,
        roster.GuardianUnlinked,
    ),
    document=Person,
    keys=_named(person_id, "person"),
    evolve=_person,
    indexes=(("login",),),
)

# -------------------------------------------------------------------------------------------------------------- sections


def _section(key: str, section: Section | None, recorded: Recorded) -> Section:
    event = recorded.event
    section = section or Section(id=key.rpartition("/")[2])
    match event:
        case roster.ClassRecorded():
            return replace(section, title=event.title, code=event.code, school=event.school, begin=event.begin, end=event.end, active=True)
        case roster.ClassRetired():
            return replace(section, active=False)
        case roster.EnrolmentStarted(role="student"):
            return replace(section, students=section.students | {event.person: Dates(event.begin, event.end)})
        case roster.EnrolmentStarted(role="teacher"):
            return replace(section, teachers=section.teachers | {event.person: Dates(event.begin, event.end)})
        case roster.EnrolmentEnded(role="student"):
            return replace(section, students=_without(section.students, event.person))
        case roster.EnrolmentEnded(role="teacher"):
            return replace(section, teachers=_without(section.teachers, event.person))
        case _:
            return section


def _without(members: dict[str, Dates], person: str) -> dict[str, Dates]:
    return {each: dates for each, dates in members.items() if each != person}


sections: Projection[Section] = Projection(
    name="sections",
    version=1,
    source="roster",
    types=(roster.ClassRecorded, roster.ClassRetired, roster.EnrolmentStarted, roster.EnrolmentEnded),
    document=Section,
    keys=_named(section_id, "section"),
    evolve=_section,
    indexes=(("school",),),
)

# ------------------------------------------------------------------------------------------------ organisations, district


def _org(_: str, org: Org | None, recorded: Recorded) -> Org | None:
    event = recorded.event
    if isinstance(event, roster.OrganisationRecorded):
        return Org(id=event.org, name=event.name, kind=event.kind, parent=event.parent)
    return org and replace(org, active=False)


orgs: Projection[Org] = Projection(
    name="orgs",
    version=1,
    source="roster",
    types=(roster.OrganisationRecorded, roster.OrganisationRetired),
    document=Org,
    keys=_named(org_id, "org"),
    evolve=_org,
    indexes=(("kind",),),
)


def _district_keys(recorded: Recorded) -> Iterable[str]:
    return (district_id(recorded.district),)


def _district(_key: str, _district: District | None, recorded: Recorded) -> District | None:
    event = recorded.event
    assert isinstance(event, roster.DistrictDescribed)
    return District(name=event.name, time_zone=event.time_zone, locale=event.locale)


districts: Projection[District] = Projection(
    name="districts",
    version=1,
    source="roster",
    types=(roster.DistrictDescribed,),
    document=District,
    keys=_district_keys,
    evolve=_district,
)

# ----------------------------------------------------------------------------------------------------------------- rolls


def _roll_keys(recorded: Recorded) -> Iterable[str]:
    event = recorded.event
    assert isinstance(event, roster.StudentPlaced | roster.StudentWithdrawn)
    schools = {event.school}
    if isinstance(event, roster.StudentPlaced) and event.previous is not None:
        schools.add(event.previous)
    return tuple(f"{recorded.district}/roll/{each}/{recorded.partition}" for each in sorted(schools))


def _roll(key: str, roll: Roll | None, recorded: Recorded) -> Roll:
    event = recorded.event
    assert isinstance(event, roster.StudentPlaced | roster.StudentWithdrawn)
    roll = roll or Roll(school=key.split("/", 2)[2].rpartition("/")[0])
    if isinstance(event, roster.StudentPlaced) and event.school == roll.school:
        return replace(roll, students=roll.students | {event.person: RollEntry(event.grade, event.home_language)})
    return replace(roll, students={each: entry for each, entry in roll.students.items() if each != event.person})


rolls: Projection[Roll] = Projection(
    name="rolls",
    version=1,
    source="roster",
    types=(roster.StudentPlaced, roster.StudentWithdrawn),
    document=Roll,
    keys=_roll_keys,
    evolve=_roll,
    indexes=(("school",),),
)

DIRECTORY: Final[tuple[Projection[Any], ...]] = (people, sections, orgs, rolls, districts)
"""What every service folds of the roster."""
