"""Who stands behind a segment of a bar (P23)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from math import isnan, nan
from typing import Final, Literal

import numpy as np
from msgspec import Struct

from waymark.reporting.counting.chunk import Bits, Whole, codes, numbers, picked
from waymark.reporting.counting.selection import Selected
from waymark.reporting.folds.rows import moment

Segment = int | Literal["not-yet", "hidden", "answered"]
WORDS: Final = ("not-yet", "hidden", "answered")


class Standing(Struct, frozen=True):
    """A student with an open plan, and where they are counted."""

    student: str
    school: str
    grade: str


def standing(selection: Sequence[Selected]) -> Iterator[Standing]:
    """Everybody who is counted."""
    for each in selection:
        yield from _at(each, np.arange(len(each.chunk.students))[each.rows])


def behind(selection: Sequence[Selected], item: str, segment: Segment) -> Iterator[Standing]:
    """The students at a level (its code), never judged, with any judgement, or for whom the item is hidden."""
    for each in selection:
        rows = np.arange(len(each.chunk.students))[each.rows]
        yield from _at(each, rows[_within(each, item, segment)])


class Status(Struct, frozen=True, kw_only=True):
    """A student, what an item of theirs says (null: nothing yet), and when the newest fact of their plan was recorded."""

    standing: Standing
    value: float | None
    hidden: bool
    recorded: datetime


def statuses(selection: Sequence[Selected], item: str) -> Iterator[Status]:
    """Everybody who is counted, with one item of theirs."""
    for each in selection:
        chunk, rows = each.chunk, np.arange(len(each.chunk.students))[each.rows]
        values = numbers(chunk.values[item])[rows].tolist() if item in chunk.values else [nan] * len(rows)
        hidden = chunk.hidden[item][rows].tolist() if item in chunk.hidden else [False] * len(rows)
        recorded = chunk.recorded[rows].tolist()
        for at, stands in enumerate(_at(each, rows)):
            value = None if isnan(values[at]) else values[at]
            yield Status(standing=stands, value=value, hidden=hidden[at], recorded=moment(recorded[at]))


def _within(selected: Selected, item: str, segment: Segment) -> Bits:
    chunk, rows = selected.chunk, selected.rows
    nobody = np.zeros(selected.count, np.bool_)
    hidden = chunk.hidden[item][rows] if item in chunk.hidden else nobody
    if segment == "hidden":
        return hidden
    values = chunk.values[item][rows] if item in chunk.values else None
    if isinstance(segment, int):
        return nobody if values is None else ~hidden & (codes(values) == segment)
    answered = nobody if values is None else (values != 0 if values.dtype == np.uint8 else ~np.isnan(values))
    return ~hidden & (answered if segment == "answered" else ~answered)


def _at(selected: Selected, rows: Whole) -> Iterator[Standing]:
    chunk = selected.chunk
    where = picked(chunk.students, rows), picked(chunk.schools, chunk.school[rows]), picked(chunk.grades, chunk.grade[rows])
    return map(Standing, *where)
