"""The demo's facts, told into the store of the plans service in the order of their days."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from msgspec import Struct

from waymark.events.catalogue.plans import ScaleDefined
from waymark.events.catalogue.types import Author, Place
from waymark.events.envelope import Event, Meta
from waymark.events.keys import Keyring
from waymark.events.store import NewCommit, Store
from waymark.events.views import MAX_FOUND, System, View, Views
from waymark.plans.domain import template as templates
from waymark.plans.domain.plan import Plan
from waymark.plans.domain.template import Template, TemplateEvent
from waymark.plans.streams import PLAN, plan_stream, scale_stream, template_stream
from waymark.service.directory_folds import district_id, districts, people, sections
from waymark.standalone.demo.content import SCALES, TEMPLATES, Followed
from waymark.standalone.demo.history import Enrolled, year

SEED = 20
PUBLISHED_DAYS_AGO = 320
AT_ONCE = 500  # commits
D = TypeVar("D")
Dated = tuple[date, NewCommit]


class Known(Struct, frozen=True, kw_only=True):
    """What the directory says, as the telling needs it."""

    today: date
    administrator: Author
    students: Sequence[Enrolled]


def tell(store: Store, views: Views, keyring: Keyring, district: str, say: Callable[[str], None]) -> None:
    """Scales, templates and a school year of plans. What is there already is left as it is, so it may be run again."""
    known = _known(views, System(district))
    commits: list[Dated] = []
    for name, definition in SCALES.items():
        defined = ScaleDefined(scale=name, definition=definition, by=known.administrator)
        commits.append((date.min, _commit(scale_stream(district, name), 0, [defined])))
    for followed in TEMPLATES:
        template, events = _template(followed, known)
        stream = template_stream(district, followed.id)
        commits += [(date.min, _commit(stream, version, [event])) for version, event in enumerate(events)]
        for student in _chosen(followed, known.students):
            commits += _plan(keyring, district, template, student, known.today)
    commits.sort(key=lambda each: each[0])
    say(f"Telling a school year: {len(commits):,} commits")
    _append(store, [commit for _, commit in commits])


def _known(views: Views, scope: System) -> Known:
    zone = views.get(scope, districts.view, [district_id(scope.district)])[district_id(scope.district)].time_zone
    teachers: dict[str, set[str]] = {}
    for section in _all(views, scope, sections.view):
        for student in section.students:
            teachers.setdefault(student, set()).update(section.teachers)
    everybody = list(_all(views, scope, people.view))
    administrator = min(each.id for each in everybody if any(held.role == "districtAdministrator" for held in each.roles))
    students = [
        Enrolled(student=each.id, place=Place(each.school, each.grade), teachers=tuple(sorted(teachers[each.id])))
        for each in everybody
        if each.school and each.grade and teachers.get(each.id)
    ]
    return Known(
        today=datetime.now(ZoneInfo(zone)).date(),
        administrator=Author(administrator, "districtAdministrator"),
        students=sorted(students, key=lambda each: each.student),
    )


def _all(views: Views, scope: System, view: View[D]) -> Iterator[D]:
    after: str | None = None
    while True:
        found = views.find(scope, view, {}, None, after, MAX_FOUND)
        yield from (document for _, document in found.documents)
        after = found.after
        if after is None:
            return


def _template(followed: Followed, known: Known) -> tuple[Template, list[TemplateEvent]]:
    events = list(templates.draft(None, followed.id, followed.content, SCALES, by=known.administrator))
    template = _folded(events)
    if followed.published:
        day = known.today - timedelta(days=PUBLISHED_DAYS_AGO)
        events += templates.publish(template, SCALES, by=known.administrator, today=day)
        template = _folded(events)
    return template, events


def _folded(events: Iterable[TemplateEvent]) -> Template:
    template: Template | None = None
    for event in events:
        template = templates.evolve(template, event)
    assert template is not None
    return template


def _chosen(followed: Followed, students: Iterable[Enrolled]) -> Iterator[Enrolled]:
    chance = random.Random(f"{SEED}/{followed.id}")  # noqa: S311 -- the same demo each time
    for each in students:
        if each.place.grade in followed.grades and chance.random() < followed.share:
            yield each


def _plan(keyring: Keyring, district: str, template: Template, enrolled: Enrolled, today: date) -> Iterator[Dated]:
    stream = plan_stream(district, template.id, enrolled.student)
    chance = random.Random(f"{SEED}/{template.id}/{enrolled.student}")  # noqa: S311 -- the same demo each time
    plan: Plan | None = None
    version = 0
    for day, decision in year(template, enrolled, today=today, chance=chance, seal=keyring.seal):
        events: list[Event] = []
        for event in decision(plan):
            complete = PLAN.complete(plan, event, PLAN.evolve(plan, event), stream)
            plan = PLAN.evolve(plan, complete)
            events.append(complete)
        if events:
            yield day, _commit(stream, version, events, key=enrolled.student)
            version += len(events)


def _commit(stream: str, expected: int, events: Sequence[Event], key: str | None = None) -> NewCommit:
    return NewCommit(stream=stream, key=key or stream, events=events, expected=expected, commit_id=f"demo-{expected}", meta=Meta())


def _append(store: Store, commits: Sequence[NewCommit]) -> None:
    versions: dict[str, int] = {}
    for start in range(0, len(commits), AT_ONCE):
        group = commits[start : start + AT_ONCE]
        for stream in {each.stream for each in group} - versions.keys():
            versions[stream] = max((each.last_version for each in store.read(stream, 0)), default=0)
        store.append_many([each for each in group if each.expected >= versions[each.stream]])
