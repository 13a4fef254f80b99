"""Who is counted: the students within the caller's reach whom a filter lets through, as rows of chunks."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from waymark.reporting.counting.chunk import Chunk
from waymark.reporting.folds.rows import moment

Rows = NDArray[np.int64] | slice
ALL = slice(None)


class Filter(Struct, frozen=True, kw_only=True):
    """Empty: no restriction; else any of these. `groups`: sets of students, in each of which a student must be: the caller's
    reach, the classes asked for, the speakers of the languages asked for."""

    schools: frozenset[str] = frozenset()
    grades: frozenset[str] = frozenset()
    groups: tuple[Collection[str], ...] = ()


class Selected(Struct, frozen=True, eq=False):
    """Rows of one chunk."""

    chunk: Chunk
    rows: Rows

    @property
    def count(self) -> int:
        return len(self.chunk.students) if isinstance(self.rows, slice) else len(self.rows)


def select(chunks: Iterable[Chunk], wanted: Filter) -> list[Selected]:
    """The rows of each chunk that the filter lets through."""
    return [Selected(chunk, _rows(chunk, wanted)) for chunk in chunks]


def newest(selection: Sequence[Selected]) -> datetime | None:
    """When the newest fact that is counted was recorded."""
    latest = max((int(each.chunk.recorded[each.rows].max()) for each in selection if each.count), default=0)
    return moment(latest) if latest else None


def _rows(chunk: Chunk, wanted: Filter) -> Rows:
    rows: Rows = ALL
    if wanted.groups:
        smallest, *others = sorted(wanted.groups, key=len)
        sought = (each for each in smallest if all(each in other for other in others))
        found = (at for each in sought if (at := chunk.rows.get(each)) is not None)
        rows = np.fromiter(found, np.int64)
        rows.sort()
    for names, places, asked in ((chunk.schools, chunk.school, wanted.schools), (chunk.grades, chunk.grade, wanted.grades)):
        if asked:
            numbers = [number for number, name in enumerate(names) if name in asked]
            within = np.isin(places[rows], numbers)
            rows = np.flatnonzero(within) if isinstance(rows, slice) else rows[within]
    return rows
