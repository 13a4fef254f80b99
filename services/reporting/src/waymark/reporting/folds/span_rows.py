"""Span rows: what each event changed, kept as signed rows, so that any past day can be counted.

A span gives the row of its `was` the sign -1 and that of its `now` +1; both are in force from `since` until `until`. On a day,
the last row in force of a student's item says its cell: +1 this one, -1 none. A document holds the cells of one school.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import lru_cache
from struct import Struct as Packer

from msgspec import Struct

from waymark.events.catalogue.plans import PlanEvent
from waymark.events.envelope import Recorded
from waymark.reporting.folds.rows import microseconds

FOR_GOOD = 2**31 - 1
ROW = Packer("<qqiiiqdBb")
"""item (name_hash), grade (name_hash), since, until (proleptic ordinal days; FOR_GOOD), version of the plan, recorded
(microseconds since 1970), value (NaN none), hidden, sign."""


class SpanRows(Struct, frozen=True, kw_only=True):
    """The rows of one school's cells recorded in one month (UTC): packed rows a student, in the order of recording.
    `items` and `grades` are the names behind the hashes, sorted."""

    template: str
    school: str
    partition: int
    month: str
    items: tuple[str, ...] = ()
    grades: tuple[str, ...] = ()
    rows: dict[str, bytes] = {}


@lru_cache(maxsize=4096)
def name_hash(name: str) -> int:
    """A number for a name: a vocabulary would depend on the order in which students' facts arrive."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little", signed=True)


def span_rows_ids(recorded: Recorded) -> Iterable[str]:
    """A document a school that any span mentions."""
    event: PlanEvent = recorded.event  # type: ignore[assignment]  the projection takes these alone
    schools = {cell.school for span in event.spans for cell in (span.was, span.now) if cell}
    month = _month(recorded)
    return [f"{recorded.district}/span-rows/{event.template}/{school}/{recorded.partition}/{month}" for school in sorted(schools)]


def fold(key: str, before: SpanRows | None, recorded: Recorded) -> SpanRows:
    """The document with the event's rows of this school behind the student's others."""
    event: PlanEvent = recorded.event  # type: ignore[assignment]  the projection takes these alone
    school = key.split("/", 3)[3].rsplit("/", 2)[0]
    document = before or SpanRows(template=event.template, school=school, partition=recorded.partition, month=_month(recorded))
    items, grades, rows = set(document.items), set(document.grades), [document.rows.get(event.student, b"")]
    at = microseconds(recorded.at)
    for span in event.spans:
        since, until = span.since.toordinal(), span.until.toordinal() if span.until else FOR_GOOD
        for cell, sign in ((span.was, -1), (span.now, 1)):
            if cell is None or cell.school != school:
                continue
            items.add(span.item)
            grades.add(cell.grade)
            value = float("nan") if cell.value is None else float(cell.value)
            hashes = name_hash(span.item), name_hash(cell.grade)
            rows.append(ROW.pack(*hashes, since, until, recorded.version, at, value, cell.hidden, sign))
    return SpanRows(
        template=document.template,
        school=school,
        partition=document.partition,
        month=document.month,
        items=tuple(sorted(items)),
        grades=tuple(sorted(grades)),
        rows=document.rows | {event.student: b"".join(rows)},
    )


def _month(recorded: Recorded) -> str:
    return f"{recorded.at:%Y-%m}"
