"""Sheets: the current statuses of one school's students on one template, a row a student and a column an item.

Only spans without an end tell what is current (architecture.md, How reporting counts). A sheet never loses a column and is
never deleted, so that it does not depend on the order in which students come and go.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from struct import Struct as Packer

from msgspec import Struct
from msgspec.structs import replace

from waymark.events.catalogue.plans import PlanEvent
from waymark.events.catalogue.types import Cell, Span
from waymark.events.envelope import Recorded
from waymark.reporting.folds.rows import (
    bit_deleted,
    bit_inserted,
    bit_replaced,
    deleted,
    inserted,
    microseconds,
    replaced,
)

PLAN = ""
"""The item that stands for the plan itself: open or not, and where."""
HIGHEST_CODE = 250
_whole = Packer("<q")
_float = Packer("<d")
_NONE_YET = _float.pack(float("nan"))


class Column(Struct, frozen=True):
    """One item's values, a row a student: one byte (0 none yet, a level's code, 1 for text), or once any value needed more
    (points), a float64 (NaN none yet). `hidden` is a bit a row; the value beneath stays."""

    values: bytes
    hidden: bytes = b""
    wide: bool = False

    @property
    def width(self) -> int:
        return 8 if self.wide else 1


class Sheet(Struct, frozen=True, kw_only=True):
    """Rows in order of student id. `arrivals` (int64): the version of the plan at which the student came here; where a student
    stands in two sheets for a moment, the later wins. `recorded` (int64): when the row's last fact was, in microseconds since 1970.
    """

    template: str
    school: str
    partition: int
    students: tuple[str, ...] = ()
    grades: tuple[str, ...] = ()
    arrivals: bytes = b""
    recorded: bytes = b""
    columns: dict[str, Column] = {}


def sheet_ids(recorded: Recorded) -> Iterable[str]:
    """The sheets of every school that the current status leaves or enters."""
    event: PlanEvent = recorded.event  # type: ignore[assignment]  the projection takes these alone
    schools = {cell.school for span in _current(event) for cell in (span.was, span.now) if cell}
    return [f"{recorded.district}/sheet/{event.template}/{school}/{recorded.partition}" for school in sorted(schools)]


def fold(key: str, sheet: Sheet | None, recorded: Recorded) -> Sheet:
    """The sheet after an event: the student's row enters or leaves, and takes the cells that are at this school."""
    event: PlanEvent = recorded.event  # type: ignore[assignment]  the projection takes these alone
    school = key.split("/", 3)[3].rpartition("/")[0]
    sheet = sheet or Sheet(template=event.template, school=school, partition=recorded.partition)
    for span in sorted(_current(event), key=lambda each: each.item != PLAN):
        here = span.now if span.now and span.now.school == school else None
        if span.item == PLAN:
            sheet = _left(sheet, event.student) if here is None else _entered(sheet, event.student, here.grade, recorded.version)
        else:
            sheet = _placed(sheet, event.student, span.item, here)
    return _stamped(sheet, event.student, microseconds(recorded.at))


def _current(event: PlanEvent) -> list[Span]:
    return [span for span in event.spans if span.until is None]


def _row(sheet: Sheet, student: str) -> tuple[int, bool]:
    at = bisect_left(sheet.students, student)
    return at, at < len(sheet.students) and sheet.students[at] == student


def _entered(sheet: Sheet, student: str, grade: str, version: int) -> Sheet:
    at, stands = _row(sheet, student)
    arrival = _whole.pack(version)
    if stands:
        return replace(
            sheet,
            grades=(*sheet.grades[:at], grade, *sheet.grades[at + 1 :]),
            arrivals=replaced(sheet.arrivals, 8, at, arrival),
        )
    return replace(
        sheet,
        students=(*sheet.students[:at], student, *sheet.students[at:]),
        grades=(*sheet.grades[:at], grade, *sheet.grades[at:]),
        arrivals=inserted(sheet.arrivals, 8, at, arrival),
        recorded=inserted(sheet.recorded, 8, at, _whole.pack(0)),
        columns={
            item: replace(
                column,
                values=inserted(column.values, column.width, at, _NONE_YET if column.wide else b"\0"),
                hidden=bit_inserted(column.hidden, at, False),
            )
            for item, column in sheet.columns.items()
        },
    )


def _left(sheet: Sheet, student: str) -> Sheet:
    at, stands = _row(sheet, student)
    if not stands:
        return sheet
    return replace(
        sheet,
        students=(*sheet.students[:at], *sheet.students[at + 1 :]),
        grades=(*sheet.grades[:at], *sheet.grades[at + 1 :]),
        arrivals=deleted(sheet.arrivals, 8, at),
        recorded=deleted(sheet.recorded, 8, at),
        columns={
            item: replace(column, values=deleted(column.values, column.width, at), hidden=bit_deleted(column.hidden, at))
            for item, column in sheet.columns.items()
        },
    )


def _placed(sheet: Sheet, student: str, item: str, cell: Cell | None) -> Sheet:
    at, stands = _row(sheet, student)
    if not stands:
        return sheet
    column = sheet.columns.get(item)
    if column is None:
        if cell is None:
            return sheet
        column = Column(bytes(len(sheet.students)))
    column = _valued(column, at, cell.value if cell else None)
    column = replace(column, hidden=bit_replaced(column.hidden, at, bool(cell and cell.hidden)))
    return replace(sheet, columns=sheet.columns | {item: column})


def _valued(column: Column, at: int, value: float | bool | None) -> Column:
    if value is not None and not column.wide and not (isinstance(value, int) and 1 <= value <= HIGHEST_CODE):
        floats = (_float.pack(each) if each else _NONE_YET for each in column.values)
        column = replace(column, values=b"".join(floats), wide=True)
    if column.wide:
        row = _NONE_YET if value is None else _float.pack(value)
    else:
        row = bytes((int(value or 0),))
    return replace(column, values=replaced(column.values, column.width, at, row))


def _stamped(sheet: Sheet, student: str, at: int) -> Sheet:
    row, stands = _row(sheet, student)
    if not stands:
        return sheet
    return replace(sheet, recorded=replaced(sheet.recorded, 8, row, _whole.pack(at)))
