"""Who is counted: the students within the caller's reach whom a filter lets through, as rows of chunks."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from waymark.reporting.counting.chunk import Bits, Chunk, Spoken, Vocabulary
from waymark.reporting.folds.rows import moment

Rows = NDArray[np.int64] | slice
ALL = slice(None)
ROLLS = "rolls"
NOT_ON_A_ROLL = "\0"  # no language that anybody asks for


class Filter(Struct, frozen=True, kw_only=True):
    """Empty: no restriction; else any of these. `groups`: sets of students, in each of which a student must be: the caller's
    reach, the classes asked for. `languages`: home languages (BCP 47)."""

    schools: frozenset[str] = frozenset()
    grades: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    groups: tuple[Collection[str], ...] = ()


class Selected(Struct, frozen=True, eq=False):
    """Rows of one chunk."""

    chunk: Chunk
    rows: Rows

    @property
    def count(self) -> int:
        return len(self.chunk.students) if isinstance(self.rows, slice) else len(self.rows)


def select(chunks: Mapping[int, Chunk], wanted: Filter, spoken: Mapping[int, Mapping[str, str]]) -> list[Selected]:
    """The rows of each partition's chunk that the filter lets through.

    `spoken`: by partition, each student's home language. The topics of plans and of the roster keep all that is said about one
    student in the partition of the student's id, and have equally many (envelope.PARTITIONS).
    """
    return [Selected(chunk, _rows(chunk, wanted, spoken.get(part, {}))) for part, chunk in chunks.items()]


def newest(selection: Sequence[Selected]) -> datetime | None:
    """When the newest fact that is counted was recorded."""
    latest = max((int(each.chunk.recorded[each.rows].max()) for each in selection if each.count), default=0)
    return moment(latest) if latest else None


def _rows(chunk: Chunk, wanted: Filter, spoken: Mapping[str, str]) -> Rows:
    rows: Rows = ALL
    if wanted.groups:
        smallest, *others = sorted(wanted.groups, key=len)
        sought = (each for each in smallest if all(each in other for other in others))
        found = (at for each in sought if (at := chunk.rows.get(each)) is not None)
        rows = np.fromiter(found, np.int64)
        rows.sort()
    if wanted.schools:
        rows = _among(rows, np.isin(chunk.school[rows], _numbers(chunk.schools, wanted.schools)))
    if wanted.grades:
        rows = _among(rows, np.isin(chunk.grade[rows], _numbers(chunk.grades, wanted.grades)))
    if wanted.languages:
        known = _spoken(chunk, spoken)
        rows = _among(rows, np.isin(known.rows[rows], _numbers(known.names, wanted.languages)))
    return rows


def _spoken(chunk: Chunk, of: Mapping[str, str]) -> Spoken:
    known = chunk.spoken.get(ROLLS)
    if known is None or known.of is not of:
        vocabulary = Vocabulary()
        rows = vocabulary.numbered(of.get(each, NOT_ON_A_ROLL) for each in chunk.students)
        known = chunk.spoken[ROLLS] = Spoken(of, vocabulary.names, rows)
    return known


def _among(rows: Rows, within: Bits) -> Rows:
    return np.flatnonzero(within) if isinstance(rows, slice) else rows[within]


def _numbers(names: Sequence[str], asked: Collection[str]) -> list[int]:
    return [number for number, name in enumerate(names) if name in asked]
