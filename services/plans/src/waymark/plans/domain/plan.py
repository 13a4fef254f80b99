"""A student's plan: what may happen to it, and what each event makes of it.

`effective` (architecture.md, Spans): an update and a move may be dated earlier than today, never later; every other fact is
dated today, or the plan's latest such day where the clock has stepped back.
"""

from __future__ import annotations

from bisect import insort
from datetime import date
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from waymark.events.catalogue.plans import (
    ItemHidden,
    ItemShown,
    ItemUpdated,
    Outcome,
    PlanCompleted,
    PlanEvent,
    PlanReactivated,
    StudentAssigned,
    StudentMoved,
    StudentRemoved,
)
from waymark.events.catalogue.types import Author, Place, Sealed
from waymark.plans.domain import refusals
from waymark.plans.domain.template import Template, item_scale, items_of
from waymark.plans.domain.values import Value, on_scale

T = TypeVar("T")
EARLIEST = date(1990, 1, 1)  # of an update; older dates are slips of the pen
Begun = tuple[tuple[date, T], ...]
"""Facts in the order in which they were recorded, each with the day it begins on."""


class Item(Struct, frozen=True):
    """What was said about one item. `updates` stand in order of (effective, recorded); the last one is current."""

    hidings: Begun[bool] = ()
    updates: Begun[Value] = ()

    @property
    def hidden(self) -> bool:
        return bool(self.hidings) and self.hidings[-1][1]


NOTHING = Item()


class Plan(Struct, frozen=True, kw_only=True):
    """`turns`: opened or closed; `places`: where the student counts; `latest`: the day before which nothing but updates and
    moves may be dated any more."""

    template: str
    student: str
    status: Outcome
    latest: date
    turns: Begun[bool]
    places: Begun[Place]
    items: dict[str, Item] = {}

    @property
    def place(self) -> Place:
        return self.places[-1][1]

    def item(self, item: str) -> Item:
        return self.items.get(item, NOTHING)


def evolve(plan: Plan | None, event: PlanEvent) -> Plan | None:
    """What an event makes of a plan; None: the student is not on it, and never was as far as anybody can tell (P34)."""
    if isinstance(event, StudentAssigned):
        return Plan(
            template=event.template,
            student=event.student,
            status="open",
            latest=event.effective,
            turns=((event.effective, True),),
            places=((date.min, Place(event.school, event.grade)),),
        )
    assert plan is not None, "only an assignment begins a plan"
    match event:
        case ItemUpdated():
            return _with_item(plan, event.item, _updated(plan.item(event.item), event))
        case ItemHidden() | ItemShown():
            item = plan.item(event.item)
            hidings = (*item.hidings, (event.effective, isinstance(event, ItemHidden)))
            return replace(_with_item(plan, event.item, replace(item, hidings=hidings)), latest=_latest(plan, event.effective))
        case StudentRemoved(kept=False):
            return None
        case PlanCompleted():
            return _turned(plan, "completed", event.effective)
        case StudentRemoved():
            return _turned(plan, "removed", event.effective)
        case PlanReactivated():
            opened = _turned(plan, "open", event.effective)
            return replace(opened, places=(*plan.places, (event.effective, Place(event.school, event.grade))))
        case StudentMoved():
            return replace(plan, places=(*plan.places, (event.effective, Place(event.school, event.grade))))


def assign(plan: Plan | None, place: Place, *, by: Author, today: date) -> list[PlanEvent]:
    """Put a student on the plan; nothing happens to one who is (P14, P15, P17). Raises PlanClosed."""
    if plan is None:
        return [StudentAssigned(school=place.school, grade=place.grade, effective=today, by=by)]
    still_open(plan)
    return []


