"""Facts with meaningful defaults, and given / when / then for decisions: a test shows only what matters to it."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from tests.unit.plans.span_histories import BY, LEVELS, TEMPLATE
from waymark.events.catalogue.plans import (
    ItemHidden,
    ItemShown,
    ItemUpdated,
    PlanCompleted,
    PlanEvent,
    PlanReactivated,
    ScaleDefined,
    StudentAssigned,
    StudentMoved,
    StudentRemoved,
    TemplateDrafted,
    TemplatePublished,
)
from waymark.events.catalogue.types import Place, Sealed
from waymark.events.envelope import Event
from waymark.plans.domain import plan as plans
from waymark.plans.domain import scale as scales
from waymark.plans.domain import spans
from waymark.plans.domain import template as templates

TODAY = date(2026, 11, 20)
NORTH, SOUTH = Place("north", "03"), Place("south", "04")
STREAM = "d1/plan/t1/s1"


DAYS = {number: date(2026, 11, number) for number in range(1, 31)}


def day(number: int) -> date:
    """A day of November 2026."""
    return DAYS[number]


def assigned(on: date = DAYS[2], place: Place = NORTH) -> StudentAssigned:
    return StudentAssigned(school=place.school, grade=place.grade, effective=on, by=BY)


def updated(item: str = "i1", value: int | float | Sealed = 2, on: date = DAYS[3]) -> ItemUpdated:
    return ItemUpdated(item=item, value=value, effective=on, by=BY)


def hidden(item: str = "i1", on: date = DAYS[4]) -> ItemHidden:
    return ItemHidden(item=item, effective=on, by=BY)


def shown(item: str = "i1", on: date = DAYS[5]) -> ItemShown:
    return ItemShown(item=item, effective=on, by=BY)


def completed(on: date = DAYS[10]) -> PlanCompleted:
    return PlanCompleted(effective=on, by=BY)


def removed(on: date = DAYS[10], kept: bool = True) -> StudentRemoved:
    return StudentRemoved(kept=kept, effective=on, by=BY)


def reactivated(on: date = DAYS[12], place: Place = NORTH) -> PlanReactivated:
    return PlanReactivated(school=place.school, grade=place.grade, effective=on, by=BY)


def moved(on: date = DAYS[8], place: Place = SOUTH) -> StudentMoved:
    return StudentMoved(school=place.school, grade=place.grade, effective=on)


def drafted() -> TemplateDrafted:
    return TemplateDrafted(template="t1", content=TEMPLATE.content, by=BY)


def published() -> TemplatePublished:
    return TemplatePublished(template="t1", content=TEMPLATE.content, scales=TEMPLATE.scales, by=BY, effective=day(1))


def defined(definition: Any = LEVELS) -> ScaleDefined:
    return ScaleDefined(scale="c1", definition=definition, by=BY)


class Outcome(Struct, frozen=True):
    """What came of a decision: the events, or the refusal."""

    events: Sequence[Event] = ()
    refusal: Exception | None = None

    def then(self, *events: Event) -> None:
        if self.refusal is not None:
            raise self.refusal
        assert [*self.events] == [*events]

    def refuses(self, kind: type[Exception], /, **facts: Any) -> None:
        """The refusal is of this kind and carries these facts."""
        assert self.refusal is not None, f"nothing was refused: {self.events}"
        assert type(self.refusal) is kind, repr(self.refusal)
        assert {name: getattr(self.refusal, name) for name in facts} == facts

    @property
    def only(self) -> Any:
        if self.refusal is not None:
            raise self.refusal
        (event,) = self.events
        return event


class Given(Struct, frozen=True):
    """A state that facts led to."""

    state: Any

    def when(self, decision: Callable[..., Sequence[Event]], *arguments: Any, **named: Any) -> Outcome:
        try:
            return Outcome(decision(self.state, *arguments, **named))
        except Exception as refusal:  # whatever it is, the test names it
            if type(refusal).__module__ != "waymark.plans.domain.refusals":
                raise
            return Outcome(refusal=refusal)


def given(*events: Event) -> Given:
    """The plan, template or scale that these events (all of one stream) lead to."""
    state: Any = None
    for event in events:
        if isinstance(event, scales.ScaleEvent):
            state = scales.evolve(state, event)
        elif isinstance(event, templates.TemplateEvent):
            state = templates.evolve(state, event)
        else:
            state = plans.evolve(state, event)  # type: ignore[arg-type]  the rest are facts of a plan
    return Given(state)


def whole(*events: PlanEvent) -> list[PlanEvent]:
    """The events as they are recorded: with template, student and spans."""
    plan: plans.Plan | None = None
    recorded: list[PlanEvent] = []
    for event in events:
        full = spans.complete(plan, event, plans.evolve(plan, event), STREAM)
        plan = plans.evolve(plan, full)
        recorded.append(full)
    return recorded


def customisable(allowed: bool) -> templates.Template:
    return replace(TEMPLATE, content=replace(TEMPLATE.content, customisable=allowed))
