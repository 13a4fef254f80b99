"""How long all bars of one template take, with 95,000 students on it: `python bench/bars.py [--students N] [--past]`.

Sheets (and, with --past, span rows) are made up and saved as the projections save them; then the questions of the API are
asked, without HTTP. Prints median and worst of each question in milliseconds, and the median of the processor's time (others may use the machine).
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

import numpy as np
from msgspec import Struct

from waymark.events.catalogue.plans import Content, Item, Level, LevelScale, PointsScale, Section, TemplatePublished
from waymark.events.catalogue.types import Author
from waymark.events.envelope import PARTITIONS, Recorded
from waymark.events.feed import Checkpoint
from waymark.events.keys import Keyring
from waymark.events.sqlite.database import Database
from waymark.events.sqlite.keys import SqliteKeys
from waymark.events.sqlite.views import SqliteViews
from waymark.events.views import Change, View
from waymark.reporting.counting.segments import behind
from waymark.reporting.counting.selection import newest
from waymark.reporting.counting.tally import count_item
from waymark.reporting.folds import template as template_fold
from waymark.reporting.folds.rows import microseconds
from waymark.reporting.folds.sheet import Column, Sheet
from waymark.reporting.folds.span_rows import FOR_GOOD, ROW, SpanRows, name_hash
from waymark.reporting.reports import Asked, Reports
from waymark.reporting.views import past_rows, sheets, templates
from waymark.service.directory import Directory
from waymark.service.directory_folds import Roll, RollEntry, rolls
from waymark.service.scope import Grant, Scope

SCHOOLS, ITEMS = 168, 20
TODAY = date(2027, 5, 3)
AT = datetime(2027, 5, 3, 12, tzinfo=UTC)
GRADES = [f"{grade:02}" for grade in range(1, 13)]
LANGUAGES = ["en", "es", *(f"l{number}" for number in range(137))]
ADMINISTRATOR = Scope(district="d", person="a", roles=("districtAdministrator",), grants=(Grant("districtAdministrator", "all"),))
LEVELS = LevelScale(
    title="Progress", levels=tuple(Level(code=code, label=str(code), short=str(code), colour="#000000") for code in range(1, 6))
)
SCALES = {"levels": LEVELS, "points": PointsScale(title="Points", minimum=0, maximum=100)}
CONTENT = Content(
    title="Reading",
    overall="levels",
    sections=(
        Section(
            id="s",
            title="All",
            items=tuple(Item(id=f"i{n}", title=str(n), scale="points" if n % 10 == 9 else "levels") for n in range(ITEMS)),
        ),
    ),
)


class Question(Struct, frozen=True):
    """What is asked, and what happens before each time it is asked."""

    ask: Callable[[], None]
    prepare: Callable[[], None] = lambda: None


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--students", type=int, default=95_000)
    arguments.add_argument("--past", action="store_true", help="also bars as of a day, from about 2.9 million span rows")
    wanted = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        views, groups = prepared(Path(folder), wanted.students, wanted.past)
        print(f"{sum(map(len, groups.values()))} students, {ITEMS} items and the overall status, {len(groups)} sheets")
        for what, question in questions(views, groups, wanted.past).items():
            _timed(what, question, times=1 if "cold" in what else 30)
        print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB, the making of the documents included")


Groups = dict[tuple[int, int], list[str]]
"""Students by school and partition."""


def prepared(folder: Path, students: int, past: bool = False) -> tuple[SqliteViews, Groups]:
    """A district's sheets (`past`: and span rows), saved."""
    views = SqliteViews(Database(folder / "views.db", "NORMAL"), "reporting")
    random = Random(1)
    places = [(school, part) for school in range(SCHOOLS) for part in range(PARTITIONS)]
    each, more = divmod(students, len(places))
    groups = {place: sorted(f"{random.getrandbits(128):032x}" for _ in range(each + (at < more))) for at, place in enumerate(places)}
    published = TemplatePublished(template="t", content=CONTENT, scales=SCALES, by=Author("a", "teacher"), effective=TODAY)
    _save(views, templates.view, "plans", [("d/template/t", template_fold.fold("", None, _recorded(published)), 0)])
    _save(views, sheets.view, "plans", ((f"d/sheet/t/{s}/{p}", _sheet(s, p, groups[s, p]), p) for s, p in places))
    _save(views, rolls.view, "roster", ((f"d/roll/{s}/{p}", _roll(s, groups[s, p]), p) for s, p in places))
    if past:
        for month in range(9, 13):
            rows = ((f"d/span-rows/t/{s}/{p}/2026-{month}", _rows(s, p, month, groups[s, p]), p) for s, p in places)
            _save(views, past_rows.view, "plans", rows)
    return views, groups


