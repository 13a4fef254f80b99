"""Span rows joined: the cells of one topic partition on any day."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from waymark.reporting.counting.chunk import Bits, Chunk, Places, Values, Vocabulary, Whole, picked
from waymark.reporting.folds.sheet import PLAN
from waymark.reporting.folds.span_rows import SpanRows, name_hash

PACKED = np.dtype(
    [
        ("item", "<i8"),
        ("grade", "<i8"),
        ("since", "<i4"),
        ("until", "<i4"),
        ("version", "<i4"),
        ("recorded", "<i8"),
        ("value", "<f8"),
        ("hidden", "?"),
        ("sign", "i1"),
    ]
)
"""A row as `folds.span_rows.ROW` packs it."""


class Rows(Struct, frozen=True, eq=False, kw_only=True):
    """Columns of equal length; names as numbers of the vocabularies of Past."""

    student: Places
    item: Places
    school: Places
    grade: Places
    document: Places
    since: Places
    until: Places
    version: Places
    recorded: Whole
    value: NDArray[np.float64]
    hidden: Bits
    sign: NDArray[np.int8]

    def columns(self) -> tuple[np.ndarray, ...]:
        return tuple(getattr(self, name) for name in self.__struct_fields__)

    def at(self, rows: np.ndarray) -> Rows:
        return Rows(**{name: getattr(self, name)[rows] for name in self.__struct_fields__})


class Past(Struct, frozen=True, eq=False, kw_only=True):
    """Rows in order of (item, student, version, sign): the last one of a student's item in force on a day says the cell."""

    students: Sequence[str]
    items: Sequence[str]
    schools: Sequence[str]
    grades: Sequence[str]
    documents: Sequence[str]
    rows: Rows

    @property
    def nbytes(self) -> int:
        return 200 * len(self.students) + sum(each.nbytes for each in self.rows.columns())


class _Names:
    """The vocabularies while a partition is joined."""

    def __init__(self, before: Past | None) -> None:
        self.students, self.items, self.schools, self.grades, self.documents = (
            Vocabulary(getattr(before, kind) if before else ()) for kind in ("students", "items", "schools", "grades", "documents")
        )


def join(before: Past | None, changed: Mapping[str, SpanRows | None]) -> Past:
    """The partition's rows with these documents (by id; None: gone) in place of what they held before."""
    names = _Names(before)
    replaced = names.documents.numbered(changed)
    rows = _packed({key: document for key, document in changed.items() if document is not None}, names)
    if before:
        kept = before.rows.at(np.flatnonzero(~np.isin(before.rows.document, replaced)))
        rows = Rows(**{name: np.concatenate((getattr(kept, name), getattr(rows, name))) for name in rows.__struct_fields__})
    cell = rows.item.astype(np.int64) * max(1, len(names.students.numbers)) + rows.student
    order = np.argsort(cell << 32 | rows.version.astype(np.int64) << 1 | (rows.sign > 0), kind="stable")
    return Past(
        students=names.students.names,
        items=names.items.names,
        schools=names.schools.names,
        grades=names.grades.names,
        documents=names.documents.names,
        rows=rows.at(order),
    )


def on(past: Past, day: date, schools: Collection[str] = (), students: Collection[str] | None = None) -> Chunk:
    """The students whose plans were open on that day, with that day's places and values, as far as is known today.

    `schools` (empty: all) and `students` (null: all) leave out what will not be asked about.
    """
    rows, at = past.rows, day.toordinal()
    in_force = (rows.since <= at) & (at < rows.until)
    if schools:
        in_force &= np.isin(rows.school, [number for number, name in enumerate(past.schools) if name in schools])
    if students is not None:
        in_force &= np.array([each in students for each in past.students], np.bool_)[rows.student]
    live = np.flatnonzero(in_force)
    item, student = rows.item[live], rows.student[live]
    ends = np.append((item[1:] != item[:-1]) | (student[1:] != student[:-1]), True) if len(live) else np.zeros(0, np.bool_)
    return _chunk(past, live[ends])


def _chunk(past: Past, last: Whole) -> Chunk:
    """The chunk that these rows say, the last in force of each student's item."""
    rows, count = past.rows, len(past.students)
    bounds = np.searchsorted(rows.item[last], np.arange(len(past.items) + 1))
    of_item = {name: last[bounds[at] : bounds[at + 1]] for at, name in enumerate(past.items)}
    plans = _said(rows, of_item.get(PLAN, last[:0]))
    row_of = np.full(count, -1, np.int64)
    row_of[rows.student[plans]] = np.arange(len(plans))
    values: dict[str, Values] = {}
    hidden: dict[str, Bits] = {}
    for name, own in of_item.items():
        cells = _said(rows, own)
        if name == PLAN or not len(cells):
            continue
        at = row_of[rows.student[cells]]
        values[name] = np.full(len(plans), np.nan)
        values[name][at] = rows.value[cells]
        hides = rows.hidden[cells]
        if hides.any():
            hidden[name] = np.zeros(len(plans), np.bool_)
            hidden[name][at] = hides
    students = picked(past.students, rows.student[plans])
    return Chunk(
        students=students,
        rows={each: row for row, each in enumerate(students)},
        schools=past.schools,
        grades=past.grades,
        school=rows.school[plans],
        grade=rows.grade[plans],
        recorded=_newest(rows, of_item.values(), count)[rows.student[plans]],
        values=values,
        hidden=hidden,
    )


def _said(rows: Rows, last: Whole) -> Whole:
    """Those that say a cell; the others say that there is none."""
    return last[rows.sign[last] > 0]


def _newest(rows: Rows, of_item: Iterable[Whole], count: int) -> Whole:
    """By student, when the last of these facts was recorded. A student stands at most once in each of the groups."""
    latest, recorded = np.zeros(count, np.int32), np.zeros(count, np.int64)
    for own in of_item:
        later = own[rows.version[own] > latest[rows.student[own]]]
        latest[rows.student[later]] = rows.version[later]
        recorded[rows.student[later]] = rows.recorded[later]
    return recorded


def _packed(documents: Mapping[str, SpanRows], names: _Names) -> Rows:
    """The rows of all these documents, one document after the other."""
    pieces = [rows for document in documents.values() for rows in document.rows.values()]
    packed = np.frombuffer(b"".join(pieces), PACKED)
    students = names.students.numbered(student for document in documents.values() for student in document.rows)
    sizes = [sum(map(len, document.rows.values())) // PACKED.itemsize for document in documents.values()]
    items = sorted({name for document in documents.values() for name in document.items})
    grades = sorted({name for document in documents.values() for name in document.grades})
    return Rows(
        student=np.repeat(students, [len(each) // PACKED.itemsize for each in pieces]),
        item=_named(packed["item"], items, names.items),
        school=np.repeat(names.schools.numbered(each.school for each in documents.values()), sizes),
        grade=_named(packed["grade"], grades, names.grades),
        document=np.repeat(names.documents.numbered(documents), sizes),
        **{field: packed[field] for field in ("since", "until", "version", "recorded", "value", "hidden", "sign")},
    )


def _named(hashes: Whole, names: Sequence[str], vocabulary: Vocabulary) -> Places:
    """Hashes of these names as the vocabulary's numbers."""
    if not len(hashes):
        return np.zeros(0, np.int32)
    known = np.array([name_hash(each) for each in names], np.int64)
    order = np.argsort(known)
    return vocabulary.numbered(names)[order][np.searchsorted(known[order], hashes)]
