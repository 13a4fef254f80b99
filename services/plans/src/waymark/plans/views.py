"""What this service's lists are answered from: folds of its own events and, in documents of their own, of the roster's."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Final, Literal, cast
from zlib import crc32

from msgspec import Struct
from msgspec.structs import replace

from waymark.events.catalogue.plans import (
    PLAN_EVENTS,
    PlanCompleted,
    PlanEvent,
    PlanReactivated,
    Scale,
    ScaleDefined,
    ScaleRevised,
    StudentAssigned,
    StudentRemoved,
    TemplateDrafted,
    TemplatePublished,
    TemplateRevised,
)
from waymark.events.catalogue.roster import PersonForgotten, PersonRecorded, StudentPlaced, StudentWithdrawn
from waymark.events.catalogue.types import Author, Sealed
from waymark.events.envelope import PARTITIONS, Recorded, partition
from waymark.events.project import Projection
from waymark.plans.rows import Row, next_row

BUCKETS: Final = PARTITIONS * 32
"""Documents that a template's students are spread over: few enough to be read whole, small enough to be written often."""


NAME_BUCKETS: Final = 6000
"""Documents that a district's names are spread over: a class's names are in as many as it has students, and each is small."""


class ScaleEntry(Struct, frozen=True, kw_only=True):
    """A scale as the list shows it; `version` is its stream's."""

    id: str
    version: int
    definition: Scale


class TemplateEntry(Struct, frozen=True, kw_only=True):
    """A template as the list shows it. `sections` and `items` are counts, `updated` when it was last written."""

    id: str
    title: str
    status: Literal["draft", "published"] = "draft"
    creator: Author
    updated: datetime
    sections: int
    items: int


class StudentRows(Struct, frozen=True, kw_only=True):
    """Students of one template, those whose id falls into one bucket. `part` is the topic partition of them all."""

    template: str
    part: int
    rows: dict[str, Row] = {}


class OpenPlans(Struct, frozen=True, kw_only=True):
    """How many plans of a template are open, of one topic partition."""

    open: int


class StudentPlans(Struct, frozen=True, kw_only=True):
    """All plans of one student, by template."""

    student: str
    plans: dict[str, Row]


class RosterPlace(Struct, frozen=True, kw_only=True):
    """Where the roster says a student goes from `effective` on; `event` names the fact that says so. Null: nowhere."""

    school: str | None
    grade: str | None
    effective: date
    event: str


class SealedName(Struct, frozen=True, array_like=True):
    """A person's name as the roster seals it."""

    given: Sealed
    family: Sealed
    preferred: Sealed | None = None


class SealedNames(Struct, frozen=True, kw_only=True):
    """Names of the people whose id falls into one bucket: what a list of the whole district is sorted by is read in few trips."""

    names: dict[str, SealedName] = {}


def _own_id(kind: str) -> Any:
    def keys(recorded: Recorded) -> Iterable[str]:
        return (f"{recorded.district}/{kind}/{recorded.stream.rpartition('/')[2]}",)

    return keys


def bucket_of(student: str) -> int:
    return partition(student, BUCKETS)


def names_id(district: str, person: str) -> str:
    return f"{district}/names/{crc32(person.encode()) % NAME_BUCKETS}"


def open_id(district: str, template: str, part: int) -> str:
    return f"{district}/open/{template}/{part}"


def student_id(district: str, student: str) -> str:
    return f"{district}/student/{student}"


def place_id(district: str, student: str) -> str:
    return f"{district}/place/{student}"


def _scale(_key: str, _before: ScaleEntry | None, recorded: Recorded) -> ScaleEntry:
    event = cast("ScaleDefined | ScaleRevised", recorded.event)
    return ScaleEntry(id=event.scale, version=recorded.version, definition=event.definition)


def _template(_key: str, entry: TemplateEntry | None, recorded: Recorded) -> TemplateEntry:
    event = cast("TemplateDrafted | TemplateRevised | TemplatePublished", recorded.event)
    content = event.content
    return TemplateEntry(
        id=event.template,
        title=content.title,
        status="published" if isinstance(event, TemplatePublished) else "draft",
        creator=entry.creator if entry else event.by,
        updated=recorded.at,
        sections=len(content.sections),
        items=sum(len(section.items) for section in content.sections),
    )


def _rows_keys(recorded: Recorded) -> Iterable[str]:
    event = cast(PlanEvent, recorded.event)
    return (f"{recorded.district}/students/{event.template}/{bucket_of(event.student)}",)