def questions(views: SqliteViews, groups: Groups, past: bool = False) -> dict[str, Question]:
    """By what they are called; those named cold fill what the ones after them find in memory."""
    keyring = Keyring(SqliteKeys(Database(Path(tempfile.mkdtemp()) / "keys.db", "NORMAL"), b"\1" * 32))
    reports = Reports(views, Directory(views, keyring), memory=1024)

    def bars(caller: Scope, **asked: object) -> None:
        selection = reports.select(caller, "t", Asked(**asked), TODAY)  # type: ignore[arg-type]  names of its fields
        template = reports.template(caller, "t")
        assert [count_item(selection, item, template.scale(item)) for item in template.items()]
        assert newest(selection) or not selection

    def drill(segment: int, **asked: object) -> None:
        assert list(behind(reports.select(ADMINISTRATOR, "t", Asked(**asked), TODAY), "overall", segment))  # type: ignore[arg-type]  the same

    def reach(students: Iterable[str]) -> Scope:
        grant = Grant("teacher", "teaches them", frozenset(students), frozenset())
        return Scope(district="d", person="b", roles=("teacher",), grants=(grant,))

    school = [student for (number, _), students in groups.items() if number < 2 for student in students]
    few = [student for students in groups.values() for student in students][:30]
    sequence = iter(range(2_000_000, 10_000_000, 1000))
    asked = {
        "cold, all": Question(lambda: bars(ADMINISTRATOR)),
        "all students": Question(lambda: bars(ADMINISTRATOR)),
        "one school": Question(lambda: bars(ADMINISTRATOR, school=frozenset({"3"}))),
        "a grade of all schools": Question(lambda: bars(ADMINISTRATOR, grade=frozenset({"05"}))),
        "home language, cold": Question(lambda: bars(ADMINISTRATOR, home_language=frozenset({"es"}))),
        "home language of many": Question(lambda: bars(ADMINISTRATOR, home_language=frozenset({"en"}))),
        "home language of few": Question(lambda: bars(ADMINISTRATOR, home_language=frozenset({"l5"}))),
        "a teacher's 30": Question(lambda: bars(reach(few))),
        "reach of two schools": Question(lambda: bars(reach(school))),
        "behind a segment": Question(lambda: drill(3)),
        "behind a segment, one school": Question(lambda: drill(3, school=frozenset({"3"}))),
        "after a sheet changed": Question(lambda: bars(ADMINISTRATOR), lambda: _touch(views, groups, next(sequence), (5,))),
        "after all parts changed": Question(lambda: bars(ADMINISTRATOR), lambda: _touch(views, groups, next(sequence), range(PARTITIONS))),
    }
    if past:
        day = date(2026, 11, 1)
        asked |= {
            "as of a day, cold": Question(lambda: bars(ADMINISTRATOR, as_of=day)),
            "as of a day, all": Question(lambda: bars(ADMINISTRATOR, as_of=day)),
            "as of a day, a school": Question(lambda: bars(ADMINISTRATOR, as_of=day, school=frozenset({"3"}))),
        }
    return asked


def _timed(what: str, question: Question, times: int) -> None:
    taken: list[float] = []
    worked: list[float] = []
    for _ in range(times):
        question.prepare()
        begun, used = time.perf_counter(), time.process_time()
        question.ask()
        taken.append((time.perf_counter() - begun) * 1000)
        worked.append((time.process_time() - used) * 1000)
    print(f"{what:28} median {median(taken):8.1f} ms   worst {max(taken):8.1f} ms   processor {median(worked):8.1f} ms   of {times}")


