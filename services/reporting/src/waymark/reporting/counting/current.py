"""Sheets joined: the current statuses of one topic partition, over all schools."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from msgspec import Struct

from waymark.reporting.counting.chunk import Bits, Chunk, Places, Values, Vocabulary, Whole, numbers, picked
from waymark.reporting.folds.sheet import Column, Sheet


class Current(Struct, frozen=True, eq=False, kw_only=True):
    """A chunk, and at which version of their plans the students arrived where they stand."""

    chunk: Chunk
    arrivals: Whole

    @property
    def nbytes(self) -> int:
        return self.chunk.nbytes + self.arrivals.nbytes


class _Part(Struct, frozen=True, eq=False, kw_only=True):
    students: Sequence[str]
    school: Places
    grade: Places
    recorded: Whole
    arrivals: Whole
    values: Mapping[str, Values]
    hidden: Mapping[str, Bits]


def join(before: Current | None, changed: Mapping[str, Sheet | None]) -> Current:
    """The partition with these sheets (by document id; None: gone) in place of what stood for their schools.

    A student who stands in two sheets counts where they arrived later: the other sheet is about to lose the row, so the row
    is not needed again.
    """
    schools = Vocabulary(before.chunk.schools if before else ())
    grades = Vocabulary(before.chunk.grades if before else ())
    replaced = [schools.number(key.split("/", 3)[3].rpartition("/")[0]) for key in changed]
    parts = [_kept(before, replaced)] if before else []
    parts += [_part(sheet, schools, grades) for sheet in changed.values() if sheet is not None and sheet.students]
    whole = _joined(parts)
    rows = {student: at for at, student in enumerate(whole.students)}
    if len(rows) < len(whole.students):
        whole = _taken(whole, _latest(whole))
        rows = {student: at for at, student in enumerate(whole.students)}
    chunk = Chunk(
        students=whole.students,
        rows=rows,
        schools=schools.names,
        grades=grades.names,
        school=whole.school,
        grade=whole.grade,
        recorded=whole.recorded,
        values=whole.values,
        hidden=whole.hidden,
    )
    return Current(chunk=chunk, arrivals=whole.arrivals)


def _part(sheet: Sheet, schools: Vocabulary, grades: Vocabulary) -> _Part:
    count = len(sheet.students)
    return _Part(
        students=sheet.students,
        school=np.full(count, schools.number(sheet.school), np.int32),
        grade=grades.numbered(sheet.grades),
        recorded=np.frombuffer(sheet.recorded, "<i8"),
        arrivals=np.frombuffer(sheet.arrivals, "<i8"),
        values={item: _values(column) for item, column in sheet.columns.items()},
        hidden={item: _bits(column, count) for item, column in sheet.columns.items() if column.hidden},
    )


def _values(column: Column) -> Values:
    return np.frombuffer(column.values, "<f8" if column.wide else np.uint8)


def _bits(column: Column, count: int) -> Bits:
    return np.unpackbits(np.frombuffer(column.hidden, np.uint8), count=count, bitorder="little").view(np.bool_)


def _kept(before: Current, replaced: Sequence[int]) -> _Part:
    chunk = before.chunk
    part = _Part(
        students=chunk.students,
        school=chunk.school,
        grade=chunk.grade,
        recorded=chunk.recorded,
        arrivals=before.arrivals,
        values=chunk.values,
        hidden=chunk.hidden,
    )
    return _taken(part, np.flatnonzero(~np.isin(chunk.school, replaced)))


def _taken(part: _Part, rows: Whole) -> _Part:
    return _Part(
        students=picked(part.students, rows),
        school=part.school[rows],
        grade=part.grade[rows],
        recorded=part.recorded[rows],
        arrivals=part.arrivals[rows],
        values={item: each[rows] for item, each in part.values.items()},
        hidden={item: each[rows] for item, each in part.hidden.items()},
    )


def _joined(parts: Sequence[_Part]) -> _Part:
    if not parts:
        nothing: Whole = np.zeros(0, np.int64)
        nowhere: Places = np.zeros(0, np.int32)
        return _Part(students=[], school=nowhere, grade=nowhere, recorded=nothing, arrivals=nothing, values={}, hidden={})
    return _Part(
        students=[student for part in parts for student in part.students],
        school=np.concatenate([part.school for part in parts]),
        grade=np.concatenate([part.grade for part in parts]),
        recorded=np.concatenate([part.recorded for part in parts]),
        arrivals=np.concatenate([part.arrivals for part in parts]),
        values={item: _column(parts, item) for item in dict.fromkeys(item for part in parts for item in part.values)},
        hidden={item: _hidden(parts, item) for item in dict.fromkeys(item for part in parts for item in part.hidden)},
    )


def _column(parts: Sequence[_Part], item: str) -> Values:
    columns: list[Values] = [part.values.get(item, np.zeros(len(part.students), np.uint8)) for part in parts]
    wide = any(each.dtype != np.uint8 for each in columns)
    return np.concatenate([numbers(each) for each in columns] if wide else columns)


def _hidden(parts: Sequence[_Part], item: str) -> Bits:
    return np.concatenate([part.hidden.get(item, np.zeros(len(part.students), np.bool_)) for part in parts])


def _latest(part: _Part) -> Whole:
    best: dict[str, int] = {}
    for at, student in enumerate(part.students):
        known = best.get(student)
        if known is None or part.arrivals[at] > part.arrivals[known]:
            best[student] = at
    return np.array(sorted(best.values()), np.int64)