def _rows(_key: str, rows: StudentRows | None, recorded: Recorded) -> StudentRows:
    event = cast(PlanEvent, recorded.event)
    rows = rows or StudentRows(template=event.template, part=recorded.partition)
    return replace(rows, rows=_with(rows.rows, event.student, recorded))


def _student(_key: str, student: StudentPlans | None, recorded: Recorded) -> StudentPlans | None:
    event = cast(PlanEvent, recorded.event)
    plans = _with(student.plans if student else {}, event.template, recorded)
    return StudentPlans(student=event.student, plans=plans) if plans else None


def _with(rows: dict[str, Row], name: str, recorded: Recorded) -> dict[str, Row]:
    row = next_row(rows.get(name), recorded)
    return rows | {name: row} if row else {each: other for each, other in rows.items() if each != name}


def _open_keys(recorded: Recorded) -> Iterable[str]:
    event = cast(PlanEvent, recorded.event)
    return (open_id(recorded.district, event.template, recorded.partition),)


def _open(_key: str, count: OpenPlans | None, recorded: Recorded) -> OpenPlans:
    # The rules let nothing close but what is open, and nothing open but what is closed.
    opened = isinstance(recorded.event, (StudentAssigned, PlanReactivated))
    return OpenPlans(open=(count.open if count else 0) + (1 if opened else -1))


def _place(_key: str, _before: RosterPlace | None, recorded: Recorded) -> RosterPlace:
    event = cast("StudentPlaced | StudentWithdrawn", recorded.event)
    name = f"{recorded.stream}/{recorded.version}"
    if isinstance(event, StudentPlaced):
        return RosterPlace(school=event.school, grade=event.grade, effective=event.effective, event=name)
    return RosterPlace(school=None, grade=None, effective=event.effective, event=name)


def _names_keys(recorded: Recorded) -> Iterable[str]:
    event = cast("PersonRecorded | PersonForgotten", recorded.event)
    return (names_id(recorded.district, event.person),)


def _names(_key: str, names: SealedNames | None, recorded: Recorded) -> SealedNames:
    event = cast("PersonRecorded | PersonForgotten", recorded.event)
    known = names.names if names else {}
    if isinstance(event, PersonRecorded):
        return SealedNames(names=known | {event.person: SealedName(event.given, event.family, event.preferred)})
    return SealedNames(names={each: name for each, name in known.items() if each != event.person})


scales: Final = Projection[ScaleEntry](
    name="scales",
    version=1,
    source="plans",
    types=(ScaleDefined, ScaleRevised),
    document=ScaleEntry,
    keys=_own_id("scale"),
    evolve=_scale,
)
templates: Final = Projection[TemplateEntry](
    name="templates",
    version=1,
    source="plans",
    types=(TemplateDrafted, TemplateRevised, TemplatePublished),
    document=TemplateEntry,
    keys=_own_id("template"),
    evolve=_template,
)
student_rows: Final = Projection[StudentRows](
    name="student_rows",
    version=1,
    source="plans",
    types=PLAN_EVENTS,
    document=StudentRows,
    keys=_rows_keys,
    evolve=_rows,
    indexes=(("template", "part"),),
)
open_plans: Final = Projection[OpenPlans](
    name="open_plans",
    version=1,
    source="plans",
    types=(StudentAssigned, PlanReactivated, PlanCompleted, StudentRemoved),
    document=OpenPlans,
    keys=_open_keys,
    evolve=_open,
)
student_plans: Final = Projection[StudentPlans](
    name="student_plans",
    version=1,
    source="plans",
    types=PLAN_EVENTS,
    document=StudentPlans,
    keys=_own_id("student"),
    evolve=_student,
    about="student",
)
roster_places: Final = Projection[RosterPlace](
    name="roster_places",
    version=1,
    source="roster",
    types=(StudentPlaced, StudentWithdrawn),
    document=RosterPlace,
    keys=_own_id("place"),
    evolve=_place,
)
sealed_names: Final = Projection[SealedNames](
    name="sealed_names",
    version=1,
    source="roster",
    types=(PersonRecorded, PersonForgotten),
    document=SealedNames,
    keys=_names_keys,
    evolve=_names,
)

OWN: Final = (scales, templates, student_rows, open_plans, student_plans)
"""Folds of this service's own events."""
ROSTER: Final = (roster_places, sealed_names)
"""Folds of the roster's, beside the directory."""
PROJECTIONS: Final = (*OWN, *ROSTER)
