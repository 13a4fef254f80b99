"""Span rows joined: the cells of one topic partition on any day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from waymark.reporting.counting.chunk import Chunk, Vocabulary
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
ROW = np.dtype(
    [
        ("student", "<i4"),
        ("item", "<i4"),
        ("version", "<i4"),
        ("since", "<i4"),
        ("until", "<i4"),
        ("school", "<i4"),
        ("grade", "<i4"),
        ("document", "<i4"),
        ("recorded", "<i8"),
        ("value", "<f8"),
        ("hidden", "?"),
        ("sign", "i1"),
    ]
)


class Past(Struct, frozen=True, eq=False, kw_only=True):
    """Rows in order of (student, item, version, sign): the last one in force on a day says the cell."""

    students: Sequence[str]
    items: Sequence[str]
    schools: Sequence[str]
    grades: Sequence[str]
    documents: Sequence[str]
    rows: NDArray[np.void]

    @property
    def nbytes(self) -> int:
        return 200 * len(self.students) + self.rows.nbytes


def join(before: Past | None, changed: Mapping[str, SpanRows | None]) -> Past:
    """The partition's rows with these documents (by id; None: gone) in place of what they held before."""
    students = Vocabulary(before.students if before else ())
    items = Vocabulary(before.items if before else ())
    schools = Vocabulary(before.schools if before else ())
    grades = Vocabulary(before.grades if before else ())
    documents = Vocabulary(before.documents if before else ())
    replaced = documents.numbered(changed)
    parts = [before.rows[~np.isin(before.rows["document"], replaced)]] if before else []
    for key, document in changed.items():
        if document is None or not document.rows:
            continue
        packed = np.frombuffer(b"".join(document.rows.values()), PACKED)
        rows = np.zeros(len(packed), ROW)
        counts = [len(each) // PACKED.itemsize for each in document.rows.values()]
        rows["student"] = np.repeat(students.numbered(document.rows), counts)
        rows["item"] = _named(packed["item"], document.items, items)
        rows["grade"] = _named(packed["grade"], document.grades, grades)
        rows["school"] = schools.number(document.school)
        rows["document"] = documents.number(key)
        for field in ("version", "since", "until", "recorded", "value", "hidden", "sign"):
            rows[field] = packed[field]
        parts.append(rows)
    whole = np.concatenate(parts) if parts else np.zeros(0, ROW)
    whole = whole[np.lexsort((whole["sign"], whole["version"], whole["item"], whole["student"]))]
    return Past(
        students=students.names,
        items=items.names,
        schools=schools.names,
        grades=grades.names,
        documents=documents.names,
        rows=whole,
    )


def on(past: Past, day: date) -> Chunk:
    """The students whose plans were open on that day, with that day's places and values, as far as is known today."""
    rows, at = past.rows, day.toordinal()
    live = rows[(rows["since"] <= at) & (at < rows["until"])]
    cell = live["student"].astype(np.int64) * max(1, len(past.items)) + live["item"]
    last = np.append(cell[1:] != cell[:-1], True) if len(cell) else np.zeros(0, np.bool_)
    cells = live[last & (live["sign"] > 0)]
    plans = cells[cells["item"] == _item(past, PLAN)]
    row_of = np.full(len(past.students), -1, np.int64)
    row_of[plans["student"]] = np.arange(len(plans))
    latest = np.zeros(len(past.students), np.int32)
    np.maximum.at(latest, live["student"], live["version"])
    newest = live[live["version"] == latest[live["student"]]]
    recorded = np.zeros(len(past.students), np.int64)
    recorded[newest["student"]] = newest["recorded"]  # rows of one version were recorded at once
    students = [past.students[int(each)] for each in plans["student"]]
    values, hidden = _columns(past, cells, row_of, len(plans))
    return Chunk(
        students=students,
        rows={student: row for row, student in enumerate(students)},
        schools=past.schools,
        grades=past.grades,
        school=plans["school"],
        grade=plans["grade"],
        recorded=recorded[plans["student"]],
        values=values,
        hidden=hidden,
    )


def _columns(
    past: Past, cells: NDArray[np.void], row_of: NDArray[np.int64], count: int
) -> tuple[dict[str, NDArray[np.float64]], dict[str, NDArray[np.bool_]]]:
    values: dict[str, NDArray[np.float64]] = {}
    hidden: dict[str, NDArray[np.bool_]] = {}
    cells = cells[np.argsort(cells["item"], kind="stable")]
    bounds = np.searchsorted(cells["item"], np.arange(len(past.items) + 1))
    for number, item in enumerate(past.items):
        own = cells[bounds[number] : bounds[number + 1]]
        if item == PLAN or not len(own):
            continue
        rows = row_of[own["student"]]
        values[item] = np.full(count, np.nan)
        values[item][rows] = own["value"]
        if own["hidden"].any():
            hidden[item] = np.zeros(count, np.bool_)
            hidden[item][rows] = own["hidden"]
    return values, hidden


def _item(past: Past, name: str) -> int:
    return past.items.index(name) if name in past.items else -1


def _named(hashes: NDArray[np.int64], names: Sequence[str], vocabulary: Vocabulary) -> NDArray[np.int32]:
    """Hashes of these names as the vocabulary's numbers."""
    known = np.array([name_hash(each) for each in names], np.int64)
    order = np.argsort(known)
    numbers = vocabulary.numbered(names)[order]
    return numbers[np.searchsorted(known[order], hashes)]
