"""The students of the district in memory: places from the rolls, names opened for at most a minute, for search and order by name."""

from __future__ import annotations

import threading
import time
import unicodedata
from collections.abc import Collection, Iterable
from typing import Final

from msgspec import Struct

from waymark.events.keys import OPENED_SECONDS
from waymark.events.views import System, Views, stamp
from waymark.service.directory import Directory, Name
from waymark.service.directory_folds import Person, people, rolls
from waymark.service.scope import Scope

LAST: Final = "\U0010ffff"
"""Sorts those whose names are redacted behind all others."""


class Pupil(Struct, frozen=True, gc=False):
    """A student on a school's roll."""

    id: str
    school: str
    grade: str
    home_language: str


class Called(Struct, frozen=True):
    """A name, what it is sorted by, and what is searched in."""

    name: Name
    order: str
    searched: str


_REDACTED: Final = Called(Name(), LAST, "")


class _Kept:
    """What was read of one district since the roster last said anything, and names opened since `since`. Only added to: two
    threads may read the same twice."""

    def __init__(self, stamp: object, earlier: _Kept | None = None) -> None:
        self.stamp, self.since = stamp, time.monotonic()
        self.schools: dict[str, list[Pupil]] = earlier.schools if earlier else {}
        self.sealed: dict[str, Person] = earlier.sealed if earlier else {}
        self.names: dict[str, Called] = {}


class Students:
    """For all threads of a process."""

    def __init__(self, views: Views, directory: Directory) -> None:
        self._views, self._directory = views, directory
        self._kept: dict[str, _Kept] = {}
        self._lock = threading.Lock()

    def listed(self, scope: Scope, school: str | None, grade: str | None, students: Collection[str] | None, search: str) -> list[Pupil]:
        """The students in reach whom the filters let through, by family name. `search`: every word must be in the name."""
        kept = self._fresh(scope.district)
        found = [
            each
            for each in self._on_rolls(scope, kept, school)
            if scope.reaches(each.id) and grade in (None, each.grade) and (students is None or each.id in students)
        ]
        self._name(scope, kept, (each.id for each in found))
        names = kept.names
        if words := folded(search).split():
            found = [each for each in found if all(word in names[each.id].searched for word in words)]
        return sorted(found, key=lambda each: (names[each.id].order, each.id))

    def placed(self, scope: Scope, students: Collection[str]) -> list[Pupil]:
        """These students, all of whom the scope reaches, by family name."""
        kept = self._fresh(scope.district)
        known = self._directory.people(scope, students)
        self._name(scope, kept, known)
        found = [Pupil(each.id, each.school or "", each.grade or "", each.home_language) for each in known.values()]
        return sorted(found, key=lambda each: (kept.names[each.id].order, each.id))

    def names(self, scope: Scope, students: Collection[str]) -> dict[str, Name]:
        """The names of these students, all of whom the scope reaches."""
        kept = self._fresh(scope.district)
        self._name(scope, kept, students)
        return {each: kept.names[each].name for each in students}

    def _fresh(self, district: str) -> _Kept:
        now = [stamp(self._views, each.view, each.source) for each in (rolls, people)]
        with self._lock:
            kept = self._kept.get(district)
            if kept is None or kept.stamp != now:
                kept = self._kept[district] = _Kept(now)
            elif time.monotonic() - kept.since > OPENED_SECONDS:
                kept = self._kept[district] = _Kept(now, earlier=kept)
            return kept

    def _on_rolls(self, scope: Scope, kept: _Kept, school: str | None) -> Iterable[Pupil]:
        schools = sorted(self._directory.schools(scope)) if school is None else [school]
        everybody = System(scope.district)
        for each in schools:
            if each not in kept.schools:
                roll = self._directory.roll(everybody, each)  # type: ignore[arg-type]  kept for all callers, and cut to each one's reach
                kept.schools[each] = [Pupil(who, each, entry.grade, entry.home_language) for who, entry in roll.items()]
            yield from kept.schools[each]

    def _name(self, scope: Scope, kept: _Kept, students: Iterable[str]) -> None:
        missing = [each for each in students if each not in kept.names]
        if unread := [each for each in missing if each not in kept.sealed]:
            known = self._directory.people(scope, unread)
            kept.sealed |= {each: _sealed(known.get(each), each) for each in unread}
        if missing:
            opened = self._directory.open_names(kept.sealed[each] for each in missing)
            kept.names |= {each: _called(opened[each]) if each in opened else _REDACTED for each in missing}


def _sealed(person: Person | None, ident: str) -> Person:
    """Nothing of a person but the sealed name."""
    if person is None:
        return Person(id=ident)
    return Person(id=ident, given=person.given, family=person.family, preferred=person.preferred, forgotten=person.forgotten)


def _called(name: Name) -> Called:
    if not name.display:
        return _REDACTED
    return Called(name, folded(name.sort or ""), folded(name.display))


def folded(text: str) -> str:
    """Text without case and accents: what a person who types quickly means."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(each for each in decomposed if not unicodedata.combining(each)).casefold()
