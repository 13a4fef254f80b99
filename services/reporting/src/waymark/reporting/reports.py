"""What is asked of reporting, answered for a caller: every question begins with a Scope, and counts whom it reaches."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Final

from msgspec import Struct

from waymark.events.views import Found, Views
from waymark.reporting.counting import current, languages, past
from waymark.reporting.counting.chunk import Chunk
from waymark.reporting.counting.selection import Filter, Selected, select
from waymark.reporting.folds.history import History, history_id
from waymark.reporting.folds.template import Template, template_id
from waymark.reporting.kept import Kept
from waymark.reporting.views import histories, past_rows, sheets, templates
from waymark.service.directory import Directory
from waymark.service.directory_folds import rolls
from waymark.service.scope import NotFound, Scope

MEGABYTE: Final = 1_000_000


class Asked(Struct, frozen=True, kw_only=True):
    """A filter as it is asked for: empty means no restriction, several mean any of them. `as_of`: null is now."""

    school: frozenset[str] = frozenset()
    grade: frozenset[str] = frozenset()
    section: frozenset[str] = frozenset()
    home_language: frozenset[str] = frozenset()
    as_of: date | None = None


class Reports:
    """Reads over this service's views. `memory`: megabytes that what is kept of them may take, about."""

    def __init__(self, views: Views, directory: Directory, memory: int) -> None:
        self._views, self._directory = views, directory
        share = memory * MEGABYTE // 4
        self._current = Kept(views, sheets, current.join, 2 * share)
        self._past = Kept(views, past_rows, past.join, share)
        self._languages = Kept(views, rolls, languages.join, share, by_partition=False)

    def templates(self, scope: Scope, after: str | None, limit: int) -> Found[Template]:
        """Published templates by title."""
        return self._views.find(scope, templates.view, {}, "sort", after, limit)

    def template(self, scope: Scope, template: str) -> Template:
        """Raises NotFound."""
        key = template_id(scope.district, template)
        found = self._views.get(scope, templates.view, (key,))
        if key not in found:
            raise NotFound(template)
        return found[key]

    def select(self, scope: Scope, template: str, asked: Asked, today: date) -> list[Selected]:
        """The students on a template whom the caller reaches and the filter lets through; classes as they are today. Raises
        NotFound for a class that is not the caller's to ask about."""
        groups = tuple(self._groups(scope, asked, today))
        wanted = Filter(schools=asked.school, grades=asked.grade, languages=asked.home_language, groups=groups)
        return select(self._chunks(scope.district, template, asked.as_of, wanted), wanted, self._spoken(scope.district, asked))

    def languages(self, scope: Scope, students: Collection[str]) -> set[str]:
        """The home languages of these students, those unknown left out."""
        known = self._languages.of(scope.district).values()
        return {language for each in known for student in students if (language := each.of.get(student))}

    def histories(self, scope: Scope, template: str, students: Collection[str]) -> dict[str, History]:
        """The histories of these students' plans, by student, of those within reach."""
        ids = [history_id(scope.district, template, each) for each in students]
        return {each.student: each for each in self._views.get(scope, histories.view, ids).values()}

    def _chunks(self, district: str, template: str, as_of: date | None, wanted: Filter) -> Mapping[int, Chunk]:
        if as_of is None:
            return {part: each.chunk for part, each in self._current.of(district, template=template).items()}
        students = min(wanted.groups, key=len, default=None)
        past_of = self._past.of(district, template=template)
        return {part: past.on(each, as_of, wanted.schools, students) for part, each in past_of.items()}

    def _spoken(self, district: str, asked: Asked) -> Mapping[int, Mapping[str, str]]:
        return {part: each.of for part, each in self._languages.of(district).items()} if asked.home_language else {}

    def _groups(self, scope: Scope, asked: Asked, today: date) -> Iterator[Collection[str]]:
        if scope.students is not None:
            yield scope.students
        if asked.section:
            sections = [self._directory.section(scope, each) for each in sorted(asked.section)]
            yield frozenset(student for section in sections for student in section.students_on(today))
