"""The students of a template, as one caller may list them: search, filters, order and counts (P20)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Final, Literal

from msgspec import Struct

from waymark.plans.names import Names, folded
from waymark.plans.rows import Row
from waymark.service.scope import Scope

STATUSES: Final = ("open", "completed", "removed")
Order = Literal["name", "-name", "status", "-status", "updated", "-updated"]
Entry = tuple[str, Row]


class Wanted(Struct, frozen=True, kw_only=True):
    """What is asked for. Null filters let everything through; `value` is a level's code, a number of points, or "none"."""

    search: str = ""
    status: str = "all"
    school: str | None = None
    grade: str | None = None
    students: Collection[str] | None = None
    value: int | float | Literal["none"] | None = None
    sort: Order = "name"

    @property
    def filters(self) -> bool:
        return any(each is not None for each in (self.school, self.grade, self.students, self.value))

    def passes(self, student: str, row: Row) -> bool:
        return (
            self.school in (None, row.school)
            and self.grade in (None, row.grade)
            and (self.students is None or student in self.students)
            and (self.value is None or (row.overall is None if self.value == "none" else row.overall == self.value))
        )


class Listed(Struct, frozen=True):
    """The students in order, and how many of each status there are (whatever status was asked for)."""

    entries: list[Entry]
    counts: dict[str, int]


def listed(rows: Mapping[str, Row], scope: Scope, wanted: Wanted, names: Names) -> Listed:
    """Only students whom the scope reaches are listed, and counted."""
    found: Iterable[Entry] = _within(rows, scope)
    if wanted.filters:
        found = [entry for entry in found if wanted.passes(*entry)]
    if wanted.search:
        found = _matching(list(found), wanted.search, scope, names)
    by_status: dict[str, list[Entry]] = {status: [] for status in STATUSES}
    for entry in found:
        by_status[entry[1].status].append(entry)
    counts = {status: len(entries) for status, entries in by_status.items()}
    return Listed(_in_order(by_status, wanted, scope, names), counts)


def _within(rows: Mapping[str, Row], scope: Scope) -> Iterable[Entry]:
    if scope.students is None:
        return rows.items()
    if len(scope.students) < len(rows):
        return ((student, rows[student]) for student in scope.students if student in rows)
    return ((student, row) for student, row in rows.items() if student in scope.students)


def _matching(found: list[Entry], search: str, scope: Scope, names: Names) -> list[Entry]:
    words = folded(search).split()
    opened = names.of(scope, [student for student, _ in found])
    return [entry for entry in found if all(word in opened[entry[0]].order for word in words)]


def _in_order(by_status: Mapping[str, list[Entry]], wanted: Wanted, scope: Scope, names: Names) -> list[Entry]:
    backwards = wanted.sort.startswith("-")
    shown = [status for status in STATUSES if wanted.status in ("all", status)]
    if wanted.sort.endswith("status"):
        living = sorted((each for each in shown if each != "removed"), key=STATUSES.index, reverse=backwards)
        groups = [by_status[status] for status in living]
    else:
        groups = [[entry for status in shown if status != "removed" for entry in by_status[status]]]
    if "removed" in shown:  # at the bottom, whichever way the rest is turned (P34)
        groups.append(by_status["removed"])
    if wanted.sort.endswith("updated"):
        ordered = [sorted(group, key=lambda entry: (entry[1].updated, entry[0]), reverse=backwards) for group in groups]
    else:
        students = [student for group in groups for student, _ in group]
        order = names.of(scope, students).order_of(len(students))
        ordered = [sorted(group, key=lambda entry: order(entry[0]), reverse=wanted.sort == "-name") for group in groups]
    return [entry for group in ordered for entry in group]
