"""Who may reach whom: from what the roster says about a person, the grants, each with its reason. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

from msgspec import Struct

from waymark.events.catalogue.types import Role
from waymark.service.directory_folds import Person
from waymark.service.scope import ADMINISTRATORS, GUARDIANS, SCHOOL_ADMINISTRATORS, Grant, Scope


class ClassMembers(Struct, frozen=True, kw_only=True):
    """A class that runs today and who is in it today."""

    section: str
    title: str
    school: str
    students: frozenset[str]


def granted(
    district: str,
    person: Person,
    today: date,
    *,
    classes: Sequence[ClassMembers],
    school_of: Mapping[str, str],
    rolls: Callable[[str], frozenset[str]],
    counselors: bool,
) -> Scope:
    """The person's scope today, the widest grant first.

    `classes` are those taught today, `school_of` says where the person's children go, `rolls(school)` names a school's
    students, `counselors` whether counselors reach those of their schools.
    """
    held = [each for each in person.roles if each.dates.cover(today)]
    roles: dict[Role, None] = {each.role: None for each in held}
    grants = [Grant(each.role, f"{each.role} at {each.org}: all schools of the district") for each in held if each.role in ADMINISTRATORS]
    if not grants:  # nothing widens what is everything
        schoolwide = (*SCHOOL_ADMINISTRATORS, "counselor") if counselors else SCHOOL_ADMINISTRATORS
        grants = [
            Grant(each.role, f"{each.role} at {each.org}", rolls(each.org), frozenset({each.org}))
            for each in held
            if each.role in schoolwide
        ]
    for taught in classes:
        roles["teacher"] = None
        grants.append(Grant("teacher", f"teaches {taught.title or taught.section} today", taught.students, frozenset({taught.school})))
    grants += _own(person, roles)
    grants += _children(person, roles, school_of)
    return Scope(
        district=district,
        person=person.id,
        roles=tuple(roles),
        grants=tuple(sorted(grants, key=_rank)),
        sections=frozenset(each.section for each in classes),
    )


def _own(person: Person, roles: dict[Role, None]) -> Iterator[Grant]:
    if "student" in roles:
        schools = frozenset({person.school} if person.school else ())
        yield Grant("student", "the student", frozenset({person.id}), schools)


def _children(person: Person, roles: dict[Role, None], school_of: Mapping[str, str]) -> Iterator[Grant]:
    if person.children:
        held: list[Role] = [each for each in roles if each in GUARDIANS]
        role = held[0] if held else "guardian"
        roles[role] = None
        yield Grant(role, f"{role} of the student", frozenset(person.children), frozenset(school_of.values()))


_ORDER = (*ADMINISTRATORS, *SCHOOL_ADMINISTRATORS, "counselor", "teacher", "student", *GUARDIANS)


def _rank(grant: Grant) -> int:
    return _ORDER.index(grant.role)
