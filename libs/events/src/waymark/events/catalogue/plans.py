"""What plans publishes: scales, templates, and everything that happens to a student's plan.

Streams `<district>/scale/<id>` and `<district>/template/<id>` (key: the stream), `<district>/plan/<template>/<student>`
(key: the student), `<district>/person/<person>` (key: the person). Every event of a plan carries `template`, `student`, `effective` and `spans`.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from msgspec import Struct

from waymark.events.catalogue.types import Author, Sealed, Span
from waymark.events.envelope import Event

OVERALL = "overall"
"""The item id of a plan's overall status; template items never take it."""


class Level(Struct, frozen=True, kw_only=True):
    """One level of a scale. `code` (1-250) means this level for ever; `colour` is #rrggbb; `short` fits a narrow bar."""

    code: int
    label: str
    short: str
    colour: str


class LevelScale(Struct, frozen=True, kw_only=True, tag="levels", tag_field="kind"):
    """Levels from first to last, in the order in which bars are drawn."""

    title: str
    levels: tuple[Level, ...]


class PointsScale(Struct, frozen=True, kw_only=True, tag="points", tag_field="kind"):
    """A number of points from `minimum` to `maximum`, both inclusive."""

    title: str
    minimum: float
    maximum: float


Scale = LevelScale | PointsScale


class Item(Struct, frozen=True, kw_only=True):
    """What is judged. `scale` is a scale id, or null for free text. `guidance` is shown beside it (P8)."""

    id: str
    title: str
    guidance: str = ""
    scale: str | None = None


class Section(Struct, frozen=True, kw_only=True):
    """A titled, ordered group of items."""

    id: str
    title: str
    items: tuple[Item, ...]


class Content(Struct, frozen=True, kw_only=True):
    """What a template says. `description` is sanitised HTML; `overall` the scale id of the overall status (P4)."""

    title: str
    description: str = ""
    overall: str | None = None
    customisable: bool = True
    sections: tuple[Section, ...] = ()


class ScaleDefined(Event, frozen=True, kw_only=True):
    """A scale is ready to be used in templates."""

    type: ClassVar[str] = "plans.scale-defined.v1"
    scale: str
    definition: Scale
    by: Author


class ScaleRevised(Event, frozen=True, kw_only=True):
    """A scale changed. Published templates keep the one that they were published with."""

    type: ClassVar[str] = "plans.scale-revised.v1"
    scale: str
    definition: Scale
    by: Author


class TemplateDrafted(Event, frozen=True, kw_only=True):
    """A draft exists. `cloned_from` is the template it was copied from (P11)."""

    type: ClassVar[str] = "plans.template-drafted.v1"
    template: str
    content: Content
    by: Author
    cloned_from: str | None = None


class TemplateRevised(Event, frozen=True, kw_only=True):
    """A draft says something else now."""

    type: ClassVar[str] = "plans.template-revised.v1"
    template: str
    content: Content
    by: Author


class TemplatePublished(Event, frozen=True, kw_only=True):
    """The template is visible to the whole district, its scales frozen into it (by scale id; P5, P9)."""

    type: ClassVar[str] = "plans.template-published.v1"
    template: str
    content: Content
    scales: dict[str, Scale]
    by: Author
    effective: date


class StudentAssigned(Event, frozen=True, kw_only=True):
    """A student is on the plan, counted at this school and grade."""

    type: ClassVar[str] = "plans.student-assigned.v1"
    template: str = ""
    student: str = ""
    school: str
    grade: str
    effective: date
    by: Author
    spans: tuple[Span, ...] = ()


class ItemUpdated(Event, frozen=True, kw_only=True):
    """Somebody judged an item. `value`: a level's code, points, or sealed free text; `effective`: when it was true (P26)."""

    type: ClassVar[str] = "plans.item-updated.v1"
    template: str = ""
    student: str = ""
    item: str
    value: int | float | Sealed
    note: Sealed | None = None
    effective: date
    by: Author
    spans: tuple[Span, ...] = ()


class ItemHidden(Event, frozen=True, kw_only=True):
    """The item does not apply to this student: it leaves the denominator (P19)."""

    type: ClassVar[str] = "plans.item-hidden.v1"
    template: str = ""
    student: str = ""
    item: str
    effective: date
    by: Author
    spans: tuple[Span, ...] = ()


class ItemShown(Event, frozen=True, kw_only=True):
    """A hidden item applies again; its earlier updates return (P19)."""

    type: ClassVar[str] = "plans.item-shown.v1"
    template: str = ""
    student: str = ""
    item: str
    effective: date
    by: Author
    spans: tuple[Span, ...] = ()


class PlanCompleted(Event, frozen=True, kw_only=True):
    """Goals are met or the student leaves: the plan is read-only (P35)."""

    type: ClassVar[str] = "plans.plan-completed.v1"
    template: str = ""
    student: str = ""
    effective: date
    by: Author
    spans: tuple[Span, ...] = ()


class StudentRemoved(Event, frozen=True, kw_only=True):
    """The student was taken off. `kept`: updates exist, a read-only plan stays; else the assignment vanishes (P34)."""

    type: ClassVar[str] = "plans.student-removed.v1"
    template: str = ""
    student: str = ""
    kept: bool
    effective: date
    by: Author
    spans: tuple[Span, ...] = ()


class PlanReactivated(Event, frozen=True, kw_only=True):
    """A completed or removed plan is open again, all earlier facts with it, at this school and grade (P36)."""

    type: ClassVar[str] = "plans.plan-reactivated.v1"
    template: str = ""
    student: str = ""
    school: str
    grade: str
    effective: date
    by: Author
    spans: tuple[Span, ...] = ()


class StudentMoved(Event, frozen=True, kw_only=True):
    """The student of an open plan goes to another school or grade, from `effective` on."""

    type: ClassVar[str] = "plans.student-moved.v1"
    template: str = ""
    student: str = ""
    school: str
    grade: str
    effective: date
    spans: tuple[Span, ...] = ()


class PersonErased(Event, frozen=True, kw_only=True):
    """Nothing that plans keeps tells who a forgotten person was, or what was written about them. Plans and statuses stay."""

    type: ClassVar[str] = "plans.person-erased.v1"
    person: str
    forgotten: int
    erased: dict[str, int]


PlanEvent = StudentAssigned | ItemUpdated | ItemHidden | ItemShown | PlanCompleted | StudentRemoved | PlanReactivated | StudentMoved
PLAN_EVENTS: tuple[type[Event], ...] = (
    StudentAssigned,
    ItemUpdated,
    ItemHidden,
    ItemShown,
    PlanCompleted,
    StudentRemoved,
    PlanReactivated,
    StudentMoved,
)
EVENTS: tuple[type[Event], ...] = (
    ScaleDefined,
    ScaleRevised,
    TemplateDrafted,
    TemplateRevised,
    TemplatePublished,
    *PLAN_EVENTS,
    PersonErased,
)
Outcome = Literal["open", "completed", "removed"]
"""A plan's status."""
