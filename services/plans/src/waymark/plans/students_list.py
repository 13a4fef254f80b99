"""The students of a template, as one caller may list them: search, filters, order and counts (P20)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, Final, Literal

from msgspec import Struct

from waymark.plans.names import Names, SortedName, folded
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


class Listed(Struct, frozen=True):
    """The students in order, and how many of each status there are (whatever status was asked for)."""

    entries: list[Entry]
    counts: dict[str, int]


def listed(rows: Mapping[str, Row], scope: Scope, wanted: Wanted, names: Names) -> Listed:
    """Only students whom the scope reaches are listed, and counted."""
    found = [entry for entry in _within(rows, scope) if _passes(entry, wanted)]
    by_name = bool(wanted.search) or not wanted.sort.endswith("updated")
    opened = names.of(scope, [student for student, _ in found]) if by_name else {}
    if wanted.search:
        words = folded(wanted.search).split()
        found = [entry for entry in found if all(word in opened[entry[0]].searched for word in words)]
    counts = Counter(row.status for _, row in found)
    if wanted.status != "all":
        found = [entry for entry in found if entry[1].status == wanted.status]
    return Listed(_in_order(found, wanted.sort, opened), {status: counts[status] for status in STATUSES})


def _within(rows: Mapping[str, Row], scope: Scope) -> Iterator[Entry]:
    if scope.students is None:
        yield from rows.items()
    elif len(scope.students) < len(rows):
        yield from ((student, rows[student]) for student in scope.students if student in rows)
    else:
        yield from ((student, row) for student, row in rows.items() if student in scope.students)


def _passes(entry: Entry, wanted: Wanted) -> bool:
    student, row = entry
    return (
        wanted.school in (None, row.school)
        and wanted.grade in (None, row.grade)
        and (wanted.students is None or student in wanted.students)
        and (wanted.value is None or (row.overall is None if wanted.value == "none" else row.overall == wanted.value))
    )


def _in_order(found: list[Entry], order: Order, names: Mapping[str, SortedName]) -> list[Entry]:
    by: dict[str, Callable[[Entry], Any]] = {
        "name": lambda entry: (names[entry[0]].order, entry[0]),
        "status": lambda entry: (STATUSES.index(entry[1].status), names[entry[0]].order, entry[0]),
        "updated": lambda entry: (entry[1].updated, entry[0]),
    }
    found.sort(key=by[order.removeprefix("-")], reverse=order.startswith("-"))
    found.sort(key=lambda entry: entry[1].status == "removed")  # at the bottom, whichever way the rest is turned (P34)
    return found