def update_item(
    plan: Plan | None,
    template: Template,
    item: str,
    value: int | float | str | Sealed,
    *,
    note: Sealed | None,
    effective: date | None,
    by: Author,
    today: date,
) -> list[PlanEvent]:
    """Record one status update (P25-P27). Raises PlanClosed, ItemUnknown, ItemHidden, NotOnScale, FutureDate, TooLongAgo."""
    plan = still_open(plan)
    scale = item_scale(template, item)
    if plan.item(item).hidden:
        raise refusals.ItemHidden(item)
    effective = effective or today
    if effective > today:
        raise refusals.FutureDate(effective, today)
    if effective < EARLIEST:
        raise refusals.TooLongAgo(effective, EARLIEST)
    return [ItemUpdated(item=item, value=on_scale(value, scale), note=note, effective=effective, by=by)]


def hide_item(plan: Plan | None, template: Template, item: str, *, by: Author, today: date) -> list[PlanEvent]:
    """The item does not apply to this student (P18, P19). Raises PlanClosed, NotCustomisable, ItemUnknown."""
    plan = _customisable(plan, template, item)
    return [] if plan.item(item).hidden else [ItemHidden(item=item, effective=_latest(plan, today), by=by)]


def show_item(plan: Plan | None, template: Template, item: str, *, by: Author, today: date) -> list[PlanEvent]:
    """The item applies again (P18, P19). Raises PlanClosed, NotCustomisable, ItemUnknown."""
    plan = _customisable(plan, template, item)
    return [ItemShown(item=item, effective=_latest(plan, today), by=by)] if plan.item(item).hidden else []


def complete(plan: Plan | None, *, by: Author, today: date) -> list[PlanEvent]:
    """Goals are met, or the student leaves (P35). Raises PlanClosed."""
    plan = still_open(plan)
    return [PlanCompleted(effective=_latest(plan, today), by=by)]


def remove(plan: Plan | None, *, by: Author, today: date) -> list[PlanEvent]:
    """Take the student off; what was ever recorded stays to be read (P34). Raises PlanClosed."""
    plan = still_open(plan)
    kept = any(item.updates for item in plan.items.values())
    return [StudentRemoved(kept=kept, effective=_latest(plan, today), by=by)]


def reactivate(plan: Plan | None, place: Place | None, *, by: Author, today: date) -> list[PlanEvent]:
    """Open a completed or removed plan again, with all that was in it (P36). Raises PlanUnknown, PlanOpen.

    Who goes to no school now (`place` null) counts where they went last.
    """
    if plan is None:
        raise refusals.PlanUnknown
    if plan.status == "open":
        raise refusals.PlanOpen
    place = place or plan.place
    return [PlanReactivated(school=place.school, grade=place.grade, effective=_latest(plan, today), by=by)]


def move(plan: Plan | None, place: Place, *, effective: date, today: date) -> list[PlanEvent]:
    """Follow the student to another school or grade; nothing happens to a closed plan, or to one that is there (P40)."""
    if plan is None or plan.status != "open" or plan.place == place:
        return []
    return [StudentMoved(school=place.school, grade=place.grade, effective=min(effective, today))]


def still_open(plan: Plan | None) -> Plan:
    """The plan, if it takes further facts (P37). Raises PlanUnknown, PlanClosed."""
    if plan is None:
        raise refusals.PlanUnknown
    if plan.status != "open":
        raise refusals.PlanClosed(plan.status)
    return plan


def _customisable(plan: Plan | None, template: Template, item: str) -> Plan:
    plan = still_open(plan)
    items = [each.id for each in items_of(template.content)]
    if item not in items:  # the overall status among them: it always applies
        raise refusals.ItemUnknown(item, items)
    if not template.content.customisable:
        raise refusals.NotCustomisable
    return plan


def _latest(plan: Plan, today: date) -> date:
    return max(plan.latest, today)


def _turned(plan: Plan, status: Outcome, day: date) -> Plan:
    return replace(plan, status=status, latest=_latest(plan, day), turns=(*plan.turns, (day, status == "open")))


def _with_item(plan: Plan, name: str, item: Item) -> Plan:
    return replace(plan, items=plan.items | {name: item})


def _updated(item: Item, event: ItemUpdated) -> Item:
    updates = list(item.updates)
    # After those of the same day: a later record wins (P27).
    insort(updates, (event.effective, event.value), key=lambda update: update[0])
    return replace(item, updates=tuple(updates))
