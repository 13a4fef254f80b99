"""Who stands behind a segment of a bar (P23)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, Literal

import numpy as np
from msgspec import Struct

from waymark.reporting.counting.chunk import Bits, codes
from waymark.reporting.counting.selection import Selected

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


def _at(selected: Selected, rows: np.ndarray) -> Iterator[Standing]:
    chunk = selected.chunk
    for row in rows.tolist():
        yield Standing(chunk.students[row], chunk.schools[chunk.school[row]], chunk.grades[chunk.grade[row]])