def _touch(views: SqliteViews, groups: Groups, sequence: int, parts: Iterable[int]) -> None:
    for part in parts:
        key = f"d/sheet/t/7/{part}"
        held = views.load(sheets.view, [key])[key]
        change = Change(id=key, document=_sheet(7, part, groups[7, part]), marks={part: sequence}, parked={}, revision=held.revision)
        assert not views.save(sheets.view, "plans", [change], (), {part: _reached(sequence)})


def _sheet(school: int, part: int, students: list[str]) -> Sheet:
    chance, count = np.random.default_rng(school * 100 + part), len(students)
    columns: dict[str, Column] = {}
    for item in CONTENT.sections[0].items:
        judged = chance.random(count) < 0.7
        hidden = np.packbits(chance.random(count) < 0.05, bitorder="little").tobytes().rstrip(b"\0")
        if item.scale == "points":
            columns[item.id] = Column(np.where(judged, chance.random(count) * 100, np.nan).astype("<f8").tobytes(), hidden, True)
        else:
            columns[item.id] = Column((judged * chance.integers(1, 6, count)).astype(np.uint8).tobytes(), hidden)
    columns["overall"] = Column(chance.integers(0, 6, count).astype(np.uint8).tobytes())
    return Sheet(
        template="t",
        school=str(school),
        partition=part,
        students=tuple(students),
        grades=tuple(GRADES[each] for each in chance.integers(0, 12, count)),
        arrivals=np.ones(count, "<i8").tobytes(),
        recorded=np.full(count, microseconds(AT), "<i8").tobytes(),
        columns=columns,
    )


def _roll(school: int, students: list[str]) -> Roll:
    chance = Random(school)
    spoken = chance.choices(LANGUAGES, [60, 20, *[0.15] * 137], k=len(students))
    return Roll(school=str(school), students={each: RollEntry("05", language) for each, language in zip(students, spoken, strict=True)})


def _rows(school: int, part: int, month: int, students: list[str]) -> SpanRows:
    """September puts the students on the plan; each month judges a third of the items anew."""
    chance = Random(school * 1000 + part * 20 + month)
    begin = date(2026, month, 1)
    at, grade, since = microseconds(AT) - (12 - month) * 10**12, name_hash("05"), begin.toordinal()
    items = [f"i{number}" for number in range(ITEMS)]
    rows: dict[str, bytes] = {}
    for student in students:
        packed = [ROW.pack(name_hash(""), grade, since, FOR_GOOD, 1, at, float("nan"), False, 1)] if month == 9 else []
        for version, item in enumerate(chance.sample(items, 7), month * 100):
            day = (begin + timedelta(days=chance.randrange(28))).toordinal()
            packed.append(ROW.pack(name_hash(item), grade, day, FOR_GOOD, version, at, chance.randint(1, 5), False, 1))
        rows[student] = b"".join(packed)
    return SpanRows(
        template="t", school=str(school), partition=part, month=f"2026-{month:02}", items=("", *sorted(items)), grades=("05",), rows=rows
    )


def _save(views: SqliteViews, view: View[Any], source: str, documents: Iterable[tuple[str, object, int]]) -> None:
    views.prepare(view)
    changes: Iterator[Change[Any]] = (
        Change(id=key, document=document, marks={part: 1000}, parked={}, revision=0) for key, document, part in documents
    )
    views.save(view, source, list(changes), (), {part: _reached(1000) for part in range(PARTITIONS)})
    views.flip(view.name, view.key)


def _reached(sequence: int) -> Checkpoint:
    return Checkpoint(sequence=sequence, offset=sequence, topic="t", at=AT.timestamp())


def _recorded(event: TemplatePublished) -> Recorded:
    return Recorded(event=event, stream="d/template/t", version=1, key="k", partition=0, position=1, index=0, at=AT)


if __name__ == "__main__":
    main()
