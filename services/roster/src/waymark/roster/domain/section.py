"""A class, and what a package changes about it."""

from __future__ import annotations

from datetime import date
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from waymark.events.catalogue.roster import ClassRecorded, ClassRetired
from waymark.events.envelope import Event
from waymark.roster.domain.organisation import digest_of


class Section(Struct, frozen=True, kw_only=True):
    """What is known of a class. `course`, `begin` and `end` are kept for packages that leave courses or sessions out."""

    version: int = 0
    school: str
    course: str = ""
    begin: date | None = None
    end: date | None = None
    digest: str
    active: bool = True


class Described(Struct, frozen=True, kw_only=True):
    """What a package says of a class."""

    section: str
    title: str
    code: str
    course: str
    kind: Literal["homeroom", "scheduled"]
    school: str
    grades: tuple[str, ...]
    begin: date | None
    end: date | None


def evolve(known: Section | None, event: Event) -> Section | None:
    match event:
        case ClassRecorded():
            return Section(school=event.school, course=event.course, begin=event.begin, end=event.end, digest=event.digest)
        case ClassRetired() if known:
            return replace(known, active=False)
        case _:
            return known


def record(known: Section | None, said: Described) -> list[Event]:
    """Say what the class is, unless that is what was said last."""
    digest = digest_of(said.title, said.code, said.course, said.kind, said.school, said.grades, said.begin, said.end)
    if known and known.active and known.digest == digest:
        return []
    return [
        ClassRecorded(
            section=said.section,
            title=said.title,
            code=said.code,
            course=said.course,
            kind=said.kind,
            school=said.school,
            grades=said.grades,
            begin=said.begin,
            end=said.end,
            digest=digest,
        )
    ]


def retire(known: Section | None, section: str) -> list[Event]:
    """Say that it is gone, once."""
    return [ClassRetired(section=section)] if known and known.active else []
