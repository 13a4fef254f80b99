"""The classes that a caller may list. Those of a whole district are kept in memory until the roster or the day moves on."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from datetime import date

from msgspec import Struct

from waymark.events.views import Views, stamp
from waymark.service.directory import Directory
from waymark.service.directory_folds import Section, sections
from waymark.service.scope import Scope


class ListedSection(Struct, frozen=True):
    """A class as lists show it on a day. `students` counts those whom the caller reaches."""

    id: str
    title: str
    code: str
    school: str
    teachers: tuple[str, ...]
    students: int


class Sections:
    """For all threads of a process."""

    def __init__(self, views: Views, directory: Directory) -> None:
        self._views, self._directory = views, directory
        self._kept: dict[str, tuple[object, list[ListedSection]]] = {}
        self._lock = threading.Lock()

    def listed(self, scope: Scope, school: str | None, day: date) -> list[ListedSection]:
        """The classes that the caller teaches or administers, by title."""
        if scope.everyone and school is None:
            return self._whole_district(scope, day)
        return _listed(self._directory.sections(scope, school).values(), scope, day)

    def _whole_district(self, scope: Scope, day: date) -> list[ListedSection]:
        now = (day, stamp(self._views, sections.view, sections.source))
        with self._lock:
            known = self._kept.get(scope.district)
        if known is not None and known[0] == now:
            return known[1]
        found = _listed(self._directory.sections(scope).values(), scope, day)
        with self._lock:
            self._kept[scope.district] = (now, found)
        return found


def _listed(found: Iterable[Section], scope: Scope, day: date) -> list[ListedSection]:
    shown = [
        ListedSection(
            each.id,
            each.title,
            each.code,
            each.school,
            tuple(sorted(who for who, dates in each.teachers.items() if dates.cover(day))),
            sum(scope.reaches(who) for who in each.students_on(day)),
        )
        for each in found
        if each.active
    ]
    return sorted(shown, key=lambda each: (each.title, each.id))
