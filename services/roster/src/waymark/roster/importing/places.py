"""Organisations and classes of a package: read whole into memory (a district has some ten thousand), with what is known of others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from waymark.roster.domain.ids import plain_id
from waymark.roster.domain.organisation import Kind, Organisation
from waymark.roster.domain.section import Described, Section
from waymark.roster.importing.mentions import Mentions, TableRows
from waymark.roster.package.findings import Report
from waymark.roster.package.manifest import Mode
from waymark.roster.package.reader import Package
from waymark.roster.package.rows import Row

_FILES = ("orgs", "academicSessions", "courses", "classes")


class OrgSaid(Struct, frozen=True):
    org: str
    name: str
    kind: Kind
    parent: str | None


class Places(Struct, kw_only=True):
    """`orgs` (id to kind) and `sections` (id to school) are those that stand once the package is in, said or known."""

    said_orgs: dict[str, OrgSaid] = field(default_factory=dict[str, OrgSaid])
    said_sections: dict[str, Described] = field(default_factory=dict[str, Described])
    gone_orgs: list[str] = field(default_factory=list[str])
    gone_sections: list[str] = field(default_factory=list[str])
    orgs: dict[str, str] = field(default_factory=dict[str, str])
    sections: dict[str, str] = field(default_factory=dict[str, str])
    rows: dict[str, int] = field(default_factory=dict[str, int])


class Terms(Struct, kw_only=True):
    """What classes refer to and no event carries: sessions' days and courses' titles, by sourcedId."""

    modes: Mapping[str, Mode]
    sessions: dict[str, tuple[date, date]] = field(default_factory=dict[str, tuple[date, date]])
    courses: dict[str, str] = field(default_factory=dict[str, str])


def read_places(
    package: Package,
    organisations: Mapping[str, Organisation],
    sections: Mapping[str, Section],
    report: Report,
    step: Callable[[str], None],
) -> Places:
    """Read orgs, academicSessions, courses and classes; `step` is told of each before. Raises PackageRefused."""
    tables = {each.name: TableRows(package, each, report) for each in package.manifest.tables if each.name in _FILES}

    def file(name: str) -> TableRows | None:
        if name in tables:
            step(name)
        return tables.get(name)

    places, terms = Places(), Terms(modes=package.manifest.modes)
    _read_orgs(file("orgs"), organisations, places)
    _read_sessions(file("academicSessions"), terms)
    _read_courses(file("courses"), terms)
    _read_classes(file("classes"), sections, terms, places)
    places.rows = {name: each.count for name, each in tables.items()}
    return places


def _read_orgs(file: TableRows | None, known: Mapping[str, Organisation], places: Places) -> None:
    mentions = Mentions(file.mode if file else "absent")
    numbers: dict[str, int] = {}
    if file:
        for number, stands, (source, name, kind, parent) in file.rows(_keeping(mentions)):
            org = plain_id(source)
            if _mentioned(mentions, org, stands):
                places.said_orgs[org] = OrgSaid(org, name, kind, plain_id(parent) if parent else None)
                numbers[org] = number
        mentions.blind = file.blind
    _settle(places, mentions, known)
    if file:
        _check_parents(file, places, numbers)


def _settle(places: Places, mentions: Mentions, known: Mapping[str, Organisation]) -> None:
    standing = {org: mentions.standing(org) for org, each in known.items() if each.active}
    places.gone_orgs = sorted(org for org, each in standing.items() if each == "gone")
    places.orgs = {org: known[org].kind for org, each in standing.items() if each == "unsaid"}
    places.orgs |= {org: said.kind for org, said in places.said_orgs.items()}


def _check_parents(file: TableRows, places: Places, numbers: Mapping[str, int]) -> None:
    """A parent that is not there, or that is below its own child, is left out."""
    parents = {org: said.parent for org, said in places.said_orgs.items()}
    for org, said in places.said_orgs.items():
        if said.parent is None:
            continue
        if said.parent not in places.orgs:
            file.dangling(numbers[org], "parentSourcedId", "repaired")
        elif _circles(org, parents):
            file.tell(
                numbers[org],
                "parentSourcedId",
                "parent-circle",
                "The organisation is above its own parent. It was left out.",
                severity="repaired",
            )
        else:
            continue
        parents[org] = None
        places.said_orgs[org] = replace(said, parent=None)


def _circles(org: str, parents: Mapping[str, str | None]) -> bool:
    seen = {org}
    above = parents.get(org)
    while above is not None:
        if above == org:
            return True
        if above in seen:
            return False
        seen.add(above)
        above = parents.get(above)
    return False


def _read_sessions(file: TableRows | None, terms: Terms) -> None:
    if file is None:
        return
    for number, stands, (source, begin, end) in file.rows(_as_nothing):
        if end < begin:
            file.tell(number, "endDate", "dates-reversed", "The end is before the begin.")
        elif stands:
            terms.sessions[source] = (begin, end)


def _read_courses(file: TableRows | None, terms: Terms) -> None:
    for _, stands, (source, title) in file.rows(_as_nothing) if file else ():
        if stands:
            terms.courses[source] = title


def _read_classes(file: TableRows | None, known: Mapping[str, Section], terms: Terms, places: Places) -> None:
    mentions = Mentions(file.mode if file else "absent")
    if file:
        for number, stands, (source, *values) in file.rows(_keeping(mentions)):
            section = plain_id(source)
            if stands and plain_id(values[5]) not in places.orgs:
                file.dangling(number, "schoolSourcedId")
                mentions.kept.add(section)
            elif _mentioned(mentions, section, stands):
                places.said_sections[section] = _described(file, number, section, values, terms, known.get(section))
        mentions.blind = file.blind
    standing = {section: mentions.standing(section) for section, each in known.items() if each.active}
    places.gone_sections = sorted(section for section, each in standing.items() if each == "gone")
    places.sections = {section: known[section].school for section, each in standing.items() if each == "unsaid"}
    places.sections |= {section: said.school for section, said in places.said_sections.items()}


def _described(file: TableRows, number: int, section: str, values: Sequence[Any], terms: Terms, before: Section | None) -> Described:
    title, grades, course, code, kind, school, sessions = values
    begin, end = _days(file, number, sessions, terms, before)
    return Described(
        section=section,
        title=title,
        code=code,
        course=_course(file, number, course, terms, before),
        kind=kind,
        school=plain_id(school),
        grades=grades,
        begin=begin,
        end=end,
    )


def _days(file: TableRows, number: int, sessions: tuple[str, ...], terms: Terms, before: Section | None) -> tuple[date | None, date | None]:
    """From the first day of its terms to the last. Where the package does not describe a term, the days known so far stay."""
    known = [terms.sessions[each] for each in sessions if each in terms.sessions]
    if len(known) < len(sessions):
        if terms.modes["academicSessions"] != "bulk":
            return (before.begin, before.end) if before else (None, None)
        file.dangling(number, "termSourcedIds", "repaired")
    return min((begin for begin, _ in known), default=None), max((end for _, end in known), default=None)


def _course(file: TableRows, number: int, course: str, terms: Terms, before: Section | None) -> str:
    """The course's title. Where the package does not describe it, the one known so far stays."""
    if not course or course in terms.courses:
        return terms.courses.get(course, "")
    if terms.modes["courses"] == "bulk":
        file.dangling(number, "courseSourcedId", "repaired")
        return ""
    return before.course if before else ""


def _mentioned(mentions: Mentions, key: str, stands: bool) -> bool:
    (mentions.present if stands else mentions.deleted).add(key)
    return stands


def _keeping(mentions: Mentions) -> Callable[[Row], bool]:
    def refused(row: Row) -> bool:
        if not row.values or not row.values[0]:
            return False
        mentions.kept.add(plain_id(row.values[0]))
        return True

    return refused


def _as_nothing(row: Row) -> bool:
    """Sessions and courses are nothing by themselves: what refers to a refused one says so."""
    return True
