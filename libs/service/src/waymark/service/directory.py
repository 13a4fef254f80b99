"""The directory as a service asks it: people by their sign-in, names, classes, rolls, and the Scope built from them."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any, Literal, TypeVar

from msgspec import Struct

from waymark.events.keys import Keyring
from waymark.events.project import Projection
from waymark.events.views import MAX_FOUND, System, Views, stamp
from waymark.service.directory_folds import (
    DIRECTORY,
    District,
    Org,
    Person,
    RollEntry,
    Section,
    district_id,
    districts,
    org_id,
    orgs,
    people,
    person_id,
    rolls,
    section_id,
    sections,
)
from waymark.service.directory_grants import ClassMembers, granted
from waymark.service.scope import NotFound, Scope

D = TypeVar("D")
Counselors = Literal["none", "school"]
SCOPE_SECONDS = 30.0  # a scope is built anew at the latest after this, and whenever the directory has moved
SCOPES_KEPT = 2000


class Name(Struct, frozen=True):
    """A person's name, opened. All parts are null when it is redacted: forgotten, unknown, or not for the caller to see.

    `display` is how the person is called (the preferred name before the family name); `sort` is for ordering by family name.
    """

    given: str | None = None
    family: str | None = None
    display: str | None = None
    sort: str | None = None


REDACTED_NAME = Name()


class Directory:
    """Reads over the projections of `waymark.service.directory_folds`. Everything but `by_login` starts from a Scope.

    `counselors`: whether counselors reach the students of their schools.
    """

    def __init__(self, views: Views, keyring: Keyring, counselors: Counselors = "none") -> None:
        self._views, self._keyring, self._counselors = views, keyring, counselors
        self._scopes: OrderedDict[tuple[str, str, date], tuple[float, str, Scope]] = OrderedDict()
        self._lock = threading.Lock()

    def by_login(self, district: str, login: str) -> Person | None:
        """The person who signs in with this login: enabled, standing in the roster, and the only one. Read without a Scope,
        as `knows` is."""
        may = [each for each in self._logged_in(district, login) if each.enabled and each.active and not each.forgotten]
        return may[0] if len(may) == 1 else None

    def knows(self, district: str, login: str) -> bool:
        """Whether the roster says anything of somebody with this login, be it that they may not sign in."""
        return bool(self._logged_in(district, login))

    def person(self, scope: Scope, person: str) -> Person:
        """Raises NotFound for who is unknown or not for the caller to see."""
        found = self.people(scope, (person,)).get(person)
        if found is None:
            raise NotFound(person)
        return found

    def people(self, scope: Scope, ids: Collection[str]) -> dict[str, Person]:
        """Those of these people whom the caller may see: students in reach, oneself, staff, and guardians of students in reach."""
        found = self._documents(scope, people, (person_id(scope.district, each) for each in ids))
        for each in found:
            if each.forgotten:
                self._keyring.drop(each.id)  # another process forgot them: a key that is cached here must not outlive the fact
        return {each.id: each for each in found if _may_see(scope, each)}

    def names(self, scope: Scope, ids: Collection[str]) -> dict[str, Name]:
        """A name for each of these ids; redacted where it is not to be seen or no longer to be read."""
        known = self.people(scope, ids)
        return dict.fromkeys(ids, REDACTED_NAME) | self.open_names(known.values())

    def open_names(self, known: Iterable[Person]) -> dict[str, Name]:
        """The names of people whom the caller was already allowed to see, with one trip to the keyring."""
        fields = [
            (person.id, field, sealed)
            for person in known
            for field, sealed in (("given", person.given), ("family", person.family), ("preferred", person.preferred))
            if sealed is not None
        ]
        opened = self._keyring.open_many([(sealed, field) for _, field, sealed in fields])
        parts: dict[str, dict[str, str | None]] = {}
        for (person, field, _), text in zip(fields, opened, strict=True):
            parts.setdefault(person, {})[field] = text
        return {person: _name(**each) for person, each in parts.items()}

    def section(self, scope: Scope, section: str) -> Section:
        """A class that the caller teaches, attends, or administers. Raises NotFound for every other one."""
        for found in self._documents(scope, sections, (section_id(scope.district, section),)):
            if section in scope.sections or scope.administers(found.school) or scope.person in found.students:
                return found
        raise NotFound(section)

    def sections(self, scope: Scope, school: str | None = None) -> dict[str, Section]:
        """The running or retired classes whose lists the caller may ask for: one's own, and all of the schools one administers."""
        own = self._documents(scope, sections, (section_id(scope.district, each) for each in scope.sections))
        found = {each.id: each for each in own if school in (None, each.school)}
        administered = scope.administered
        if school is not None:
            wanted = [school] if scope.administers(school) else []
        else:
            wanted = [None] if administered is None else sorted(administered)
        for each in wanted:
            found |= {section.id: section for section in self._found(scope, sections, {} if each is None else {"school": each})}
        return found

    def schools(self, scope: Scope) -> dict[str, Org]:
        """The schools of the caller's students and lists, by id."""
        if scope.schools is None:
            found = self._found(scope, orgs, {"kind": "school"})
        else:
            found = self._documents(scope, orgs, (org_id(scope.district, each) for each in scope.schools))
        return {each.id: each for each in found if each.active}

    def orgs(self, scope: Scope, ids: Collection[str]) -> dict[str, Org]:
        """Organisations by id, retired ones too: their names are no secret within the district."""
        return {each.id: each for each in self._documents(scope, orgs, (org_id(scope.district, each) for each in ids))}

    def roll(self, scope: Scope, school: str) -> dict[str, RollEntry]:
        """The students of a school whom the caller reaches."""
        return {
            student: entry
            for roll in self._found(scope, rolls, {"school": school})
            for student, entry in roll.students.items()
            if scope.reaches(student)
        }

    def district(self, district: str) -> District:
        """The district's record, or one in UTC named by its id where roster has not published it yet."""
        found = self._documents(System(district), districts, (district_id(district),))
        return found[0] if found else District(name=district)

    def stamp(self) -> str:
        """How far the directory has come: the same while it stands still."""
        return repr([stamp(self._views, each.view, each.source) for each in DIRECTORY])

    def build_scope(self, district: str, person: Person, today: date, stamp: str | None = None) -> Scope:
        """What the person may reach today. Kept for at most 30 s, and only while the directory stands still: as `stamp` says,
        for a caller that has just asked for it."""
        key, stamp = (district, person.id, today), self.stamp() if stamp is None else stamp
        with self._lock:
            kept = self._scopes.get(key)
            if kept is not None and kept[1] == stamp and time.monotonic() - kept[0] < SCOPE_SECONDS:
                return kept[2]
        scope = self._built(district, person, today)
        with self._lock:
            self._scopes[key] = (time.monotonic(), stamp, scope)
            self._scopes.move_to_end(key)
            while len(self._scopes) > SCOPES_KEPT:
                self._scopes.popitem(last=False)
        return scope

    def _built(self, district: str, person: Person, today: date) -> Scope:
        system = System(district)
        taught = {each.section for each in person.memberships if each.role == "teacher" and each.dates.cover(today)}
        classes = self._documents(system, sections, (section_id(district, each) for each in sorted(taught)))
        running = [
            ClassMembers(section=each.id, title=each.title, school=each.school, students=each.students_on(today))
            for each in classes
            if each.meets_on(today)
        ]
        children = self._documents(system, people, (person_id(district, each) for each in person.children))
        return granted(
            district,
            person,
            today,
            classes=running,
            school_of={each.id: each.school for each in children if each.school},
            rolls=lambda school: frozenset(self._rolled(district, school)),
            counselors=self._counselors == "school",
        )

    def _rolled(self, district: str, school: str) -> Iterable[str]:
        return (student for roll in self._found(System(district), rolls, {"school": school}) for student in roll.students)

    def _logged_in(self, district: str, login: str) -> list[Person]:
        if not login:
            return []
        return [each for _, each in self._views.find(System(district), people.view, {"login": login}, None, None, MAX_FOUND).documents]

    def _documents(self, scope: Scope | System, projection: Projection[D], ids: Iterable[str]) -> list[D]:
        wanted = list(ids)
        if not wanted:
            return []
        found = self._views.get(scope, projection.view, wanted)
        return [found[each] for each in wanted if each in found]

    def _found(self, scope: Scope | System, projection: Projection[D], equals: Mapping[str, str | int]) -> list[D]:
        documents: list[D] = []
        after: str | None = None
        while True:
            page = self._views.find(scope, projection.view, equals, None, after, MAX_FOUND)
            documents += [each for _, each in page.documents]
            after = page.after
            if after is None:
                return documents


def _may_see(scope: Scope, person: Person) -> bool:
    if scope.everyone or person.id == scope.person or scope.reaches(person.id):
        return True
    if person.staff and not person.student:
        return True
    return not person.student and any(scope.reaches(each) for each in person.children)


def _name(**parts: Any) -> Name:
    given, family, preferred = parts.get("given"), parts.get("family"), parts.get("preferred")
    called = preferred or given
    display = " ".join(each for each in (called, family) if each) or None
    sort = ", ".join(each for each in (family, called) if each) or None
    return Name(given, family, display, sort)
